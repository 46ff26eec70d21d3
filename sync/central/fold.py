"""Keeping a kiosk's figures: the fold of its events, on and on, or anew from the first.

The fold itself is `sync.feedback.totals`, the same as on the card. Here it meets the books: its
state lies in the kiosk's account, its signed deltas go into the hourly roll-ups, both in the
transaction that stores the events. Refused events are not folded; `lost` ones are.

The office's totals are what a fold from scratch of its events gives: `differences` checks. When a
fuller copy changes a kiosk's past, all of it is folded anew: at once up to AT_ONCE events. For more
the figures are due: they stand as they are while such copies keep coming (a big card that comes
back has hundreds of batches of them), and are folded anew by the next batch or heartbeat that
brings none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from sync.central import store
from sync.central.store import accounts, events, rollups, streams, transaction
from sync.feedback import cells, totals, wire
from sync.feedback import events as feedback

AT_ONCE: Final = 20_000  # events, some tenths of a second
DUE: Final = 0  # the `rules` of an account whose figures are to be folded anew


def on(
    connection: transaction.Transaction,
    account: accounts.Account,
    stream: str,
    raws: Iterable[bytes],
    decoded: Iterable[feedback.Event | None],
) -> accounts.Account:
    """Fold new events of a stream, stored already, onto a kiosk's figures.

    `decoded` holds each once more, decoded, or None where that is not at hand.
    Gives the account to save.
    """
    if due(account):
        return anew(connection, account)
    history = _history(connection)
    if account.book is None:
        book = totals.Book(history=history)
    else:
        try:
            book = totals.Book.load(account.book, history=history)
        except totals.Outdated:
            return anew(connection, account)
    rollups.add(connection, account.kiosk, book.apply(stream, raws, decoded))
    return account._replace(book=book.dump(), rules=totals.VERSION)


def changed(connection: transaction.Transaction, account: accounts.Account) -> accounts.Account:
    """Give the account after its past changed: folded anew, or due."""
    summary = streams.summaries(connection, account.kiosk).get(account.kiosk)
    if summary is None or summary.stored <= AT_ONCE or account.book is None:
        return anew(connection, account)
    return account._replace(rules=DUE)


def due(account: accounts.Account) -> bool:
    """Tell whether the figures are to be folded anew before they are true again."""
    return account.book is not None and account.rules == DUE


def settle(books: store.Store, kiosk: str) -> None:
    """Fold a kiosk's events anew if that is due."""

    def work(connection: transaction.Transaction) -> None:
        account = accounts.lock(connection, kiosk)
        if due(account):
            accounts.save(connection, anew(connection, account))

    books.attempt(work)


def anew(connection: transaction.Transaction, account: accounts.Account) -> accounts.Account:
    """Fold all of a kiosk's events from the first, because its past or the rules changed."""
    book, table = _scratch(connection, account.kiosk)
    rollups.clear(connection, account.kiosk)
    rollups.add(connection, account.kiosk, table)
    return account._replace(book=book.dump(), rules=totals.VERSION)


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
        _, table = _scratch(connection, kiosk)
    cells.add(found, {cell: -n for cell, n in table.items()})
    return found


def _kept(connection: transaction.Transaction, kiosk: str) -> cells.Deltas:
    return rollups.read(connection, kiosk=kiosk).get(kiosk, {})


def _scratch(connection: transaction.Transaction, kiosk: str) -> tuple[totals.Book, cells.Deltas]:
    reached: dict[str, int] = {}
    book = totals.Book(history=_history(connection, reached))
    table: cells.Deltas = {}
    for stream in streams.every(connection, kiosk):
        for page in events.of(connection, stream.stream):
            reached[stream.stream] = page[-1].seq
            cells.add(table, book.apply(stream.stream, [row.raw.encode() for row in page]))
    return book, table


def _history(
    connection: transaction.Transaction, reached: dict[str, int] | None = None
) -> Callable[[str], Iterator[bytes]]:
    """Give what the fold asks for when something old is touched: a stream's events once more.

    With `reached`, only as far as they were folded (stream → seq).
    """

    def history(stream: str) -> Iterator[bytes]:
        last = wire.MAX_INTEGER if reached is None else reached.get(stream, 0)
        for page in events.of(connection, stream, last=last):
            yield from (row.raw.encode() for row in page)

    return history
