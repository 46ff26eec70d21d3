"""The office's pages in a real browser: log-in, today, the API's page; light and dark."""

from __future__ import annotations

import json
import pathlib
import secrets
import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from playwright import sync_api

from tests import databases, office_desk, office_process, senders

CHROMIUM = "/usr/bin/chromium"
# as root and without a graphics card; and nothing is fetched for the browser's own sake
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
AXE = pathlib.Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[office_process.Process]:
    """An office with two kiosks, 70 and 3 taps, and somebody who may log in."""
    folder = tmp_path_factory.mktemp("browser")
    with databases.sqlite(folder) as fresh:
        database = fresh()
        added = office_process.central(
            "user", "add", "anna", "--role", "reader", database=database, given="a long enough one"
        )
        assert added.returncode == 0, added.stderr
        with office_process.office(database, folder) as running:
            for site, taps in (("Lund Centrum", 70), ("Malmö Centrum", 3)):
                tapped(running, database, site, taps)
            yield running


def tapped(running: office_process.Process, database: str, site: str, taps: int) -> None:
    """Enrol a kiosk that had so many taps in the last minutes."""
    words = ("kiosk", "add", "--site", site, "--touchpoint", "Exit A")
    code = office_process.central(*words, database=database).stdout.strip()
    token = secrets.token_hex(32)
    enrolment = {"format": 1, "code": code, "token": token, "device": {}}
    answer = requests.post(f"{running.url}/v1/enrolments", json=enrolment, timeout=10)
    assert answer.status_code == 201, answer.text
    events = office_desk.opening(round(time.time() * 1000) - 600_000)
    for number in range(taps):
        face = (4, 4, 4, 3, 3, 2, 1)[number % 7]
        events.append(senders.rating(5 + number, face, mono=20_000 + number * 6_000))
    batch = {
        "format": 1,
        "stream": "0b51a6de-7e68-4b7c-9c3f-00000000000" + str(len(site) % 10),
        "last_seq": len(events),
        "events": events,
    }
    bearer = {"Authorization": f"Bearer {token}"}
    answer = requests.post(f"{running.url}/v1/batches", json=batch, headers=bearer, timeout=10)
    assert answer.status_code == 200, answer.text


@pytest.fixture(scope="module")
def chromium() -> Iterator[sync_api.Browser]:
    """Debian's browser."""
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


class Visit:
    """One visitor's page, and all that it asked for or complained of."""

    def __init__(self, page: sync_api.Page, url: str) -> None:
        self.page = page
        self.url = url
        self.asked: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._heard)

    def _heard(self, message: sync_api.ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def log_in(self) -> None:
        """Log in by the keyboard alone."""
        self.page.goto(f"{self.url}/")
        self.page.wait_for_function("document.activeElement.name === 'name'")
        self.page.keyboard.type("anna")
        self.page.keyboard.press("Tab")
        self.page.keyboard.type("a long enough one")
        self.page.keyboard.press("Enter")
        self.page.wait_for_selector("#today")

    def axe(self) -> list[Any]:
        """Give what axe finds, over the DevTools' own way in, past the page's policy."""
        session = self.page.context.new_cdp_session(self.page)
        session.send("Runtime.evaluate", {"expression": AXE.read_text("utf-8")})
        told = session.send(
            "Runtime.evaluate",
            {
                "expression": f"axe.run({{runOnly: {json.dumps(WCAG)}}})"
                ".then(result => JSON.stringify(result.violations))",
                "awaitPromise": True,
                "returnByValue": True,
            },
        )
        found: list[Any] = json.loads(told["result"]["value"])
        return found

    def stayed_home(self) -> bool:
        """Whether nothing was asked of anybody but the office."""
        return all(one.startswith((self.url, "data:")) for one in self.asked)


@pytest.fixture(params=["light", "dark"])
def visit(
    request: pytest.FixtureRequest, chromium: sync_api.Browser, office: office_process.Process
) -> Iterator[Visit]:
    """A visitor who prefers light, then one who prefers dark."""
    context = chromium.new_context(
        color_scheme=request.param, viewport={"width": 1280, "height": 800}
    )
    yield Visit(context.new_page(), office.url)
    context.close()


def test_today_is_shown_after_the_log_in(visit: Visit, tmp_path: pathlib.Path) -> None:
    """By the keyboard alone one gets to today's totals of each kiosk."""
    visit.log_in()
    text = " ".join(visit.page.inner_text("#today").split())
    assert "73 set apart" not in text
    assert "Lund Centrum" in text
    assert "Malmö Centrum" in text
    assert "too few to say" in text
    assert text.count("complete through") == 2
    assert visit.page.locator("tbody tr").count() == 2
    visit.page.screenshot(path=tmp_path / "today.png")
    whole = " ".join(visit.page.inner_text(".cards").split())
    assert whole.count("of those who tapped; chance alone makes it") == 2
    (begins,) = visit.page.locator(".cards .figure").evaluate_all(
        "figures => [...new Set(figures.map(figure => figure.getBoundingClientRect().top))]"
    )
    assert begins > 0, "the four figures stand on one line"
    heights = visit.page.locator("tbody th .soft").evaluate_all(
        "sites => [...new Set(sites.map(site => site.getClientRects().length))]"
    )
    assert heights == [1], "a shop's name stands on one line"
    assert visit.stayed_home()
    assert visit.complaints == []


def test_axe_finds_nothing(visit: Visit) -> None:
    """Log-in and first page have nothing that axe objects to, in light and in dark."""
    visit.page.goto(f"{visit.url}/log-in")
    assert visit.axe() == []
    visit.log_in()
    assert visit.axe() == []
    visit.page.set_viewport_size({"width": 390, "height": 844})
    assert visit.axe() == []


def test_the_page_renews_itself(visit: Visit) -> None:
    """The figures are fetched again without the page being left, and the focus stays."""
    visit.page.clock.install()
    visit.log_in()
    visit.page.focus("text=Log out")
    visit.asked.clear()
    with visit.page.expect_response(f"{visit.url}/"):
        visit.page.clock.run_for(16_000)
    visit.page.clock.run_for(1_000)
    assert visit.page.locator("#today h1").count() == 1
    assert visit.page.evaluate("document.activeElement.innerText") == "Log out"
    assert visit.stayed_home()


@pytest.mark.parametrize("width", [360, 800, 1024, 1210, 1440])
def test_nothing_overflows(visit: Visit, width: int) -> None:
    """On a telephone, a tablet and a desk the page is no wider than the screen."""
    visit.page.set_viewport_size({"width": width, "height": 900})
    visit.log_in()
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
    hidden = "of => of.scrollWidth - of.clientWidth"
    assert visit.page.locator(".scroll").evaluate(hidden) == 0, "what the office has is seen, too"


def test_the_api_is_shown_without_an_outside_address(visit: Visit) -> None:
    """The API's page draws every call and asks nobody but the office."""
    visit.page.goto(f"{visit.url}/api")
    visit.page.wait_for_selector("[data-path='/v1/batches']")
    assert visit.page.locator(".opblock").count() >= 9
    assert visit.stayed_home()
    assert visit.complaints == []
