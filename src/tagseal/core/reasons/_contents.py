"""Reasons that come from holding an archive against the tagged commit's tree."""

from tagseal.core.reasons._reason import Reason, Status

_TAMPERED = "Do not use this file; report it to the project."
_ALLOW = "Look at the file; if you accept it, name it with {}."


def _refused(code: str, means: str, next_step: str = _TAMPERED) -> Reason:
    return Reason(code=code, status=Status.NOT_VERIFIED, means=means, next_step=next_step)


REASONS: tuple[Reason, ...] = (
    _refused(
        "contents-tree-differs",
        "The archive and the listed exceptions do not make up the tagged commit's tree: a file was "
        "changed, added or taken away after the account was made.",
    ),
    _refused(
        "contents-commit-malformed",
        "A git object that the account carries is malformed or is not the one it should be.",
    ),
    _refused(
        "contents-layout-refused",
        "The account maps archive paths to tree paths in a way that this kind of archive may not.",
        "If you know why this archive is laid out so, allow the mapping; else do not use it.",
    ),
    _refused(
        "contents-lists",
        "The account's lists contradict themselves.",
    ),
    _refused(
        "contents-path-refused",
        "The account names a path that some system could take for another one.",
    ),
    _refused(
        "contents-unbuildable",
        "No git tree can hold what the account lists.",
    ),
    _refused(
        "contents-conflict",
        "Two things of the account cannot both be in one tree, or one stands in for another.",
    ),
    _refused(
        "contents-listed-missing",
        "A file that the account lists is not in the archive.",
    ),
    _refused(
        "contents-listed-differs",
        "A file that the account lists has other bytes or another mode than it says.",
    ),
    _refused(
        "contents-unmapped",
        "A file is outside of everything that the layout covers.",
    ),
    _refused(
        "contents-not-absent",
        "A file that is said to be only in the archive could be in the tree, with other bytes.",
    ),
    _refused(
        "contents-symlink",
        "A generated or modified entry is a symlink, which could lead anywhere.",
    ),
    _refused(
        "contents-idle-folder",
        "The archive has an empty folder that stands for nothing in the tree.",
    ),
    _refused(
        "contents-configuration-generated",
        "The file that says how the archive is judged did not come from the tagged commit.",
    ),
    _refused(
        "contents-configuration",
        "The tagged commit's configuration cannot be read, so the archive cannot be judged by it.",
        "Ask the project; its tag needs a configuration without errors.",
    ),
    _refused(
        "contents-nothing-identical",
        "No file of the archive is in the tagged commit.",
        "Check that it is an archive of this project and tag; if it is, do not use it, and report "
        "it to the project.",
    ),
    _refused(
        "contents-identical-digest",
        "The identical files differ, by sha256, from those that the account was made of.",
    ),
    _refused(
        "contents-carried-refused",
        "The account carries bytes that belong to no file that it lists.",
    ),
    _refused(
        "contents-collision",
        "Two names are one name to some file systems, and not both are in the tagged commit.",
    ),
    _refused(
        "contents-submodule",
        "A file is in a submodule whose commit is not at hand, so nothing can be said about it.",
        "Fetch that commit into a clone, and name the clone with --submodule PATH=REPOSITORY.",
    ),
    Reason(
        code="contents-collision-in-source",
        status=Status.VERIFIED,
        means="The tagged commit itself has two names that are one name to some file systems.",
        next_step="Unpack it on a file system that tells letter case apart.",
    ),
    _refused(
        "contents-shadowing",
        "A file takes precedence over another by its name, or is run without being asked for.",
        _ALLOW.format("--allow-shadowing"),
    ),
    _refused(
        "contents-generated",
        "A file is only in the archive, and nothing proves where it came from.",
        _ALLOW.format("--allow-generated"),
    ),
    _refused(
        "contents-helper-unknown",
        "A file that is only in the archive has the name of a known helper, but bytes that no "
        "known release of that tool ships. This is how the backdoor of xz came in.",
        "Read the file, best against the tool's own; only if you accept it, name its whole path "
        "with --allow-generated. A pattern does not allow it.",
    ),
    _refused(
        "contents-helpers-malformed",
        "The table of known helpers that tagseal ships is not the one that it is pinned to, so no "
        "file can be told from an imitation.",
        "Install tagseal again from where you trust.",
    ),
    _refused(
        "contents-metadata",
        "A file with a package's metadata is not what the tagged commit's configuration yields.",
        "Look at the file; if you accept it, name its whole path with --allow-generated, which "
        "accepts whatever is in it, its dependencies too.",
    ),
    _refused(
        "contents-modified",
        "A file differs from the tagged commit's, and no known rule yields its bytes.",
        _ALLOW.format("--allow-modified"),
    ),
    _refused(
        "contents-relocated",
        "A file of the tagged commit stands at another path than the layout says.",
        _ALLOW.format("--allow-relocated"),
    ),
    _refused(
        "contents-omitted",
        "A file or folder of the tagged commit is left out, and nothing says that it may be.",
        _ALLOW.format("--allow-omitted"),
    ),
    _refused(
        "contents-dereferenced",
        "Files stand where the tagged commit has a symlink, and are not what it leads to.",
    ),
    _refused(
        "contents-top-level",
        "A wheel installs a name that is not the project's own.",
        _ALLOW.format("--allow-top-level"),
    ),
    _refused(
        "contents-data-folder",
        "A wheel puts files outside of its packages through a .data folder.",
        _ALLOW.format("--allow-shadowing"),
    ),
    _refused(
        "contents-conflicting",
        "A file of the archive is of another type than the tree's entry: file, symlink, folder or "
        "submodule.",
        "Look at each file that is named; the archive cannot be this commit's.",
    ),
)
