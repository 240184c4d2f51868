"""Nothing of an archive acts, nothing is asked for, nothing is out of order."""

import http.server
import threading
from collections.abc import Callable
from typing import Any

import pytest
from selenium.webdriver.common.by import By

from support_report import INJECTIONS, hostile_report, report_on, small_report, unexplained
from tagseal.core.hidden import pieces
from tagseal.reports import as_html

Show = Callable[..., Any]


def test_hostile_names_are_shown_and_do_nothing(show: Show) -> None:
    page = show(hostile_report())
    assert page.run("return document.title").startswith("DIFFERENT: <img src=x onerror")
    page.run("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    assert not page.complaints(), "not even a violation of the policy: nothing was tried"
    foreign = "img, iframe, object, embed, base, link, video, audio, a[href]:not([href^='#'])"
    assert page.run("return document.querySelectorAll(arguments[0]).length", foreign) == 0
    assert page.run("return document.scripts.length") == 1
    assert page.run("return document.styleSheets.length") == 1
    attributes = page.run(
        """return [...document.querySelectorAll("*")].flatMap((e) => [...e.attributes])
           .map((a) => a.name).filter((name) => name.startsWith("on") || name === "style");"""
    )
    assert attributes == []
    text = page.run("return document.body.textContent")
    for name in INJECTIONS:
        shown = "".join(p.text for p in pieces(name.decode("utf-8", "surrogateescape")))
        assert shown in text


def test_hostile_names_do_nothing_without_script_either(show_without_script: Show) -> None:
    page = show_without_script(hostile_report())
    assert "owned" in page.driver.find_element(By.TAG_NAME, "h1").text
    assert page.driver.find_elements(By.CSS_SELECTOR, "img, iframe, base, link, object") == []
    assert page.requests() == [page.url]


def test_the_page_asks_for_nothing(show: Show) -> None:
    page = show(hostile_report())
    page.run("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    page.driver.find_element(By.ID, "by-class").click()
    assert page.requests() == [page.url]


class _Server(http.server.ThreadingHTTPServer):
    asked: list[str]
    page: bytes


class _Handler(http.server.BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(self.server.page)

    def log_request(self, code: object = "-", size: object = "-") -> None:
        pass


def test_a_server_is_asked_for_the_page_only(show: Show) -> None:
    page = show(small_report())
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.asked, server.page = [], as_html(hostile_report()).encode()
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            page.driver.get(f"http://127.0.0.1:{server.server_port}/report")
            page.run("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
            page.driver.get("about:blank")
        finally:
            server.shutdown()
            thread.join()
    assert server.asked == ["/report"]


ATTEMPTS = {
    "an inline script": """const s = document.createElement("script");
        s.textContent = "document.title = 'owned'"; document.body.append(s);""",
    "a script from elsewhere": """const s = document.createElement("script");
        s.src = "http://127.0.0.1:9/x.js"; document.body.append(s);""",
    "an event attribute": """const i = document.createElement("p");
        i.setAttribute("onclick", "document.title = 'owned'");
        document.body.append(i); i.click();""",
    "a style element": """const s = document.createElement("style");
        s.textContent = "body { display: none }"; document.body.append(s);""",
    "a style attribute": """document.body.setAttribute("style", "display: none")""",
    "a style sheet": """const l = document.createElement("link"); l.rel = "stylesheet";
        l.href = "http://127.0.0.1:9/x.css"; document.head.append(l);""",
    "an image": """const i = document.createElement("img");
        i.src = "http://127.0.0.1:9/x.png"; document.body.append(i);""",
    "an image of its own": """const i = document.createElement("img");
        i.src = "data:image/gif;base64,R0lGODlhAQABAAAAACw="; document.body.append(i);""",
    "a frame": """const f = document.createElement("iframe");
        f.src = "http://127.0.0.1:9/"; document.body.append(f);""",
    "a request": """fetch("http://127.0.0.1:9/").catch(() => {});""",
    "a form": """const f = document.createElement("form"); f.action = "http://127.0.0.1:9/";
        document.body.append(f); f.submit();""",
    "another base": """const b = document.createElement("base"); b.href = "http://127.0.0.1:9/";
        document.head.append(b);""",
    "evaluated text": """setTimeout("document.title = 'owned'", 0);""",
}


@pytest.mark.parametrize("name", ATTEMPTS)
def test_the_policy_stops_whatever_would_get_past_the_escaping(show: Show, name: str) -> None:
    page = show(small_report())
    page.driver.set_script_timeout(10)
    violated = page.driver.execute_async_script(
        """const done = arguments[arguments.length - 1];
           addEventListener("securitypolicyviolation", (e) => done(e.effectiveDirective));
           try {"""
        + ATTEMPTS[name]
        + "} catch (e) { done('refused'); }"
    )
    assert violated
    assert page.driver.find_element(By.TAG_NAME, "h1").is_displayed()
    assert "owned" not in page.driver.title
    # Where a frame was stopped Chromium shows a page of its own, with pictures in data: URLs.
    asked = [url for url in page.requests() if not url.startswith("data:")]
    assert [url for url in asked if not url.startswith("chrome-error:")] == [page.url]


def order(page: Any, selector: str) -> list[str]:
    """The characters of an element's text in the order in which they stand on the screen."""
    found: list[str] = page.run(
        """const places = [];
           const walk = document.createTreeWalker(
             document.querySelector(arguments[0]), NodeFilter.SHOW_TEXT);
           while (walk.nextNode()) {
             const node = walk.currentNode;
             for (let i = 0; i < node.length; i += 1) {
               const range = document.createRange();
               range.setStart(node, i); range.setEnd(node, i + 1);
               const box = range.getBoundingClientRect();
               if (node.data[i].trim()) places.push([box.top, box.left, node.data[i]]);
             }
           }
           places.sort((a, b) => Math.abs(a[0] - b[0]) > 8 ? a[0] - b[0] : a[1] - b[1]);
           return places.map((p) => p[2]);""",
        selector,
    )
    return found


@pytest.mark.parametrize(
    "text",
    ["a\N{RIGHT-TO-LEFT OVERRIDE}cba.txt", "x/\u05d0\u05d1\u05d2/\u05d3\u05d4.c", "\u0645\u0644.1"],
)
def test_nothing_changes_the_order_of_a_name_or_of_a_diff(show: Show, text: str) -> None:
    # Above it a name that would reverse all that follows, were it let.
    path = b"t/" + text.encode()
    page = show(report_on([unexplained(path, b"old\n", text.encode() + b"\n")]))
    shown = "".join(p.text for p in pieces(text))
    assert order(page, ".card summary .path") == list("t/" + shown)
    assert order(page, ".diff ins") == list("+" + shown)


CONTRAST = """
const linear = (v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
const channel = (v) => linear(v / 255);
const luminance = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
const parse = (text) => text.match(/[\\d.]+/g).map(Number);
const over = (top, below) => {
  const a = top.length > 3 ? top[3] : 1;
  return [0, 1, 2].map((i) => top[i] * a + below[i] * (1 - a));
};
const background = (element) => {
  const layers = [];
  for (let e = element; e; e = e.parentElement) {
    const colour = parse(getComputedStyle(e).backgroundColor);
    layers.push(colour);
    if (colour.length === 3 || colour[3] === 1) break;
  }
  return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255]);
};
const ratio = (one, other) => {
  const [a, b] = [luminance(one), luminance(other)].sort((x, y) => y - x);
  return (a + 0.05) / (b + 0.05);
};
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_in_light_and_dark(show: Show, scheme: str) -> None:
    page = show(small_report())
    page.media({"prefers-color-scheme": scheme})
    page.run("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    weak = page.run(
        CONTRAST
        + """
        const weak = [];
        for (const e of document.querySelectorAll("body *:not(svg *):not(script)")) {
          if (![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())) continue;
          if (!e.getClientRects().length || e.closest(".sr, .skip")) continue;
          const style = getComputedStyle(e), back = background(e);
          let colour = over(parse(style.color), back);
          for (let p = e; p; p = p.parentElement) {
            const opacity = Number(getComputedStyle(p).opacity);
            colour = over([...colour, opacity], back);
          }
          const found = ratio(colour, back);
          if (found < 4.5) weak.push([e.className || e.tagName, e.textContent.slice(0, 30), found]);
        }
        return weak;"""
    )
    assert weak == []
    dark = page.run(CONTRAST + "return luminance(background(document.body)) < 0.2")
    assert dark is (scheme == "dark")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("chosen", ["by-standing", "by-class"])
def test_labels_of_the_treemap_can_be_read(show: Show, scheme: str, chosen: str) -> None:
    page = show(small_report())
    page.media({"prefers-color-scheme": scheme})
    page.driver.find_element(By.ID, chosen).click()
    weak = page.run(
        CONTRAST
        + """
        const weak = [];
        for (const cell of document.querySelectorAll("#map .cell")) {
          const label = cell.querySelector("text");
          if (!label) continue;
          const fill = getComputedStyle(cell.querySelector("rect")).fill;
          const pattern = fill.match(/#([\\w-]+)/);
          const style = getComputedStyle(label);
          // Where a label is outlined, the outline is what it stands on.
          const under = style.stroke !== "none" ? style.stroke : pattern
            ? getComputedStyle(document.querySelector(`#${pattern[1]} .back`)).fill : fill;
          const found = ratio(parse(style.fill), parse(under));
          if (found < 4.5) weak.push([cell.getAttribute("class"), label.textContent, found]);
        }
        return weak;"""
    )
    assert weak == []


def test_standings_are_told_apart_without_colour(show: Show) -> None:
    """By patterns in the picture, by words or letters everywhere else."""
    page = show(small_report())
    fills = page.run(
        """return [...document.querySelectorAll("#map .cell rect")]
           .map((rect) => getComputedStyle(rect).fill.replace(/.*#/, ""));"""
    )
    assert {fill.rstrip('")') for fill in fills if "p-" in fill} == {"p-s1", "p-s2", "p-s3"}
    rows = page.run(
        """return [...document.querySelectorAll(".tree .row.f[data-s]:not([data-s='0'])")]
           .map((row) => row.querySelector(".tag") && row.querySelector(".tag").textContent);"""
    )
    assert set(rows) == {"explained", "allowed", "unexplained"}
