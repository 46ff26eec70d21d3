"""After a back-up was put back: what must not come back with it, and what is no longer known.

Void are all open codes and all sessions. Revocations and erasures made since the back-up are done
again, and streams given to their kiosks again, from the file that lies beside the database and does
not belong into back-ups (`store.withdrawn`). Every kiosk counts as never heard from, so none is
called complete until it has spoken: what it had acknowledged after the back-up it sends again
(wire.md, promise 5).
"""

from __future__ import annotations

import msgspec

from sync.central import claims, erasure, fold, store
from sync.central.store import (
    comments,
    heartbeats,
    kiosks,
    office,
    people,
    tokens,
    transaction,
    withdrawn,
)


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """How much was done."""

    codes: int
    sessions: int
    revocations: int
    erasures: int
    gifts: int
    kiosks: int
    file: str


def restored(books: store.Store, now: int) -> Done:
    """Make a database that was put back safe to use; again is fine. One transaction."""
    withdrawals = withdrawn.read(books.withdrawn)

    def work(connection: transaction.Transaction) -> Done:
        erased = [one for one in withdrawals if one.code]
        given = [one for one in withdrawals if one.given]
        revoked = [one for one in withdrawals if not (one.code or one.given)]
        for one in erased:
            again = comments.Erasure(one.kiosk, one.stream, one.seq, one.code, one.at, one.by)
            erasure.apply(connection, again)
        known = {one.kiosk for one in kiosks.every(connection)}
        gifts = sum(
            claims.again(connection, one.stream, one.kiosk, one.seq, now)
            for one in given
            if one.kiosk in known
        )
        revocations = sum(tokens.revoke_until(connection, one.kiosk, one.at) for one in revoked)
        done = Done(
            codes=tokens.void_codes(connection, now),
            sessions=people.end_sessions(connection),
            revocations=revocations,
            erasures=len(erased),
            gifts=gifts,
            kiosks=office.unheard(connection, now),
            file=str(books.withdrawn),
        )
        heartbeats.forget(connection)
        withdrawn.forget(connection)  # what was done again is in the file already
        return done

    done = books.attempt(work)
    fold.catch_up(books)  # a kiosk that had to give a stream away perhaps sends nothing more
    return done
