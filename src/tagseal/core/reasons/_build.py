"""Reasons for which an archive cannot be built, or was not built as it must be."""

from tagseal.core.reasons._reason import Reason, Status

REASONS: tuple[Reason, ...] = (
    Reason(
        code="build-command-unsupported",
        status=Status.USAGE,
        means="This version of tagseal cannot yet build archives by commands.",
        next_step='Use builder = "source" or "python", or a newer tagseal.',
    ),
    Reason(
        code="build-name-invalid",
        status=Status.USAGE,
        means="The project's name or version gives a file name that is not acceptable everywhere.",
        next_step="Set the archive's name in the configuration, or tag another version.",
    ),
    Reason(
        code="build-name-taken",
        status=Status.USAGE,
        means="Two archives of the configuration would have one file name.",
        next_step="Give the source archive another name; an sdist is NAME-VERSION.tar.gz too.",
    ),
    Reason(
        code="build-not-python",
        status=Status.USAGE,
        means="The tagged tree holds no Python project: no pyproject.toml and no setup.py.",
        next_step='Remove builder = "python" from the configuration, or tag a commit with one.',
    ),
    Reason(
        code="build-system-invalid",
        status=Status.USAGE,
        means="The [build-system] table of pyproject.toml does not say how to build the project.",
        next_step="Correct the table; PEP 517 and PEP 518 define it.",
    ),
    Reason(
        code="build-requirement-invalid",
        status=Status.NOT_VERIFIED,
        means="A build requirement is not a requirement as PEP 508 defines it.",
        next_step="Correct build-system.requires, or what the backend adds to it.",
    ),
    Reason(
        code="build-requirement-undigested",
        status=Status.NOT_VERIFIED,
        means="Something was installed for the build that no digest could be recorded of.",
        next_step="Require released packages, from an index that gives their sha256.",
    ),
    Reason(
        code="build-requirements-failed",
        status=Status.UNDECIDED,
        means="The build requirements could not be fetched and installed.",
        next_step="Read pip's message; check the network, the index, and the requirements.",
    ),
    Reason(
        code="build-requirements-incomplete",
        status=Status.NOT_VERIFIED,
        means="The build needs packages that the locked requirements do not hold.",
        next_step="Lock them too; the requirements of the backend's hooks belong to them.",
    ),
    Reason(
        code="build-requirements-missing",
        status=Status.USAGE,
        means="The locked requirements that the configuration names are no file of the tree.",
        next_step="Correct the path, or commit the file before tagging.",
    ),
    Reason(
        code="build-requirements-unsupported",
        status=Status.USAGE,
        means="The locked requirements are in a file of a kind that this tagseal cannot use.",
        next_step="Use a pylock.toml or pylock.NAME.toml (PEP 751), or a .txt file with --hash.",
    ),
    Reason(
        code="build-environment-failed",
        status=Status.UNDECIDED,
        means="The isolated environment for a build could not be made on this machine.",
        next_step="Read the message; a complete Python and some disk space are needed.",
    ),
    Reason(
        code="build-backend-failed",
        status=Status.NOT_VERIFIED,
        means="The project's build backend failed, so there is no archive.",
        next_step="Build the tagged commit with python -m build, and correct what fails there.",
    ),
    Reason(
        code="build-timeout",
        status=Status.NOT_VERIFIED,
        means="A step of the build did not end within its limit of time, and was ended.",
        next_step="Find out what it waits for; a build must not ask or wait for anything.",
    ),
    Reason(
        code="build-result-invalid",
        status=Status.NOT_VERIFIED,
        means="The build backend did not leave exactly one archive with an acceptable name.",
        next_step="Report it to the build backend's project, or correct the backend in the tree.",
    ),
    Reason(
        code="build-version-differs",
        status=Status.NOT_VERIFIED,
        means="The built archive has another version than the tag.",
        next_step="Make version and tag agree, and tag again; never move a published tag.",
    ),
)
