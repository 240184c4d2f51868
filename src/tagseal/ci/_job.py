"""Being a job for a while: the one place that changes ``os.environ``."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

__all__ = ["as_job"]


@contextmanager
def as_job(variables: Mapping[str, str]) -> Iterator[None]:
    """Let this process see a CI job's variables inside the block, as a rehearsal needs it.

    Clients that look for an ambient identity read the process's own environment. What was there
    before is put back. Not for use beside threads that read the environment.
    """
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
