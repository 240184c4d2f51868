r"""Builders: archives from a tagged commit.

=============  =====================================================================================
``source``     the tree itself; no project code runs and no network is used
``python``     sdist and wheel, by the project's build backend (PEP 517) through the build package
``command``    refused by name: this version cannot yet
=============  =====================================================================================

What a Python build gets, and nothing else:

1. The source is a private clone of the tagged commit with its history and that one tag, since
   backends ask git for the version. Sdist and wheel are both built from a clone, a fresh one each,
   because that is what the contents proof compares with: the tagged tree.
2. The environment is a venv without pip, a fresh one each, with ``build-system.requires`` and what
   the hooks ask for, or with exactly the hash-locked set that the configuration names. pip comes
   from the wheel that virtualenv carries. Every file that was installed is recorded with its
   sha256. Only this fetching sees the user's pip configuration, proxies and certificates.
3. Hooks get an environment written down in full: the venv's and the system's programs, an empty
   home, C.UTF-8, UTC, SOURCE_DATE_EPOCH from the commit, PYTHONHASHSEED 0, umask 022. Each has a
   limit of time, and its processes are killed at its end.
4. What comes out is one regular file whose name is a distribution's. Its version may differ from
   the tag's: `version_finding` says so, as a value.

There is no sandbox yet: hooks are ordinary processes of this user and may use the network, so every
Python build reports ``"network": "open"``.

>>> import subprocess, tempfile
>>> from datetime import UTC, datetime
>>> from pathlib import Path
>>> from tagseal.config import SourceArchive
>>> from tagseal.git import Repository
>>> with tempfile.TemporaryDirectory() as folder:
...     for command in (
...         "init -q", "-c user.name=A -c user.email=a@b commit -q --allow-empty -m one", "tag v1"
...     ):
...         _ = subprocess.run(["git", "-C", folder, *command.split()], check=True)
...     with Repository.open(Path(folder)) as repository:
...         tag = repository.resolve_tag("v1")
...         inputs = BuildInputs(repository=repository, tag=tag, name="thing", version="1",
...                              tree=repository.read_tree(tag.commit))
...         [built] = build_archives(SourceArchive(), inputs, Path(folder, "out"),
...                                  progress=print, clock=lambda: datetime.now(UTC))
...     built.path.name, built.reported["network"], version_finding(built, inputs)
writing thing-1.tar.gz
('thing-1.tar.gz', 'not used', None)
"""

from tagseal.builders._build import STEP_SECONDS, build_archives
from tagseal.builders._model import BuildInputs, BuiltArchive, version_finding

__all__ = ["STEP_SECONDS", "BuildInputs", "BuiltArchive", "build_archives", "version_finding"]
