"""Chromium as packaged by Debian, headless, with a fresh profile; it must reach nothing."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

from tagseal.core.contents_report import ContentsReport
from tagseal.reports import as_html

FLAGS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--force-prefers-reduced-motion",
)


def _start(profile: Path, *, script: bool) -> webdriver.Chrome:
    options = Options()
    options.binary_location = "/usr/bin/chromium"
    for flag in (*FLAGS, f"--user-data-dir={profile}", "--window-size=1280,900"):
        options.add_argument(flag)
    if not script:
        prefs = {"profile.managed_default_content_settings.javascript": 2}
        options.add_experimental_option("prefs", prefs)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    return webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """A browser that runs scripts."""
    driver = _start(tmp_path_factory.mktemp("profile"), script=True)
    yield driver
    driver.quit()


@pytest.fixture(scope="session")
def chromium_without_script(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """A browser that runs none."""
    driver = _start(tmp_path_factory.mktemp("profile"), script=False)
    yield driver
    driver.quit()


class Shown:
    """A page in a browser."""

    def __init__(self, driver: webdriver.Chrome, path: Path) -> None:
        self.driver = driver
        self.url = path.as_uri()
        driver.get("about:blank")
        for kind in ("browser", "performance"):
            driver.get_log(kind)  # what came before
        self.media({})
        self.size(1280, 900)
        driver.get(self.url)

    def run(self, script: str, *arguments: Any) -> Any:
        """Run a function's body in the page and return what it returns."""
        return self.driver.execute_script(script, *arguments)

    def media(self, features: dict[str, str], *, kind: str = "") -> None:
        """Pretend to prefer a colour scheme, or to be paper."""
        listed = [{"name": name, "value": value} for name, value in features.items()]
        settings = {"media": kind, "features": listed}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", settings)

    def size(self, width: int, height: int) -> None:
        """Pretend to be a window of this size."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def complaints(self) -> list[str]:
        """What the browser had to complain of since the page was opened."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def requests(self) -> list[str]:
        """The URLs that were asked for since the page was opened, its own first.

        What the policy of the page has stopped was never sent.
        """
        events = [json.loads(e["message"])["message"] for e in self.driver.get_log("performance")]
        stopped = {
            event["params"]["requestId"]
            for event in events
            if event["method"] == "Network.loadingFailed"
            and event["params"].get("blockedReason") == "csp"
        }
        return [
            event["params"]["request"]["url"]
            for event in events
            if event["method"] == "Network.requestWillBeSent"
            and event["params"]["requestId"] not in stopped
        ]

    def rows(self) -> list[str]:
        """The names in the rows of files and folders that can be seen."""
        found: list[str] = self.run(
            """return [...document.querySelectorAll(".tree .line")]
               .filter((line) => line.checkVisibility({ contentVisibilityAuto: true }))
               .filter((line) => line.getClientRects().length)
               .map((line) => line.querySelector(".path, em").textContent);"""
        )
        return found


@pytest.fixture
def show(chromium: webdriver.Chrome, tmp_path: Path) -> Callable[[ContentsReport], Shown]:
    """Shows a report in a browser that runs scripts."""
    return lambda report: Shown(chromium, _written(report, tmp_path))


@pytest.fixture
def show_without_script(
    chromium_without_script: webdriver.Chrome, tmp_path: Path
) -> Callable[[ContentsReport], Shown]:
    """Shows a report in a browser that runs no scripts."""
    return lambda report: Shown(chromium_without_script, _written(report, tmp_path))


def _written(report: ContentsReport, folder: Path) -> Path:
    path = folder / "report.html"
    path.write_text(as_html(report), encoding="utf-8")
    return path
