"""From the bytes of the two possible files to a `Config`."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from urllib.parse import urlsplit

from tagseal.config._model import (
    DEFAULT_TAG,
    ArchiveConfig,
    ArchiveFormat,
    CommandArchive,
    Config,
    ExpectConfig,
    PythonArchive,
    SourceArchive,
)
from tagseal.config._project import PYPROJECT, read_toml
from tagseal.config._rules import read_rules
from tagseal.config._table import Table, closest
from tagseal.config._tags import check_tag_pattern
from tagseal.core.errors import ConfigError
from tagseal.core.paths import check_path, display
from tagseal.core.patterns import Pattern, compile_file_name_pattern, compile_pattern

__all__ = ["load_config"]

_OWN = "tagseal.toml"
_FORMATS: tuple[ArchiveFormat, ...] = ("tar.gz", "tar", "zip")
_LATER_FORMATS = ("tar.xz", "tar.zst")
_KEYS = {
    "source": ("builder", "formats", "name", "omitted"),
    "python": ("builder", "generated", "omitted", "requirements", "sdist", "wheel"),
    "command": ("builder", "generated", "omitted", "outputs", "requirements", "run"),
}
_NAME_TEMPLATE = re.compile(r"(?![.-])(?:[0-9A-Za-z._+-]|\{name\}|\{version\})+")
_MOST_PROBLEMS = 100


def load_config(files: Mapping[str, bytes]) -> Config | None:
    """Return the configuration that a tree's root holds, or None where there is none at all.

    ``files`` maps the names ``pyproject.toml`` and ``tagseal.toml`` to their bytes; a name that the
    tree does not have is left out. ConfigError ``config-invalid``, with every problem in its
    message, for a configuration with errors, and for two configurations.
    """
    table: object = None
    file = PYPROJECT
    if PYPROJECT in files:
        tool = read_toml(files[PYPROJECT], PYPROJECT).get("tool")
        table = tool.get("tagseal") if isinstance(tool, dict) else None
    if _OWN in files:
        if table is not None:
            raise ConfigError(
                "config-invalid",
                f"both {_OWN} and [tool.tagseal] of {PYPROJECT} configure tagseal",
                hint="Keep one of the two and remove the other.",
            )
        file, table = _OWN, read_toml(files[_OWN], _OWN)
    if table is None:
        return None
    problems: list[str] = []
    if not isinstance(table, dict):
        problems.append("tool.tagseal: a table must stand here")
        table = {}
    root = Table(table, "" if file == _OWN else "tool.tagseal", problems)
    config = _config(file, root)
    if problems:
        raise ConfigError("config-invalid", _message(problems), where=file)
    return config


def _message(problems: list[str]) -> str:
    if len(problems) == 1:
        return problems[0]
    shown = problems[:_MOST_PROBLEMS]
    if len(problems) > len(shown):
        shown.append(f"and {len(problems) - len(shown)} more")
    return "\n- ".join([f"{len(problems)} errors in the configuration:", *shown])


def _config(file: str, root: Table) -> Config:
    root.refuse_other_keys(("archive", "expect", "repository", "rule", "tag"), {})
    return Config(
        file=file,
        repository=_repository(root),
        tag=_tag(root),
        archives=_archives(root),
        expectations=tuple(
            found for table in root.tables("expect") if (found := _expectation(table))
        ),
        rules=read_rules(root),
    )


def _repository(root: Table) -> str | None:
    url = root.text("repository")
    if url is None:
        return None
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    path = url.removeprefix(f"https://{host}")
    if not host or port or path == url or not re.fullmatch(r"(/[0-9A-Za-z._~+-]+)+", path):
        root.problem("repository", f'"{display(url)}" is no https URL of a repository')
        return None
    return url


def _tag(root: Table) -> str:
    tag = root.text("tag")
    if tag is None:
        return DEFAULT_TAG
    if problem := check_tag_pattern(tag):
        root.problem("tag", problem)
    return tag


def _archives(root: Table) -> tuple[ArchiveConfig, ...]:
    found: list[ArchiveConfig] = []
    made: set[str] = set()
    for table in root.tables("archive"):
        archive = _archive(table)
        if archive is None:
            continue
        for file in _files_of(archive):
            if file in made:
                table.problem("builder", f"an earlier archive table already makes {file}")
            made.add(file)
        found.append(archive)
    return tuple(found)


def _files_of(archive: ArchiveConfig) -> list[str]:
    if isinstance(archive, SourceArchive):
        return [f"{archive.name}.{suffix}" for suffix in archive.formats]
    if isinstance(archive, PythonArchive):
        return [kind for kind in ("sdist", "wheel") if getattr(archive, kind)]
    return []


def _archive(table: Table) -> ArchiveConfig | None:
    builder = table.text("builder")
    if builder not in _KEYS:
        if builder is not None:
            listed = ", ".join(f'"{name}"' for name in sorted(_KEYS))
            shown = f'"{display(builder)}" is not one of {listed}'
            table.problem("builder", shown + closest(builder, _KEYS))
        elif "builder" not in table:
            table.require("builder")
        return None
    elsewhere = {
        key: f'builder = "{other}", not to "{builder}"'
        for other, keys in _KEYS.items()
        for key in keys
        if key not in _KEYS[builder]
    }
    table.refuse_other_keys(_KEYS[builder], elsewhere)
    return _READERS[builder](table)


def _source_archive(table: Table) -> SourceArchive:
    defaults = SourceArchive()
    formats: list[ArchiveFormat] = []
    for i, name in enumerate(table.texts("formats")):
        if name in formats:
            table.problem(f"formats[{i}]", f'"{name}" stands twice')
        elif name in _FORMATS:
            formats.append(name)
        elif name in _LATER_FORMATS:
            table.problem(f"formats[{i}]", f'this version of tagseal cannot yet write "{name}"')
        else:
            listed = ", ".join(f'"{known}"' for known in _FORMATS)
            shown = f'"{display(name)}" is not one of {listed}'
            table.problem(f"formats[{i}]", shown + closest(name, _FORMATS))
    if table.is_empty_list("formats"):
        table.problem("formats", "at least one must be listed")
    name = table.text("name") or defaults.name
    if problem := _name_problem(name):
        table.problem("name", problem)
    return SourceArchive(
        formats=tuple(formats) or defaults.formats,
        name=name,
        omitted=table.patterns("omitted", compile_pattern),
    )


def _name_problem(template: str) -> str | None:
    shown = f'"{display(template)}"'
    if not _NAME_TEMPLATE.fullmatch(template):
        return f"{shown} starts with . or -, or holds more than letters, digits, . _ + - and fields"
    if template.count("{version}") != 1:
        return f"{shown} does not hold {{version}} exactly once"
    example = template.replace("{name}", "name").replace("{version}", "1")
    return check_path(example.encode())


def _python_archive(table: Table) -> PythonArchive:
    archive = PythonArchive(
        requirements=table.tree_path("requirements"),
        sdist=table.truth("sdist", default=True),
        wheel=table.truth("wheel", default=True),
        generated=table.patterns("generated", compile_pattern),
        omitted=table.patterns("omitted", compile_pattern),
    )
    if not archive.sdist and not archive.wheel:
        table.problem("wheel", "neither the sdist nor the wheel would be built")
    return archive


def _command_archive(table: Table) -> CommandArchive:
    for key in ("run", "outputs"):
        _require_items(table, key)
    return CommandArchive(
        run=table.commands("run"),
        outputs=table.patterns("outputs", compile_file_name_pattern),
        requirements=table.tree_path("requirements"),
        generated=table.patterns("generated", compile_pattern),
        omitted=table.patterns("omitted", compile_pattern),
    )


def _expectation(table: Table) -> ExpectConfig | None:
    table.refuse_other_keys(("archive", "cmake_cache", "run"), {})
    table.require("archive")
    _require_items(table, "run")
    pattern = _one_pattern(table, "archive")
    run = table.commands("run")
    cache = MappingProxyType(table.mapping("cmake_cache"))
    return ExpectConfig(archive=pattern, run=run, cmake_cache=cache) if pattern else None


def _one_pattern(table: Table, key: str) -> Pattern | None:
    text = table.text(key)
    try:
        return None if text is None else compile_file_name_pattern(text)
    except ValueError as error:
        table.problem(key, str(error))
        return None


def _require_items(table: Table, key: str) -> None:
    table.require(key)
    if table.is_empty_list(key):
        table.problem(key, "at least one must be listed")


_READERS: Mapping[str, Callable[[Table], ArchiveConfig]] = {
    "source": _source_archive,
    "python": _python_archive,
    "command": _command_archive,
}
