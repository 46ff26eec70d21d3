"""Bodies and copies judged without a database."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.central import limits, meeting, reading, slices, texts, verdicts
from sync.central.store import accounts, errors, events
from sync.feedback import events as feedback
from sync.feedback import framing, wire
from tests.senders import comment, lost, rating, start

STREAM = "0b51aaaa-0000-4000-8000-000000000000"
NOW = 1_763_719_200_000

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=8)
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)


def body(*sent: bytes | dict[str, Any], **more: Any) -> bytes:
    """Make a batch's body."""
    raws = [one if isinstance(one, bytes) else json.dumps(one).encode() for one in sent]
    head = json.dumps({"format": 1, "stream": STREAM, "last_seq": 0, **more}).encode()
    return head[:-1] + b',"events":[' + b",".join(raws) + b"]}"


def verdict(made: bytes) -> str | None:
    """Give the type of the problem that a body is answered with, None for none."""
    try:
        reading.read(made)
    except verdicts.Verdict as told:
        return verdicts.problem(told, "o", NOW).type
    return None


def entry(event: dict[str, Any]) -> reading.Entry:
    """Judge one event."""
    return reading.judge(json.dumps(event).encode())


def row(event: dict[str, Any]) -> events.Row:
    """Make the stored row of an event."""
    one = entry(event)
    raw = one.raw.decode()
    return events.Row(
        STREAM, one.seq, one.through, "k", one.kind, 0, one.rank, bool(one.refusal), 0, raw
    )


@given(st.lists(st.dictionaries(st.text(max_size=6), values, max_size=4), max_size=4), st.data())
def test_a_cut_gives_the_very_bytes_of_each_event(
    sent: list[dict[str, Any]], data: st.DataObject
) -> None:
    """However a body is spaced, its events come out as they stand in it."""
    raws = [
        json.dumps(one, indent=data.draw(st.sampled_from([None, 1])), ensure_ascii=True).encode()
        for one in sent
    ]
    gap = data.draw(st.sampled_from([b"", b" ", b"\n\t"]))
    made = b'{"events":[' + gap + (gap + b"," + gap).join(raws) + gap + b'],"format":1,"x":{}}'
    cut = slices.cut(made)
    assert cut.events == raws
    assert cut.fields == {"events": [], "format": 1, "x": {}}


@pytest.mark.parametrize(
    "broken",
    [
        *(b"", b"[]", b"{", b'{"events":[}', b'{"events":[1,]}', b'{"a":1,}', b'{"a" 1}'),
        *(b"{1:2}", b'{"a":1} x', b'{"a":NaN}', b'{"events":[1 2]}'),
    ],
)
def test_what_is_no_object_is_not_cut(broken: bytes) -> None:
    """The slow reader is as strict as the fast one."""
    with pytest.raises(ValueError, match=r"."):
        slices.cut(broken)


def test_half_a_surrogate_pair_refuses_its_own_event_only() -> None:
    """One bad event never holds up the others."""
    bad = json.dumps(comment(2, "half \ud83d")).encode()
    read = reading.read(body(start(), bad, rating(3)))
    assert [bool(one.refusal) for one in read.entries] == [False, True, False]
    assert read.entries[1].raw == bad


@given(st.binary(max_size=200))
def test_any_bytes_get_a_verdict(made: bytes) -> None:
    """Nothing but a verdict comes out of reading."""
    for attempt in (made, body(made), body(start(), made)):
        assert verdict(attempt) in {None, wire.MALFORMED, wire.UNSUPPORTED_FORMAT}


@given(values)
def test_any_json_as_an_event_gets_a_verdict(value: Any) -> None:
    """Whatever stands in an event's place, its seq is read or the batch is malformed."""
    made = json.dumps({"seq": 1, "kind": "rating", "x": value}).encode()
    assert reading.judge(made).seq == 1
    with contextlib.suppress(verdicts.Malformed):
        reading.judge(json.dumps(value).encode())


