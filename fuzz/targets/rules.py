"""The rules that explain a difference (`tagseal.contents.rules`), each by its check.

An input is the number of a check (one byte), the archive's file, and after three bytes that no text
in UTF-8 holds, what the commit has at the same place.
"""

from types import MappingProxyType

from tagseal.contents.helpers import KnownHelpers
from tagseal.contents.model import PathMapping
from tagseal.contents.rules import CHECKS, Difference, History, Rule, RuleContext
from tagseal.contents.rules._table import CLASSES_OF
from tagseal.contents.transforms import commit_facts
from tagseal.core.digests import ObjectFormat, object_id, sha256_hex
from tagseal.core.listing import ArchiveListing, Member, Mode, TreeEntry

SEPARATOR = b"\xff\xfe\xfd"
NAMES = tuple(sorted(CHECKS))
INNER = {
    "cargo-lock": b"Cargo.lock",
    "cargo-manifest": b"Cargo.toml",
    "cargo-vcs-info": b".cargo_vcs_info.json",
    "compiled-catalogue": b"po/de.gmo",
    "copy": b"Cargo.toml.orig",
    "distribution-metadata": b"PKG-INFO",
    "from-history": b"ChangeLog",
    "known-helper": b"install-sh",
    "known-helper-instead": b"install-sh",
    "message-template": b"po/a.pot",
    "npm-manifest": b"package.json",
    "pyproject-manifest": b"pyproject.toml",
    "refreshed-translation": b"po/de.po",
    "version-file": b".version",
    "version-module": b"src/_version.py",
}
PARAMETERS = MappingProxyType(
    {"from": "{folder}Cargo.toml", "placeholder": "@VERSION@", "value": "{version}"}
)
COMMIT = (
    b"tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\nauthor A <a@b> 1700000000 +0000\n"
    b"committer A <a@b> 1700000000 +0000\n\nOne thing\n"
)
HISTORY = History(
    messages=(b"One thing\n", b"Another thing\n\nSigned-off-by: B <b@c>\n"),
    lines=frozenset([b"One thing", b"Another thing", b"Signed-off-by: B <b@c>"]),
    people=frozenset([b"A", b"a@b", b"B", b"b@c"]),
    commits=("a" * 40, "b" * 40),
    tags=frozenset([b"v1.2.2", b"v1.2.3"]),
)


def _member(content: bytes) -> Member:
    return Member(
        mode=Mode.FILE,
        raw_mode=0o644,
        size=len(content),
        blob=object_id("blob", content, ObjectFormat.SHA1),
        sha256=sha256_hex(content),
    )


def _context(path: bytes, content: bytes, source: bytes) -> RuleContext:
    entry = TreeEntry(mode=Mode.FILE, object=object_id("blob", source, ObjectFormat.SHA1))
    commit_id = object_id("commit", COMMIT, ObjectFormat.SHA1)
    kept = {path: content, b"t-1/po/de.po": source}
    listing = ArchiveListing(
        name="t-1.tar.gz",
        format="tar.gz",
        size=1,
        sha256="0" * 64,
        tar_sha256="1" * 64,
        object_format=ObjectFormat.SHA1,
        members={name: _member(data) for name, data in kept.items()},
        folders=frozenset(),
        kept=kept,
    )
    return RuleContext(
        listing=listing,
        mappings=(PathMapping(archive=b"t-1/", tree=b""),),
        entry=lambda tree_path: entry if tree_path else None,
        source=lambda tree_path: source if tree_path else None,
        attributes=lambda tree_path: {"export-subst": True} if tree_path else None,
        facts=commit_facts(COMMIT, commit_id, "4b825dc642cb6eb9a060e54bf8d69288fbee4904", "v1.2.3"),
        tag="v1.2.3",
        version="1.2.3",
        versions=("1.2.3",),
        helpers=KnownHelpers.load,
        built=listing,
        history=lambda: HISTORY,
    )


def check(data: bytes) -> None:
    """Any two files get an answer, the same twice, and it is a phrase that can be shown."""
    if not data:
        return
    name = NAMES[data[0] % len(NAMES)]
    content, separator, source = data[1:].partition(SEPARATOR)
    inner = INNER.get(name, b"src/file.h")
    path = b"t-1/" + inner
    for file_class in sorted(CLASSES_OF[name]):
        if file_class != "generated" and not separator:
            continue
        rule = Rule(
            name=name,
            means="it is fuzzed",
            check=name,
            standing="explained",
            classes=CLASSES_OF[name],
            parameters=PARAMETERS,
        )
        context = _context(path, content, source)
        changed = file_class != "generated"
        difference = Difference(
            file_class=file_class,
            path=path,
            inner=inner,
            member=_member(content),
            source=context.entry(inner) if changed else None,
            source_path=inner if changed else None,
        )
        found = CHECKS[name](rule, difference, context)
        assert found == CHECKS[name](rule, difference, context)
        assert found is None or found.isprintable()
