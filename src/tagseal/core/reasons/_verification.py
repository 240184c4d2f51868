"""Reasons that come from holding verified evidence against an archive and a policy."""

from tagseal.core.reasons._reason import Reason, Status

_TAMPERED = "Do not use this file; report it to the project."
_ASK = "If you did not expect this, do not use the file and ask the project."


def _refused(code: str, means: str, next_step: str) -> Reason:
    return Reason(code=code, status=Status.NOT_VERIFIED, means=means, next_step=next_step)


REASONS: tuple[Reason, ...] = (
    _refused(
        "evidence-missing",
        "No evidence was found for the archive; nothing found is never success.",
        "Download ARCHIVE.intoto.jsonl to the same folder, or name it with --evidence.",
    ),
    _refused(
        "evidence-wrong-file",
        "The evidence is about a file with another digest than this one.",
        "Download archive and evidence again, from the same release; if it persists, one of them "
        "was changed.",
    ),
    _refused(
        "evidence-wrong-name",
        "The file has another name than the one that was signed.",
        "Give the file its signed name back; with --any-name the name is not demanded.",
    ),
    _refused(
        "evidence-incomplete",
        "A statement that must be there is missing from the evidence.",
        "Download the evidence again from the project itself; a mirror may have dropped lines.",
    ),
    _refused(
        "evidence-mixed",
        "The statements come from different runs, signers, commits or repositories.",
        "Download the evidence again from the project itself; a mirror may have mixed releases.",
    ),
    _refused(
        "evidence-contradicts",
        "A statement says something else than the certificate that signed it, or than another.",
        _TAMPERED,
    ),
    Reason(
        code="identity-issuer-unknown",
        status=Status.UNDECIDED,
        means="The certificate comes from an identity provider that tagseal cannot judge.",
        next_step="Verify with the tool that the project names, or ask for support of its CI.",
    ),
    _refused(
        "identity-incomplete",
        "The certificate lacks something that its issuer always says.",
        _TAMPERED,
    ),
    _refused(
        "identity-repository",
        "The archive was signed for another repository than the one you named.",
        "Check the name that you gave with --repo; if it is right, do not use the file.",
    ),
    _refused(
        "identity-owner",
        "The repository or its owner has another numeric id than the one you named: it may have "
        "been deleted and registered again by somebody else.",
        _ASK,
    ),
    _refused(
        "identity-signer",
        "Another workflow than the ones you trust signed this.",
        "If the project releases with a workflow of its own, name it with --workflow.",
    ),
    _refused(
        "identity-ref",
        "It was signed by a run that did not build a tag.",
        _ASK,
    ),
    _refused(
        "identity-trigger",
        "It was signed by a run that was not started by pushing a tag.",
        _ASK,
    ),
    _refused(
        "identity-runner",
        "It was signed on a machine that the CI system does not host itself.",
        _ASK,
    ),
    _refused(
        "identity-commit",
        "It was made from another commit than the one you named.",
        "Check the commit that you gave with --commit; if it is right, do not use the file.",
    ),
    _refused(
        "version-tag",
        "It was made from another tag than the one you named.",
        "Check the tag that you gave with --tag; if it is right, this is another version.",
    ),
)
