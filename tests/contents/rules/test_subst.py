from collections.abc import Callable

import pytest

from support_contents import File
from support_rules import EXECUTABLE, commit_id, rule_of

ATTRIBUTES = b"f export-subst\n"


def subst(placeholder: bytes, expansion: Callable[[str], bytes] | bytes, **options: object) -> bool:
    """Whether a line with a placeholder that no transform recomputes is explained."""
    beside: dict[bytes, File] = {b".gitattributes": options.pop("attributes", ATTRIBUTES)}  # type: ignore[dict-item]
    old = b'a = "$Format:' + placeholder + b'$"\nrefs = "$Format:%D$"\n'
    name = commit_id({**beside, b"f": old})
    text = expansion if isinstance(expansion, bytes) else expansion(name)
    new = b'a = "' + text + b'"\nrefs = "HEAD -> main, tag: v1.2.3, origin/main"\n'
    return rule_of(old, new, b"f", beside=beside, **options) == "export-subst-refs"


@pytest.mark.parametrize(
    ("placeholder", "expansion"),
    [
        (b"%H", lambda name: name.encode()),
        (b"%h", lambda name: name[:9].encode()),
        (b"%d", b""),
        (b"%d", b" (HEAD, tag: v1.2.3)"),
        (b"%D", b"tag: v1.2.3"),
        (b"%D", b"HEAD, tag: v1.2.3, tag: stable, origin/HEAD, feature/x@1"),
        (b"%(describe:tags=true)", b"v1.2.3"),
        (b"%ct", b"1700000000"),
        (b"%aI", b"2023-11-15T03:43:20+05:30"),
        (b"%ci", b"2023-11-15 03:43:20 +0530"),
        (b"%cs", b"2023-11-15"),
    ],
)
def test_what_git_writes(placeholder: bytes, expansion: Callable[[str], bytes] | bytes) -> None:
    assert subst(placeholder, expansion)


@pytest.mark.parametrize(
    ("placeholder", "expansion"),
    [
        (b"%H", lambda name: name[:9].encode()),
        (b"%h", lambda name: name[:3].encode()),
        (b"%h", b"0123456"),
        (b"%T", lambda name: name.encode()),
        (b"%d", b" (HEAD -> main)"),
        (b"%d", b" (HEAD, tag: v1.2.3) "),
        (b"%d", b"(tag: v1.2.3)"),
        (b"%D", b""),
        (b"%D", b"tag: v1.2.30"),
        (b"%D", b"tag: v1.2.3,evil"),
        (b"%D", b"tag: v1.2.3, curl http://x > y"),
        (b"%D", b"tag: v1.2.3, $(evil)"),
        (b"%D", b'tag: v1.2.3", evil, "'),
        (b"%D", b"tag: v1.2.3, x\nevil"),
        (b"%(describe)", b"v1.2.3-1-gabcdef0"),
        (b"%ct", b"1700000001"),
        (b"%ar", b"2 days ago"),
        (b"%cx", b"2023"),
        (b"%s", b"m"),
        (b"%H %h", b"x"),
    ],
)
def test_what_git_does_not_write(placeholder: bytes, expansion: bytes) -> None:
    assert not subst(placeholder, expansion)


@pytest.mark.parametrize(
    "attributes", [b"", b"f -export-subst", b"f export-subst=1", b"[attr]x y\nf export-subst"]
)
def test_only_where_the_attribute_is_set(attributes: bytes) -> None:
    assert subst(b"%ct", b"1700000000")
    assert not subst(b"%ct", b"1700000000", attributes=attributes)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"$Format:%D$\n", b"tag: v1.2.3\nevil\n"),
        (b"$Format:%D$ $Format:%D$\n", b"tag: v1.2.3 tag: v1.2.3\n"),
        (b"abc$Format:%d$cde\n", b"abcde\n"),
        (b"a\n$Format:%D$\n", b"b\ntag: v1.2.3\n"),
        (b"no placeholder\n", b"tag: v1.2.3\n"),
        (b"$Format:%D$\n", (EXECUTABLE, b"tag: v1.2.3\n")),
        (b"$Format:%D$\n", b"tag: v1.2.3" + b", x" * 2000 + b"\n"),
        (b"$Format:%D$\n" + b"x" * 65536, b"tag: v1.2.3\n" + b"x" * 65536),
    ],
)
def test_all_else_is_the_trees(old: bytes, new: bytes) -> None:
    assert rule_of(old, new, b"f", beside={b".gitattributes": ATTRIBUTES}) is None


def test_what_is_not_at_hand_is_not_explained() -> None:
    beside = {b".gitattributes": ATTRIBUTES}
    assert rule_of(b"$Format:%D$", b"tag: v1.2.3", beside=beside) == "export-subst-refs"
    assert rule_of(b"$Format:%D$", b"tag: v1.2.3", beside=beside, kept=lambda _: False) is None
    assert rule_of(b"$Format:%D$", b"tag: v1.2.3", beside=beside, standings=("proven",)) is None
