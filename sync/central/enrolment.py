"""Who may speak: codes of three words let a kiosk in, its token speaks for it from then on.

Rule 1: the office keeps only SHA-256 of a code's and a token's text.
Rule 2: a code is open for a week, to one token; the same code with the same token again is the same
answer, for a lost answer must burn nothing.
Rule 3: whoever sends a wrong code learns no more than that, and is slowed (`guessing.py`).
Rule 4: a token's place is its own kiosk's; which kiosk a call is about always comes from its token.
Rule 5: a kiosk rolls its token `ROLLS` times a day at most, and no more than that many of its
tokens wait for their first use: so a stolen one does not fill the books. The token in use is never
dropped, nor one that was rolled within a day; the same roll again is always answered.
"""

import hashlib
import re
import secrets
import zoneinfo
from typing import NamedTuple

from sync.central import guessing, problems, tries, words
from sync.central.store import engine, errors, kiosks, tokens, transaction
from sync.feedback import wire

OPEN_FOR = 7 * 24 * 3600 * 1000
"""Milliseconds a code may be used: a box can lie in a shop's back room over a long weekend."""

ROLLS = 10
"""A day, and so many that wait for their first use. The office orders a roll every few years; each
order is one, however often its answer is lost."""
ENDED = 32
"""So many ended tokens of a kiosk are kept at least: their 403 says more than a 401, and sticks
that were signed before a roll are still taken (`by_hand`)."""
DAY = 24 * 3600 * 1000

_TOKEN = re.compile(wire.TOKEN_PATTERN)
_NO_TOKEN = 'Send "Authorization: Bearer" with the token that the kiosk made at its enrolment.'


class Added(NamedTuple):
    """A new place, and its code: the only time it is seen."""

    kiosk: str
    code: str


class Speaker(NamedTuple):
    """The kiosk that speaks, and the hash of the token it speaks with."""

    kiosk: str
    token_hash: str


def fingerprint(secret: str) -> str:
    """Give what the office keeps of a code or token."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def add(store: engine.Store, site: str, touchpoint: str, time_zone: str, now: int) -> Added:
    """Make a place for a kiosk and the code that lets it in. Raises errors.Wrong."""
    check(site, touchpoint, time_zone)
    code = words.code(secrets.randbelow)

    def work(connection: transaction.Transaction) -> Added:
        kiosk = kiosks.add(
            connection, site=site, touchpoint=touchpoint, time_zone=time_zone, now=now
        )
        _add_code(connection, kiosk, code, now, replaces=False)
        return Added(kiosk, code)

    return store.attempt(work)


def check(site: str, touchpoint: str, time_zone: str) -> None:
    """Raise errors.Wrong for what will not do as a kiosk's place."""
    _check_name("site", site)
    _check_name("touchpoint", touchpoint)
    _check_time_zone(time_zone)


def replace(store: engine.Store, kiosk: str, now: int) -> Added:
    """Make a code whose device takes over this kiosk's place; its open codes end.

    The old device speaks until the new one has enrolled. Raises errors.Unknown.
    """
    code = words.code(secrets.randbelow)

    def work(connection: transaction.Transaction) -> Added:
        kiosks.get(connection, kiosk)
        tokens.void_codes(connection, now, kiosk=kiosk)
        _add_code(connection, kiosk, code, now, replaces=True)
        return Added(kiosk, code)

    return store.attempt(work)


def revoke(store: engine.Store, kiosk: str, now: int) -> None:
    """Silence a kiosk: its tokens and open codes end, its books stay. Raises errors.Unknown."""

    def work(connection: transaction.Transaction) -> None:
        kiosks.change(connection, kiosk, revoked_at=now)
        tokens.void_codes(connection, now, kiosk=kiosk)
        tokens.revoke(connection, now, kiosk=kiosk)

    store.attempt(work)


def _add_code(
    connection: transaction.Transaction, kiosk: str, code: str, now: int, *, replaces: bool
) -> None:
    tokens.add_code(
        connection,
        code_hash=fingerprint(code),
        kiosk=kiosk,
        now=now,
        expires_at=now + OPEN_FOR,
        replaces=replaces,
    )


def enrol(store: engine.Store, message: wire.Enrolment, address: str, now: int) -> kiosks.Kiosk:
    """Let a kiosk in. Raises problems: 422 token, 429 guessing, 403 wrong code, 409 taken token."""
    _check_token(message.token)
    told = "Too many wrong codes were tried; wait, then try again."
    one = tries.take(store, guessing.CODES, address, now, told)
    place = store.attempt(lambda connection: _enrolled(connection, message, now))
    tries.give_back(store, one)
    return place


def _enrolled(
    connection: transaction.Transaction, message: wire.Enrolment, now: int
) -> kiosks.Kiosk:
    code = tokens.code(connection, fingerprint(words.normal(message.code[:200])))
    token = fingerprint(message.token)
    if code is None or code.token_hash not in {None, token}:
        raise _wrong_code()
    if code.token_hash is None:
        if code.void_at is not None or code.expires_at <= now:
            raise _wrong_code()
        _let_in(connection, code, token, message.device, now)
    return kiosks.get(connection, code.kiosk)


