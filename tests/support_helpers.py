"""The packed table of known helpers, made by the script that makes the real one."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from tagseal.contents.helpers import KnownHelpers
from tagseal.core.digests import ObjectFormat, object_id

SCRIPTS = Path(__file__).parent.parent / "scripts"


def script(name: str) -> ModuleType:
    """A module of ``scripts``, which is no package."""
    spec = importlib.util.spec_from_file_location(name, SCRIPTS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def blob_id(data: bytes) -> str:
    return object_id("blob", data, ObjectFormat.SHA1)


def table_of(texts: dict[bytes, list[bytes]]) -> KnownHelpers:
    """A table in which a tool called make-up ships these texts, as versions 1, 2 and so on."""
    made = script("known_helpers_table")
    rows = [
        made.Row(name=name.decode(), blob=blob_id(data), tool="make-up", version=str(day), day=day)
        for name, versions in texts.items()
        for day, data in enumerate(versions, 1)
    ]
    names = {name.decode() for name in texts}
    return KnownHelpers.parse(made.encode(rows, names, inputs=["nothing"], newest="2026-01-01"))
