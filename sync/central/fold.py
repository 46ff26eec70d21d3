"""Keeping a kiosk's figures: the fold of its events, on and on, or anew from the first.

The fold itself is `sync.feedback.totals`, the same as on the card. Here it meets the books: its
state lies in the kiosk's account, its signed deltas go into the hourly roll-ups, both in the
transaction that stores the events. Refused events are not folded; `lost` ones are.

The office's totals are what a fold from scratch of its events gives: `differences` checks. When a
fuller copy changes a kiosk's past, all of it is folded anew: at once up to AT_ONCE events. For more
the figures are due: they stand as they are while such copies keep coming (a big card that comes
back has hundreds of batches of them), and are folded anew by the next batch or heartbeat that
brings none.

Reading old events again is paid for (and so is a new stream, which has all that are at rest looked
through: thousands, with a stolen token): each moves the account's `folded_until` on by a fifth of a
millisecond, so that one kiosk, or who has its token, takes some per cent of a processor in the long
run. While it is more than CREDIT ahead of the time, figures that need a past read again are due and
stay so; the first message after that folds them anew, exactly. Whoever shows figures says which
are `late`. More than LONGEST ahead is nobody's debt: the office's own clock was wrong.

What a fold carries for events that are yet to come (names of ratings, visits without their
beginning) is read and written with each message. Beyond HEAVIEST, which no honest card comes near,
a kiosk's figures stay as they are, and late: with a stolen token they took the office's memory.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from sync.central import metering, store
from sync.central.store import accounts, events, rollups, streams, transaction
from sync.feedback import cells, totals, wire
from sync.feedback import events as feedback

AT_ONCE: Final = 20_000  # events, some tenths of a second
DUE: Final = 0  # the `rules` of an account whose figures are to be folded anew
PER_MS: Final = 5  # events read again in a millisecond of `folded_until`
CREDIT: Final = 60_000  # ms, 300,000 events
LONGEST: Final = 86_400_000  # ms; a debt of more would be 400 million events read in one message
HEAVIEST: Final = 100_000  # visits and names, some megabytes
BITE: Final = 256 << 10  # bytes of events folded between two looks at the weight
AT_REST: Final = 20  # bytes of streams at rest that are looked through in the time of an event


class _TooHeavy(Exception):
    """The fold carries more than it may."""


class News(NamedTuple):
    """New events of a stream; each once more, decoded, or None where that is not at hand."""

    stream: str
    raws: Sequence[bytes]
    decoded: Sequence[feedback.Event | None]


class Folded(NamedTuple):
    """The account to save, and what is to be added to the kiosk's roll-ups with it."""

    account: accounts.Account
    deltas: cells.Deltas


