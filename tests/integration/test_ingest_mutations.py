"""Bodies as no kiosk would send them: mutated batches, against both databases side by side."""

from __future__ import annotations

import json
import os
import random
import uuid
from collections import Counter
from typing import Any

import msgspec
import pytest

from sync.central import fold, ingest, store
from sync.feedback import wire
from tests import databases
from tests.senders import comment, lost, rating, start

TOKENS = [
    b"null",
    b"true",
    b"-1",
    b"0",
    b"1.5",
    b"1e400",
    b"9007199254740992",
    b"123456789012345678901234567890",
    b'""',
    b'"\\u0000"',
    b'"\\ud800"',
    b'"\\udc00\\ud800"',
    b"[]",
    b"{}",
    b"[[[[[[[[]]]]]]]]",
    b"NaN",
    b"\xff",
    b"\xed\xa0\x80",
    b"\x00",
    b'"kind":"lost","through":9007199254740991',
    b'"kind":"wrapped"',
    b'"seq":2',
    b'"erased":true',
    b"\xf0\x9f\x98\x80",
]


def batch(chance: random.Random, stream: str) -> bytes:
    """Make a batch that is nearly right, of a few events from somewhere near the beginning."""
    first = chance.choice([1, 1, 1, 2, 3, 5])
    seqs = range(first, first + chance.randrange(1, 6))
    made: list[dict[str, Any]] = []
    reached = first - 1
    for seq in seqs:
        if seq <= reached:
            continue
        kinds = [rating(seq, face=chance.randrange(1, 5)), comment(seq), lost(seq, seq + 2)]
        one = start() if seq == 1 else chance.choice(kinds)
        made.append(one)
        reached = one.get("through", seq)
    told = {"format": 1, "stream": stream, "last_seq": reached, "events": made}
    return json.dumps(told, ensure_ascii=chance.random() < 0.5).encode()


def mutated(chance: random.Random, body: bytes) -> bytes:
    """Spoil a body in one to three places: bits, bytes, cuts, doublings, words put in."""
    spoilt = bytearray(body)
    for _ in range(chance.choice([0, 1, 1, 1, 2, 3])):
        at = chance.randrange(len(spoilt) + 1)
        match chance.randrange(6):
            case 0:
                spoilt[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                del spoilt[at : at + chance.choice([1, 1, 2, 10, 1000])]
            case 2:
                spoilt[at:at] = spoilt[at : at + chance.randrange(1, 60)]
            case 3:
                spoilt[at:at] = chance.choice(TOKENS)
            case _:
                _swap_value(chance, spoilt)
    return bytes(spoilt)


def _swap_value(chance: random.Random, body: bytearray) -> None:
    """Put another value after a colon: still JSON, seldom right."""
    colons = [at for at, byte in enumerate(body) if byte == ord(":")]
    if not colons:
        return
    at = chance.choice(colons) + 1
    end = next((n for n in range(at, len(body)) if body[n] in b",}]"), len(body))
    body[at:end] = chance.choice(TOKENS)


def verdict(answer: wire.Stored | wire.Problem) -> dict[str, Any]:
    """Give an answer without what two offices differ in."""
    plain: dict[str, Any] = msgspec.to_builtins(answer)
    del plain["office"]
    return plain


def contents(books: store.Store, kiosk: str) -> list[tuple[Any, ...]]:
    """Give all that a kiosk's batches left behind, without its id."""
    found: list[tuple[Any, ...]] = []
    with books.read() as connection:
        for table in ("events", "streams", "refused", "conflicts", "comments"):
            rows = connection.exec_driver_sql(f"SELECT * FROM {table} WHERE kiosk = '{kiosk}'")
            # the first columns are the key, and differ
            found += sorted((table, *(v for v in row if v != kiosk)) for row in rows)
    return found


def assert_tiled(rows: list[tuple[Any, ...]]) -> None:
    """The rows of each stream cover 1 … stored_through once, whatever came."""
    reached: dict[str, int] = {}
    for row in rows:
        if row[0] == "events":
            _, stream, seq, through, *_ = row
            assert seq == reached.get(stream, 0) + 1, row
            assert through >= seq, row
            reached[stream] = through
    for row in rows:
        if row[0] == "streams":
            assert row[3] == reached.get(row[1], 0), row


SEEDS = range(100 if os.environ.get("FULL") == "1" else 10)


@pytest.mark.parametrize("seed", SEEDS)
def test_mutated_bodies_get_one_verdict_and_never_leave_a_half(
    fresh_sqlite: databases.Fresh, fresh_postgresql: databases.Fresh, seed: int
) -> None:
    """1,000 bodies: none is an error of the office; both databases judge and store the same."""
    chance = random.Random(seed)
    seen: Counter[str] = Counter()
    with store.open(fresh_sqlite()) as one, store.open(fresh_postgresql()) as other:
        # ten kiosks of five streams: an odd batch has all of its kiosk's streams folded anew
        for _ in range(10):
            pair = [(books, databases.kiosk(books)) for books in (one, other)]
            for _ in range(5):
                stream = str(uuid.UUID(int=chance.getrandbits(128), version=4))
                for _ in range(20):
                    body = mutated(chance, batch(chance, stream))
                    first, second = (verdict(ingest.batch(*to, body, databases.NOW)) for to in pair)
                    assert first == second, body
                    assert first.get("status", 200) < 500, (body, first)
                    seen[first.get("type", "refused" if first.get("refused") else "stored")] += 1
            rows, same = (contents(*of) for of in pair)
            assert_tiled(rows)
            assert rows == same
            assert fold.differences(*pair[0]) == {}
    # the mutations reach every verdict, or this test has gone blind
    for kind in ("stored", "refused", wire.GAP, wire.MALFORMED):
        assert seen[kind] > 10, seen
