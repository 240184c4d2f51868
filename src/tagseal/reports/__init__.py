"""Showing a report document: on a terminal through rich, or as JSON; a contents report also as an
HTML page and as Markdown.

The rules of talking to a person stand here, where the talking is:

1. stdout is for what was asked for, with the warnings that belong to it; stderr is for talk:
   progress, errors, and warnings as they come up.
2. Nothing is said by colour alone; without a terminal there is no colour at all.
3. Text is never markup. What came from an archive or a repository was escaped before.
4. An error says what is wrong, where, and what to do next.
5. Without a terminal a line is as long as it is: nothing is cut, folded or padded.
6. An answer that could not be written in full, since its reader has gone, is no answer; that is the
   caller's to act on, so a BrokenPipeError is passed on.

>>> from tagseal.core.report import Line, Report
>>> print(as_json(Report(blocks=(Line(text="fine"),), data={"status": 0})), end="")
{
  "status": 0
}
"""

import json

from tagseal.core.contents_report import ContentsReport
from tagseal.core.report import Report
from tagseal.reports._blocks import contents_answer, contents_blocks
from tagseal.reports._data import contents_data
from tagseal.reports._markdown import as_markdown
from tagseal.reports._terminal import show, show_error, talk

__all__ = [
    "as_html",
    "as_json",
    "as_markdown",
    "contents_answer",
    "contents_blocks",
    "contents_data",
    "show",
    "show_error",
    "talk",
]


def as_json(report: Report) -> str:
    """Return a report's data as one JSON document, ASCII only, with a line feed at its end."""
    return json.dumps(report.data, indent=2, ensure_ascii=True) + "\n"


def as_html(report: ContentsReport) -> str:
    """Return a contents report as one HTML page that loads nothing, as UTF-8 can encode it."""
    # Imported here: nothing else needs Jinja, and it takes as long to import as rich.
    from tagseal.reports._html import as_html as page

    return page(report)
