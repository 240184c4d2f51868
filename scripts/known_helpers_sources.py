"""What is read of which tools: where helpers lie, and which names say anything."""

import re
from dataclasses import dataclass

__all__ = ["COMMON", "INFRASTRUCTURE", "PACKAGED", "TOOLS", "Tool", "wanted"]

# Names that the tools copy into projects, wherever in the tool's own tree they lie.
_COPIED = """
ABOUT-NLS COPYING COPYING.DOC COPYING.LESSER COPYING.LESSERv2 COPYING.LESSERv3 COPYING.LIB
COPYINGv2 COPYINGv3 INSTALL INSTALL.ISO INSTALL.UTF-8 Makefile.in.in Makevars.template Rules-quot
acinstall ansi2knr.1 ansi2knr.c ar-lib boldquot.sed compile config-ml.in config.guess config.rpath
config.sub depcomp elisp-comp en@boldquot.header en@quot.header fdl.texi gettext.h gpl-2.0.texi
gpl-3.0.texi insert-header.sed insert-header.sin install-sh interlock lgpl-2.1.texi lgpl-3.0.texi
libtool.m4 ltconfig ltdl.m4 ltmain.sh ltversion.m4 mdate-sh missing mkinstalldirs py-compile
quot.sed remove-potcdate.sed remove-potcdate.sin symlink-tree tap-driver.pl tap-driver.sh
test-driver texinfo.tex ylwrap
"""
_NAMES = frozenset(_COPIED.split())

# Names in the same folders that each project writes for itself, or that say nothing; and all that
# is compiled into a program, where an old version with a known fault would pass for a helper.
_OWN = re.compile(
    r"(?:Makefile(?:\.(?:am|in|maint))?|ChangeLog.*|README.*|NEWS|TODO|AUTHORS|VERSION|stamp-.*"
    r"|\..*|gnulib-(?:comp|cache|tool)\.m4|gnulib\.mk|local\.mk|ac(?:include|local)\.m4|POTFILES.*"
    r"|.*\.(?:diff|patch|orig|rej|gmo|po|tar|tar\.gz|m4sh|exe|pl\.in)|ltmain\.in|configure(?:\.ac)?"
    r"|auto(?:gen|pull)\.sh|bootstrap\.conf|fetch(?:-po|\.pl|\.sh)|Makefile\.inc|run-test|srclist.*"
    r"|locale\.alias|.*\.(?:rc|css)|do-release-commit-and-tag|edit-readme-alpha"
    r"|(?!gettext\.h$|ansi2knr\.c$).*\.(?:c|h|y|h\.in|in\.h|hin))"
)

# Names that many projects give to files of their own: they identify, but raise no alarm.
COMMON = re.compile(
    r"COPYING.*|INSTALL.*|ABOUT-NLS|bootstrap.*|config-h\.in|maint\.mk|[^.]{1,3}"
    r"|.*\.(?:c|h|texi|el|awk|mk|html?|txt|[0-9])"
)


@dataclass(frozen=True, kw_only=True)
class Tool:
    """A tool: where in its tree lies what it ships, and how its releases are tagged."""

    name: str
    origin: str
    paths: str
    """A regular expression that is searched in a path."""
    branches: tuple[str, ...] = ("master",)
    releases: str | None = None
    """A regular expression of a release's tag, the version as its group; None: every commit is."""
    alarms: bool = True
    """Whether unknown bytes under a name that only this tool ships are an alarm."""


_M4 = r"(?:^|/)(?:gnulib-|gl/)?m4/[^/]+\.m4$"
_AUX = r"(?:^|/)build-aux/[^/]+$"
_INTL = r"(?:^|/)intl/[^/]+\.(?:s[ie][dn]|charset|in|sed\.in)$"

