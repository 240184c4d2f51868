"""What an archive can have wrong, as somebody meets it who verifies or compares a download."""

import gzip
import io
import json
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from support_archives import END, folder, gz, header, link, member, zip_of
from support_cli import Ran, judged, refused, run
from support_release import NAME, SLUG, TAG, Rehearsed
from tagseal.core.reasons import REASONS

TOP = b"demo-1.0/"


def tar_of(archive: Path) -> bytes:
    return gzip.decompress(archive.read_bytes())


def with_members(archive: Path, *members: bytes) -> bytes:
    """Return the archive with more members at its end, well-formed else."""
    tar = tar_of(archive).rstrip(b"\0")
    return gz(tar + bytes(-len(tar) % 512) + b"".join(members) + END)


def rewritten(archive: Path, change: Callable[[tarfile.TarInfo, bytes], bytes | None]) -> bytes:
    """Return the archive with each file's content changed, or left out for None."""
    out = io.BytesIO()
    with (
        tarfile.open(archive) as old,
        tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as new,
    ):
        for info in old:
            if not info.isfile():
                new.addfile(info)
                continue
            stream = old.extractfile(info)
            assert stream is not None
            content = change(info, stream.read())
            if content is not None:
                info.size = len(content)
                new.addfile(info, io.BytesIO(content))
    return gz(out.getvalue())


def both(rehearsed: Rehearsed, code: str) -> tuple[Ran, Ran]:
    """The strict reader's reason is the same for a verifier and for whoever compares."""
    git = ("--git", rehearsed.repository, "--tag", TAG)
    compared = refused(code, "compare", rehearsed.archive, *git)
    verified = judged(code, *rehearsed.verify())
    assert verified.document["archives"][0]["verified"] is False
    return verified, compared


def test_the_archive_itself_is_verified(rehearsed: Rehearsed) -> None:
    plain = run(*rehearsed.verify())
    assert plain.status == 0
    assert plain.stderr == ""
    assert plain.stdout.splitlines()[-1].startswith(f"VERIFIED: {NAME} is from the tag {TAG}")
    quiet = run(*rehearsed.verify("--quiet"))
    assert quiet.stdout == plain.stdout.splitlines()[-1] + "\n"


# In a gzip file: its header, deflate's first bits, its middle, and the trailer's two numbers.
POSITIONS = {0: "first", 1: "magic", 3: "flags", 4: "time", 10: "block", -8: "crc", -4: "length"}


@pytest.mark.parametrize("position", POSITIONS, ids=POSITIONS.values())
@pytest.mark.parametrize("bit", [0, 7])
def test_a_flipped_bit_anywhere_in_the_archive(
    rehearsed: Rehearsed, position: int, bit: int
) -> None:
    data = bytearray(rehearsed.archive.read_bytes())
    data[position] ^= 1 << bit
    rehearsed.archive.write_bytes(data)
    ran = run(*rehearsed.verify(), "--json")
    assert ran.status == 1
    assert len(ran.codes) == 1
    assert ran.codes[0].startswith("archive-") or ran.codes == ["evidence-wrong-file"]


