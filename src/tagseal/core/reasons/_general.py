"""Reasons that belong to no single area."""

from tagseal.core.reasons._reason import Reason, Status

REASONS: tuple[Reason, ...] = (
    Reason(
        code="usage",
        status=Status.USAGE,
        means="The command line asks for something that this command does not offer.",
        next_step="Read the command's --help.",
    ),
    Reason(
        code="file-unreadable",
        status=Status.UNDECIDED,
        means="A file that was named cannot be read.",
        next_step="Check that the path is right and that you may read it.",
    ),
    Reason(
        code="output-exists",
        status=Status.USAGE,
        means="Something of yours is already where the output would go; nothing was overwritten.",
        next_step="Name another folder, or remove what is there.",
    ),
    Reason(
        code="output-unwritable",
        status=Status.UNDECIDED,
        means="What the command would write cannot be written where it was asked for.",
        next_step="Name a folder that you may write to, on a disk with space.",
    ),
    Reason(
        code="config-invalid",
        status=Status.USAGE,
        means="The project's tagseal configuration has errors.",
        next_step="Correct every error that is listed; the documentation has all keys.",
    ),
    Reason(
        code="extra-missing",
        status=Status.USAGE,
        means="This command needs packages that a plain installation of tagseal leaves out.",
        next_step="Install tagseal with the extra that the message names.",
    ),
    Reason(
        code="interrupted",
        status=Status.UNDECIDED,
        means="The command was interrupted; nothing was left half-written.",
        next_step="Run it again.",
    ),
    Reason(
        code="internal-error",
        status=Status.UNDECIDED,
        means="tagseal itself failed in a way that it did not foresee.",
        next_step="Report it to the tagseal project with the command and the message.",
    ),
)
