"""Reasons that come from making a release step by step."""

from tagseal.core.reasons._reason import Reason, Status

REASONS: tuple[Reason, ...] = (
    Reason(
        code="release-version-differs",
        status=Status.NOT_VERIFIED,
        means="The tag stands for another version than the project's own files.",
        next_step="Correct the version or make the right tag; nothing was signed.",
    ),
    Reason(
        code="release-expectations-unsupported",
        status=Status.USAGE,
        means="The configuration declares expectations, which this version of tagseal cannot run.",
        next_step="Remove the [[expect]] tables and check it otherwise, or use a newer tagseal.",
    ),
    Reason(
        code="release-name-unportable",
        status=Status.NOT_VERIFIED,
        means="The tagged tree has a name that no archive may hold: some file system or some "
        "reader would take it for another, or it is not UTF-8.",
        next_step="Rename the file in the repository and tag again, or declare it as omitted.",
    ),
    Reason(
        code="release-folder-invalid",
        status=Status.NOT_VERIFIED,
        means="The folder that a release travels in is not what the step before left.",
        next_step="Start again with `tagseal build` into an empty folder.",
    ),
    Reason(
        code="release-archive-changed",
        status=Status.NOT_VERIFIED,
        means="An archive is not the one that was built: its bytes changed between two steps.",
        next_step="Start again with `tagseal build`, and find out what changed the file.",
    ),
    Reason(
        code="release-not-accounted",
        status=Status.NOT_VERIFIED,
        means="An archive holds something that neither the tagged commit nor its configuration "
        "explains, so nothing was signed.",
        next_step="Declare what is generated or omitted in the configuration, or find out where "
        "it comes from.",
    ),
    Reason(
        code="release-rebuild-differs",
        status=Status.NOT_VERIFIED,
        means="Building an archive a second time gave other contents.",
        next_step="Look at the members that are named; the build is not reproducible.",
    ),
    Reason(
        code="release-claims-differ",
        status=Status.NOT_VERIFIED,
        means="The statements name another source than the run that is to sign them.",
        next_step="Sign in a run that the tag itself started.",
    ),
)