def test_a_flipped_bit_at_every_hundredth_byte(rehearsed: Rehearsed) -> None:
    data = rehearsed.archive.read_bytes()
    for position in range(0, len(data), max(1, len(data) // 40)):
        changed = bytearray(data)
        changed[position] ^= 0x10
        rehearsed.archive.write_bytes(changed)
        ran = run(*rehearsed.verify(), "--json")
        assert ran.status == 1, f"byte {position}: {ran.stdout}"


def test_an_empty_file(rehearsed: Rehearsed) -> None:
    rehearsed.archive.write_bytes(b"")
    both(rehearsed, "archive-truncated")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_an_archive_cut_short(rehearsed: Rehearsed, share: float) -> None:
    data = rehearsed.archive.read_bytes()
    rehearsed.archive.write_bytes(data[: int(len(data) * share)])
    both(rehearsed, "archive-truncated")
    assert REASONS["archive-truncated"].next_step in run(*rehearsed.verify()).stdout


def test_an_archive_that_lacks_its_last_byte(rehearsed: Rehearsed) -> None:
    rehearsed.archive.write_bytes(rehearsed.archive.read_bytes()[:-1])
    both(rehearsed, "archive-truncated")


def test_a_tar_cut_short_inside_a_whole_gzip(rehearsed: Rehearsed) -> None:
    rehearsed.archive.write_bytes(gz(tar_of(rehearsed.archive).rstrip(b"\0")))
    both(rehearsed, "archive-truncated")


def test_a_second_gzip_member(rehearsed: Rehearsed) -> None:
    data = rehearsed.archive.read_bytes()
    rehearsed.archive.write_bytes(data + gz(member(TOP + b"evil", b"evil") + END))
    both(rehearsed, "archive-gzip-second-member")


def test_bytes_after_the_archive(rehearsed: Rehearsed) -> None:
    rehearsed.archive.write_bytes(rehearsed.archive.read_bytes() + b"\0")
    both(rehearsed, "archive-trailing-bytes")


def test_duplicate_members(rehearsed: Rehearsed) -> None:
    more = member(TOP + b"README", b"another\n")
    rehearsed.archive.write_bytes(with_members(rehearsed.archive, more))
    verified, _ = both(rehearsed, "archive-duplicate-member")
    assert "README" in json.dumps(verified.document)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        (TOP + b"../../evil", "archive-path-dot-dot"),
        (b"../evil", "archive-path-dot-dot"),
        (b"/etc/evil", "archive-path-absolute"),
        (TOP + b"./evil", "archive-path-dot"),
        (TOP + b".git/hooks/post-checkout", "archive-path-git"),
        (TOP + b"a\\..\\evil", "archive-path-backslash"),
        (TOP + b"README/evil", "archive-path-through-file"),
        (TOP + b"LINK/evil", "archive-path-through-file"),
    ],
)
def test_a_path_that_leads_elsewhere(rehearsed: Rehearsed, path: bytes, code: str) -> None:
    rehearsed.archive.write_bytes(with_members(rehearsed.archive, member(path, b"evil")))
    both(rehearsed, code)


@pytest.mark.parametrize("target", [b"../../etc/passwd", b"/etc/passwd", b"..", b"src/../../x"])
def test_a_symlink_out(rehearsed: Rehearsed, target: bytes) -> None:
    rehearsed.archive.write_bytes(with_members(rehearsed.archive, link(TOP + b"out", target)))
    both(rehearsed, "archive-symlink-outside")


def test_a_setuid_member(rehearsed: Rehearsed) -> None:
    evil = member(TOP + b"su", b"", mode=b"0004755\0")
    rehearsed.archive.write_bytes(with_members(rehearsed.archive, evil))
    both(rehearsed, "archive-mode-special")


def test_a_hardlink(rehearsed: Rehearsed) -> None:
    evil = header(TOP + b"hard", kind=b"1", link=TOP + b"README")
    rehearsed.archive.write_bytes(with_members(rehearsed.archive, evil))
    both(rehearsed, "archive-hardlink")


def test_a_name_with_terminal_escapes(rehearsed: Rehearsed) -> None:
    """`run` asserts that no escape came through raw; here it is shown, spelt out."""
    evil = member(TOP + b"\x1b]0;owned\x07\x1b[2Jevil", b"")
    rehearsed.archive.write_bytes(with_members(rehearsed.archive, evil))
    both(rehearsed, "archive-path-control")
    assert r"\x1b]0;owned\x07\x1b[2Jevil" in run(*rehearsed.verify()).stdout


def test_names_with_markup_and_directions_are_shown_as_they_are(rehearsed: Rehearsed) -> None:
    evil = [
        member(TOP + b"[bold red]x[/bold red]", b""),
        member(TOP + "a\u202egnp.exe".encode(), b""),
        member(TOP + b":smile:", b""),
    ]
    git = ("--git", rehearsed.repository, "--tag", TAG)
    rehearsed.archive.write_bytes(with_members(rehearsed.archive, *evil[:2]))
    plain = run("compare", rehearsed.archive, *git)
    assert "[bold red]x[/bold red]" in plain.stdout
    assert r"a\u202egnp.exe" in plain.stdout
    assert "\u202e" not in plain.stdout
    rehearsed.archive.write_bytes(with_members(rehearsed.archive, evil[2]))
    both_ways = run("compare", rehearsed.archive, *git)
    assert ":smile:" in both_ways.stdout + both_ways.stderr


def test_a_device(rehearsed: Rehearsed) -> None:
    evil = header(TOP + b"null", kind=b"3")
    rehearsed.archive.write_bytes(with_members(rehearsed.archive, evil))
    both(rehearsed, "archive-tar-type")


