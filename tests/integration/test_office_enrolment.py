"""Who may speak: codes, tokens, guessing; over HTTP, on both databases."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import httpx
import pytest
import sqlalchemy as sa

from sync.central import enrolment, guessing, problems
from sync.central.store import schema, tokens
from sync.feedback import wire
from tests import databases, office_desk, senders

DAY = 86_400_000


@pytest.fixture
def desk(fresh: databases.Fresh) -> Iterator[office_desk.Desk]:
    """An office on each database."""
    with office_desk.desk(fresh()) as opened:
        yield opened


def test_a_code_lets_one_token_in(desk: office_desk.Desk) -> None:
    """A code works once; the same code and token again is the same answer, for it may be lost."""
    code, token = desk.code(), secrets.token_hex(32)
    first = desk.enrol(code, token)
    assert first.status_code == 201
    told = first.json()
    assert told["format"] == 1
    assert told["kiosk"].startswith("k_")
    assert (told["site"], told["touchpoint"]) == ("Lund", "Exit A")
    assert told["time_zone"] == "Europe/Stockholm"
    assert told["office"] == desk.books.office
    assert told["server_time"] == desk.now
    assert desk.enrol(code, token).json() == told
    other = desk.enrol(code, secrets.token_hex(32))
    assert (other.status_code, other.json()["type"]) == (403, wire.WRONG_CODE)


@pytest.mark.parametrize("spelling", ["{0} {1} {2}", "{0}-{1}-{2}.", "  {0},{1},  {2}"])
def test_a_code_may_be_typed_in_many_ways(desk: office_desk.Desk, spelling: str) -> None:
    """Capitals, spaces and all after a word's fourth letter make no difference."""
    words = [word[:4].upper() for word in desk.code().split("-")]
    assert desk.enrol(spelling.format(*words), secrets.token_hex(32)).status_code == 201


def test_a_code_expires(desk: office_desk.Desk) -> None:
    """A code that nobody used for a week is void, and looks like any wrong one."""
    code = desk.code()
    desk.now += 7 * DAY
    answer = desk.enrol(code, secrets.token_hex(32))
    assert (answer.status_code, answer.json()["type"]) == (403, wire.WRONG_CODE)


def test_a_lost_answer_burns_nothing(desk: office_desk.Desk) -> None:
    """A kiosk that never heard the answer gets it after the code has expired, too."""
    code, token = desk.code(), secrets.token_hex(32)
    desk.enrol(code, token)
    desk.now += 8 * DAY
    assert desk.enrol(code, token).status_code == 201


def test_guessing_is_slowed(desk: office_desk.Desk) -> None:
    """After ten wrong codes of an address no code is judged, right or wrong, until time is up."""
    code = desk.code()
    for _ in range(guessing.CODES.per_address):
        assert desk.enrol("brave-purple-elephant", secrets.token_hex(32)).status_code == 403
    slowed = desk.enrol(code, secrets.token_hex(32))
    assert slowed.status_code == 429
    assert slowed.json()["type"] == wire.TOO_MUCH
    seconds = int(slowed.headers["Retry-After"])
    assert slowed.json()["retry_after"] == seconds
    assert 0 < seconds <= guessing.CODES.seconds
    desk.now += seconds * 1000
    assert desk.enrol(code, secrets.token_hex(32)).status_code == 201


def test_guessing_is_slowed_in_all(desk: office_desk.Desk) -> None:
    """A hundred wrong codes of a hundred addresses slow everybody; one address alone cannot."""

    def tried(address: str) -> str:
        message = wire.Enrolment(code="brave-purple-elephant", token=secrets.token_hex(32))
        with pytest.raises(problems.Problem) as raised:
            enrolment.enrol(desk.books, message, address, desk.now)
        return raised.value.kind

    for _ in range(guessing.CODES.in_all):
        tried("198.51.100.1")
    for number in range(guessing.CODES.in_all - guessing.CODES.per_address):
        assert tried(f"203.0.113.{number}") == wire.WRONG_CODE
    assert tried("192.0.2.1") == wire.TOO_MUCH


