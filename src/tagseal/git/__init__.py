r"""Git repositories, read as raw objects: the only place that runs git.

A repository is taken as hostile. Its configuration can name programs to run
(``core.fsmonitor``, ``core.sshCommand``, filters, hooks), can include other files, and can be owned
by somebody else; its ``refs/replace`` can show other objects than the ids say. So:

1. git runs from a bare folder of ours that borrows the repository's objects, in an environment
   built from scratch. No setting, hook, filter, attribute or replace ref of the repository counts,
   and it does not matter who owns it. Git never fetches.
2. Refs are read as files. A tag is ``refs/tags/NAME`` and nothing else; where a branch has the name
   too, or the tag object calls itself otherwise, that is an error.
3. Objects come raw from ``git cat-file``, under limits on size and time, and each is hashed again:
   bytes that do not hash to their id are never returned.
4. Listings are made from raw tree objects, which `tagseal.core.gitobjects` reads strictly.

What is tagged, and what the tagged tree holds:

>>> import subprocess, tempfile
>>> from pathlib import Path
>>> with tempfile.TemporaryDirectory() as folder:
...     for command in (
...         "init -q", "-c user.name=A -c user.email=a@b commit -q --allow-empty -m one", "tag v1"
...     ):
...         _ = subprocess.run(["git", "-C", folder, *command.split()], check=True)
...     with Repository.open(Path(folder)) as repository:
...         tag = repository.resolve_tag("v1")
...         tag.ref, tag.tree, dict(repository.read_tree(tag.commit).entries)
('refs/tags/v1', '4b825dc642cb6eb9a060e54bf8d69288fbee4904', {})

`private_clone` makes a repository for builders that ask git for the version, and
`rehearsal_repository` one with a tag that only a rehearsal sees.
"""

from tagseal.git._clone import create_ephemeral_tag, private_clone, rehearsal_repository
from tagseal.git._history import MAX_COMMITS, LoggedCommit, read_history
from tagseal.git._layout import public_url
from tagseal.git._repository import MAX_BLOB_BYTES, Repository
from tagseal.git._submodules import GitModule
from tagseal.git._tags import ResolvedTag

__all__ = [
    "MAX_BLOB_BYTES",
    "MAX_COMMITS",
    "GitModule",
    "LoggedCommit",
    "Repository",
    "ResolvedTag",
    "create_ephemeral_tag",
    "private_clone",
    "public_url",
    "read_history",
    "rehearsal_repository",
]
