"""Which CI are we in, and what does it say about this run?

`detect` takes an environment and returns a `CiRun`; `current` gives it this process's. What a CI's
variables say is only that: a claim of the machine that runs us. What can be believed about a run is
in the certificate that the certificate authority made from the CI's token.

A run outside any CI that we know is *local*. Nothing is read about it: no user, host or folder, so
that a rehearsal's statements hold nothing private.

>>> run = detect({"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "o/r", "GITHUB_RUN_ID": "7"})
>>> run.kind, run.repository, run.run_id, run.ref
('github', 'o/r', '7', None)
>>> "GITHUB_SHA is not set" in run.problems
True
>>> detect({"USER": "somebody"}) == CiRun(kind="local")
True
"""

from tagseal.ci._detect import CiRun, current, detect
from tagseal.ci._job import as_job

__all__ = ["CiRun", "as_job", "current", "detect"]
