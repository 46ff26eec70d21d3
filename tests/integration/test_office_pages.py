"""Log-in and the first page, without a browser."""

from __future__ import annotations

import hashlib
import pathlib
import re
from collections.abc import Iterator

import pytest

from sync.central import enrolment, guessing, people
from sync.central.store import errors
from tests import databases, office_desk, senders

STATIC = pathlib.Path(__file__).parents[2] / "sync" / "central" / "static"
HOUR = 3_600_000


@pytest.fixture
def desk(fresh_sqlite: databases.Fresh) -> Iterator[office_desk.Desk]:
    """An office."""
    with office_desk.desk(fresh_sqlite()) as opened:
        yield opened


def test_strangers_are_sent_to_the_log_in(desk: office_desk.Desk) -> None:
    """Without a session there is no figure; a page that renews itself is moved as a whole."""
    answer = desk.client.get("/", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/log-in")
    renewing = desk.client.get("/", headers={"HX-Request": "true"}, follow_redirects=False)
    assert (renewing.status_code, renewing.headers["HX-Redirect"]) == (401, "/log-in")


def test_logging_in_and_out(desk: office_desk.Desk) -> None:
    """The session's cookie is kept from scripts and other sites, and ends with the log-out."""
    desk.user()
    answer = desk.log_in()
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    [cookie] = [
        one for one in answer.headers.get_list("set-cookie") if one.startswith("smiley_session")
    ]
    assert "httponly" in cookie.lower()
    assert "samesite=lax" in cookie.lower()
    page = desk.client.get("/")
    assert page.status_code == 200
    assert "anna" in page.text
    secret = desk.client.cookies["smiley_session"]
    proof = office_desk.csrf(page)
    out = desk.client.post("/log-out", data={"csrf": proof}, follow_redirects=False)
    assert out.status_code == 303
    desk.client.cookies.set("smiley_session", secret)
    assert desk.client.get("/", follow_redirects=False).status_code == 303


def test_over_tls_the_cookie_never_travels_plain(desk: office_desk.Desk) -> None:
    """Behind a proxy with TLS the cookie is marked Secure."""
    answer = desk.client.get("https://office.example/log-in")
    assert "secure" in answer.headers["set-cookie"].lower()


def test_a_session_ends_by_itself(desk: office_desk.Desk) -> None:
    """After a working day the page asks for the password again."""
    desk.user()
    desk.log_in()
    desk.now += people.SESSION - HOUR
    assert desk.client.get("/", follow_redirects=False).status_code == 200
    desk.now += HOUR
    assert desk.client.get("/", follow_redirects=False).status_code == 303


@pytest.mark.parametrize(("name", "password"), [("anna", "wrong"), ("nobody", "wrong"), ("", "")])
def test_a_wrong_password_says_no_more(desk: office_desk.Desk, name: str, password: str) -> None:
    """Whether the name or the password was wrong is not told."""
    desk.user()
    answer = desk.log_in(name, password)
    assert answer.status_code == 403
    assert "do not belong together" in answer.text


def test_passwords_are_guessed_slowly(desk: office_desk.Desk) -> None:
    """After ten wrong ones the right one is not judged either, until time is up."""
    desk.user()
    for _ in range(guessing.LOG_INS.per_address):
        assert desk.log_in(password="wrong").status_code == 403
    slowed = desk.log_in()
    assert slowed.status_code == 429
    desk.now += int(slowed.headers["Retry-After"]) * 1000
    assert desk.log_in().status_code == 303


def test_forms_of_other_sites_do_nothing(desk: office_desk.Desk) -> None:
    """A form without the page's own proof neither logs in nor out."""
    desk.user()
    desk.client.get("/log-in")
    for proof in ("", "x" * 32):
        forged = {"csrf": proof, "name": "anna", "password": office_desk.PASSWORD}
        assert desk.client.post("/log-in", data=forged).status_code == 403
    desk.log_in()
    assert desk.client.post("/log-out", data={"csrf": "x"}).status_code == 403
    assert desk.client.get("/", follow_redirects=False).status_code == 200


@pytest.mark.parametrize(
    ("name", "password", "role"),
    [("anna", "short", "reader"), ("", "long enough one", "reader"), ("b", "long enough one", "x")],
)
def test_users_that_will_not_do(
    desk: office_desk.Desk, name: str, password: str, role: str
) -> None:
    """A name, password or role that will not do is told in a sentence, without the password."""
    with pytest.raises(errors.Wrong) as raised:
        people.add(desk.books, name, password, role, desk.now)
    assert password not in str(raised.value)


def test_today_per_kiosk(desk: office_desk.Desk) -> None:
    """The first page has each kiosk's taps, its index or that they are too few, and what lacks."""
    desk.user()
    busy, few = desk.kiosk("Lund", "Exit A"), desk.kiosk("Malmö <b>", "Exit B")
    opening = office_desk.opening(desk.now - HOUR)
    faces = [1] * 5 + [2] * 5 + [3] * 20 + [4] * 40
    taps = [senders.rating(seq, face, mono=seq * 20_000) for seq, face in enumerate(faces, 5)]
    assert busy.send(*opening, *taps).status_code == 200
    assert few.send(*opening, senders.rating(5, 4)).status_code == 200
    desk.log_in()
    page = desk.client.get("/").text
    assert "Malmö &lt;b&gt;" in page
    assert "<b>78</b>" in re.sub(r"\s+", "", page) or "too few to say" in page
    text = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "Exit A Lund face 4 of 4: 40 face 3 of 4: 20 face 2 of 4: 5 face 1 of 4: 5 70" in text
    assert "Exit B Malmö &lt;b&gt; face 4 of 4: 1 face 3 of 4: 0" in text
    assert "too few to say" in text
    assert text.count("complete through") == 2
    desk.now += 8 * 60_000
    silent = " ".join(re.sub(r"<[^>]+>", " ", desk.client.get("/").text).split())
    assert "silent since" in silent


def test_a_revoked_kiosks_taps_of_today_stay(desk: office_desk.Desk) -> None:
    """A kiosk stolen at noon took the morning's taps from the page, while `totals` had them."""
    desk.user()
    kiosk, never = desk.kiosk("Lund", "Exit A"), desk.kiosk("Lund", "Exit B")
    opening = office_desk.opening(desk.now - HOUR)
    taps = [senders.rating(seq, 4, mono=seq * 20_000) for seq in range(5, 12)]
    assert kiosk.send(*opening, *taps).status_code == 200
    desk.log_in()
    for one in (kiosk, never):
        enrolment.revoke(desk.books, one.id, desk.now)
    text = " ".join(re.sub(r"<[^>]+>", " ", desk.client.get("/").text).split())
    assert "Taps 7 0 set apart" in text
    assert "revoked; what came before counts" in text
    assert "0 of 0 kiosks in contact" in text
    assert "Exit B" not in text


def test_who_is_disabled_is_out(desk: office_desk.Desk) -> None:
    """A disabled user's session ends at once, and the password lets nobody in."""
    desk.user()
    desk.log_in()
    people.disable(desk.books, "anna", desk.now)
    assert desk.client.get("/", follow_redirects=False).status_code == 303
    assert desk.log_in().status_code == 403


def test_a_browser_is_told_in_words(desk: office_desk.Desk) -> None:
    """A person who goes astray gets a page; a program at the same path gets problem+json."""
    page = desk.client.get("/nowhere", headers={"Accept": "text/html"})
    assert (page.status_code, "To today" in page.text) == (404, True)
    assert "There is nothing at /nowhere." in page.text
    assert desk.client.get("/nowhere").json()["type"] == "/problems/not-found"
    call = desk.client.get("/v1/config", headers={"Accept": "text/html"})
    assert call.json()["type"] == "/problems/no-token"


def test_an_office_without_kiosks_says_what_to_do(desk: office_desk.Desk) -> None:
    """The first page of a new office names the command that adds a kiosk."""
    desk.user()
    desk.log_in()
    assert "smiley-central kiosk add" in desk.client.get("/").text


def test_pages_name_no_address_outside(desk: office_desk.Desk) -> None:
    """No page, style sheet or script of ours names another host; nothing stands inline."""
    desk.user()
    pages = [desk.client.get("/log-in").text, desk.client.get("/api").text]
    desk.log_in()
    pages.append(desk.client.get("/").text)
    for text in pages:
        assert not re.search(r'(src|href|action)="(?!/|#)', text)
        assert not re.search(r"<style|style=|<script>|javascript:| on[a-z]+=", text)
    for file in [*STATIC.glob("*.css"), *STATIC.glob("*.js")]:
        assert "//" not in re.sub(r"^//.*$", "", file.read_text("utf-8"), flags=re.M)


def test_vendored_files_are_unmodified() -> None:
    """Every vendored library is the file whose checksum, version and licence are written down."""
    folder = STATIC / "vendor"
    listed = dict(
        re.findall(r"^\| (\S+) \|.*\| ([0-9a-f]{64}) \|$", (folder / "README.md").read_text(), re.M)
    )
    there = {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.suffix in {".js", ".css", ".otf"}
    }
    assert set(listed) == there
    for name, checksum in listed.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == checksum
        assert (folder / name).with_name("LICENSE.txt").exists()
