"""The words of the stream: written, read, refused, compared, cut."""

import json

import hypothesis
import msgspec
import pytest
from hypothesis import strategies as st

from sync.feedback import events

# the lines of events.md §1, as they stand there
LINES = [
    '{"seq":1,"kind":"start","mono":41250,"at":1763719200000,"boot_id":"5f6c","serial":'
    '"10000000a1b2c3d4","app":"1.0.0","after":{"stream":"0b51","seq":412},"stopped":"power"}',
    '{"seq":2,"kind":"settings","mono":41260,"time_zone":"Europe/Stockholm","hours":null,'
    '"pause":5000,"run":5,"rules":1,"order":"best_first","layout":"row","etag":"x"}',
    '{"seq":3,"kind":"survey","mono":41261,"survey":"exit","version":1,"document":{"a":"b"}}',
    '{"seq":4,"kind":"clock","mono":42250,"at":1763719201000,"trusted":1763719201012,'
    '"uncertainty":50,"source":"ntp"}',
    '{"seq":5,"kind":"rating","mono":101250,"survey":"exit","survey_version":1,'
    '"question":"visit","face":4,"faces":4,"language":"sv","via":"touch"}',
    '{"seq":6,"kind":"answer","mono":105250,"rating":5,"reasons":["waiting"],"ended":"sent"}',
    '{"seq":7,"kind":"comment","mono":125250,"rating":5,"text":"Lång kö","code":"K7-42Q"}',
    '{"seq":8,"kind":"correction","mono":126250,"rating":5,"face":2}',
    '{"seq":9,"kind":"mark","mono":161250,"ratings":[5],"as":"test","why":"showed a colleague"}',
    '{"seq":10,"kind":"lost","mono":161250,"through":12,"why":"damaged"}',
    '{"seq":13,"kind":"count","mono":161250,"passers":7,"from":1,"to":9,"source":"ir"}',
]
RATING = json.loads(LINES[4])


def rating(**changes: object) -> bytes:
    """The rating of events.md with some fields changed; None takes one away."""
    fields = {**RATING, **changes}
    return json.dumps({k: v for k, v in fields.items() if v is not None}).encode()


@pytest.mark.parametrize("line", LINES)
def test_every_line_of_the_design_is_read_written_and_taken(line: str) -> None:
    """What events.md shows is decoded, not refused, and written again with the same values."""
    event = events.decode(line.encode())
    again = json.loads(events.encode(event))
    shown = json.loads(line)
    assert {key: again[key] for key in shown if key in again} == {
        key: value for key, value in shown.items() if key in again
    }
    assert not {k for k in shown if k not in again} - {"ended"}  # the default is left out
    assert events.refusal(line.encode()) is None
    assert b"\n" not in events.encode(event)


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (rating(face=5), "`face` is 5: 1 … 4 is right."),
        (rating(face=0), "`face` is 0: expected `int` >= 1."),
        (rating(face="4"), '`face` is "4": expected `int`, got `str`.'),
        (rating(face=4.0), "`face` is 4.0: expected `int`, got `float`."),
        (rating(face=True), "`face` is true: expected `int`, got `bool`."),
        (rating(mono=-1), "`mono` is -1: expected `int` >= 0."),
        (rating(mono=2**53), f"`mono` is {2**53}: expected `int` <= {2**53 - 1}."),
        (rating(face=None), "Object missing required field `face`."),
        (rating(via="foot"), "`via` is \"foot\": invalid enum value 'foot'."),
        (rating(visit=9), "`visit` is 9: an event can only name an earlier one (its `seq` is 5)."),
        (rating(seq=None), "`seq` is missing or 0: 1 … 9007199254740991 is right."),
        (
            rating(more="\0"),
            r"the text '\x00' has U+0000 or half of a surrogate pair: strip it first.",
        ),
        (rating(more="x" * 4096), "the event is 4,2"),
        (b'{"kind":"comment","seq":1,"rating":1}', "`text` is missing: a comment has words, or"),
        (b'{"kind":"lost","seq":5,"through":4}', "`through` is 4: it is right from `seq` (5) on."),
        (b'{"kind":"count","seq":5,"passers":1,"from":3,"to":2}', "`to` is 2: it is right from"),
        (b'{"kind":"wrapped","seq":5,"bytes":"AA=="}', "the kiosk sent this event wrapped"),
        (b'{"seq":5}', "Object missing required field `kind`."),
        (b"[1]", "Expected `object`, got `array`."),
        (b"{", "the event cannot be read as JSON"),
        (b'{"kind":"new","seq":1,"a":' + b"[" * 9999, "the event is nested too deeply"),
        (b'{"kind":"new","seq":1,"t":"\xff"}', "byte 28 of the event is not UTF-8."),
        (b'{"kind":"new","seq":1,"t":"\\ud800"}', "the event cannot be read as JSON"),
        (b'{"kind":"new","seq":"1"}', '`seq` is "1": expected `int`, got `str`.'),
    ],
)
def test_what_breaks_a_rule_is_refused_with_a_sentence(raw: bytes, sentence: str) -> None:
    """A refusal names the field, the value and what would be right."""
    refusal = events.refusal(raw)
    assert refusal is not None
    assert refusal.startswith(sentence)


@pytest.mark.parametrize(
    ("fields", "good"),
    [
        ('"x":' + "[" * 63 + "]" * 63, True),
        ('"x":' + "[" * 64 + "]" * 64, False),
        ('"x":' + '{"a":[' * 40 + "]}" * 40, False),
        ('"x":[' + ",".join(["{}"] * 900) + "]", True),
        ('"x":"' + "[" * 900 + '\\\\\\"["', True),
    ],
)
def test_an_event_is_not_nested_deeper_than_every_reader_goes(fields: str, good: bool) -> None:
    """What one reader takes all of them can read: how deep Python goes hangs on who calls.

    An event nested 900 deep was stored, and then no export of the office could be written.
    """
    raw = b'{"seq":5,"kind":"new","stream":"a",%s}' % fields.encode()
    assert (events.refusal(raw) is None) is good


