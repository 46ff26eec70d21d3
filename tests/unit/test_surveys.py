"""What a survey may be, and the sentences about what it may not."""

import datetime
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from sync.feedback import events, surveys

DEFAULT = Path(__file__).parents[2] / "assets" / "surveys" / "default.toml"
LANGUAGES = ("en", "sv", "nb", "da", "ceb", "fi", "de", "fr", "es")


def document() -> dict[str, Any]:
    """A small survey as plain values."""
    return {
        "survey": "exit",
        "version": 2,
        "questions": [
            {
                "id": "visit",
                "text": {"en": "How?", "sv": "Hur?"},
                "words": {"en": ["1", "2", "3", "4"], "sv": ["1", "2", "3", "4"]},
            }
        ],
        "reasons": [
            {"id": "staff", "icon": "person", "text": {"en": "Staff", "sv": "Personal"}},
            {"id": "other", "text": {"en": "Else", "sv": "Annat"}},
        ],
    }


def test_the_default_survey_is_good_and_speaks_nine_languages() -> None:
    """What ships passes its own rules in every language, four faces and eight reasons."""
    survey = surveys.from_toml(DEFAULT.read_bytes(), "default.toml")
    assert survey.languages == LANGUAGES
    assert survey.questions[0].faces == 4
    assert [reason.id for reason in survey.reasons][-1] == "other"
    assert len(survey.reasons) == 8


def test_a_survey_goes_through_json_and_back() -> None:
    """Its document is plain JSON that makes the same survey, and fits an event."""
    survey = surveys.from_toml(DEFAULT.read_bytes(), "default.toml")
    survey = msgspec.structs.replace(survey, starts=datetime.date(2026, 1, 1))
    again = msgspec.json.decode(msgspec.json.encode(survey.document()))
    assert surveys.from_document(again, "again") == survey
    event = events.Survey(seq=1, survey="exit", version=1, document=survey.document())
    assert events.refusal(events.encode(event)) is None


Change = Callable[[dict[str, Any]], object]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            lambda d: d.update(survey="Exit 1"),
            "f.toml: survey = 'Exit 1': an id is 1 to 16 of a-z, 0-9 and _",
        ),
        (
            lambda d: d.update(version=0),
            "f.toml: version = 0: count from 1, and one more at each change",
        ),
        (
            lambda d: d.update(version="1"),
            "f.toml: version: must be a whole number, not a text in quotes; see the commented"
            " default survey",
        ),
        (
            lambda d: d.update(starts="1 January"),
            "f.toml: starts: is no day; write it like 2026-11-21; see the commented default survey",
        ),
        (
            lambda d: d["reasons"][0]["text"].update(de="Personal"),
            "f.toml: reasons.staff.text: not in the same languages as questions.visit.text"
            " (look at de); write it in each of them",
        ),
        (
            lambda d: d.pop("questions"),
            "f.toml: the file: lacks the key 'questions'; see the commented default survey",
        ),
        (
            lambda d: d.update(colour="red"),
            "f.toml: the file: has the unknown key 'colour'; see the commented default survey",
        ),
        (lambda d: d.update(questions=[]), "f.toml: questions: 0 of them; give 1 to 5"),
        (
            lambda d: d["questions"][0].update(faces=6),
            "f.toml: questions.visit.faces = 6: a question of kind 'faces' has 2 to 5",
        ),
        (
            lambda d: d["questions"][0].update(kind="scale"),
            "f.toml: questions.visit.faces = 4: a question of kind 'scale' has 11",
        ),
        (
            lambda d: d["questions"][0]["words"].update(sv=["1", "2", "3"]),
            "f.toml: questions.visit.words.sv: 3 of them; give 4, the worst first",
        ),
        (
            lambda d: d["questions"][0]["words"].pop("sv"),
            "f.toml: questions.visit.words: give the languages of its text, en, sv",
        ),
        (
            lambda d: d["reasons"][0].update(icon="cat"),
            f"f.toml: reasons.staff.icon = 'cat': one of {', '.join(surveys.ICONS)}",
        ),
        (
            lambda d: d["reasons"][0]["text"].pop("sv"),
            "f.toml: reasons.staff.text: not in the same languages as questions.visit.text"
            " (look at sv); write it in each of them",
        ),
        (
            lambda d: d["reasons"][0]["text"].update(sv=" "),
            "f.toml: reasons.staff.text.sv: is empty; write it or take the language out everywhere",
        ),
        (
            lambda d: d["reasons"].reverse(),
            "f.toml: reasons: the last is 'staff'; let it be 'other'",
        ),
        (
            lambda d: d["reasons"].insert(0, d["reasons"][0]),
            "f.toml: reasons: the id 'staff' is there twice; give each its own",
        ),
        (
            lambda d: d.update(starts="2026-02-01", ends="2026-01-01"),
            "f.toml: ends = 2026-01-01: before starts = 2026-02-01; put the later day in ends",
        ),
        (
            lambda d: d["questions"][0].update(text={"english": "?"}),
            "f.toml: questions.visit.text.english: a language is written like en, sv or pt-BR",
        ),
        (
            lambda d: d.update(notice={"retention_days": -1}),
            "f.toml: notice.retention_days = -1: give a number of days",
        ),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(change: Change, sentence: str) -> None:
    """File, key and remedy, word for word."""
    values = document()
    change(values)
    with pytest.raises(surveys.Invalid) as caught:
        surveys.from_document(values, "f.toml")
    assert str(caught.value) == sentence


