"""Random trees, random edits: the true claim passes, and any single change to it fails."""

import copy
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from support_contents import ROOT, File, Forged, archive_of, commit_of, entry, fit, top, tree_of
from tagseal.attest import as_predicate, parse_contents
from tagseal.contents import Kind, account_for, claim_of
from tagseal.core.digests import object_id
from tagseal.core.errors import StatementError
from tagseal.core.jsontext import dump, parse
from tagseal.core.listing import Mode

QUICK = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.filter_too_much]
)

names = st.sampled_from([b"a", b"b", b"c-d", b"m4", b"x y", "\u00e9".encode()])
paths = st.lists(names, min_size=1, max_size=4).map(b"/".join)
contents = st.integers(0, 9).map(lambda n: b"content %d" % n)
modes = st.sampled_from([Mode.FILE, Mode.FILE, Mode.EXECUTABLE, Mode.SYMLINK])
files = st.tuples(modes, contents)


def without_conflicts(found: dict[bytes, Any]) -> dict[bytes, Any]:
    return {
        path: file
        for path, file in found.items()
        if not any(path[:i] in found for i, byte in enumerate(path) if byte == ord("/"))
    }


@st.composite
def releases(draw: st.DrawFn) -> Forged:
    tree: dict[bytes, File] = without_conflicts(
        draw(st.dictionaries(paths, files, min_size=2, max_size=12))
    )
    archive = dict(tree)
    for path in draw(st.lists(st.sampled_from(sorted(tree)), max_size=6, unique=True)):
        mode, content = tree[path]  # type: ignore[misc]
        action = draw(st.sampled_from(["omit", "omit", "modify", "move"]))
        if action == "modify" and mode is not Mode.SYMLINK:
            archive[path] = (draw(st.sampled_from([Mode.FILE, Mode.EXECUTABLE])), content + b"!")
        else:
            del archive[path]
            if action == "move" and mode is not Mode.SYMLINK:
                archive[draw(paths) + b"/" + path.rsplit(b"/", 1)[-1]] = (mode, content)
    plain = st.tuples(st.sampled_from([Mode.FILE, Mode.EXECUTABLE]), contents)
    for path, file in draw(st.dictionaries(paths, plain, max_size=3)).items():
        archive.setdefault(path, file)
    links = draw(st.lists(st.sampled_from(sorted(tree)), max_size=2, unique=True))
    for number, path in enumerate(links):
        folder = draw(st.booleans()) and b"/" in path
        source = path.rpartition(b"/")[0] if folder else path
        copies = {
            b"link%d" % number + other[len(source) :]: file
            for other, file in tree.items()
            if other == source or other.startswith(source + b"/")
        }
        if all(isinstance(f, tuple) and f[0] is not Mode.SYMLINK for f in copies.values()):
            tree[b"link%d" % number] = (Mode.SYMLINK, source)
            archive |= copies
    archive = without_conflicts(archive)
    listing, listed = archive_of(top(archive)), tree_of(tree)
    blobs = {entry(file).object: file[1] for file in tree.values() if isinstance(file, tuple)}
    account = account_for(listing, listed, kind=Kind.SOURCE, mappings=ROOT, blob=blobs.get)
    assume(account.identical and not account.conflicting)
    commit = commit_of(listed.tree)
    claim = claim_of(
        account,
        repository="r",
        ref="refs/tags/v1",
        commit_id=object_id("commit", commit, listing.object_format),
        commit=commit,
        tree_id=listed.tree,
        tags=(),
        listing=listing,
        carried={path: file[1] for path, file in tree.items() if isinstance(file, tuple)},
    )
    return Forged(listing=listing, claim=claim)


@QUICK
@given(releases())
def test_the_true_claim_passes_and_survives_json(forged: Forged) -> None:
    assert parse_contents(parse(dump(as_predicate(forged.claim)))) == forged.claim
    assert forged.proof.findings == ()


@QUICK
@given(releases(), st.data())
def test_any_change_to_the_archive_is_found(forged: Forged, data: st.DataObject) -> None:
    members = {
        path: (m.mode, forged.listing.kept[path]) for path, m in forged.listing.members.items()
    }
    path = data.draw(st.sampled_from(sorted(members)))
    mode, content = members[path]
    action = data.draw(st.sampled_from(["flip", "mode", "remove", "add", "rename"]))
    if action == "flip":
        members[path] = (mode, content + b"?")
    elif action == "mode":
        members[path] = (Mode.EXECUTABLE if mode is Mode.FILE else Mode.FILE, content)
    elif action == "add":
        members[path + b".new"] = (mode, content)
    else:
        del members[path]
        if action == "rename":
            members[path + b".new"] = (mode, content)
    listing = archive_of(members)
    assert Forged(listing=listing, claim=forged.claim).proof.findings
    # And so it is when count and digest were made to fit.
    assert Forged(listing=listing, claim=fit(forged.claim, listing)).proof.findings


LISTS = ("generated", "modified", "relocated", "dereferenced", "omitted")


def changed(text: str) -> str:
    other = {"100644": "100755", "100755": "100644", "120000": "100644", "040000": "120000"}
    if text in other:
        return other[text]
    if len(text) in (40, 64) and not set(text) - set("0123456789abcdef"):
        return text[:-1] + ("0" if text[-1] != "0" else "1")
    return text + "x"


def change_entry(data: st.DataObject, item: dict[str, Any]) -> None:
    fields = [name for name in item if name != "rule"]
    name = data.draw(st.sampled_from(fields))
    if isinstance(item[name], dict):
        change_entry(data, item[name])
    else:
        item[name] = changed(item[name])


@QUICK
@given(releases(), st.data())
def test_any_change_to_the_lists_is_found(forged: Forged, data: st.DataObject) -> None:
    document = copy.deepcopy(as_predicate(forged.claim))
    name = data.draw(st.sampled_from([n for n in LISTS if document[n]] or ["mappings"]))
    items = document["layout"]["mappings"] if name == "mappings" else document[name]
    at = data.draw(st.integers(0, len(items) - 1))
    action = data.draw(st.sampled_from(["drop", "double", "swap", "change"]))
    if action == "drop":
        del items[at]
    elif action == "double":
        items.insert(at, items[at])
    elif action == "swap":
        items[at], items[0] = items[0], items[at]
    else:
        change_entry(data, items[at])
    for each in LISTS:
        document["contents"][each] = len(document[each])
    assume(document != as_predicate(forged.claim))
    try:
        claim = parse_contents(document)
    except StatementError:
        return
    assert Forged(listing=forged.listing, claim=fit(claim, forged.listing)).proof.findings


@QUICK
@given(releases(), st.data())
def test_any_change_to_counts_and_ids_is_found(forged: Forged, data: st.DataObject) -> None:
    document = copy.deepcopy(as_predicate(forged.claim))
    place = data.draw(st.sampled_from(["contents", "digest", "commit"]))
    if place == "contents":
        field = data.draw(st.sampled_from(sorted(document["contents"])))
        value = document["contents"][field]
        document["contents"][field] = changed(value) if isinstance(value, str) else value + 1
    elif place == "digest":
        digest = document["source"]["digest"]
        field = data.draw(st.sampled_from(sorted(digest)))
        digest[field] = changed(digest[field])
    else:
        document["commit"] = document["commit"][:-4] + "AAAA"
    try:
        claim = parse_contents(document)
    except StatementError:
        return
    assert Forged(listing=forged.listing, claim=claim).proof.findings