@pytest.mark.parametrize("bad", ["EXIT", "", "a" * 17, "a b", "ä", "a\n"])
@pytest.mark.parametrize("field", ["survey", "question"])
def test_ids_are_small_letters_digits_and_underscores(field: str, bad: str) -> None:
    """An id is 1 to 16 of a–z, 0–9 and _."""
    assert events.refusal(rating(**{field: bad})) is not None
    assert events.refusal(rating(**{field: "a_0" + "b" * 13})) is None


@pytest.mark.parametrize(
    "raw",
    [
        b'{"kind":"glimpse","seq":1,"mono":2,"face":"none","big":99999999999999999999,"x":1.5}',
        b'{"kind":"rating","seq":1,"mono":2,"new":{"a":[1.5,-3]},' + rating(seq=1)[1:],
        b'{"kind":"survey","seq":1,"survey":"a","version":0,"document":{"n":1e400,"m":-1}}',
        b'{"kind":"survey","seq":1,"survey":"a","version":0,"document":7}',
        b'{"kind":"new","seq":1,"t":"\\ud83d\\ude00"}',
        b'{"kind":"comment","seq":2,"rating":1,"erased":true}',
    ],
)
def test_what_a_newer_kiosk_sends_is_not_refused(raw: bytes) -> None:
    """Unknown kinds and fields, and whatever a survey's document says, are taken as they came."""
    assert events.refusal(raw) is None


def test_an_unknown_kind_is_decoded_as_such() -> None:
    """An old version reads seq, kind and mono of an event that it does not know."""
    event = events.decode(b'{"kind":"glimpse","seq":3,"mono":4,"x":[]}')
    assert event == events.Unknown(seq=3, mono=4, kind="glimpse")


def test_what_figures_depend_on_is_written_in_full() -> None:
    """A settings event says every setting, those at their default too."""
    assert set(json.loads(events.encode(events.Settings()))) == {
        *("kind", "seq", "mono", "time_zone", "hours", "pause", "run"),
        *("rules", "order", "layout", "etag"),
    }


def test_the_fuller_copy_ranks_higher() -> None:
    """Whole, erased, wrapped, lost; an event that is only wrong is whole."""
    ranked = [
        b'{"kind":"lost","seq":1,"through":1}',
        b'{"kind":"wrapped","seq":1,"bytes":""}',
        b'{"kind":"comment","seq":1,"rating":1,"erased":true}',
        b'{"kind":"comment","seq":1,"rating":1,"text":"a"}',
    ]
    assert [events.rank(raw) for raw in ranked] == [0, 1, 2, 3]
    assert events.rank(rating(face=9)) == 3
    assert events.rank(b"\0\0") == 0


@pytest.mark.parametrize(
    ("a", "b", "equal"),
    [
        (b'{"a":1,"b":2}', b'{ "b":2, "a":1 }', True),
        (b'{"a":1}', b'{"a":1.0}', True),
        (b'{"a":1}', b'{"a":true}', False),
        (b'{"a":0}', b'{"a":null}', False),
        (b'{"a":[1,2]}', b'{"a":[2,1]}', False),
        (b'{"a":[1]}', b'{"a":[1,1]}', False),
        (b'{"a":"\\u00e5"}', '{"a":"å"}'.encode(), True),
        (b'{"a":9007199254740993}', b'{"a":9007199254740992}', False),
        (b'{"a":0.1}', b'{"a":0.10000000000000000001}', False),
        (b"{", b"{ ", False),
    ],
)
def test_same_compares_json_values(a: bytes, b: bytes, equal: bool) -> None:
    """Two copies are the same when they are equal as JSON values, not as bytes."""
    assert events.same(a, b) is equal


@hypothesis.given(st.text(st.characters(codec=None), max_size=3000))
def test_any_comment_fits_and_is_taken_by_the_office(text: str) -> None:
    """Whatever a visitor writes, the comment that is recorded is clean, whole JSON, and taken."""
    fitted = events.fit(events.Comment(rating=1, text=text + "x" * 3000, code="K7-42Q"))
    stamped = msgspec.structs.replace(fitted, seq=events.MAX_INTEGER, mono=events.MAX_INTEGER)
    raw = events.encode(stamped)
    assert len(raw) <= events.MAX_EVENT
    assert isinstance(fitted, events.Comment)
    assert events.clean_text(text + "x" * 3000).startswith(fitted.text)
    assert events.refusal(raw) is None or not fitted.text


def test_what_cannot_be_cut_is_refused_before_it_is_recorded() -> None:
    """An event that is too large and has no words to cut is named with its size."""
    with pytest.raises(events.Invalid, match="at most 65,536 are right"):
        events.fit(events.Survey(survey="a", version=1, document="x" * 70_000))
    assert events.fit(events.Survey(survey="a", version=1, document="x" * 60_000))


def test_erasing_takes_the_words_and_nothing_else() -> None:
    """An erased comment keeps every field but its text, unknown ones too."""
    raw = b'{"seq":7,"kind":"comment","mono":3,"rating":5,"text":"me","code":"K","new":[1]}'
    erased = events.erase(raw)
    assert json.loads(erased) == {
        **{"seq": 7, "kind": "comment", "mono": 3, "rating": 5},
        **{"code": "K", "new": [1], "erased": True},
    }
    assert events.refusal(erased) is None
