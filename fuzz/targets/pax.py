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
        assert list(records.items()) == _records(data)


def _records(data: bytes) -> list[tuple[bytes, bytes]]:
    """Return the records of well-formed data, found by their lengths alone."""
    found = []
    while data:
        length = int(data.partition(b" ")[0])
        key, equals, value = data[:length].partition(b" ")[2].partition(b"=")
        assert equals
        assert value.endswith(b"\n")
        found.append((key, value[:-1]))
        data = data[length:]
    return found
