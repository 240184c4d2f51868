"""Fixtures that give a project's tests a Sigstore of their own.

Not loaded by itself; a project asks for it in the ``conftest.py`` at the root of its tests::

    pytest_plugins = ["tagseal.rehearsal.pytest_plugin"]

A test then asks for ``embedded_sigstore``, and overrides ``embedded_sigstore_workload`` where it
wants to be another run.
"""

from collections.abc import Iterator

import pytest

from tagseal.rehearsal import EmbeddedSigstore, Workload

__all__ = ["embedded_sigstore", "embedded_sigstore_workload"]


@pytest.fixture
def embedded_sigstore_workload() -> Workload:
    """The run that the test is: a pushed tag of ``owner/name``. Made to be overridden."""
    return Workload(
        repository="owner/name",
        repository_id="1000001",
        owner_id="2000002",
        ref="refs/tags/v1.0",
        commit="0123456789abcdef0123456789abcdef01234567",
    )


@pytest.fixture
def embedded_sigstore(
    embedded_sigstore_workload: Workload, monkeypatch: pytest.MonkeyPatch
) -> Iterator[EmbeddedSigstore]:
    """A running `EmbeddedSigstore`, whose ambient variables are set during the test."""
    with EmbeddedSigstore(embedded_sigstore_workload) as sigstore:
        for name, value in sigstore.environment().items():
            monkeypatch.setenv(name, value)
        yield sigstore
