import pytest

from support_archives import END, header, link, read, refused

INSIDE = {
    "beside": link(b"top/a", b"b"),
    "nowhere": link(b"top/a", b"no/such/file"),
    "up and down": link(b"top/d/a", b"../b/./c"),
    "the top itself": link(b"top/d/a", b".."),
    "slashes": link(b"top/a", b"b//c/"),
    "itself": link(b"top/a", b"a"),
    "in a circle": link(b"top/a", b"b/x") + link(b"top/b", b"a"),
    "through another": link(b"top/d/l", b"..") + link(b"top/m", b"d/l/x"),
    "no UTF-8": link(b"top/a", b"caf\xe9"),
    "to another top": link(b"one/a", b"../two/b") + header(b"two/b"),
    "a link at the top": link(b"top", b"other"),
}


@pytest.mark.parametrize("tar", INSIDE.values(), ids=INSIDE.keys())
def test_links_that_stay_inside_are_taken(tar: bytes) -> None:
    assert read(tar + END).members


OUTSIDE = {
    "absolute": link(b"top/a", b"/etc/passwd"),
    "above": link(b"top/a", b"../b"),
    "above and back": link(b"top/a", b"../top/b"),
    "above from below": link(b"top/d/a", b"../../b"),
    "above, late": link(b"top/a", b"b/c/../../../d"),
    "above the root": link(b"one/a", b"../../x") + header(b"two/b"),
    "above by name, from nowhere": link(b"top/a", b"no/../../.."),
    "above by name, through itself": link(b"top/a", b"a/../../.."),
    "by a link at the top": link(b"top", b".."),
    # Lexically top/a/b/z; a kernel goes from top to its parent.
    "through a link that goes up": link(b"top/a/b/l", b"../..") + link(b"top/m", b"a/b/l/../z"),
    "through a chain": b"".join(link(b"top/%d" % n, b"%d" % (n + 1)) for n in range(60)),
}


@pytest.mark.parametrize("tar", OUTSIDE.values(), ids=OUTSIDE.keys())
def test_links_that_leave_are_refused(tar: bytes) -> None:
    assert refused(tar + END).code == "archive-symlink-outside"


@pytest.mark.parametrize("target", [b"", b"a\nb", b"\x1b[2J"])
def test_a_target_must_be_usable(target: bytes) -> None:
    assert refused(link(b"top/a", target) + END).code == "archive-symlink-target"


def test_many_links_through_one_another_take_no_time() -> None:
    links = b"".join(link(b"top/%d" % n, b"%d/" % (n - 1) * 10) for n in range(1, 2000))
    assert len(read(links + END).members) == 1999
