"""Real git repositories, real `git archive` output."""

import io
import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from support_contents import URI, Forged
from tagseal.archives import read_archive
from tagseal.contents import Kind, account_for, choose_layout, claim_of
from tagseal.core.listing import ArchiveListing
from tagseal.git import Repository, ResolvedTag

DATE = "2024-02-29T23:59:58 +0530"


class Project:
    """A real repository under construction, and what git makes of it."""

    def __init__(self, path: Path, object_format: str) -> None:
        self.path = path
        path.mkdir(parents=True)
        self.git("init", "-q", f"--object-format={object_format}")

    def git(self, *arguments: str, **environment: str) -> bytes:
        return self.git_input(*arguments, stdin=b"", **environment)

    def git_input(self, *arguments: str, stdin: bytes, **environment: str) -> bytes:
        given = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.path),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_AUTHOR_NAME": "A",
            "GIT_AUTHOR_EMAIL": "a@b",
            "GIT_AUTHOR_DATE": DATE,
            "GIT_COMMITTER_NAME": "C",
            "GIT_COMMITTER_EMAIL": "c@d",
            "GIT_COMMITTER_DATE": DATE,
            **environment,
        }
        done = subprocess.run(
            ["git", "-c", "protocol.file.allow=always", *arguments],
            cwd=self.path,
            env=given,
            input=stdin,
            stdout=subprocess.PIPE,
            check=True,
        )
        return done.stdout

    def write(self, files: Mapping[str, bytes], mode: int = 0o644) -> None:
        for name, content in files.items():
            path = self.path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            path.chmod(mode)

    def commit(self, *, tag: str = "v1", annotate: bool = False) -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "one")
        self.git("tag", *(["-a", "-m", "one"] if annotate else []), tag)

    def archive(self, name: str = "t-1.tar.gz", *options: str) -> ArchiveListing:
        """List what `git archive` writes."""
        suffix = "zip" if name.endswith(".zip") else "tar.gz" if name.endswith("gz") else "tar"
        top = name.removesuffix("." + suffix)
        data = self.git(
            "-c", "tar.umask=0022", "archive", f"--format={suffix}", f"--prefix={top}/", *options,
            "refs/tags/v1",
        )  # fmt: skip
        return self.read(data, name)

    def read(self, data: bytes, name: str) -> ArchiveListing:
        with Repository.open(self.path) as repository:
            object_format = repository.object_format
        return read_archive(
            io.BytesIO(data), name, object_format=object_format, keep=lambda path, size: True
        )

    def honest(
        self, listing: ArchiveListing, kind: Kind = Kind.SOURCE, version: str | None = None
    ) -> Forged:
        """The true claim, from the repository's own objects."""
        with Repository.open(self.path) as repository:
            tag: ResolvedTag = repository.resolve_tag("v1")
            tree = repository.read_tree(tag.tree)
            files = {
                path: repository.blob(entry.object)
                for path, entry in tree.entries.items()
                if entry.mode.is_file
            }
        mappings = choose_layout(kind, listing.name, listing.members, tree)
        attributes = {path for path in files if path.endswith(b".gitattributes")}
        account = account_for(listing, tree, kind=kind, mappings=mappings, needed=attributes)
        assert account.conflicting == ()
        claim = claim_of(
            account,
            repository=URI,
            ref=tag.ref,
            commit_id=tag.commit,
            commit=tag.commit_object,
            tree_id=tag.tree,
            tags=tag.tag_objects,
            listing=listing,
            carried=files,
        )
        return Forged(listing=listing, claim=claim, kind=kind, version=version)


@pytest.fixture
def project(tmp_path: Path) -> Callable[..., Project]:
    def make(name: str = "t", object_format: str = "sha1") -> Project:
        return Project(tmp_path / name, object_format)

    return make