def on(
    connection: transaction.Transaction,
    account: accounts.Account,
    news: News,
    *,
    now: int,
    added: Callable[[], None],
) -> Folded:
    """Fold new events, which the database is putting in, onto a kiosk's figures.

    `now` is ms since 1970; `added` is called before the connection is used (`events.adding`).
    """
    if due(account):
        added()
        return Folded(refreshed(connection, account, now), {})
    meter = metering.Meter(forbidden=not _may(account, now), ready=added)
    history = _history(connection, meter)
    if account.book is None:
        book = totals.Book(history=history)
    else:
        try:
            book = totals.Book.load(account.book, history=history)
        except totals.Outdated:
            added()
            return Folded(anew(connection, account, now), {})
    try:
        if account.book is not None and not book.through(news.stream):
            meter.pay(len(account.book) // AT_REST)
        deltas = _fed(book, *news)
    except (metering.TooDear, _TooHeavy):
        return Folded(_put_off(account), {})
    account = account._replace(book=book.dump(), rules=totals.VERSION)
    return Folded(_charged(account, meter, now) if meter.read else account, deltas)


def _fed(
    book: totals.Book,
    stream: str,
    raws: Sequence[bytes],
    decoded: Sequence[feedback.Event | None] | None = None,
) -> cells.Deltas:
    """Fold events of a stream, an ordinary batch in one go; raises _TooHeavy."""
    table: cells.Deltas = {}
    for bite in _bites(raws):
        known = itertools.repeat(None) if decoded is None else decoded[bite]
        deltas = book.apply(stream, raws[bite], known)
        if book.weight > HEAVIEST:
            raise _TooHeavy
        if not table and bite.stop == len(raws):
            return deltas
        cells.add(table, deltas)
    return table


def _bites(raws: Sequence[bytes]) -> Iterator[slice]:
    """Cut events into pieces of about BITE."""
    if sum(map(len, raws)) < BITE:  # as nearly all batches are
        yield slice(0, len(raws))
        return
    first = size = 0
    for after, raw in enumerate(raws, 1):
        size += len(raw)
        if size >= BITE or after == len(raws):
            yield slice(first, after)
            first, size = after, 0


def _put_off(account: accounts.Account) -> accounts.Account:
    """Give the account with figures that are due; what was never folded has an empty book."""
    return account._replace(book=account.book or b"", rules=DUE)


def changed(
    connection: transaction.Transaction, account: accounts.Account, now: int
) -> accounts.Account:
    """Give the account after its past changed: folded anew, or due."""
    summary = streams.summaries(connection, account.kiosk).get(account.kiosk)
    small = summary is None or summary.stored <= AT_ONCE
    if account.book is None or (small and _may(account, now)):
        return anew(connection, account, now)
    return account._replace(rules=DUE)


def refreshed(
    connection: transaction.Transaction, account: accounts.Account, now: int
) -> accounts.Account:
    """Give the account folded anew if that is due and may be done now."""
    return anew(connection, account, now) if due(account) and _may(account, now) else account


def _may(account: accounts.Account, now: int) -> bool:
    return _ahead(account, now) <= CREDIT


def _ahead(account: accounts.Account, now: int) -> int:
    """Give how much (ms) is still to be paid for."""
    ahead = max(account.folded_until - now, 0)
    return ahead if ahead <= LONGEST else 0


def _charged(account: accounts.Account, meter: metering.Meter, now: int) -> accounts.Account:
    until = now + _ahead(account, now) + meter.read // PER_MS
    return account._replace(folded_until=until)


def due(account: accounts.Account) -> bool:
    """Tell whether the figures are to be folded anew before they are true again."""
    return account.book is not None and account.rules == DUE


def late(connection: transaction.Transaction) -> frozenset[str]:
    """Give the kiosks whose figures are not yet what their events say: due, or of older rules."""
    return frozenset(accounts.outdated(connection, totals.VERSION))


def settle(books: store.Store, kiosk: str) -> None:
    """Fold a kiosk's events anew if that is due, whatever it costs: a person asked for it."""

    def work(connection: transaction.Transaction) -> None:
        account = accounts.lock(connection, kiosk)
        if due(account):
            accounts.save(connection, anew(connection, account))

    books.attempt(work)


def anew(
    connection: transaction.Transaction, account: accounts.Account, now: int | None = None
) -> accounts.Account:
    """Fold all of a kiosk's events from the first, because its past or the rules changed.

    `now`: it is paid for; else a person asked for it.
    """
    meter = metering.Meter()
    try:
        book, table = _scratch(connection, account.kiosk, meter)
    except _TooHeavy:
        return _put_off(account) if now is None else _charged(_put_off(account), meter, now)
    rollups.clear(connection, account.kiosk)
    rollups.add(connection, account.kiosk, table)
    account = account._replace(book=book.dump(), rules=totals.VERSION)
    return account if now is None else _charged(account, meter, now)


def recompute(books: store.Store, kiosk: str) -> bool:
    """Fold a kiosk's events anew, as after a change of rules; tell whether its figures moved."""

    def work(connection: transaction.Transaction) -> bool:
        account = accounts.lock(connection, kiosk)
        before = _kept(connection, kiosk)
        accounts.save(connection, anew(connection, account))
        return before != _kept(connection, kiosk)

    return books.attempt(work)


def catch_up(books: store.Store) -> int:
    """Fold anew what older rules folded, after an upgrade; gives of how many kiosks.

    One transaction a kiosk: those that send meanwhile catch up by themselves.
    """
    with books.read() as connection:
        outdated = accounts.outdated(connection, totals.VERSION)
    for kiosk in outdated:
        recompute(books, kiosk)
    return len(outdated)


def differences(books: store.Store, kiosk: str) -> cells.Deltas:
    """Give the cells in which the kept counts and a fold from scratch differ: none, always."""
    with books.read() as connection:
        found = dict(_kept(connection, kiosk))
        _, table = _scratch(connection, kiosk, metering.Meter())
    cells.add(found, {cell: -n for cell, n in table.items()})
    return found


def _kept(connection: transaction.Transaction, kiosk: str) -> cells.Deltas:
    return rollups.read(connection, kiosk=kiosk).get(kiosk, {})


def _scratch(
    connection: transaction.Transaction, kiosk: str, meter: metering.Meter
) -> tuple[totals.Book, cells.Deltas]:
    reached: dict[str, int] = {}
    book = totals.Book(history=_history(connection, meter, reached))
    table: cells.Deltas = {}
    for stream in streams.every(connection, kiosk):
        for page in meter.pages(events.of(connection, stream.stream)):
            reached[stream.stream] = page[-1].seq
            cells.add(table, _fed(book, stream.stream, [row.raw.encode() for row in page]))
    return book, table


def _history(
    connection: transaction.Transaction,
    meter: metering.Meter,
    reached: dict[str, int] | None = None,
) -> Callable[[str], Iterator[bytes]]:
    """Give what the fold asks for when something old is touched: a stream's events once more.

    With `reached`, only as far as they were folded (stream → seq).
    """

    def history(stream: str) -> Iterator[bytes]:
        last = wire.MAX_INTEGER if reached is None else reached.get(stream, 0)
        for page in meter.pages(events.of(connection, stream, last=last)):
            yield from (row.raw.encode() for row in page)

    return history