def test_a_bomb(rehearsed: Rehearsed) -> None:
    rehearsed.archive.write_bytes(
        with_members(rehearsed.archive, member(TOP + b"zeros", bytes(64 << 20)))
    )
    both(rehearsed, "archive-limit-ratio")


def test_a_zip_under_the_name_of_a_tar(rehearsed: Rehearsed) -> None:
    rehearsed.archive.write_bytes(zip_of(name=TOP + b"README"))
    both(rehearsed, "archive-name-contradicts")


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("demo-1.0.rar", b"Rar!\x1a\x07\x01\x00", "archive-format-unknown"),
        ("demo-1.0.tar.lz", b"LZIP\1\x0c" + bytes(36), "archive-format-unsupported"),
    ],
)
def test_a_format_that_is_not_read(
    rehearsed: Rehearsed, tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    other = tmp_path / name
    other.write_bytes(content)
    git = ("--git", rehearsed.repository, "--tag", TAG)
    ran = refused(code, "compare", other, *git)
    assert ran.status == 3


def compared(rehearsed: Rehearsed, code: str, path: str, *more: str) -> None:
    """The evidence is about another file; comparing with the tag names what differs."""
    judged("evidence-wrong-file", *rehearsed.verify())
    git = ("--git", rehearsed.repository, "--tag", TAG, *more)
    ran = judged(code, "compare", rehearsed.archive, *git)
    assert path in [finding["path"] for finding in ran.document["findings"]]
    plain = run("compare", rehearsed.archive, *git)
    assert path in plain.stdout
    assert plain.stdout.splitlines()[-1].startswith(f"DIFFERENT: {NAME}: ")


def test_an_extra_file(rehearsed: Rehearsed) -> None:
    more = member(TOP + b"m4/build-to-host.m4", b"evil\n")
    rehearsed.archive.write_bytes(with_members(rehearsed.archive, more))
    compared(rehearsed, "contents-helper-unknown", "demo-1.0/m4/build-to-host.m4")


def test_a_file_missing_from_the_archive(rehearsed: Rehearsed) -> None:
    def change(info: tarfile.TarInfo, content: bytes) -> bytes | None:
        return None if info.name.endswith("main.h") else content

    rehearsed.archive.write_bytes(rewritten(rehearsed.archive, change))
    compared(rehearsed, "contents-omitted", "src/main.h", "--complete")


def test_a_changed_file(rehearsed: Rehearsed) -> None:
    def change(info: tarfile.TarInfo, content: bytes) -> bytes | None:
        return content.replace(b"return 0", b"return 1")

    rehearsed.archive.write_bytes(rewritten(rehearsed.archive, change))
    compared(rehearsed, "contents-modified", "demo-1.0/src/main.c")


def test_a_changed_mode(rehearsed: Rehearsed) -> None:
    def change(info: tarfile.TarInfo, content: bytes) -> bytes | None:
        info.mode = 0o755
        return content

    rehearsed.archive.write_bytes(rewritten(rehearsed.archive, change))
    compared(rehearsed, "contents-modified", "demo-1.0/README")


def test_a_file_in_place_of_a_symlink(rehearsed: Rehearsed) -> None:
    out = io.BytesIO()
    with (
        tarfile.open(rehearsed.archive) as old,
        tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as new,
    ):
        for info in old:
            if info.name.endswith("LINK"):
                info.type, info.linkname, info.mode = tarfile.REGTYPE, "", 0o644
            new.addfile(info, old.extractfile(info) if info.isfile() and info.size else None)
    rehearsed.archive.write_bytes(gz(out.getvalue()))
    git = ("--git", rehearsed.repository, "--tag", TAG)
    ran = judged("contents-conflicting", "compare", rehearsed.archive, *git)
    assert [finding["path"] for finding in ran.document["findings"]] == ["demo-1.0/LINK"]


def test_another_top_folder_is_compared_and_not_verified(rehearsed: Rehearsed) -> None:
    tar = tar_of(rehearsed.archive)
    out = io.BytesIO()
    with (
        tarfile.open(fileobj=io.BytesIO(tar)) as old,
        tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as new,
    ):
        for info in old:
            content = old.extractfile(info) if info.isfile() else None
            info.name = info.name.replace("demo-1.0", "owner-demo-abcdef", 1)
            new.addfile(info, content)
    rehearsed.archive.write_bytes(gz(out.getvalue()))
    git = ("--git", rehearsed.repository, "--tag", TAG)
    assert run("compare", rehearsed.archive, *git).status == 0
    judged("evidence-wrong-file", *rehearsed.verify())


def test_differences_that_were_allowed_are_accounted_for(rehearsed: Rehearsed) -> None:
    more = member(TOP + b"ChangeLog", b"")
    rehearsed.archive.write_bytes(with_members(rehearsed.archive, more))
    git = ("--git", rehearsed.repository, "--tag", TAG)
    allow = ("--allow-generated", "ChangeLog")
    ran = run("compare", rehearsed.archive, *git, *allow, "--json")
    assert ran.status == 0
    assert [item["path"] for item in ran.document["explained"]] == ["demo-1.0/ChangeLog"]
    plain = run("compare", rehearsed.archive, *git, *allow)
    assert plain.stdout.splitlines()[-1].startswith("ACCOUNTED FOR: ")


def test_an_archive_of_only_empty_folders(rehearsed: Rehearsed) -> None:
    rehearsed.archive.write_bytes(gz(folder(TOP) + END))
    git = ("--git", rehearsed.repository, "--tag", TAG)
    ran = run("compare", rehearsed.archive, *git, "--json")
    assert ran.status == 1
    assert "contents-nothing-identical" in ran.codes


def test_a_renamed_archive(rehearsed: Rehearsed) -> None:
    """The name is signed too: an old version must not pass for a new one."""
    renamed = rehearsed.folder / "demo-2.0.tar.gz"
    rehearsed.archive.rename(renamed)
    trust = ("--trust-config", rehearsed.trust_config)
    asked = ("verify", renamed, "--repo", SLUG, "--tag", TAG, *trust)
    judged("evidence-missing", *asked)
    given = ("--evidence", rehearsed.evidence)
    ran = judged("evidence-wrong-name", *asked, *given)
    assert NAME in json.dumps(ran.document)
    ran = run(*asked, *given, "--any-name")
    assert ran.status == 0
    assert f'it was signed under the name "{NAME}", which you did not demand' in ran.stdout


def test_an_archive_with_the_evidence_of_another(rehearsed: Rehearsed) -> None:
    """The same name, in another folder."""
    more = member(TOP + b"evil", b"")
    elsewhere = rehearsed.folder / "elsewhere"
    elsewhere.mkdir()
    archive = elsewhere / NAME
    archive.write_bytes(with_members(rehearsed.archive, more))
    shutil.copy(rehearsed.evidence, elsewhere)
    trust = ("--trust-config", rehearsed.trust_config)
    ran = judged("evidence-wrong-file", "verify", archive, "--repo", SLUG, *trust)
    assert ran.document["archives"][0]["sha256"] is not None


def test_two_archives_are_judged_each_for_itself(rehearsed: Rehearsed) -> None:
    broken = rehearsed.folder / "broken.tar.gz"
    broken.write_bytes(rehearsed.archive.read_bytes()[:50])
    trust = ("--trust-config", rehearsed.trust_config)
    asked = ("verify", broken, rehearsed.archive, "--repo", SLUG, *trust)
    ran = run(*asked, "--json")
    assert ran.status == 1
    assert [item["verified"] for item in ran.document["archives"]] == [False, True]
    plain = run(*asked, "--quiet").stdout.splitlines()
    assert plain[0].startswith("NOT VERIFIED: broken.tar.gz")
    assert plain[1].startswith(f"VERIFIED: {NAME}")


def test_what_is_not_there_is_undecided_and_never_verified(rehearsed: Rehearsed) -> None:
    rehearsed.archive.unlink()
    judged("file-unreadable", *rehearsed.verify())
    git = ("--git", rehearsed.repository, "--tag", TAG)
    refused("file-unreadable", "compare", rehearsed.archive, *git)


def test_a_folder_given_as_an_archive(rehearsed: Rehearsed) -> None:
    git = ("--git", rehearsed.repository, "--tag", TAG)
    ran = refused("usage", "compare", rehearsed.folder, *git)
    assert ran.document["error"]["message"] == "this is a folder; name one archive"
    ran = refused("usage", "verify", rehearsed.folder, "--repo", SLUG)
    assert ran.document["error"]["message"] == "this is a folder; name the archives in it"
