from support_report import explained, reported, small_report, unexplained
from tagseal.core.contents_report import ReportedFile
from tagseal.reports._drawing import HEIGHT, WIDTH, drawn
from tagseal.reports._tree import FileRow, make_tree, rows_of


def boxes(files: list[ReportedFile], *, fold: bool = False) -> list[dict[str, object]]:
    root = make_tree(files)
    rows = {
        id(r.file): r.number for r in rows_of(root, first=0, fold=fold) if isinstance(r, FileRow)
    }
    return drawn(root, rows)


def test_cells_lead_to_their_rows_and_say_what_they_are() -> None:
    frame, first, second = boxes([explained(b"t/a", size=3000), reported(b"t/b", size=1000)])
    assert frame["is_frame"]
    assert frame["label"] == "t/"
    assert (first["row"], second["row"]) == (1, 2)
    assert first["title"] == "t/a: generated, explained, known-helper, 3.0 kB"
    assert second["title"] == "t/b: identical, proven, 1.0 kB"
    assert first["label"] == "+ a"
    assert second["label"] == "b"
    assert (first["standing"], first["file_class"]) == (1, "generated")


def test_numbers_are_written_with_one_digit_after_the_point() -> None:
    for box in boxes(list(small_report().files)):
        for name in ("x", "y", "width", "height"):
            value = str(box[name])
            assert value == f"{float(value):.1f}"
        assert 0 <= float(str(box["x"])) <= WIDTH
        assert 0 <= float(str(box["y"])) <= HEIGHT


def test_several_files_say_how_many_and_where() -> None:
    files = [
        reported(b"t/big", size=10**9),
        reported(b"t/f/a", size=5),
        explained(b"t/f/b", size=5),
    ]
    files += [reported(b"t/s%d" % n, size=1) for n in range(3)]
    titles = [box["title"] for box in boxes(files) if not box["is_frame"]]
    assert "2 files in t/f/: of several classes, the worst explained, 10 B" in titles
    assert "3 files in t/: identical, all proven, 3 B" in titles


def test_files_at_the_top_are_in_no_folder() -> None:
    titles = [str(b["title"]) for b in boxes([reported(b"%d" % n, size=1) for n in range(20_000)])]
    assert titles == ["20,000 files: identical, all proven, 20 kB"]


def test_what_is_folded_leads_to_the_row_that_stands_for_it() -> None:
    files = [reported(b"t/a/%d" % n) for n in range(9)] + [unexplained(b"t/b")]
    found = {str(b["title"]): b for b in boxes(files, fold=True) if not b["is_frame"]}
    assert found["t/a/3: identical, proven, 100 B"]["row"] == 1


def test_names_are_cut_to_fit_and_escaped() -> None:
    files = [reported(b"t/%02d" % n + b"long" * 20, size=1000) for n in range(40)]
    files.append(unexplained("t/\N{RIGHT-TO-LEFT OVERRIDE}x".encode(), new=b"x" * 9000))
    found = [b for b in boxes(files) if not b["is_frame"]]
    labels = {str(b["label"]) for b in found}
    assert any(label.endswith("…") for label in labels)
    assert "~ \\u202ex" in labels
    assert any("\\u202ex: modified, unexplained" in str(b["title"]) for b in found)


def test_where_a_name_does_not_fit_the_letter_of_the_class_may() -> None:
    files = [explained(b"t/%03d-and-more" % n, size=1000) for n in range(700)]
    assert "+" in {str(b["label"]) for b in boxes(files) if not b["is_frame"]}
    files = [explained(b"t/%04d" % n, size=1000) for n in range(3000)]
    assert {str(b["label"]) for b in boxes(files) if not b["is_frame"]} == {""}