def test_who_is_slowed_costs_no_commit(desk: office_desk.Desk) -> None:
    """Beyond a limit tries leave nothing in the books, from known addresses and new ones.

    Each was a commit: whoever went on hammering took the one writer of SQLite from the batches.
    """

    def tried(address: str) -> str:
        message = wire.Enrolment(code="brave-purple-elephant", token=secrets.token_hex(32))
        with pytest.raises(problems.Problem) as raised:
            enrolment.enrol(desk.books, message, address, desk.now)
        return raised.value.kind

    def kept() -> dict[str, int]:
        with desk.books.read() as connection:
            rows = connection.execute(sa.select(schema.attempts))
            return {row.address: row.n for row in rows}

    for number in range(guessing.CODES.in_all):
        tried(f"2001:db8:{number // 8}::{number}")
    before = kept()
    assert max(before.values()) == guessing.CODES.in_all
    for address in ("2001:db8::9", "192.0.2.1", "192.0.2.1"):
        assert tried(address) == wire.TOO_MUCH
    assert kept() == before


def test_right_codes_are_not_slowed(desk: office_desk.Desk) -> None:
    """A shop full of kiosks behind one address enrols them all."""
    for _ in range(guessing.CODES.per_address + 3):
        assert desk.kiosk().config().status_code == 200


def test_a_token_that_is_none(desk: office_desk.Desk) -> None:
    """A kiosk's token is 256 random bits; anything else is told so and burns no code."""
    code = desk.code()
    for token in ("", "short", "A" * 64, "g" * 64, "a" * 63, "a" * 65):
        answer = desk.enrol(code, token)
        assert (answer.status_code, answer.json()["type"]) == (422, wire.MALFORMED)
    assert desk.enrol(code, secrets.token_hex(32)).status_code == 201


def test_a_token_is_one_kiosks(desk: office_desk.Desk) -> None:
    """The token of one kiosk enrols no second one (a card that was copied)."""
    known = desk.kiosk()
    answer = desk.enrol(desk.code(touchpoint="Exit B"), known.token)
    assert (answer.status_code, answer.json()["type"]) == (409, wire.TAKEN_TOKEN)


def test_tokens_roll(desk: office_desk.Desk) -> None:
    """Both tokens work until the new one is first used; a roll that is repeated is the same."""
    kiosk = desk.kiosk()
    old, new, never = kiosk.bearer, secrets.token_hex(32), secrets.token_hex(32)
    for token in (never, new, new):
        rolled = desk.client.post("/v1/tokens", json={"format": 1, "token": token}, headers=old)
        assert (rolled.status_code, rolled.json()["kiosk"]) == (201, kiosk.id)
    assert kiosk.config().status_code == 200
    kiosk.token = new
    assert kiosk.config().status_code == 200
    ended = desk.client.get("/v1/config", headers=old)
    assert (ended.status_code, ended.json()["type"]) == (403, wire.REVOKED)
    kiosk.token = never
    assert kiosk.config().status_code == 403


def roll(desk: office_desk.Desk, kiosk: office_desk.Kiosk, token: str) -> httpx.Response:
    """Ask for another token, with the kiosk's own."""
    asked = {"format": 1, "token": token}
    return desk.client.post("/v1/tokens", json=asked, headers=kiosk.bearer)


def test_a_stolen_token_rolls_no_more_than_its_share(desk: office_desk.Desk) -> None:
    """A day's rolls are counted, and told when to come back; whatever was rolled still works."""
    kiosk = desk.kiosk()
    rolled = [secrets.token_hex(32) for _ in range(enrolment.ROLLS)]
    for token in rolled:
        desk.now += 1000
        assert roll(desk, kiosk, token).status_code == 201
    late = roll(desk, kiosk, secrets.token_hex(32))
    assert (late.status_code, late.json()["type"]) == (429, wire.TOO_MUCH)
    assert int(late.headers["Retry-After"]) == DAY // 1000 - enrolment.ROLLS + 2
    assert roll(desk, kiosk, rolled[0]).status_code == 201  # its answer was lost
    desk.now += int(late.headers["Retry-After"]) * 1000
    assert roll(desk, kiosk, secrets.token_hex(32)).status_code == 201
    kiosk.token = rolled[-1]
    assert kiosk.config().status_code == 200


