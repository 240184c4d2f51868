"""The predicate source-contents/v1: `tagseal.contents.SourceContents` as JSON and back.

The specification, with a worked example, is in ``docs/source-contents.md``. What version 1 means
never changes: unknown fields are refused, and a change of meaning gets a new type.
"""

import base64
from typing import Any

from tagseal.attest._fields import Fields, is_hex, malformed
from tagseal.contents import (
    MAX_MAPPINGS,
    MAX_NESTING,
    DereferencedLink,
    Exceptions,
    GeneratedFile,
    Kind,
    ModifiedFile,
    NestedTree,
    OmittedEntry,
    PathMapping,
    RelocatedFile,
    SourceContents,
)
from tagseal.core.listing import TreeEntry
from tagseal.core.paths import to_json

__all__ = ["CONTENTS_TYPE", "as_predicate", "parse_contents"]

CONTENTS_TYPE = "https://tagseal.github.io/attestation/source-contents/v1"


def as_predicate(claim: SourceContents) -> dict[str, Any]:
    """Return a claim as JSON data."""
    lists = _exceptions_json(claim.exceptions)
    return {
        "source": {
            "uri": claim.repository,
            "digest": {"gitCommit": claim.commit_id, "gitTree": claim.tree_id},
            "annotations": {"ref": claim.ref},
        },
        "commit": _base64(claim.commit),
        "tags": [_base64(tag) for tag in claim.tags],
        "layout": {
            "kind": claim.kind.value,
            "mappings": [
                {"archive": to_json(m.archive), "tree": to_json(m.tree)} for m in claim.mappings
            ],
        },
        **lists,
        "carried": {blob: _base64(content) for blob, content in sorted(claim.carried.items())},
        "contents": {
            "identical": claim.identical_count,
            **{name: len(items) for name, items in lists.items()},
            "sha256": claim.identical_sha256,
        },
    }


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _exceptions_json(exceptions: Exceptions) -> dict[str, list[dict[str, Any]]]:
    return {
        "generated": [
            {"path": to_json(g.path), "mode": g.mode.text, "sha256": g.sha256, "rule": g.rule}
            for g in exceptions.generated
        ],
        "modified": [
            {
                "path": to_json(m.path),
                "mode": m.mode.text,
                "sha256": m.sha256,
                "source": {
                    "path": to_json(m.tree_path),
                    "mode": m.source.mode.text,
                    "object": m.source.object,
                },
                "rule": m.rule,
            }
            for m in exceptions.modified
        ],
        "relocated": [
            {"path": to_json(r.path), "source": {"path": to_json(r.tree_path)}}
            for r in exceptions.relocated
        ],
        "dereferenced": [
            {"path": to_json(d.path), "target": to_json(d.target)} for d in exceptions.dereferenced
        ],
        "omitted": [
            {"path": to_json(o.path), "mode": o.entry.mode.text, "object": o.entry.object}
            for o in exceptions.omitted
        ],
        "nested": [
            {
                "path": to_json(n.path),
                "repository": n.repository,
                "commit": _base64(n.commit),
                **_exceptions_json(n.exceptions),
            }
            for n in exceptions.nested
        ],
    }


def parse_contents(predicate: object) -> SourceContents:
    """Read a predicate; `StatementError` when it breaks its format.

    Only the form is checked here; whether the claim is true is for `tagseal.contents`.
    """
    fields = Fields(predicate, "contents predicate")
    source = fields.object("source")
    digest = source.object("digest")
    annotations = source.object("annotations")
    layout = fields.object("layout")
    counts = fields.object("contents")
    carried = fields.object("carried")
    width = (40, 64)
    exceptions = _exceptions(fields, 0)
    claim = SourceContents(
        repository=source.text("uri"),
        ref=annotations.text("ref"),
        commit_id=digest.hex("gitCommit", *width),
        tree_id=digest.hex("gitTree", *width),
        commit=fields.base64("commit"),
        tags=tuple(_raw_tags(fields)),
        kind=_kind(layout),
        mappings=_mappings(layout),
        exceptions=exceptions,
        identical_count=counts.count("identical"),
        identical_sha256=counts.hex("sha256", 64),
        carried=_carried(carried),
    )
    for name, items in (
        ("generated", exceptions.generated),
        ("modified", exceptions.modified),
        ("relocated", exceptions.relocated),
        ("dereferenced", exceptions.dereferenced),
        ("omitted", exceptions.omitted),
        ("nested", exceptions.nested),
    ):
        if counts.count(name) != len(items):
            raise malformed(f'the count "{name}" is not that of its list', counts.where)
    for done in (digest, annotations, source, layout, counts, carried, fields):
        done.end()
    return claim