def test_what_is_no_toml_is_said_so() -> None:
    """A broken file is a sentence too."""
    with pytest.raises(surveys.Invalid, match=r"^f\.toml: not TOML \(.+\); correct"):
        surveys.from_toml("survey = ", "f.toml")
    with pytest.raises(surveys.Invalid, match=r"^f\.toml: is not written in UTF-8; save it again"):
        surveys.from_toml(b"\xff", "f.toml")


def test_a_text_that_no_office_could_keep_is_refused_in_the_offices_words() -> None:
    """U+0000, which TOML can say: the kiosk took such a survey, its office not."""
    values = document()
    values["questions"][0]["text"]["sv"] = "Hur\0?"
    survey = {"seq": 3, "kind": "survey", "mono": 1, "survey": "exit", "version": 2}
    sent = json.dumps(survey | {"document": values})
    sentence = events.refusal(sent.encode())
    assert sentence == (
        "the text 'Hur\\x00?' has U+0000 or half of a surrogate pair: strip it first."
    )
    with pytest.raises(surveys.Invalid) as told:
        surveys.from_document(values, "f.toml")
    assert str(told.value) == f"f.toml: {sentence}"


def test_a_survey_too_large_for_an_event_is_refused() -> None:
    """What no `survey` event could carry is said at once."""
    values = document()
    values["questions"][0]["text"]["sv"] = "x" * 70_000
    with pytest.raises(surveys.Invalid, match="shorten its texts"):
        surveys.from_document(values, "f.toml")


def test_comments_need_someone_responsible_a_time_and_a_way_to_an_answer() -> None:
    """Each thing missing is its own sentence; without any, comments open."""
    survey = surveys.from_document({**document(), "comments": True}, "f.toml")
    assert len(surveys.missing_for_comments(survey)) == 3
    assert not surveys.comments_open(survey)
    whole = surveys.from_document(
        {
            **document(),
            "comments": True,
            "notice": {"responsible": "Shop AB", "retention_days": 90},
            "service": {"web": "https://shop.example/help"},
        },
        "f.toml",
    )
    assert surveys.missing_for_comments(whole) == []
    assert surveys.comments_open(whole)


@pytest.mark.parametrize(
    ("day", "runs"),
    [("2026-01-31", False), ("2026-02-01", True), ("2026-02-28", True), ("2026-03-01", False)],
)
def test_a_survey_runs_from_its_first_day_to_its_last(day: str, runs: bool) -> None:
    """Both days included."""
    dated = {**document(), "starts": "2026-02-01", "ends": "2026-02-28"}
    survey = surveys.from_document(dated, "f.toml")
    when = datetime.date.fromisoformat(day)
    assert survey.runs_on(when) is runs
    assert (surveys.chosen([survey], when) is survey) is runs


def test_the_ends_of_a_scale_have_words() -> None:
    """0 and 10 are told, what is between is not."""
    question = surveys.Question(
        id="nps", kind="scale", faces=11, text={"en": "?"}, words={"en": ["Never", "Surely"]}
    )
    words = [question.word(face, "en") for face in range(1, 12)]
    assert words == ["Never", *[""] * 9, "Surely"]


@pytest.mark.parametrize(("parts", "good"), [(4, True), (5, False)])
def test_a_language_fits_into_a_rating(parts: int, good: bool) -> None:
    """A tag that a survey may have is one that a rating may say.

    With a longer one the office refused every tap of the kiosk.
    """
    tag = "-".join(["sv", *["abcdefg"] * parts])
    question = {"id": "q", "text": {tag: "?"}, "words": {tag: ["1", "2", "3", "4"]}}
    document = {"survey": "exit", "version": 1, "questions": [question]}
    rating = events.Rating(
        seq=1,
        survey="exit",
        survey_version=1,
        question="q",
        face=1,
        faces=4,
        language=tag,
        via="touch",
    )
    assert (events.refusal(events.encode(rating)) is None) is good
    if good:
        assert surveys.from_document(document, "x").languages == (tag,)
        return
    with pytest.raises(surveys.Invalid, match="a language is written like"):
        surveys.from_document(document, "x")
