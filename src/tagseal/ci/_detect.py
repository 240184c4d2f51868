"""Reading the variables of a CI; the one place that reads ``os.environ`` for that.

The variables are GitHub's (GitHub Docs, "Variables reference", "Default environment variables").
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from tagseal.core.paths import display

__all__ = ["CiRun", "current", "detect"]

_REF = r"refs/[^\x00-\x20\x7f]{1,1000}"
_NAME = r"[A-Za-z0-9._-]{1,200}"

# Field of CiRun: the variable that holds it, and the form that it must have.
_GITHUB: dict[str, tuple[str, str]] = {
    "server_url": ("GITHUB_SERVER_URL", r"https?://[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?"),
    "repository": ("GITHUB_REPOSITORY", rf"{_NAME}/{_NAME}"),
    "repository_id": ("GITHUB_REPOSITORY_ID", r"[0-9]{1,20}"),
    "owner_id": ("GITHUB_REPOSITORY_OWNER_ID", r"[0-9]{1,20}"),
    "ref": ("GITHUB_REF", _REF),
    "sha": ("GITHUB_SHA", r"[0-9a-f]{40}([0-9a-f]{24})?"),
    "workflow_ref": (
        "GITHUB_WORKFLOW_REF",
        rf"{_NAME}/{_NAME}/[!-?A-~]{{1,500}}@[^\x00-\x20\x7f]{{1,1000}}",
    ),
    "workflow_sha": ("GITHUB_WORKFLOW_SHA", r"[0-9a-f]{40}([0-9a-f]{24})?"),
    "run_id": ("GITHUB_RUN_ID", r"[0-9]{1,20}"),
    "run_attempt": ("GITHUB_RUN_ATTEMPT", r"[0-9]{1,10}"),
    "event": ("GITHUB_EVENT_NAME", r"[a-z_]{1,100}"),
    "runner_environment": ("RUNNER_ENVIRONMENT", r"github-hosted|self-hosted"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CiRun:
    """One run of a CI, as its variables describe it; None is what they do not say."""

    kind: Literal["github", "local"]
    server_url: str | None = None
    """Where the repository is hosted, such as ``https://github.com``, without a path."""
    repository: str | None = None
    """``OWNER/NAME``."""
    repository_id: str | None = None
    """The host's number of the repository, which no other repository ever gets."""
    owner_id: str | None = None
    """The host's number of the repository's owner."""
    ref: str | None = None
    """The full ref that started the run, such as ``refs/tags/v1``."""
    sha: str | None = None
    """The commit that started the run."""
    workflow_ref: str | None = None
    """``OWNER/NAME/PATH@REF`` of the workflow that was started."""
    workflow_sha: str | None = None
    """The commit of the workflow file."""
    run_id: str | None = None
    run_attempt: str | None = None
    event: str | None = None
    """What started the run, such as ``push``."""
    runner_environment: str | None = None
    """``github-hosted`` or ``self-hosted``."""
    problems: tuple[str, ...] = ()
    """One sentence for each variable that is missing or not in its form."""

    @property
    def repository_uri(self) -> str | None:
        """The repository's URI, ``https://HOST/OWNER/NAME``."""
        if self.server_url is None or self.repository is None:
            return None
        return f"{self.server_url}/{self.repository}"

    @property
    def owner_uri(self) -> str | None:
        """The URI of the repository's owner, ``https://HOST/OWNER``."""
        if self.server_url is None or self.repository is None:
            return None
        return f"{self.server_url}/{self.repository.partition('/')[0]}"

    @property
    def workflow_path(self) -> str | None:
        """The path of the workflow file in its repository."""
        if self.workflow_ref is None:
            return None
        return self.workflow_ref.partition("@")[0].split("/", 2)[2]

    @property
    def builder_uri(self) -> str | None:
        """The URI of the workflow that was started, with its ref, as extension .18 spells it.

        It is the signing workflow's (extension .9) too, unless that is a reusable one: no variable
        names those.
        """
        if self.server_url is None or self.workflow_ref is None:
            return None
        return f"{self.server_url}/{self.workflow_ref}"

    @property
    def invocation_uri(self) -> str | None:
        """The URI of this attempt of this run, as Fulcio's extension .21 spells it."""
        if self.repository_uri is None or self.run_id is None or self.run_attempt is None:
            return None
        return f"{self.repository_uri}/actions/runs/{self.run_id}/attempts/{self.run_attempt}"

    @property
    def tag(self) -> str | None:
        """The tag that started the run, without ``refs/tags/``; None when it was no tag."""
        prefix = "refs/tags/"
        return self.ref[len(prefix) :] if self.ref and self.ref.startswith(prefix) else None


def detect(environ: Mapping[str, str]) -> CiRun:
    """Return what an environment says about the run; never fails.

    A variable that is missing or not in its form becomes None and one sentence in ``problems``.
    """
    if environ.get("GITHUB_ACTIONS") != "true":
        return CiRun(kind="local")
    values: dict[str, Any] = {}
    problems: list[str] = []
    for field, (variable, form) in _GITHUB.items():
        value = environ.get(variable, "")
        if not value:
            problems.append(f"{variable} is not set")
        elif not re.fullmatch(form, value):
            problems.append(f'{variable} is not in its form: "{display(value[:200])}"')
        else:
            values[field] = value
    return CiRun(kind="github", problems=tuple(problems), **values)


def current() -> CiRun:
    """Return what this process's environment says about the run."""
    return detect(os.environ)
