"""The built-in rules, as data, in the order in which they are asked; the first that fits explains.

The order is by the strength of the evidence: bytes of the tree, bytes of a known release, bytes of
a build of one's own, and only then structure.
"""

from collections.abc import Iterable

from tagseal.contents.rules._model import DifferenceClass, Rule, RuleStanding
from tagseal.core.patterns import compile_file_name_pattern

__all__ = ["BUILT_IN", "CLASSES_OF", "make_rule"]

_ALL: frozenset[DifferenceClass] = frozenset(["generated", "modified", "relocated"])
_NEW: frozenset[DifferenceClass] = frozenset(["generated"])
_CHANGED: frozenset[DifferenceClass] = frozenset(["modified"])

CLASSES_OF: dict[str, frozenset[DifferenceClass]] = {
    "built-alike": frozenset(["generated", "modified"]),
    "built-on-another-day": frozenset(["generated", "modified"]),
    "cargo-lock": _NEW,
    "cargo-manifest": _CHANGED,
    "cargo-vcs-info": _NEW,
    "compiled-catalogue": frozenset(["generated", "modified"]),
    "copy": frozenset(["generated", "relocated"]),
    "distribution-metadata": frozenset(["generated", "modified"]),
    "export-subst-refs": _CHANGED,
    "from-history": frozenset(["generated", "modified"]),
    "known-helper": _NEW,
    "known-helper-instead": _CHANGED,
    "line-ends": _CHANGED,
    "message-template": frozenset(["generated", "modified"]),
    "mode-differs": _CHANGED,
    "npm-manifest": _CHANGED,
    "pyproject-manifest": _CHANGED,
    "refreshed-translation": _CHANGED,
    "stamp": _CHANGED,
    "version-file": frozenset(["generated", "modified"]),
    "version-lines": _CHANGED,
    "version-module": frozenset(["generated", "modified"]),
}
"""Each check by its name in data, and the classes of files that it can explain."""


def make_rule(
    name: str,
    check: str,
    standing: RuleStanding,
    means: str,
    names: Iterable[str] = (),
    **parameters: str,
) -> Rule:
    """Return a rule for files whose base names fit one of the patterns ``names``, if any."""
    return Rule(
        name=name,
        means=means,
        check=check,
        standing=standing,
        classes=CLASSES_OF[check],
        names=tuple(map(compile_file_name_pattern, names)),
        parameters=parameters,
    )


def _shown(*names: str) -> list[str]:
    """Return patterns for files of these names that are only shown to people."""
    ends = ("", ".md", ".txt", ".rst", ".adoc", "-MIT", "-APACHE", ".MIT", ".APACHE", ".LESSER")
    return [name + end for name in names for end in ends]


_VERSION_FILES = (
    *(".tarball-version", ".version", ".dist-version", "VERSION", "VERSION.txt", "version"),
    *("version.txt", "RELEASE", "version.texi", "version-*.texi", "vers*.texi"),
)
_BOTH_LINE_ENDS = (
    *("*.bat", "*.cmd", "*.sln", "*.vcxproj", "*.vcxproj.*", "*.vcproj", "*.csproj", "*.dsp"),
    *("*.dsw", "*.props", "*.targets", "*.ps1", "*.rc", "*.def", "*.iss", "*.nsi", "*.inf"),
    *("*.txt", "*.md", "*.rst", "*.html", "*.css", "*.xml", "*.csv", "README*", "LICENSE*"),
    *("COPYING*", "NEWS*", "CHANGES*"),
)
"""Texts that mean the same with either kind of line end, to the tools that read them."""