TOOLS = (
    Tool(
        name="automake",
        origin="https://github.com/autotools-mirror/automake",
        paths=r"^lib/[^/]+$|^m4/(?:internal/)?[^/]+\.m4$|^contrib/[^/]+$",
        releases=r"(?:v|Release-)(\d+(?:[.-](?!9\d)\d+)*(?:-p\d+)?)",
    ),
    Tool(
        name="autoconf",
        origin="https://github.com/autotools-mirror/autoconf",
        paths=rf"{_M4}|{_AUX}|^config/[^/]+$",
        releases=r"(?:v|AUTOCONF-|autoconf-)(\d+\.\d+)",
    ),
    Tool(
        name="libtool",
        origin="https://github.com/autotools-mirror/libtool",
        paths=rf"{_M4}|{_AUX}|^[^/]+\.m4$|^(?:libltdl/)?config/[^/]+$|^libltdl/.*\.m4$",
        releases=r"(?:v|release-)(\d+(?:[.-]\d{1,2})*|2\.2\.6[ab])",
    ),
    Tool(
        name="gettext",
        origin="https://github.com/autotools-mirror/gettext",
        paths=rf"{_M4}|{_AUX}|{_INTL}|(?:^|/)config/[^/]+$",
        branches=("master", "[0-9]*"),
        releases=r"v(\d+(?:\.\d+)+)",
    ),
    Tool(
        name="autoconf-archive",
        origin="https://github.com/autoconf-archive/autoconf-archive",
        paths=r"^(?:m4/)?[^/]+\.m4$",
        releases=r"v(\d{4}\.\d\d\.\d\d)",
    ),
    Tool(
        name="gnulib",
        origin="https://github.com/coreutils/gnulib",
        paths=rf"{_M4}|{_AUX}|^config/[^/]+$|^top/[^/]+$|^doc/(?:COPYING|INSTALL)[^/]*$",
        branches=("master", "stable-*"),
    ),
    # Not of the family, and copied into projects just as often.
    Tool(
        name="pkg-config",
        origin="https://github.com/freedesktop/pkg-config",
        paths=r"^pkg\.m4$",
        releases=r"pkg-config-(\d+(?:\.\d+)+)",
        alarms=False,
    ),
    Tool(
        name="pkgconf",
        origin="https://github.com/pkgconf/pkgconf",
        paths=r"^pkg\.m4$",
        branches=("main",),
        releases=r"pkgconf-(\d+(?:\.\d+)+)",
        alarms=False,
    ),
    Tool(
        name="gtk-doc",
        origin="https://github.com/GNOME/gtk-doc",
        paths=r"(?:^|/)gtk-doc\.(?:m4|make)$",
        releases=r"(?:GTK_DOC_|v)?(\d+(?:[._]\d+)+)",
        alarms=False,
    ),
)

# The same for the packages of any of them, installed or as released.
PACKAGED = re.compile(
    rf"{_M4}|{_AUX}|{_INTL}|(?:^|/)aclocal(?:-[0-9.]+)?/(?:internal/)?[^/]+\.m4$"
    r"|(?:^|/)share/gettext/(?:po|m4)/[^/]+$|(?:^|/)share/automake-[0-9.]+/[^/]+$"
    r"|(?:^|/)(?:libltdl|share/libtool)/(?:config-h\.in|ltdl\.mk)$"
    r"|^automake-[0-9.]+/lib/[^/]+$|^[^/]+/(?:libtool|ltdl)\.m4$"
)

# What gettext keeps of its old versions, for autopoint.
INFRASTRUCTURE = re.compile(r"^gettext-[^/]+/(?:intl|m4|po)/[^/]+$")


def wanted(path: str, pattern: re.Pattern[str], *, copied: bool = True) -> bool:
    """Whether a path of a tool's tree is one that is copied into projects.

    With ``copied``, names that the tools copy count wherever they lie.
    """
    name = path.rpartition("/")[2]
    if _OWN.fullmatch(name) or "/tests/" in path or path.startswith(("tests/", "t/")):
        return False
    return (copied and name in _NAMES) or pattern.search(path) is not None
