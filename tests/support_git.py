"""Making git repositories for tests, good and bad, with the git program itself."""

import os
import shutil
import subprocess
from pathlib import Path

from tagseal.core.digests import ObjectFormat, object_id

WHEN = "1700000000 +0000"

ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "LC_ALL": "C",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "A U Thor",
    "GIT_AUTHOR_EMAIL": "author@example.org",
    "GIT_AUTHOR_DATE": WHEN,
    "GIT_COMMITTER_NAME": "A U Thor",
    "GIT_COMMITTER_EMAIL": "author@example.org",
    "GIT_COMMITTER_DATE": WHEN,
    "GIT_ALLOW_PROTOCOL": "file",
}


class Sandbox:
    """A repository in a folder, and git in it."""

    def __init__(self, folder: Path, *, object_format: str = "sha1", bare: bool = False) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        bareness = ["--bare"] if bare else []
        self.git("init", "-q", "-b", "main", f"--object-format={object_format}", *bareness)

    def git(self, *arguments: str | bytes, stdin: bytes = b"", check: bool = True) -> str:
        """Run git in the repository and return what it wrote, stripped."""
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.folder,
            env=ENVIRONMENT,
            input=stdin,
            capture_output=True,
            check=False,
        )
        if check and done.returncode:
            raise AssertionError(f"git {arguments!r}: {os.fsdecode(done.stderr)}")
        return os.fsdecode(done.stdout).strip()

    def write(self, path: str | bytes, content: bytes, *, executable: bool = False) -> None:
        """Write a file of the work tree."""
        target = self.folder / os.fsdecode(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        target.chmod(0o755 if executable else 0o644)

    def commit(self, message: str = "one") -> str:
        """Commit the whole work tree and return the commit's id."""
        self.git("add", "-A", "-f")
        self.git("commit", "-q", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")

    def raw(self, kind: str, payload: bytes) -> str:
        """Write an object as it is, however malformed, and return its id."""
        return self.git("hash-object", "-t", kind, "--literally", "-w", "--stdin", stdin=payload)

    def raw_commit(self, tree: str) -> str:
        """Write a commit of any tree."""
        who = f"A <a@example.org> {WHEN}"
        return self.raw("commit", f"tree {tree}\nauthor {who}\ncommitter {who}\n\nm\n".encode())

    def plant(self, kind: str, payload: bytes, name: str) -> None:
        """Put an object's file under another object's id."""
        real = self.raw(kind, payload)
        assert real == object_id(kind, payload, ObjectFormat.of(real))  # type: ignore[arg-type]
        objects = self.folder / ".git/objects"
        target = objects / name[:2] / name[2:]
        target.parent.mkdir(exist_ok=True)
        target.unlink(missing_ok=True)
        shutil.copyfile(objects / real[:2] / real[2:], target)
