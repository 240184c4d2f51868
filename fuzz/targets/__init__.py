"""What is fuzzed: one module for each parser of bytes that somebody else made.

Each has ``check(data)``, which hands the bytes to the parser and asserts what must hold whatever
they are: only the documented exceptions come out, and what comes out of a reading that succeeded is
true. A target may also have ``mutate(data, max_size, seed, plain)``, which changes an input so that
it stays close to what the parser takes; ``plain(data, max_size)`` is libFuzzer's own mutation.
"""

TARGETS = (
    "tar",
    "gzip",
    "xz",
    "zst",
    "bz2",
    "zip",
    "pax",
    "evidence",
    "statements",
    "proof",
    "gitobjects",
    "attributes",
    "configuration",
    "metadata",
    "rules",
    "texts",
)
"""All of them, in the order in which a smoke run takes them."""

ARCHIVES = {
    "tar": "evil-1.0.tar",
    "gzip": "evil-1.0.tar.gz",
    "xz": "evil-1.0.tar.xz",
    "zst": "evil-1.0.tar.zst",
    "bz2": "evil-1.0.tar.bz2",
    "zip": "evil-1.0.zip",
}
"""Those that read a whole archive, and the file name that they give it."""
