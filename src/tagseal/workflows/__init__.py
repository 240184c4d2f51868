"""The shell around the pure parts: what each command does, with files, git, clocks and networks.

A release goes `build` → `rebuild` → `account` and `gate` → `state` → `sign` → `verify`, from folder
to folder; `rehearse` is all of it in one process against the embedded Sigstore. Everything is
built, compared and gated before the first signature. Every module here is what one command, or the
step that several share, does; nothing in them is about terminals or exit codes.

>>> from tagseal.workflows.gate import literal_pattern
>>> literal_pattern(b"m4/what?.m4").matches(b"m4/what?.m4")
True
"""
