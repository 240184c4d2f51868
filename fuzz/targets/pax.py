"""Pax extension records (`tagseal.archives`)."""

from tagseal.archives._pax import parse_records
from tagseal.core.errors import ArchiveError


def check(data: bytes) -> None:
    """Records are read or refused; those that were read are all of the data, and no others."""
    for is_global in (False, True):
        try:
            records = parse_records(data, is_global=is_global)
        except ArchiveError:
            continue
        assert b"".join(_record(key, value) for key, value in records.items()) == data


def _record(key: bytes, value: bytes) -> bytes:
    rest = b" %s=%s\n" % (key, value)
    length = len(rest)
    while len(b"%d" % length) + len(rest) != length:
        length = len(b"%d" % length) + len(rest)
    return b"%d" % length + rest