def test_tokens_that_nobody_used_do_not_pile_up(desk: office_desk.Desk) -> None:
    """Weeks of rolling with a stolen token leave a few rows, and the token in use among them."""
    kiosk = desk.kiosk()
    for number in range(60):
        desk.now += DAY // 5
        new = secrets.token_hex(32)
        assert roll(desk, kiosk, new).status_code == 201
        if number % 3 == 0:
            kiosk.token = new
        assert kiosk.config().status_code == 200
    for _ in range(100):
        desk.now += DAY // 5
        assert roll(desk, kiosk, secrets.token_hex(32)).status_code == 201
        assert kiosk.config().status_code == 200
    with desk.books.read() as connection:
        of = tokens.of(connection, kiosk.id)
    assert len(of) <= enrolment.ENDED + 2 * enrolment.ROLLS + 1


def test_a_kiosk_cut_off_between_roll_and_save_gets_in(desk: office_desk.Desk) -> None:
    """However long it was away: with what it had, with what it asked for, and by asking again."""
    kiosk = desk.kiosk()
    new = secrets.token_hex(32)
    assert roll(desk, kiosk, new).status_code == 201
    desk.now += 400 * DAY
    assert kiosk.config().status_code == 200
    assert roll(desk, kiosk, new).status_code == 201
    kiosk.token = new
    assert kiosk.config().status_code == 200


def test_a_revoked_kiosk(desk: office_desk.Desk) -> None:
    """A revoked kiosk is told 403 at every call, and its open code lets nobody in."""
    kiosk = desk.kiosk()
    code = enrolment.replace(desk.books, kiosk.id, desk.now).code
    enrolment.revoke(desk.books, kiosk.id, desk.now)
    assert kiosk.config().status_code == 403
    assert kiosk.send(*office_desk.opening()).json()["type"] == wire.REVOKED
    assert desk.enrol(code, secrets.token_hex(32)).status_code == 403


def test_a_replaced_device(desk: office_desk.Desk) -> None:
    """A new device takes over its predecessor's place; the old one speaks until then."""
    kiosk = desk.kiosk()
    code = enrolment.replace(desk.books, kiosk.id, desk.now).code
    assert kiosk.config().status_code == 200
    answer = desk.enrol(code, secrets.token_hex(32))
    assert (answer.status_code, answer.json()["kiosk"]) == (201, kiosk.id)
    assert kiosk.config().status_code == 403


@pytest.mark.parametrize("header", ["", "Bearer", "Basic YTpi", "Bearer x", "Bearer " + "0" * 64])
def test_no_token_of_ours(desk: office_desk.Desk, header: str) -> None:
    """Without a token of ours the answer is 401, and says how to do it."""
    answer = desk.client.get("/v1/config", headers={"Authorization": header})
    assert (answer.status_code, answer.json()["type"]) == (401, wire.NO_TOKEN)
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_stolen_token_harms_its_own_kiosk_alone(desk: office_desk.Desk) -> None:
    """With one kiosk's token nothing of another is read, written or asked for."""
    victim, thief = desk.kiosk(), desk.kiosk(touchpoint="Exit B")
    assert victim.send(*office_desk.opening(), senders.rating(5)).status_code == 200
    thief.stream = victim.stream
    answer = thief.send(*office_desk.opening(), *[senders.rating(5, 1)])
    assert (answer.status_code, answer.json()["type"]) == (409, wire.FOREIGN_STREAM)
    assert answer.json()["stream"] == victim.stream
    beat = {"format": 1, "stream": victim.stream, "last_seq": 9, "pending": 0}
    heard = desk.client.post("/v1/heartbeats", json=beat, headers=thief.bearer)
    assert heard.json()["type"] == wire.FOREIGN_STREAM
    figures = desk.client.get("/v1/completeness", headers=thief.bearer)
    assert (figures.status_code, figures.json()["type"]) == (403, problems.FORBIDDEN)
    assert desk.client.get("/", headers=thief.bearer, follow_redirects=False).status_code == 303
