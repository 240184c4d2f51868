"""Noticing attacks on SHA-1, with the collision that was published.

The first 320 bytes of the two files of https://shattered.io/ (Marc Stevens, Elie Bursztein, Pierre
Karpman, Ange Albertini, Yarik Markov: The first collision for full SHA-1, 2017) have one SHA-1. As
contents of git blobs they have two, since a blob's header comes before them; no collision of two
blobs is public. So what can be shown is that the library finds that collision, that a reader whose
hasher finds one refuses the member, and that the honest rest is unchanged.
"""

import base64
import hashlib
import sys
from collections.abc import Callable

import pytest

from support_archives import END, gz, member, read, zip_of
from tagseal.archives import Limits
from tagseal.archives._collector import Collector
from tagseal.archives._collisions import COLLISION, detecting_sha1
from tagseal.core.digests import Hasher, ObjectFormat
from tagseal.core.errors import ArchiveError, UsageError

PREFIX = base64.b64decode(
    b"JVBERi0xLjMKJeLjz9MKCgoxIDAgb2JqCjw8L1dpZHRoIDIgMCBSL0hlaWdodCAzIDAgUi9UeXBlIDQgMCBSL1N1"
    b"YnR5cGUgNSAwIFIvRmlsdGVyIDYgMCBSL0NvbG9yU3BhY2UgNyAwIFIvTGVuZ3RoIDggMCBSL0JpdHNQZXJDb21w"
    b"b25lbnQgOD4+CnN0cmVhbQr/2P/+ACRTSEEtMSBpcyBkZWFkISEhISGFL+wJIzl1nDmxocY8TJfh//4B"
)
FIRST = PREFIX + base64.b64decode(
    b"c0bckWa2fhGPApq2IbJWD/nKZ8yox/hbqEx5AwwrPeIY+G2zqQkB1d9FwU8m/t+z3DjpasIv571yjw5FvOBG0jxX"
    b"D+sUE5i7VS71oKgr4zH+pIA3uLXXHw4zLt+TrDUA603cDezBqGR5DHgsdiFWYN0wl5HQa9CvP5jNpLxGKbE="
)
SECOND = PREFIX + base64.b64decode(
    b"f0bck6a2fgE7ApqqHbJWC0XKZ9aIx/hLjEx5H+ArPfYU+G2xaQkBxWtFwVMK/t+3YDjpcnIv561yjw5JBOBGwjBX"
    b"D+nUE5ir4S71vJQr4zVCpIAtmLXXDyozLsN/rDUU503cDyzBqHTNDHgwWiFWZGEwl4lga9C/P5jNqARGKaE="
)
TAR = gz(member(b"top/a", FIRST) + member(b"top/b", b"b" * 9999) + END)


def without_header(header: bytes) -> Hasher:
    """Hash what follows only, so that the published collision is one."""
    return detecting_sha1()(b"")


def collector(new: Callable[[bytes], Hasher]) -> Collector:
    return Collector(Limits(), new, lambda path, size: size == 1, lambda path: False)


def test_the_two_files_collide() -> None:
    assert FIRST != SECOND
    assert hashlib.sha1(FIRST).hexdigest() == hashlib.sha1(SECOND).hexdigest()


@pytest.mark.parametrize("data", [FIRST, SECOND])
def test_the_library_notices_the_published_collision(data: bytes) -> None:
    hasher = detecting_sha1()(data[:100])
    hasher.update(memoryview(data)[100:])
    with pytest.raises(COLLISION):
        hasher.hexdigest()


@pytest.mark.parametrize("data", [FIRST, SECOND])
def test_a_member_with_a_collision_is_refused(data: bytes) -> None:
    reader = collector(without_header)
    path = reader.claim(b"top/a", read(TAR, "x.tgz").members[b"top/a"].mode)
    with pytest.raises(ArchiveError) as caught:
        reader.file(path, 0o644, len(data), [data])
    assert caught.value.code == "archive-sha1-collision"
    assert caught.value.where == "top/a"


@pytest.mark.parametrize(
    ("data", "name"), [(TAR, "x.tar.gz"), (zip_of(name=b"top/a", data=FIRST), "x.zip")]
)
def test_blobs_have_the_same_ids(data: bytes, name: str) -> None:
    assert read(data, name, collision_detection=True) == read(data, name)


def test_where_nothing_rests_on_sha1_nothing_is_looked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "mercurial.thirdparty.sha1dc", None)
    listing = read(TAR, "x.tgz", object_format=ObjectFormat.SHA256, collision_detection=True)
    assert listing == read(TAR, "x.tgz", object_format=ObjectFormat.SHA256)


def test_without_the_library_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mercurial.thirdparty.sha1dc", None)
    with pytest.raises(UsageError) as caught:
        read(TAR, "x.tgz", collision_detection=True)
    assert caught.value.code == "usage"
    assert "tagseal[collisions]" in (caught.value.hint or "")