BUILT_IN: tuple[Rule, ...] = (
    make_rule(
        "cargo-original-manifest",
        "copy",
        "proven",
        "the crate's own manifest, which cargo keeps beside the one that it writes",
        ["Cargo.toml.orig"],
        **{"from": "{folder}Cargo.toml"},
    ),
    make_rule(
        "workspace-file",
        "copy",
        "proven",
        "a license or readme of the repository's root, put into a package of one of its folders",
        _shown("LICENSE", "LICENCE", "COPYING", "NOTICE", "README"),
        **{"from": "{name}"},
    ),
    make_rule(
        "export-subst-refs",
        "export-subst-refs",
        "explained",
        "the commit's text with git's own expansion of $Format:…$, names of branches and tags too",
    ),
    make_rule(
        "cargo-vcs-info",
        "cargo-vcs-info",
        "proven",
        "cargo's note of the commit that a crate was packaged from",
        [".cargo_vcs_info.json"],
    ),
    make_rule(
        "known-helper",
        "known-helper",
        "proven",
        "byte for byte a file that a release of gnulib, gettext, automake, autoconf, "
        "autoconf-archive or libtool ships under this name",
    ),
    make_rule(
        "known-helper-instead",
        "known-helper-instead",
        "explained",
        "another version of a known helper than the commit's, byte for byte a release's",
    ),
    make_rule(
        "built-alike",
        "built-alike",
        "explained",
        "an archive that you built from the same tag has the same bytes there",
    ),
    make_rule(
        "built-on-another-day",
        "built-on-another-day",
        "explained",
        "an archive that you built from the same tag has the same bytes there, but for dates",
    ),
    make_rule(
        "mode-differs",
        "mode-differs",
        "explained",
        "the commit's bytes with another executable bit; only a script becomes executable",
    ),
    make_rule(
        "line-ends",
        "line-ends",
        "explained",
        "the commit's text with another kind of line end on every line",
        _BOTH_LINE_ENDS,
    ),
    make_rule(
        "version-file",
        "version-file",
        "explained",
        "a file that holds the tag's version, and nothing else but dates",
        _VERSION_FILES,
    ),
    make_rule(
        "version-module",
        "version-module",
        "explained",
        "a Python module that assigns the tag's version, and does nothing else",
        ["*version*.py", "__about__.py", "_about.py"],
    ),
    make_rule(
        "version-lines",
        "version-lines",
        "explained",
        "the commit's text, with the tag's version and dates put in",
    ),
    make_rule(
        "cargo-manifest",
        "cargo-manifest",
        "explained",
        "a manifest that cargo normalised, which asks for what the commit's asks for",
        ["Cargo.toml"],
    ),
    make_rule(
        "cargo-lock",
        "cargo-lock",
        "explained",
        "a lock of releases on crates.io, each needed by the manifest",
        ["Cargo.lock"],
    ),
    make_rule(
        "distribution-metadata",
        "distribution-metadata",
        "explained",
        "metadata of a Python distribution whose project states it in code; it has the tag's "
        "version, and names nothing to install or run that the commit's build files do not name",
    ),
    make_rule(
        "pyproject-manifest",
        "pyproject-manifest",
        "explained",
        "a pyproject.toml with the commit's values, and the tag's version for a dynamic one",
        ["pyproject.toml"],
    ),
    make_rule(
        "npm-manifest",
        "npm-manifest",
        "explained",
        "a package.json with the commit's values",
        ["package.json"],
    ),
    make_rule(
        "message-template",
        "message-template",
        "explained",
        "a gettext template, which holds no translation",
        ["*.pot"],
    ),
    make_rule(
        "refreshed-translation",
        "refreshed-translation",
        "explained",
        "a gettext translation with the commit's texts, brought up to the template",
        ["*.po"],
    ),
    make_rule(
        "compiled-catalogue",
        "compiled-catalogue",
        "explained",
        "a compiled catalogue that holds just the translations beside it",
        ["*.gmo", "*.mo"],
    ),
    make_rule(
        "from-history",
        "from-history",
        "explained",
        "a text that only says what the commit's history says",
        ["ChangeLog*", "CHANGELOG*", "AUTHORS*", "THANKS*", "CONTRIBUTORS*", "NEWS*", "CHANGES*"],
    ),
)
"""Every built-in rule. Names are stable: policies narrow by them, and documents count by them."""
