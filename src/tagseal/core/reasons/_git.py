"""Reasons of the git door: what can be wrong with a repository, a tag or an object."""

from tagseal.core.reasons._reason import Reason, Status

REASONS: tuple[Reason, ...] = (
    Reason(
        code="git-not-found",
        status=Status.UNDECIDED,
        means="The git program is missing, cannot be started, or is too old.",
        next_step="Install git 2.29 or later, and see that its folder is on PATH.",
    ),
    Reason(
        code="git-not-a-repository",
        status=Status.USAGE,
        means="The folder that was named is not in a git repository.",
        next_step="Name the folder of a git repository.",
    ),
    Reason(
        code="git-unsupported",
        status=Status.UNDECIDED,
        means="The repository uses a feature of git that tagseal does not read.",
        next_step="Clone the repository with git's default settings and use the clone.",
    ),
    Reason(
        code="git-repository-malformed",
        status=Status.NOT_VERIFIED,
        means="A file of the repository's own records (config, HEAD, refs) is not in git's form.",
        next_step="Clone the repository again from where you trust it.",
    ),
    Reason(
        code="git-failed",
        status=Status.UNDECIDED,
        means="The git program ended with an error that tagseal did not foresee.",
        next_step="Read git's own message; run git fsck in the repository.",
    ),
    Reason(
        code="git-timeout",
        status=Status.UNDECIDED,
        means="The git program did not answer in time and was stopped.",
        next_step="Run git gc in the repository, or use a clone on a faster disk.",
    ),
    Reason(
        code="git-limit",
        status=Status.NOT_VERIFIED,
        means="The repository holds something larger, deeper or longer than tagseal reads.",
        next_step="Look at what the message names; no honest release is expected to need it.",
    ),
    Reason(
        code="git-shallow",
        status=Status.UNDECIDED,
        means="The repository is a shallow clone, and what is needed lies beyond its end.",
        next_step="Run git fetch --unshallow --tags in the repository.",
    ),
    Reason(
        code="git-object-missing",
        status=Status.UNDECIDED,
        means="An object that is needed is not in the repository.",
        next_step="Fetch it, or use a full clone; tagseal never fetches by itself.",
    ),
    Reason(
        code="git-object-malformed",
        status=Status.NOT_VERIFIED,
        means="A commit or tag object is not in git's form, or is of another type than it must be.",
        next_step="Run git fsck in the repository, and clone it again if that finds damage.",
    ),
    Reason(
        code="git-object-corrupt",
        status=Status.NOT_VERIFIED,
        means="An object's bytes do not hash to its id.",
        next_step="Clone the repository again from where you trust it; this one is damaged.",
    ),
    Reason(
        code="git-tree-malformed",
        status=Status.NOT_VERIFIED,
        means="A tree object has duplicate, unsorted or badly named entries, or modes of old.",
        next_step="Run git fsck in the repository; the project has to commit the tree anew.",
    ),
    Reason(
        code="git-head-unknown",
        status=Status.USAGE,
        means="The repository's HEAD does not lead to a commit.",
        next_step="Commit something first, or check a branch out.",
    ),
    Reason(
        code="git-tag-unknown",
        status=Status.USAGE,
        means="The repository has no tag of this name.",
        next_step="Check the tag's spelling, or run git fetch --tags in the repository.",
    ),
    Reason(
        code="git-tag-is-branch-too",
        status=Status.NOT_VERIFIED,
        means="A branch has the tag's name, and tools differ in which of the two they take.",
        next_step="Delete or rename the branch, where the repository is hosted too.",
    ),
    Reason(
        code="git-tag-not-a-commit",
        status=Status.NOT_VERIFIED,
        means="The tag does not lead to a commit.",
        next_step="Tag the commit that is to be released.",
    ),
    Reason(
        code="git-tag-name-differs",
        status=Status.NOT_VERIFIED,
        means="The tag object was made under another name than the ref that points to it.",
        next_step="Find out who put it there; make the tag again under its own name.",
    ),
    Reason(
        code="git-tag-moved",
        status=Status.NOT_VERIFIED,
        means="The tag no longer points to the commit that it pointed to before.",
        next_step="Find out who moved it, and release again under a new version.",
    ),
)
