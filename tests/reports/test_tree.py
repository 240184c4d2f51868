from support_report import explained, large_report, reported, unexplained
from tagseal.core.contents_report import ReportedFile
from tagseal.core.textdiff import diff_of
from tagseal.reports._tree import (
    Close,
    FileRow,
    Fold,
    Folder,
    Open,
    Row,
    folded_files,
    make_tree,
    rows_of,
)


def rows(files: list[ReportedFile], *, fold: bool = False, first: int = 0) -> list[Row]:
    return list(rows_of(make_tree(files), first=first, fold=fold))


def shown(found: list[Row]) -> list[str]:
    lines, depth = [], 0
    for row in found:
        match row:
            case Open():
                lines.append(
                    "  " * depth + row.name.decode() + "/" + (" open" if row.is_open else "")
                )
                depth += 1
            case Close():
                depth -= 1
            case FileRow():
                lines.append("  " * depth + row.name.decode())
            case Fold():
                name = row.name.decode() + "/ " if row.name is not None else ""
                lines.append("  " * depth + f"{name}{row.count}")
    assert depth == 0
    return lines


def test_folders_come_before_files_and_single_ones_share_a_row() -> None:
    files = [reported(b"t/a"), reported(b"t/b/c/d/e"), reported(b"t/b/c/d/f"), reported(b"t/g/h")]
    assert shown(rows(files)) == ["t/", "  b/c/d/", "    e", "    f", "  g/", "    h", "  a"]


def test_folders_sum_up_what_is_in_them() -> None:
    root = make_tree(
        [reported(b"t/a/b", size=1), explained(b"t/a/c", size=2), unexplained(b"t/d", new=b"1234")]
    )
    folder = root.folders[b"t"]
    assert (folder.size, folder.number, folder.loud) == (7, 3, 1)
    assert folder.counts == {"proven": 1, "explained": 1, "allowed": 0, "unexplained": 1}
    assert folder.worst == "unexplained"
    assert folder.folders[b"a"].worst == "explained"
    assert Folder(path=b"", name=b"").worst == "proven"


def test_rows_are_numbered_and_folders_know_theirs() -> None:
    root = make_tree([reported(b"t/a/b"), reported(b"t/a/c"), reported(b"t/d")])
    found = list(rows_of(root, first=7, fold=False))
    assert [row.number for row in found if not isinstance(row, Close)] == [7, 8, 9, 10, 11]
    assert root.folders[b"t"].row == 7
    assert root.folders[b"t"].folders[b"a"].row == 8


def test_folders_on_the_way_to_what_is_unexplained_are_open() -> None:
    files = [unexplained(b"t/a/b/c"), reported(b"t/a/d"), reported(b"t/e/f")]
    assert shown(rows(files)) == [
        "t/ open",
        "  a/ open",
        "    b/ open",
        "      c",
        "    d",
        "  e/",
        "    f",
    ]


def test_alike_folders_are_folded_and_few_files_are_not() -> None:
    files = [reported(b"t/many/x%d/%d" % (n % 2, n)) for n in range(8)]
    files += [reported(b"t/few/%d" % n) for n in range(3)]
    assert shown(rows(files, fold=True))[0:1] == ["t/ 11"]
    files += [explained(b"t/other")]
    assert shown(rows(files, fold=True)) == [
        "t/",
        "  few/",
        *("    0", "    1", "    2"),
        "  many/ 8",
        "  other",
    ]
    found = rows(files, fold=True)
    assert folded_files(found) == (8, 1)


def test_folded_folders_point_to_the_row_that_stands_for_them() -> None:
    root = make_tree([*(reported(b"t/m/x%d/%d" % (n % 2, n)) for n in range(8)), explained(b"t/o")])
    list(rows_of(root, first=0, fold=True))
    folder = root.folders[b"t"].folders[b"m"]
    assert folder.row == 1
    assert {below.row for below in folder.folders.values()} == {1}


def test_alike_files_among_others_are_folded() -> None:
    files = [reported(b"t/%d" % n, size=n) for n in range(6)]
    files += [explained(b"t/a%d" % n) for n in range(2)]
    found = rows(files, fold=True)
    assert shown(found) == ["t/", "  a0", "  a1", "  6"]
    fold = next(row for row in found if isinstance(row, Fold))
    assert (fold.name, fold.size, fold.alike) == (None, 15, ("identical", "proven", None))


def test_folders_that_differ_in_rule_are_not_one() -> None:
    files = [explained(b"t/%d" % n, rule=f"rule{n % 2}") for n in range(8)]
    assert shown(rows(files, fold=True)) == ["t/", "  4", "  4"]


def test_what_is_loud_is_never_folded() -> None:
    diff = diff_of(b"a\n", b"b\n", against="x")
    files = [reported(b"t/a/%d" % n) for n in range(8)]
    files += [
        unexplained(b"t/a/bad"),
        *(reported(b"t/a/bare%d" % n, standing="unexplained") for n in range(5)),
        explained(b"t/a/diff", diff=diff),
        reported(b"t/a/hidden", hidden_characters=((1, "ZERO WIDTH SPACE"),)),
    ]
    bare = [f"  bare{n}" for n in range(5)]
    assert shown(rows(files, fold=True)) == [
        *("t/a/ open", "  bad", *bare, "  diff", "  hidden", "  8"),
    ]


def test_every_file_is_in_one_row() -> None:
    report = large_report(20_000, wrong=range(0, 20_000, 777))
    found = rows(list(report.files), fold=True)
    folded, folds = folded_files(found)
    files = [row.file for row in found if isinstance(row, FileRow)]
    assert folded + len(files) == 20_000
    assert folds < 400
    assert set(report.unexplained) <= set(files)


def test_deep_paths_end_in_long_names() -> None:
    found = rows([reported(b"/".join([b"d"] * 5000) + b"/file"), reported(b"d/x")])
    depth = most = 0
    for row in found:
        depth += isinstance(row, Open) - isinstance(row, Close)
        most = max(most, depth)
    assert most <= 32
    names = [row.name for row in found if isinstance(row, FileRow)]
    assert max(map(len, names)) > 9000


def test_no_files_make_no_rows() -> None:
    assert rows([]) == []