ODD: list[dict[str, Any] | bytes] = [
    rating(2),
    rating(2, 4, visit=1),
    rating(2, 5),
    rating(2, visit=3),
    rating(2, 4, faces="4"),
    rating(2, survey="Exit"),
    rating(2, mono=-1),
    rating(2, mono=2**53),
    rating(2, note="\0"),
    rating(2, note="x" * 4096),
    rating(2, note={"kind": "comment"}),
    json.dumps(rating(2, note=0)).encode().replace(b": 0", b": " + b"[" * 70 + b"]" * 70),
    comment(2),
    comment(2, ""),
    lost(2, 2),
    lost(2, 1),
    {"seq": 2, "kind": "answer", "mono": 5, "rating": 1, "reasons": ["kind"]},
    {"seq": 2, "kind": "wrapped", "mono": 0, "bytes": ""},
    {"seq": 2, "kind": "news", "mono": 5},
    {"seq": 2},
    b'{"seq":3,"kind":"answer","rating":1,"kind":"comment","text":"x","seq":2}',
    b'{"seq":2,"kind":"answer","rating":1,"ki\\u006ed":"comment","text":"x"}',
    b'{"seq":2,"kind":"answer","rating":1,"kind":"answer"}',
]


@pytest.mark.parametrize("odd", ODD)
def test_an_event_is_judged_the_same_alone_and_among_others(odd: dict[str, Any] | bytes) -> None:
    """The quick way of a whole batch gives what judging each by itself gives."""
    raws = [one if isinstance(one, bytes) else json.dumps(one).encode() for one in (start(), odd)]
    raws.append(json.dumps(rating(3)).encode())
    read = reading.read(body(*raws)).entries
    alone = [reading.judge(raw) for raw in raws]
    assert [msgspec.structs.replace(one, event=None) for one in read] == alone
    for one in read:
        assert one.event is None or one.event == feedback.decode(one.raw)


def test_a_run_is_split_around_what_lands_in_it() -> None:
    """The pieces and the copies cover what the run covered, in order."""
    landing = [entry(rating(3)), entry(rating(4)), entry(rating(9))]
    met = meeting.meet(landing, [row(lost(2, 12))], frozenset())
    assert met.remove == [2]
    assert [(one.seq, one.through, one.rank) for one in met.add] == [
        (2, 2, 0),
        (3, 3, 3),
        (4, 4, 3),
        (5, 8, 0),
        (9, 9, 3),
        (10, 12, 0),
    ]
    assert all(json.loads(one.raw)["seq"] == one.seq for one in met.add)


def test_an_erased_one_meets_its_whole_copy_without_conflict() -> None:
    """Unless somebody asked for it to be erased, the whole copy comes in."""
    kept = row({**comment(2), "erased": True, "text": ""})
    whole = entry(comment(2))
    assert meeting.meet([whole], [kept], frozenset()).add == [whole]
    assert meeting.meet([whole], [kept], frozenset({2})).add == []


def test_a_comment_without_text_keeps_all_else() -> None:
    """Erasing takes the text alone; of JSON that cannot be kept only the bones stay."""
    erased = texts.erased(entry(comment(2) | {"new": [1, None]}))
    assert json.loads(erased.raw) == {
        "seq": 2,
        "kind": "comment",
        "mono": 120_000,
        "rating": 1,
        "code": "K7-42Q",
        "new": [1, None],
        "erased": True,
    }
    odd = b'{"seq":2,"kind":"comment","mono":1,"rating":1,"text":"a","x":1e999}'
    assert json.loads(texts.without_text(odd)) == {"seq": 2, "kind": "comment", "erased": True}