def _raw_tags(fields: Fields) -> list[bytes]:
    holder = Fields({str(n): v for n, v in enumerate(fields.items("tags"))}, f"{fields.where}.tags")
    return [holder.base64(name) for name in holder.names()]


def _kind(layout: Fields) -> Kind:
    value = layout.text("kind")
    for kind in Kind:
        if kind.value == value:
            return kind
    raise malformed("the kind is not known", layout.where)


def _mappings(layout: Fields) -> tuple[PathMapping, ...]:
    items = layout.objects("mappings")
    if len(items) > MAX_MAPPINGS:
        raise malformed(f"there are more than {MAX_MAPPINGS} mappings", layout.where)
    mappings = []
    for item in items:
        mappings.append(PathMapping(archive=item.path("archive"), tree=item.path("tree")))
        item.end()
    return tuple(mappings)


def _carried(fields: Fields) -> dict[str, bytes]:
    if not all(is_hex(name, 40, 64) for name in fields.names()):
        raise malformed("a name in it is not an object id", fields.where)
    return {name: fields.base64(name) for name in fields.names()}


def _exceptions(fields: Fields, depth: int) -> Exceptions:
    if depth > MAX_NESTING:
        raise malformed("submodules are nested too deeply", fields.where)
    return Exceptions(
        generated=tuple(_generated(item) for item in fields.objects("generated")),
        modified=tuple(_modified(item) for item in fields.objects("modified")),
        relocated=tuple(_relocated(item) for item in fields.objects("relocated")),
        dereferenced=tuple(_dereferenced(item) for item in fields.objects("dereferenced")),
        omitted=tuple(_omitted(item) for item in fields.objects("omitted")),
        nested=tuple(_nested(item, depth + 1) for item in fields.objects("nested")),
    )


def _generated(item: Fields) -> GeneratedFile:
    generated = GeneratedFile(
        path=item.path("path"),
        mode=item.mode("mode"),
        sha256=item.hex("sha256", 64),
        rule=item.text("rule"),
    )
    item.end()
    return generated


def _modified(item: Fields) -> ModifiedFile:
    source = item.object("source")
    modified = ModifiedFile(
        path=item.path("path"),
        mode=item.mode("mode"),
        sha256=item.hex("sha256", 64),
        tree_path=source.path("path"),
        source=TreeEntry(mode=source.mode("mode"), object=source.hex("object", 40, 64)),
        rule=item.text("rule"),
    )
    source.end()
    item.end()
    return modified


def _relocated(item: Fields) -> RelocatedFile:
    source = item.object("source")
    relocated = RelocatedFile(path=item.path("path"), tree_path=source.path("path"))
    source.end()
    item.end()
    return relocated


def _dereferenced(item: Fields) -> DereferencedLink:
    dereferenced = DereferencedLink(path=item.path("path"), target=item.path("target"))
    item.end()
    return dereferenced


def _omitted(item: Fields) -> OmittedEntry:
    omitted = OmittedEntry(
        path=item.path("path"),
        entry=TreeEntry(mode=item.mode("mode"), object=item.hex("object", 40, 64)),
    )
    item.end()
    return omitted


def _nested(item: Fields, depth: int) -> NestedTree:
    nested = NestedTree(
        path=item.path("path"),
        repository=item.text("repository"),
        commit=item.base64("commit"),
        exceptions=_exceptions(item, depth),
    )
    item.end()
    return nested
