"""Nobody in front: sleep, surveys by the night, new settings, signals out of place."""

from kiosk import scenes, settings, signals
from sync.feedback import events, surveys
from tests.unit.session_kiosk import Kiosk, events_of, open_survey, survey


def test_it_sleeps_out_of_hours_and_wakes_at_a_touch() -> None:
    """Closed and untouched for a minute it sleeps; the waking touch means nothing else."""
    kiosk = Kiosk()
    kiosk.tell(signals.Around(open=False))
    kiosk.wait(59.9)
    assert kiosk.view().screen == "ask"
    kiosk.wait(0.2)
    assert kiosk.view().screen == "sleep"
    kiosk.now += 1000
    assert kiosk.tell(signals.AnyTouch()) == [signals.Swallow()]
    assert kiosk.view().screen == "ask"
    kiosk.touch(signals.Tapped(4))
    assert len(kiosk.recorded()) == 1  # set apart by rule, never refused


def test_it_wakes_when_the_shop_opens() -> None:
    """Opening hours wake it by themselves."""
    kiosk = Kiosk()
    kiosk.tell(signals.Around(open=False))
    kiosk.wait(61)
    kiosk.tell(signals.Around(open=True))
    assert kiosk.view().screen == "ask"


def test_a_survey_in_another_language_comes_by_night() -> None:
    """It sleeps on, and wakes in a language that the new survey has.

    The visit that nobody had begun kept the old one's language: no view could be drawn any more,
    and the kiosk ended itself after ten mistakes.
    """
    kiosk = Kiosk()
    kiosk.tell(signals.Around(open=False))
    kiosk.wait(61)
    question = surveys.Question(id="visit", text={"sv": "?"}, words={"sv": ["1", "2", "3", "4"]})
    fresh = surveys.Survey(survey="exit", version=2, questions=[question])
    kiosk.tell(signals.Configured(fresh, settings.Settings()))
    assert (kiosk.view().screen, kiosk.view().language) == ("sleep", "sv")
    kiosk.wait(1)
    kiosk.tell(signals.AnyTouch())
    assert kiosk.view().screen == "ask"


def test_new_settings_wait_until_nobody_is_in_front() -> None:
    """A survey that arrives during a visit is shown, and told to the stream, after it."""
    kiosk = Kiosk()
    kiosk.touch(signals.Tapped(4))
    newer = survey(version=4)
    kiosk.tell(signals.Configured(newer, settings.Settings(pause=7000)))
    assert [type(e) for e in kiosk.recorded()] == [events.Rating]
    kiosk.wait(4)
    got = kiosk.wait(2)
    told = list(events_of(got))
    assert [type(e) for e in told] == [events.Settings, events.Survey]
    assert any(isinstance(e, signals.Applied) for e in got)
    kiosk.touch(signals.Tapped(4))
    rating = kiosk.recorded()[-1]
    assert isinstance(rating, events.Rating)
    assert rating.survey_version == 4


def test_what_did_not_change_is_not_told_again() -> None:
    """Only what differs from what the stream has is recorded."""
    kiosk = Kiosk()
    got = kiosk.tell(signals.Configured(survey(), settings.Settings())) + kiosk.wait(3)
    assert list(events_of(got)) == []
    assert [type(e) for e in events_of(kiosk.tell(signals.Started()))] == [
        events.Settings,
        events.Survey,
    ]


def test_the_shop_offers_its_languages_in_its_order() -> None:
    """Four languages stand on the question, a globe leads to the rest; unknown ones fall out."""
    many = dict.fromkeys(("en", "sv", "nb", "da", "fi", "de"), "x")
    question = surveys.Question(
        id="visit", text=many, words={tag: ["1", "2", "3", "4"] for tag in many}
    )
    shown = surveys.Survey(survey="exit", version=1, questions=[question])
    set_ = settings.Settings(languages=["sv", "fr", "da", "en", "fi", "nb"])
    assert scenes.offered(shown, set_) == ("sv", "da", "en", "fi", "nb")
    kiosk = Kiosk(shown, set_)
    assert kiosk.view().languages == ("sv", "da", "en", "fi")
    assert kiosk.view().more_languages


def test_out_of_place_signals_mean_nothing() -> None:
    """What belongs to another screen changes nothing."""
    kiosk = Kiosk(open_survey())
    before = kiosk.view()
    for odd in (
        signals.Chose("staff"),
        signals.Send(),
        signals.Typed("x"),
        signals.OpenAnswer(),
        signals.OpenComment(),
        signals.NextCustomer(),
        signals.WrongFace(),
        signals.Tapped(0),
        signals.Tapped(5),
        signals.ChoseLanguage("xx"),
        signals.Digit("1"),
        signals.PinEntered(),
        signals.Close(),
    ):
        assert kiosk.touch(odd) == []
    assert kiosk.view() == before