def test_a_day_is_counted_in_utc_and_begins_anew() -> None:
    """What is over the day's share is turned away until midnight."""
    account = accounts.Account("k", None, 0, NOW // limits.DAY, wire.DAY_EVENTS - 1, 0, 0, None, 0)
    assert limits.charge(account, NOW, events=1).events == wire.DAY_EVENTS
    with pytest.raises(verdicts.TooMuch) as told:
        limits.charge(account, NOW, events=2)
    assert told.value.retry_after == 14 * 3600 + 1
    assert limits.charge(account, NOW + limits.DAY, events=2).events == 2


@pytest.mark.parametrize(
    ("error", "status", "retry_after"),
    [
        (errors.Busy("x"), 503, 5),
        (errors.Away("x"), 503, 5),
        (errors.Full("x"), 503, 300),
        (verdicts.Foreign("x"), 409, None),
        (verdicts.TooMuch("x", 7), 429, 7),
        (verdicts.WrongFormat("x"), 400, None),
    ],
)
def test_every_verdict_has_its_answer(
    error: verdicts.Verdict | errors.TryAgain, status: int, retry_after: int | None
) -> None:
    """Status and Retry-After are the reason's own; the office and the stream are named."""
    told = verdicts.problem(error, "o_1", NOW, STREAM)
    assert (told.status, told.retry_after) == (status, retry_after)
    assert (told.office, told.server_time, told.stream) == ("o_1", NOW, STREAM)


def wrapped(raw: bytes) -> bytes:
    """An event as a kiosk sends it that the office could not read."""
    return framing.wrapped(7, raw)


WORDS = '"code":"K1-111" and "kind":"comment"'


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (json.dumps(comment(2)).encode(), "K7-42Q"),
        (json.dumps(comment(2, WORDS)).encode(), "K7-42Q"),
        (json.dumps(comment(2, WORDS) | {"rating": "x"}).encode(), "K7-42Q"),
        (b'{"seq":2,"kind":"comment","text":"\\ud800","code":"K7-42Q"}', "K7-42Q"),
        (b'{"seq":2,"kind":"comment","text":"a","x":1e999}', ""),
        (json.dumps(comment(2, code="\0")).encode(), ""),
        (json.dumps(comment(2) | {"code": 4}).encode(), ""),
        (json.dumps(comment(2, code="K" * 65)).encode(), ""),
        (json.dumps(rating(2) | {"code": "K7-42Q"}).encode(), None),
        (wrapped(json.dumps(comment(2, WORDS)).encode()), "K7-42Q"),
        (wrapped(json.dumps(comment(2, WORDS)).encode()[:-1]), "K7-42Q"),
        (wrapped(json.dumps(comment(2, WORDS)).encode()[:-4]), texts.CUT_OFF),
        (wrapped(json.dumps(comment(2, "long " * 1000)).encode()), texts.CUT_OFF),
        (wrapped(json.dumps(rating(2)).encode()), None),
        (b'{"seq":7,"kind":"wrapped","mono":0,"bytes":"?!"}', None),
        (b'{"seq":7,"kind":"wrapped","mono":0,"bytes":["a"]}', None),
        (b'{"seq":7,"kind":["comment"]}', None),
        (b"[" * 100_000, None),
    ],
)
def test_a_comments_code_is_found_in_whatever_form_it_lies_here(
    raw: bytes, code: str | None
) -> None:
    """Good, refused, wrapped and cut off; what a customer wrote is no code of anything."""
    assert texts.code(raw) == code
    assert texts.is_comment(raw.decode()) == (code is not None)


def test_a_wrapped_comments_text_is_taken_out_too() -> None:
    """The wrapping stays, refused as before, and holds nothing any more."""
    before = reading.judge(wrapped(json.dumps(comment(2)).encode()))
    after = texts.erased(before)
    assert feedback.decode(after.raw) == feedback.Wrapped(seq=7, bytes="")
    assert (after.seq, after.rank, after.refusal) == (7, reading.WRAPPED, before.refusal)
    assert not texts.is_comment(after.raw.decode())
