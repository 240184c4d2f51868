"""A contents report as one HTML page that needs nothing from elsewhere.

The page is complete without its script, which only searches, filters and moves. Its style and its
script stand inside of it, and a Content-Security-Policy names their digests and forbids everything
else, so that no name or text of an archive can load, run or send anything, were it ever to get past
the escaping (W3C, Content Security Policy Level 3, sections 3.3 and 6.7.3.2).

Two things stand between an archive and the page: every value is escaped by Jinja, and before that
every character that does not show itself is named instead (`tagseal.core.hidden.pieces`). Equal
reports give equal pages: there is no clock and no chance in them.
"""

import base64
import hashlib
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, StrictUndefined, Template
from jinja2.filters import FILTERS
from markupsafe import Markup

from tagseal.core.contents_report import ContentsReport, ReportedFile
from tagseal.core.hidden import pieces
from tagseal.core.reasons import REASONS
from tagseal.reports._order import reason_of
from tagseal.reports._page import page_of
from tagseal.reports._words import bytes_text, hidden_groups, hiding_names, number_text, visible

__all__ = ["as_html"]

_PLACE = "tagseal.reports"


def as_html(report: ContentsReport) -> str:
    """Return the page; it can always be encoded as UTF-8."""
    return _template().render(
        page_of(report),
        csp=_policy(),
        style=Markup(_asset("contents.css")),  # noqa: S704 - our own file
        script=Markup(_asset("contents.js")),  # noqa: S704 - our own file
    )


@cache
def _asset(name: str) -> str:
    return resources.files(_PLACE).joinpath("templates", name).read_text(encoding="utf-8")


def _policy() -> str:
    return (
        f"default-src 'none'; style-src {_source('contents.css')}; "
        f"script-src {_source('contents.js')}; base-uri 'none'; form-action 'none'"
    )


def _source(name: str) -> str:
    digest = hashlib.sha256(_asset(name).encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


@cache
def _template() -> Template:
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_visible,
    )
    # Only what the template uses: what it cannot call it cannot misuse.
    environment.filters = {name: FILTERS[name] for name in ("length", "safe")} | {
        "bytes": bytes_text,
        "decoded": _decoded,
        "flags": _flags,
        "hidden_groups": hidden_groups,
        "hiding_names": hiding_names,
        "ident": id,
        "kind": lambda row: type(row).__name__,
        "next_step": lambda code: REASONS[code].next_step,
        "number": number_text,
        "pieces": pieces,
        "reason": reason_of,
    }
    return environment.from_string(_asset("contents.html.j2"))


def _visible(value: Any) -> Any:
    """Name what hides itself in any value that the template writes without looking at it."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _decoded(value: bytes | str) -> str:
    return value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else value


def _flags(file: ReportedFile) -> str:
    """Return a letter for each thing that the filters ask for: diff, binary, hidden characters."""
    flags = {"d": file.diff is not None, "b": file.is_binary, "h": bool(file.hidden_characters)}
    return "".join(letter for letter, is_set in flags.items() if is_set)