def _let_in(
    connection: transaction.Transaction,
    code: tokens.Code,
    token: str,
    device: wire.Device,
    now: int,
) -> None:
    if tokens.get(connection, token) is not None:
        raise problems.Problem(wire.TAKEN_TOKEN, "This token is in use already: make a new one.")
    if code.replaces:
        tokens.revoke(connection, now, kiosk=code.kiosk)
        # after a back-up is put back, what was made until `now` ends again: this one is later
        now += 1
    tokens.add(connection, token_hash=token, kiosk=code.kiosk, now=now)
    tokens.use_code(connection, code.code_hash, token, now)
    kiosks.change(
        connection,
        code.kiosk,
        enrolled_at=now,
        revoked_at=None,
        model=_short(device.model),
        serial=_short(device.serial),
        app=_short(device.app),
    )


def _wrong_code() -> problems.Problem:
    return problems.Problem(
        wire.WRONG_CODE, "This code is unknown, expired or used up: ask the office for a new one."
    )


def roll(store: engine.Store, speaker: Speaker, new: str, now: int) -> None:
    """Let a kiosk's new token in beside its old one, until the new one is first used.

    The same new token again is the same answer. Raises problems: 422 token, 409 taken token, 429.
    """
    _check_token(new)
    token = fingerprint(new)

    def work(connection: transaction.Transaction) -> None:
        kiosks.lock(connection, speaker.kiosk)
        known = tokens.get(connection, token)
        if known is None:
            _make_room(connection, speaker.kiosk, now)
            tokens.add(
                connection,
                token_hash=token,
                kiosk=speaker.kiosk,
                now=now,
                rolls=speaker.token_hash,
            )
        elif known.kiosk != speaker.kiosk or known.revoked_at is not None:
            raise problems.Problem(
                wire.TAKEN_TOKEN, "This token is in use already: make a new one."
            )

    store.attempt(work)


def _make_room(connection: transaction.Transaction, kiosk: str, now: int) -> None:
    """Drop what may be dropped before one more is rolled; raises 429 after too many in a day."""
    of = tokens.of(connection, kiosk)
    today = [one for one in of if one.rolls is not None and one.made_at > now - DAY]
    if len(today) >= ROLLS:
        seconds = (today[0].made_at + DAY - now) // 1000 + 1
        raise problems.slow_down(seconds, f"A kiosk may change its token {ROLLS} times a day.")
    waiting = [one for one in of if one.rolls is not None and one.used_at is None]
    unused = [one for one in waiting if one.revoked_at is None]
    ended = [one for one in of if one.revoked_at is not None]
    old = [*unused[: -(ROLLS - 1)], *ended[:-ENDED]]
    tokens.forget(connection, [one.token_hash for one in old if one.made_at <= now - DAY])


def bearer(header: str) -> str:
    """Give the token of an `Authorization` header; raises 401 where there is none of our form."""
    scheme, _, token = header.partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token:
        raise problems.Problem(wire.NO_TOKEN, _NO_TOKEN)
    return token


def speaker(store: engine.Store, token: str, now: int) -> Speaker:
    """Say which kiosk speaks. Raises problems: 401 no token of ours, 403 revoked.

    The first use of a rolled token ends those of its kiosk that came before it.
    """
    known = None
    if _TOKEN.match(token):
        with store.read() as connection:
            known = tokens.get(connection, fingerprint(token))
    if known is None:
        raise problems.Problem(wire.NO_TOKEN, _NO_TOKEN)
    if known.revoked_at is not None:
        raise problems.Problem(
            wire.REVOKED, "This kiosk's token was ended by the office: enrol it with a new code."
        )
    if known.used_at is None:
        _first_use(store, known, now)
    return Speaker(known.kiosk, known.token_hash)


def _first_use(store: engine.Store, token: tokens.Token, now: int) -> None:
    def work(connection: transaction.Transaction) -> None:
        tokens.first_used(connection, token, now)
        if token.rolls is not None:
            # rolls whose answer got lost left tokens behind that nobody will ever use
            tokens.revoke(connection, now, kiosk=token.kiosk, but=token.token_hash)

    store.attempt(work)


def _check_token(token: str) -> None:
    if not _TOKEN.fullmatch(token):  # `match` takes a newline at the end, which no header can say
        raise problems.Problem(
            wire.MALFORMED, "The token must be 256 random bits as 64 lowercase hex digits."
        )


def _check_name(what: str, name: str) -> None:
    if not 1 <= len(name) <= 100 or not name.isprintable() or name != name.strip():
        raise errors.Wrong(
            f"{what} {name!r} will not do: 1 to 100 printable characters without space around them"
        )


def _check_time_zone(name: str) -> None:
    try:
        zoneinfo.ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # ZoneInfoNotFoundError is a KeyError
        raise errors.Wrong(
            f"time zone {name!r} is not known: one such as Europe/Stockholm would be right"
        ) from None


def _short(text: str) -> str:
    # what PostgreSQL cannot store is not worth refusing a kiosk for
    plain = text.encode("utf-8", "ignore").decode("utf-8")
    return "".join(letter for letter in plain if letter.isprintable())[:100]
