"""What a CI would say about the run that signs."""

import re
from dataclasses import dataclass

from tagseal.core.digests import ObjectFormat
from tagseal.core.errors import RehearsalError
from tagseal.core.paths import display

__all__ = ["Workload"]

_REPOSITORY = re.compile(r"[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+")
_DIGITS = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """One run of one workflow, in the shape of GitHub's tokens.

    ``repository`` is ``owner/name``, ``repository_id`` and ``owner_id`` are their numbers, ``ref``
    is a full ref name and ``commit`` 40 or 64 lowercase hexadecimal digits. ``workflow`` is the
    file that the run started with, ``signer_workflow`` the reusable one whose job signs (the
    certificate's subject), each as ``owner/name/path@ref``; left out, they are
    ``.github/workflows/release.yml`` of the repository at ``ref``, and the same. Their commits are
    the run's commit when left out.

    Raises `RehearsalError` (``rehearsal-workload-invalid``) for what no CI could say.

    >>> run = Workload(
    ...     repository="owner/name", repository_id="1", owner_id="2",
    ...     ref="refs/tags/v1.0", commit="a" * 40,
    ... )
    >>> run.subject
    'repo:owner/name:ref:refs/tags/v1.0'
    >>> run.signer_workflow_ref
    'owner/name/.github/workflows/release.yml@refs/tags/v1.0'
    """

    repository: str
    repository_id: str
    owner_id: str
    ref: str
    commit: str
    workflow: str | None = None
    workflow_commit: str | None = None
    signer_workflow: str | None = None
    signer_workflow_commit: str | None = None
    trigger: str = "push"
    runner_environment: str = "github-hosted"
    run_id: str = "1"
    run_attempt: str = "1"
    visibility: str = "public"

    def __post_init__(self) -> None:
        if not _REPOSITORY.fullmatch(self.repository):
            raise _invalid("repository", self.repository, "owner/name")
        for name in ("repository_id", "owner_id", "run_id", "run_attempt"):
            if not _DIGITS.fullmatch(value := getattr(self, name)):
                raise _invalid(name, value, "a decimal number")
        if not self.ref.startswith("refs/"):
            raise _invalid("ref", self.ref, "a full ref name, such as refs/tags/v1.0")
        for name in ("commit", "workflow_commit", "signer_workflow_commit"):
            _check_commit(name, getattr(self, name))
        for name in ("workflow", "signer_workflow"):
            value = getattr(self, name)
            if value is not None and not re.fullmatch(r"[^/@]+/[^/@]+/[^@]+@refs/.+", value):
                raise _invalid(name, value, "owner/name/path@refs/…")

    @property
    def owner(self) -> str:
        """The part of ``repository`` before the slash."""
        return self.repository.partition("/")[0]

    @property
    def subject(self) -> str:
        """The ``sub`` of the run's tokens."""
        return f"repo:{self.repository}:ref:{self.ref}"

    @property
    def workflow_ref(self) -> str:
        """The workflow file that the run started with, and its ref."""
        return self.workflow or f"{self.repository}/.github/workflows/release.yml@{self.ref}"

    @property
    def signer_workflow_ref(self) -> str:
        """The workflow file whose job signs, and its ref."""
        return self.signer_workflow or self.workflow_ref

    def claims(self) -> dict[str, str]:
        """Return the claims that describe the run.

        Source: GitHub, "OpenID Connect reference", the claims of the OIDC token.
        """
        workflow_commit = self.workflow_commit or self.commit
        return {
            "sub": self.subject,
            "repository": self.repository,
            "repository_id": self.repository_id,
            "repository_owner": self.owner,
            "repository_owner_id": self.owner_id,
            "repository_visibility": self.visibility,
            "ref": self.ref,
            "ref_type": "tag" if self.ref.startswith("refs/tags/") else "branch",
            "sha": self.commit,
            "workflow_ref": self.workflow_ref,
            "workflow_sha": workflow_commit,
            "job_workflow_ref": self.signer_workflow_ref,
            "job_workflow_sha": self.signer_workflow_commit or workflow_commit,
            "event_name": self.trigger,
            "runner_environment": self.runner_environment,
            "run_id": self.run_id,
            "run_attempt": self.run_attempt,
        }


def _check_commit(name: str, value: str | None) -> None:
    if value is None:
        return
    try:
        ObjectFormat.of(value)
    except ValueError as error:
        raise _invalid(name, value, "40 or 64 lowercase hexadecimal digits") from error


def _invalid(name: str, value: str, wanted: str) -> RehearsalError:
    return RehearsalError(
        "rehearsal-workload-invalid",
        f'the workload\'s {name} must be {wanted}, not "{display(value)}"',
    )
