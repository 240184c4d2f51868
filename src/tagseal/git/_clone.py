"""Private clones: a repository of our own that holds one commit, its history and one tag.

Builders that ask git for the version need a ``.git``; they get one whose configuration, refs and
attributes we wrote. The objects come through the door as a pack, so nothing of the source but
objects is in the clone: no configuration, hook, other tag or branch.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tagseal.core.digests import ObjectFormat, object_id
from tagseal.core.errors import GitError, UsageError
from tagseal.core.paths import display
from tagseal.git._door import Door, environment, find_git, quoted, run_git, shown_stderr
from tagseal.git._layout import find_layout
from tagseal.git._refs import is_ref_name
from tagseal.git._repository import Repository

__all__ = ["create_ephemeral_tag", "private_clone", "rehearsal_repository"]

_CLONE_SECONDS = 3600.0
_IDENTITY = "tagseal rehearsal <rehearsal@tagseal.invalid>"

_SETTINGS = """\
[core]
\trepositoryformatversion = 1
\tbare = {bare}
\tfilemode = true
\tsymlinks = true
\tlogallrefupdates = false
\tautocrlf = false
\thooksPath = /dev/null
\tattributesFile = /dev/null
\tfsmonitor = false
[gc]
\tauto = 0
[maintenance]
\tauto = false
[extensions]
\tobjectformat = {object_format}
"""

# info/attributes goes before every .gitattributes of the tree (gitattributes). git refuses
# "-working-tree-encoding", so that one is made unspecified.
_ATTRIBUTES = "* -text -eol -crlf -ident -filter !working-tree-encoding\n"


def private_clone(
    repository: Repository, destination: Path, *, tag: str | None, commit: str
) -> Path:
    """Make a clone with a checkout at ``destination``, and return that path.

    It holds the commit with its whole history, detached at it, and the tag (which has to lead to
    the commit) if one is given, and no other ref. Its files are the commit's blobs, byte for byte,
    with modes as under umask 022: attributes that change bytes are off. Nothing is left at
    ``destination`` on failure.

    UsageError ``output-exists`` when something is there; GitError ``git-shallow`` or
    ``git-object-missing`` when history is missing, ``git-tag-moved`` when the tag leads elsewhere.
    """
    resolved = None if tag is None else repository.resolve_tag(tag, expected_commit=commit)
    repository.require_complete(commit)
    with _new_folder(destination):
        git_dir = destination / ".git"
        _write_repository(git_dir, repository.object_format, bare=False)
        program = repository.door.program
        env = environment(program, home=git_dir) | {
            "GIT_DIR": str(git_dir.resolve()),
            "GIT_WORK_TREE": str(destination.resolve()),
        }
        wanted = [commit] if resolved is None else [commit, resolved.target]
        with repository.explained():
            _transfer(repository.door, wanted, env, git_dir)
        if resolved is not None:
            _git(program, env, git_dir, "update-ref", "--no-deref", resolved.ref, resolved.target)
        _git(program, env, git_dir, "update-ref", "--no-deref", "HEAD", commit)
        _git(program, env, destination, "read-tree", "-u", "--reset", commit)
    return destination


def create_ephemeral_tag(clone: Path, tag: str, message: str, time: int) -> str:
    """Make an annotated tag at HEAD of a private clone, and return the tag object's id.

    The tagger is ``tagseal rehearsal <rehearsal@tagseal.invalid>`` and the time is the caller's (in
    seconds since 1970-01-01 UTC), so that the same commit always gets the same tag. Only for
    repositories that this module made: the tag is written into ``clone``.

    UsageError ``usage`` for a name that git does not allow.
    """
    if not is_ref_name(tag) or tag.startswith("-"):
        raise UsageError("usage", f'git does not allow a tag of the name "{display(tag)}"')
    program = find_git()
    layout = find_layout(clone, program)
    with Repository.open(clone) as repository:
        commit = repository.head()
        repository.commit(commit)
    header = f"object {commit}\ntype commit\ntag {tag}\ntagger {_IDENTITY} {time} +0000\n"
    payload = os.fsencode(f"{header}\n{message.strip()}\n")
    expected = object_id("tag", payload, layout.object_format)
    env = environment(program, home=layout.git_dir) | {"GIT_DIR": str(layout.git_dir)}
    write = ("hash-object", "-t", "tag", "-w", "--stdin")
    written = _git(program, env, layout.git_dir, *write, stdin=payload).strip().decode()
    assert written == expected
    _git(program, env, layout.git_dir, "update-ref", "--no-deref", f"refs/tags/{tag}", expected)
    return expected


def rehearsal_repository(
    repository: Repository, destination: Path, *, commit: str, tag: str, message: str | None = None
) -> Repository:
    """Return a bare repository at ``destination`` whose one ref is a fresh tag at the commit.

    It borrows the objects of ``repository``, which is not written to, and keeps its public remote
    URL. The tag's time is the commit's. The caller closes what is returned, and removes
    ``destination``.

    UsageError ``output-exists`` and ``usage``, and the errors of `Repository.commit`.
    """
    _, parsed = repository.commit(commit)
    with _new_folder(destination):
        _write_repository(destination, repository.object_format, bare=True)
        alternates = _quoted_line(repository.common_dir / "objects")
        (destination / "objects/info").mkdir()
        (destination / "objects/info/alternates").write_bytes(alternates)
        (destination / "HEAD").write_text(f"{commit}\n", "ascii")
        shallow = repository.common_dir / "shallow"
        if repository.shallow:
            shutil.copyfile(shallow, destination / "shallow")
        if repository.remote_url is not None:
            with (destination / "config").open("a", encoding="ascii") as config:
                config.write(f'[remote "origin"]\n\turl = "{_escaped(repository.remote_url)}"\n')
        text = message if message is not None else f"Rehearsal of {tag}"
        create_ephemeral_tag(destination, tag, text, parsed.time)
        return Repository.open(destination)


@contextmanager
def _new_folder(destination: Path) -> Iterator[None]:
    """Make a folder that is removed again when the work in it fails."""
    try:
        destination.mkdir(mode=0o755)
    except FileExistsError:
        raise UsageError(
            "output-exists", "something is already there", where=display(str(destination))
        ) from None
    except OSError as error:
        raise UsageError(
            "file-unreadable",
            f"the folder cannot be made: {error.strerror}",
            where=display(str(destination)),
        ) from error
    try:
        yield
    except BaseException:
        shutil.rmtree(destination, ignore_errors=True)
        raise


def _write_repository(git_dir: Path, object_format: ObjectFormat, *, bare: bool) -> None:
    for folder in ("objects/pack", "refs/tags", "refs/heads", "info"):
        (git_dir / folder).mkdir(parents=True)
    settings = _SETTINGS.format(bare=str(bare).lower(), object_format=object_format.value)
    if object_format is ObjectFormat.SHA1:
        # Old tools that read the configuration themselves know format version 0 only.
        settings = settings.partition("[extensions]")[0].replace("version = 1", "version = 0")
    (git_dir / "config").write_text(settings, "ascii")
    (git_dir / "info/attributes").write_text(_ATTRIBUTES, "ascii")
    (git_dir / "HEAD").write_text("ref: refs/heads/none\n", "ascii")


def _git(
    program: Path, env: dict[str, str], cwd: Path, *arguments: str, stdin: bytes = b""
) -> bytes:
    done = run_git(
        [str(program), *arguments], environment=env, cwd=cwd, stdin=stdin, timeout=_CLONE_SECONDS
    )
    if done.returncode:
        raise GitError("git-failed", f"git {arguments[0]} failed: {shown_stderr(done.stderr)}")
    return done.stdout


def _transfer(door: Door, wanted: list[str], env: dict[str, str], git_dir: Path) -> None:
    """Send all objects that are reachable from some ids, as one pack, and check its links."""
    pack = door.command("pack-objects", "--revs", "--stdout", "--quiet")
    index = door.command("index-pack", "--stdin", "--check-self-contained-and-connected")
    with tempfile.TemporaryFile() as complaints:
        sender = subprocess.Popen(  # noqa: S603 - the program is git
            pack,
            env=door.environment,
            cwd=door.folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
        )
        try:
            receiver = subprocess.Popen(  # noqa: S603 - the program is git
                index,
                env=env,
                cwd=git_dir,
                stdin=sender.stdout,
                stdout=subprocess.DEVNULL,
                stderr=complaints,
                umask=0o022,
            )
        except BaseException:
            _end(sender)
            raise
        try:
            assert sender.stdout is not None
            sender.stdout.close()  # so that the sender learns when the receiver ends
            sender.communicate("".join(f"{name}\n" for name in wanted).encode(), _CLONE_SECONDS)
            receiver.wait(_CLONE_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise GitError(
                "git-timeout", f"copying the objects took more than {_CLONE_SECONDS:.0f} seconds"
            ) from error
        finally:
            _end(sender)
            _end(receiver)
        if sender.returncode or receiver.returncode:
            complaints.seek(0)
            said = shown_stderr(complaints.read(4000))
            raise GitError("git-object-missing", f"the objects could not all be copied: {said}")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None and not stream.closed:
            stream.close()


def _quoted_line(path: Path) -> bytes:
    return os.fsencode(quoted(path)) + b"\n"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
