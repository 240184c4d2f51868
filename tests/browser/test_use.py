"""Reading, searching and moving, with and without the page's script."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from support_report import explained, large_report, report_on, reported, small_report, unexplained

Show = Callable[..., Any]

ALL = [
    *("tool-1.2", "build-aux", "missing", "doc", "tool.1", "lib", "copy.c", "m4"),
    *("build-to-host.m4", "po", "de.gmo", "src", "main.c", "link", "version.h", "tests"),
    *("blob.xz", "README", ".github"),
]
CLOSED = [
    *("tool-1.2", "build-aux", "doc", "lib", "m4", "build-to-host.m4", "po", "src", "tests"),
    *("blob.xz", "README", ".github"),
]
CELL = "//*[contains(@class, 'cell')][contains(., 'main.c')]"


def press(page: Any, *keys: str) -> None:
    for key in keys:
        ActionChains(page.driver).send_keys(key).perform()


def focused(page: Any) -> str:
    """What the focus is on: the name in a row, or an id."""
    found: str = page.run(
        """const e = document.activeElement;
           const name = e.matches(".line") && e.querySelector(".path, em");
           return name ? name.textContent : e.id || e.getAttribute("href") || e.tagName;"""
    )
    return found


def wait_for(page: Any, rows: list[str]) -> None:
    try:
        WebDriverWait(page.driver, 5, 0.05).until(lambda _: page.rows() == rows)
    except Exception:
        assert page.rows() == rows
        raise


def test_without_script_everything_can_be_read(show_without_script: Show) -> None:
    page = show_without_script(small_report())
    assert page.rows() == CLOSED
    text = page.driver.find_element(By.TAG_NAME, "body").text
    for part in ("DIFFERENT", "2 files are not explained", "U+202E", "known-helper", "Rests on"):
        assert part in text
    for absent in ("Search paths", "Open all folders", "Point at a rectangle", "Show only these"):
        assert absent not in text, "what needs the script is not there"
    summaries = page.driver.find_elements(By.CSS_SELECTOR, ".tree .d > details > summary")
    next(s for s in summaries if "build-aux" in s.text).click()
    assert "missing" in page.rows()
    names = page.driver.find_elements(By.CSS_SELECTOR, ".tree .f > details > summary")
    next(s for s in names if "missing" in s.text).click()
    assert "automake 1.16.5 ships it" in page.driver.find_element(By.ID, "tree").text


def test_without_script_the_treemap_leads_to_the_row(show_without_script: Show) -> None:
    page = show_without_script(small_report())
    cell = page.driver.find_element(
        By.XPATH, "//*[contains(@class, 'cell')][contains(., 'main.c')]"
    )
    row = page.driver.find_element(By.CSS_SELECTOR, cell.get_dom_attribute("href"))
    assert not row.is_displayed()
    cell.click()
    assert row.is_displayed(), "the browser opens the folders that the row is in"


def test_without_script_the_colours_can_be_chosen(show_without_script: Show) -> None:
    page = show_without_script(small_report())
    legend = page.driver.find_element(By.CSS_SELECTOR, ".legend.by-class")
    assert not legend.is_displayed()
    page.driver.find_element(By.ID, "by-class").click()
    assert legend.is_displayed()


def test_searching_shows_what_fits_and_its_folders(show: Show) -> None:
    page = show(small_report())
    assert page.rows() == CLOSED
    press(page, "/")
    assert focused(page) == "q"
    press(page, "m4/ HOST")
    wait_for(page, ["tool-1.2", "m4", "build-to-host.m4"])
    assert page.driver.find_element(By.ID, "shown").text == "1 of 11 rows fit"
    press(page, Keys.ESCAPE)
    wait_for(page, CLOSED)
    assert focused(page) == "q"
    press(page, Keys.ESCAPE, "c")
    wait_for(page, ["tool-1.2", ".github"])


def test_letters_in_the_search_are_letters(show: Show) -> None:
    page = show(small_report())
    press(page, "/", "necmf?/")
    assert page.driver.find_element(By.ID, "q").get_attribute("value") == "necmf?/"
    wait_for(page, [])
    assert page.driver.find_element(By.ID, "shown").text == "0 of 11 rows fit"


def click(page: Any, name: str, value: str) -> None:
    page.driver.find_element(By.CSS_SELECTOR, f"input[name={name}][value='{value}']").click()


def test_filters_by_standing_class_rule_and_flags(show: Show) -> None:
    page = show(small_report())
    click(page, "s", "0")
    click(page, "s", "1")
    click(page, "s", "2")
    wait_for(page, ["tool-1.2", "m4", "build-to-host.m4", "tests", "blob.xz"])
    click(page, "f", "b")
    wait_for(page, ["tool-1.2", "tests", "blob.xz"])
    page.driver.find_element(By.ID, "clear").click()
    wait_for(page, CLOSED)
    click(page, "f", "h")
    wait_for(page, ["tool-1.2", "m4", "build-to-host.m4"])
    page.driver.find_element(By.ID, "clear").click()
    for value in "012356":
        click(page, "c", value)
    wait_for(page, [])
    page.driver.find_element(By.ID, "clear").click()
    for value in "012456":
        click(page, "c", value)
    wait_for(page, ["tool-1.2", "lib", "copy.c"])
    page.driver.find_element(By.ID, "clear").click()
    page.driver.find_element(By.XPATH, "//option[contains(., 'export-subst')]").click()
    wait_for(page, ["tool-1.2", "src", "version.h"])


def test_a_rule_leads_to_its_files(show: Show) -> None:
    page = show(small_report())
    block = page.driver.find_element(
        By.XPATH, "//details[contains(@class, 'rule-block')][contains(., 'known-helper')]"
    )
    block.find_element(By.TAG_NAME, "summary").click()
    block.find_element(By.TAG_NAME, "button").click()
    wait_for(page, ["tool-1.2", "build-aux", "missing"])
    assert focused(page) == "tool-1.2"
    # A link to a row that a filter hides shows it all the same.
    link = page.driver.find_element(By.CSS_SELECTOR, ".rule-block a")
    page.run("document.querySelectorAll('.rule-block').forEach((b) => { b.open = true; })")
    other = page.driver.find_element(By.XPATH, "//div[@class='rules']//a[contains(., 'copy.c')]")
    assert link.is_displayed()
    other.click()
    assert focused(page) == "copy.c"
    assert "README" in page.rows()


def test_expanding_and_collapsing(show: Show) -> None:
    page = show(small_report())
    page.driver.find_element(By.ID, "expand").click()
    wait_for(page, ALL)
    page.driver.find_element(By.ID, "collapse").click()
    wait_for(page, ["tool-1.2", ".github"])
    press(page, "e")
    wait_for(page, ALL)


def test_rows_by_the_keyboard(show: Show) -> None:
    page = show(small_report())
    press(page, "f")
    assert focused(page) == "tool-1.2"
    press(page, Keys.ARROW_DOWN)
    assert focused(page) == "build-aux"
    press(page, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
    assert focused(page) == "missing"
    press(page, Keys.ARROW_RIGHT)
    assert "automake 1.16.5 ships it" in page.driver.find_element(By.ID, "tree").text
    press(page, Keys.ARROW_LEFT)
    assert "automake 1.16.5 ships it" not in page.driver.find_element(By.ID, "tree").text
    press(page, Keys.ARROW_LEFT)
    assert focused(page) == "build-aux"
    press(page, Keys.ARROW_LEFT)
    assert "missing" not in page.rows()
    press(page, Keys.END)
    assert focused(page) == ".github"
    press(page, Keys.ARROW_UP)
    assert focused(page) == "README"
    press(page, Keys.HOME)
    assert focused(page) == "tool-1.2"
    press(page, Keys.ARROW_UP)
    assert focused(page) == "tool-1.2", "there is nothing above"


def test_what_is_unexplained_by_the_keyboard(show: Show) -> None:
    page = show(small_report())
    for key, wanted in (("n", "u0"), ("n", "u1"), ("n", "u0"), ("p", "u1"), ("p", "u0")):
        press(page, key)
        assert page.run("return document.activeElement.parentElement.id") == wanted
        assert page.run("return document.activeElement.parentElement.open")
    page = show(report_on([reported(b"t/a")]))
    press(page, "n")
    assert focused(page) == "BODY"


def test_the_treemap_by_the_keyboard(show: Show) -> None:
    files = [reported(b"t/%d" % n, size=1000) for n in range(9)]
    page = show(report_on([*files, unexplained(b"t/bad")]))
    press(page, "m")
    note = page.driver.find_element(By.ID, "map-note")
    assert note.text.startswith("t/bad: modified, unexplained")
    seen = {note.text}
    for key in (Keys.ARROW_LEFT, Keys.ARROW_UP, Keys.ARROW_UP, Keys.ARROW_LEFT, Keys.ARROW_DOWN):
        press(page, key)
        seen.add(note.text)
    assert len(seen) > 3
    name = note.text.partition(":")[0].rpartition("/")[2]
    press(page, Keys.ENTER)
    assert focused(page) == name
    cells = page.driver.find_elements(By.CSS_SELECTOR, "#map .cell[tabindex='0']")
    assert len(cells) == 1, "one stop for the Tab key"


def test_pointing_at_the_treemap_tells_what_it_is(show: Show) -> None:
    page = show(small_report())
    cell = page.driver.find_element(
        By.XPATH, "//*[contains(@class, 'cell')][contains(., 'main.c')]"
    )
    ActionChains(page.driver).move_to_element(cell).perform()
    note = page.driver.find_element(By.ID, "map-note").text
    assert note == "tool-1.2/src/main.c: identical, proven, 4.0 kB"
    cell.click()
    assert focused(page) == "main.c"


def test_single_letters_can_be_turned_off(show: Show) -> None:
    page = show(small_report())
    press(page, "?")
    keys = page.driver.find_element(By.ID, "keys")
    assert keys.get_attribute("open")
    assert "search" in keys.text
    page.driver.find_element(By.ID, "single").click()
    press(page, "/")
    assert focused(page) == "single"
    page.driver.find_element(By.ID, "single").click()
    press(page, "/")
    assert focused(page) == "q"


def test_every_stop_of_the_tab_key_can_be_seen(show: Show) -> None:
    page = show(small_report())
    stops = []
    for _ in range(80):
        press(page, Keys.TAB)
        name, shows = page.run(
            """const e = document.activeElement, style = getComputedStyle(e);
               const rect = e.querySelector(":scope > rect");
               const width = style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth);
               const stroke = rect ? parseFloat(getComputedStyle(rect).strokeWidth) : 0;
               const name = e.id || e.className.baseVal || e.className || e.tagName;
               return [name, width >= 1 || stroke >= 2];"""
        )
        if name == "BODY":
            break
        assert shows, name
        stops.append(name)
    assert stops[0] == "skip"
    assert {"q", "rule", "expand", "by-standing", "line"} <= set(stops)
    assert sum("cell" in stop for stop in stops) == 1


def test_everything_that_can_be_used_has_a_name(show: Show) -> None:
    page = show(small_report())
    page.driver.execute_cdp_cmd("Accessibility.enable", {})
    nodes = page.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    used = {"button", "link", "checkbox", "radio", "searchbox", "combobox", "heading"}
    used |= {"image", "row"}
    seen = set()
    for node in nodes:
        role = node.get("role", {}).get("value")
        if role in used and not node.get("ignored"):
            seen.add(role)
            if role != "row":
                assert node["name"]["value"].strip(), node
    assert used <= seen


def test_printing_opens_what_differs(show: Show) -> None:
    page = show(small_report())
    page.run(
        "document.querySelectorAll('#unexplained details').forEach((d) => { d.open = false; })"
    )
    page.run("dispatchEvent(new Event('beforeprint'))")
    page.media({}, kind="print")
    text = page.driver.find_element(By.TAG_NAME, "body").text
    assert "two <b>" in text
    assert "automake 1.16.5 ships it" in text
    assert "Search paths" not in text
    page.run("dispatchEvent(new Event('afterprint'))")
    page.media({})
    assert "automake 1.16.5 ships it" not in page.driver.find_element(By.TAG_NAME, "body").text


def test_a_large_archive_can_be_used(show: Show) -> None:
    start = time.monotonic()
    page = show(large_report())
    press(page, "/", "file_40000")
    wait = WebDriverWait(page.driver, 20, 0.1)
    wait.until(lambda _: "file_40000.c" in page.rows())
    assert time.monotonic() - start < 30
    assert not page.complaints()


def test_an_archive_of_nothing_but_explained_files(show: Show) -> None:
    page = show(report_on([explained(b"t/a"), explained(b"t/b")]))
    press(page, "n", "m", "f", "e", Keys.ARROW_DOWN)
    assert focused(page) == "a"
    assert not page.complaints()


@pytest.mark.parametrize("width", [360, 768, 1280, 1900])
def test_nothing_is_wider_than_the_window(show: Show, width: int) -> None:
    page = show(report_on([unexplained(b"t/" + b"long" * 60), *small_report().files]))
    page.size(width, 900)
    page.run("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    assert page.run("return document.scrollingElement.scrollWidth") <= width
