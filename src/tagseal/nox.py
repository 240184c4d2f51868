"""Release sessions for a project's noxfile.

A noxfile calls `register` once::

    import nox
    import tagseal.nox

    tagseal.nox.register()

and has, from then on, one session for each step of a release, and one for all of them:

=================== =================================================
session             runs
=================== =================================================
``release-check``   ``tagseal check .``
``release-build``   ``tagseal build . --out dist``
``release-rebuild`` ``tagseal rebuild dist --git .``
``release-compare`` ``tagseal compare --release dist --git .``
``release-state``   ``tagseal state dist --git .``
``release-sign``    ``tagseal sign dist``
``release-verify``  ``tagseal verify --release dist``
``release``         all of these, in this order, up to the first that fails
=================== =================================================

What stands after ``--`` on nox's command line is passed on: ``nox -s release-build -- --tag v1.0``.
In ``release`` it goes to the two steps that a tag is told to, check and build; the later ones read
it from the release's folder. Signing needs the identity of a CI's job, so elsewhere ``release``
ends before it; ``tagseal rehearse`` is what goes the whole way anywhere.

The sessions only call the command line, with the interpreter that runs nox, so a noxfile and a CI
job do the same. None of them runs unless it is asked for. The steps carry the tag ``release``; the
session ``release`` does not, since ``nox -t release`` would then release twice.

Every noxfile pays for this module at each start of nox, so it imports nothing but nox and what nox
has imported already.
"""

import sys
from collections.abc import Callable, Sequence

import nox

__all__ = ["register"]


def register(*, out: str = "dist", prefix: str = "release") -> None:
    """Add the release sessions to the noxfile that calls this.

    An explicit call, since a star import registers nothing where a noxfile is run as a script.

    Args:
        out: the folder that the release travels in, relative to the noxfile.
        prefix: the name of the session that runs all steps; each step's session is named
            ``PREFIX-STEP``. For a project that has a session of the name ``release`` already.
    """
    steps: dict[str, tuple[str, ...]] = {
        "check": ("check", "."),
        "build": ("build", ".", "--out", out),
        "rebuild": ("rebuild", out, "--git", "."),
        "compare": ("compare", "--release", out, "--git", "."),
        "state": ("state", out, "--git", "."),
        "sign": ("sign", out),
        "verify": ("verify", "--release", out),
    }
    for step, arguments in steps.items():
        _add(f"{prefix}-{step}", _step(arguments), _DOCS[step], tags=["release"])
    _add(prefix, _all(steps), "Make a whole release: every step, up to the first that fails.")


_DOCS = {
    "check": "Is this tag releasable?",
    "build": "Make the archives of a tag.",
    "rebuild": "Make the archives again, and name what differs.",
    "compare": "Account for every file of the archives against the tagged commit.",
    "state": "Write the statements about the archives.",
    "sign": "Sign exactly those statements.",
    "verify": "Verify the release as a consumer would.",
}
_TAKES_TAG = frozenset({"check", "build"})


def _add(
    name: str, body: Callable[[nox.Session], None], doc: str, *, tags: Sequence[str] = ()
) -> None:
    body.__doc__ = doc
    nox.session(name=name, default=False, tags=list(tags), venv_backend="none")(body)


def _step(arguments: Sequence[str]) -> Callable[[nox.Session], None]:
    def body(session: nox.Session) -> None:
        _run(session, [*arguments, *session.posargs])

    return body


def _all(steps: dict[str, tuple[str, ...]]) -> Callable[[nox.Session], None]:
    def body(session: nox.Session) -> None:
        # One session and not a queue of them: nox goes on to the next session when one fails, and
        # nothing may be signed after a step that failed.
        for step, arguments in steps.items():
            _run(session, [*arguments, *(session.posargs if step in _TAKES_TAG else [])])

    return body


def _run(session: nox.Session, arguments: Sequence[str]) -> None:
    # Without -P the project's own folder would come first on the import path, and a project with a
    # package `rich` or `build` at its top would be imported in place of what tagseal needs.
    session.run(sys.executable, "-P", "-m", "tagseal", *arguments)
