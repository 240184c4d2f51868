import io

import pytest

from tagseal.core.errors import TagsealError
from tagseal.core.report import Command, Line, Report, Table
from tagseal.reports import as_json, show, show_error, talk


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


class Gone(io.StringIO):
    """A stream whose reader has gone."""

    def __init__(self, *, terminal: bool) -> None:
        super().__init__()
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal

    def write(self, text: str) -> int:
        raise BrokenPipeError


LONG = "word " * 60 + "end"
TABLE = Table(columns=("name", "count#"), rows=(("a", "1"), ("long name", "100")))


def shown(*blocks: Line | Table | Command) -> str:
    stream = io.StringIO()
    show(Report(blocks=blocks), stream)
    return stream.getvalue()


def on_terminal(monkeypatch: pytest.MonkeyPatch, columns: int, report: Report) -> str:
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    stream = Terminal()
    show(report, stream)
    return stream.getvalue()


def test_lines_in_a_pipe_are_as_long_as_they_are() -> None:
    assert shown(Line(text=LONG)) == LONG + "\n"


def test_indent() -> None:
    assert shown(Line(text="a"), Line(text="b", indent=2)) == "a\n    b\n"


def test_an_empty_line() -> None:
    assert shown(Line(text="")) == "\n"


@pytest.mark.parametrize("tone", ["plain", "good", "bad", "warning", "quiet", "title"])
def test_without_a_terminal_no_tone_leaves_a_trace(tone: str) -> None:
    assert shown(Line(text="a", tone=tone)) == "a\n"  # type: ignore[arg-type]


@pytest.mark.parametrize("tone", ["good", "bad", "warning", "quiet", "title"])
def test_on_a_terminal_each_tone_shows(monkeypatch: pytest.MonkeyPatch, tone: str) -> None:
    report = Report(blocks=(Line(text="a", tone=tone),))  # type: ignore[arg-type]
    text = on_terminal(monkeypatch, 80, report)
    assert text.startswith("\x1b[")
    assert "a" in text


@pytest.mark.parametrize("text", ["[bold]x[/bold]", ":smile:", "[/]", "\\[x]", "[link=x]y[/link]"])
def test_text_is_never_markup(text: str) -> None:
    assert shown(Line(text=text)) == text + "\n"
    assert text in shown(Table(columns=("a",), rows=((text,),)))


def test_tables_align_numbers_and_end_without_spaces() -> None:
    assert shown(TABLE) == "name       count\na              1\nlong name    100\n"


def test_a_table_without_rows() -> None:
    assert shown(Table(columns=("a", "b#"), rows=())) == "a  b\n"


@pytest.mark.parametrize("columns", [1, 2, 5, 20])
def test_narrow_terminals_fold_and_lose_nothing(
    monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    report = Report(blocks=(Line(text="abcdefghij" * 3), TABLE))
    text = on_terminal(monkeypatch, columns, report)
    if columns >= 5:
        assert "".join(text.split()).startswith("abcdefghij" * 3)


def test_a_command_is_one_line_at_any_width(monkeypatch: pytest.MonkeyPatch) -> None:
    command = Command(arguments=("tagseal", "verify", "a b", "it's", "x" * 100))
    line = "  tagseal verify 'a b' 'it'\"'\"'s' " + "x" * 100 + "\n"
    assert shown(command) == line
    assert on_terminal(monkeypatch, 20, Report(blocks=(command,))) == line


def test_talk_is_one_line() -> None:
    stream = io.StringIO()
    talk("warning: " + LONG, stream)
    talk("[x]", stream)
    assert stream.getvalue() == f"tagseal: warning: {LONG}\ntagseal: [x]\n"


def test_warnings_stand_out_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    quiet, loud = Terminal(), Terminal()
    talk("x", quiet)
    talk("warning: x", loud)
    assert "\x1b[2m" in quiet.getvalue()
    assert "\x1b[33m" in loud.getvalue()


def test_an_error_says_what_where_and_what_next() -> None:
    stream = io.StringIO()
    show_error(TagsealError("usage", "it is [wrong]", where="here", hint="Do that."), stream)
    assert stream.getvalue() == "error[usage]: here: it is [wrong]\nhint: Do that.\n"


def test_an_error_without_a_hint_has_its_reasons() -> None:
    stream = io.StringIO()
    show_error(TagsealError("usage", "it is wrong"), stream)
    assert stream.getvalue() == "error[usage]: it is wrong\nhint: Read the command's --help.\n"


@pytest.mark.parametrize("terminal", [True, False])
def test_a_reader_that_has_gone_is_the_callers_to_judge(terminal: bool) -> None:
    """Rich itself would exit, with the status 1."""
    with pytest.raises(BrokenPipeError):
        show(Report(blocks=(Line(text="a"),)), Gone(terminal=terminal))


def test_json_is_ascii_and_ends_in_a_line_feed() -> None:
    assert as_json(Report(blocks=(), data={"a": "é"})) == '{\n  "a": "\\u00e9"\n}\n'
