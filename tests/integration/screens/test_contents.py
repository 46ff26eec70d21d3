"""What each screen says and offers for what a view holds: nothing left out, nothing of its own."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import pytest

from kiosk import signals
from kiosk.screens import examples, screenshots
from sync.feedback import surveys

if TYPE_CHECKING:
    from tests.integration.screens.conftest import Stand

Show = Callable[..., None]


def said(stand: Stand) -> str:
    """All words on the glass, one after the other."""
    from kiosk.screens import parts

    assert stand.glass.screen is not None
    found = [part.text for part in stand.glass.screen.walk() if isinstance(part, parts.Words)]
    return " | ".join(" ".join(text.split()) for text in found if text)


@pytest.fixture
def show(stand: Stand) -> Show:
    """Shows what the session shows, with other fields."""

    def changed(**fields: Any) -> None:
        stand.glass.show(msgspec.structs.replace(stand.view, **fields))

    return changed


def led(stand: Stand, *way: signals.Signal) -> None:
    """Touch one thing after the other, each once a second touch means something again."""
    for signal in way:
        stand.frames(700)
        stand.tell(signal)
        stand.frame(drawn=False)


def test_the_question_stands_with_its_faces_and_languages(stand: Stand, show: Show) -> None:
    """Each face with its word, the languages with the visit's own chosen, the globe for the rest,
    the shop, the notice.
    """
    shown = stand.view
    words = said(stand)
    for text in (shown.question, "Your shop", "Aa", "English", "What happens with this?"):
        assert text in words
    assert all(face.word in words for face in shown.faces)
    faces, tongues = ["face:4", "face:3", "face:2", "face:1"], list(shown.languages)
    assert [name for name in stand.glass.targets if name.startswith("face:")] == faces
    offered = [name for name in stand.glass.targets if name.startswith("language:")]
    assert offered == [f"language:{tag}" for tag in tongues]
    assert {"globe", "easier", "about"} <= set(stand.glass.targets)
    globe = stand.glass.targets["globe"].box
    show(language="fi")  # one from behind the globe takes the last place
    offered = [name for name in stand.glass.targets if name.startswith("language:")]
    assert offered == [f"language:{tag}" for tag in [*tongues[:3], "fi"]]
    show(more_languages=False)
    assert "globe" not in stand.glass.targets
    show(languages=("en",), all_languages=("en",), more_languages=False)
    assert not any(name.startswith("language:") for name in stand.glass.targets)
    stand.settle()
    picture: Any = screenshots.picture(stand.glass)
    there = (globe.x, picture.height - globe.top, globe.right, picture.height - globe.y)
    assert np.asarray(picture.crop(there)).std(axis=(0, 1)).max() == 0  # nor its drawing


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ("can_correct", "wrong"),
        ("can_answer", "answer"),
        ("can_comment", "comment"),
        ("can_next", "next"),
    ],
)
def test_thanks_offer_what_may_be_done(stand: Stand, show: Show, field: str, name: str) -> None:
    """*Wrong face?*, an answer, a comment, *next customer*: each only when the view says so."""
    led(stand, signals.Tapped(2))
    assert name in stand.glass.targets
    everything = set(stand.glass.targets)
    show(**{field: False})
    assert set(stand.glass.targets) == everything - {name}


def test_reasons_stand_in_their_order_and_can_be_gone(stand: Stand, show: Show) -> None:
    """A chip for each reason with its word; a survey without reasons asks nothing."""
    led(stand, signals.Tapped(2))
    chips = [chip.reason for chip in stand.view.chips]
    there = [name for name in stand.glass.targets if name.startswith("reason:")]
    assert there == [f"reason:{reason}" for reason in chips]
    assert all(chip.word in said(stand) for chip in stand.view.chips)
    assert "What was it about?" in said(stand)
    show(chips=())
    assert not any(name.startswith("reason:") for name in stand.glass.targets)
    assert "What was it about?" not in said(stand)


def test_a_comments_field_says_what_was_taken_out_and_what_is_left(
    stand: Stand, show: Show
) -> None:
    """Nothing at first; near the end the characters left; what was struck out, and where to turn.

    A notice of what was struck out stands in the counter's place.
    """
    led(stand, signals.Tapped(2), signals.OpenComment())
    assert "Please write no names" in said(stand)
    assert "characters left" not in said(stand)
    show(comment="x " * 220)
    assert "characters left" not in said(stand)
    show(comment="x " * 221)
    assert "58 characters left" in said(stand)
    service = surveys.Service(telephone="010-000 00 00")
    show(comment="Call [number removed]", struck=("phone",), service=service)
    words = said(stand)
    assert "We took out a telephone number. Nobody can call you from here." in words
    assert "Customer service: 010-000 00 00." in words
    show(comment="[x] [y]" + "x " * 225, struck=("phone", "mail"), service=surveys.Service())
    words = said(stand)
    assert "We took out personal details. Nobody can call you from here." in words
    assert "Customer service" not in words
    assert "characters left" not in words


def test_a_sent_comments_code_is_shown(stand: Stand, show: Show) -> None:
    """With what it is for; without a code no word of it."""
    led(stand, signals.Tapped(2), signals.OpenComment(), signals.Typed("Hej"), signals.Send())
    assert stand.view.screen == "sent"
    assert "K7-42Q" in said(stand)
    assert "removed later" in said(stand)
    show(code="", can_answer=False)
    assert "removed later" not in said(stand)
    assert set(stand.glass.targets) == {"done", "next"}


def test_the_notice_says_what_the_survey_says(stand: Stand, show: Show) -> None:
    """What becomes of comments only where they are open, who is responsible only where known."""
    led(stand, signals.OpenAbout())
    notice = surveys.Notice(responsible="Shop Ltd", contact="data@shop.example", retention_days=90)
    show(notice=notice, comments_kept=True)
    for text in ("no camera", "kept for 90 days", "Responsible: Shop Ltd", "data@shop.example"):
        assert text in said(stand)
    show(notice=surveys.Notice(), comments_kept=False)
    for text in ("kept for", "Responsible", "Questions"):
        assert text not in said(stand)
    assert "no camera" in said(stand)


def test_where_to_turn_for_an_answer(stand: Stand, show: Show) -> None:
    """Every way that the survey names, and a code where there is an address on the web."""
    led(stand, signals.Tapped(1), signals.OpenAnswer())
    service = surveys.Service(telephone="010-1", address="Road 2", web="https://shop.example/help")
    show(service=service, service_hours="9 to 5")
    for text in ("010-1", "Road 2", "9 to 5", "shop.example/help"):
        assert text in said(stand)
    assert "https://" not in said(stand)
    assert stand.glass.screen is not None
    assert stand.glass.screen.shows("code")
    show(service=surveys.Service(telephone="010-1"), service_hours="")
    assert not stand.glass.screen.shows("code")
    assert "Road 2" not in said(stand)


def test_easier_use_shows_what_is_on(stand: Stand) -> None:
    """A card for each way; the one that is on looks chosen, the others do not."""
    led(stand, signals.OpenEasier())
    stand.settle()

    def fills() -> dict[str, tuple[int, ...]]:
        picture: Any = screenshots.picture(stand.glass)
        found: dict[str, tuple[int, ...]] = {}
        for mode in signals.MODES:
            box = stand.glass.targets[f"easier:{mode}"].box
            spot = (int(box.x + box.width * 0.95), int(picture.height - box.centre[1]))
            found[mode] = tuple(picture.getpixel(spot))
        return found

    off = fills()
    assert len(set(off.values())) == 1
    led(stand, signals.ChoseEasier("slow"))
    on = fills()
    assert {mode for mode in signals.MODES if on[mode] != off[mode]} == {"slow"}
    assert sum(on["slow"]) < sum(off["slow"])  # the accent, dark on light


FULLER: list[tuple[str, tuple[signals.Signal, ...], dict[str, Any]]] = [
    ("ask", (), {"hint": "A hint below the question"}),
    ("thanks", (signals.Tapped(2), signals.Chose("staff")), {"warning": True}),
    ("comment", (signals.Tapped(2), signals.OpenComment()), {"comment": "x [y] " * 80}),
    ("struck", (signals.Tapped(2), signals.OpenComment()), {"comment": "[y]", "struck": ("mail",)}),
    ("about", (signals.OpenAbout(),), {"notice": surveys.Notice(responsible="A", contact="B")}),
    (
        "answer",
        (signals.Tapped(2), signals.OpenAnswer()),
        {"service": surveys.Service(telephone="1", web="https://x.example/a/longer/address")},
    ),
]


@pytest.mark.parametrize(("_name", "way", "more"), FULLER, ids=[name for name, *_ in FULLER])
def test_what_a_view_no_longer_holds_is_gone_from_the_glass(
    stand: Stand, show: Show, _name: str, way: tuple[signals.Signal, ...], more: dict[str, Any]
) -> None:
    """Nothing that a fuller view put there is left, to the pixel."""

    def seen() -> Any:
        stand.settle()
        return np.asarray(screenshots.picture(stand.glass))

    led(stand, *way)
    bare = {"countdown": None, "service": surveys.Service(), "notice": surveys.Notice()}
    show(**bare)
    before = seen()
    show(**bare | more)
    assert not np.array_equal(before, seen())
    show(**bare)
    assert np.array_equal(before, seen())


@pytest.fixture
def asking(window: Any, survey: surveys.Survey) -> Iterator[Callable[[str], Stand]]:
    """Makes a kiosk that asks one of the other kinds of questions."""
    from kiosk.screens.glass import Glass
    from tests.integration.screens.conftest import Stand

    made: list[Stand] = []

    def ask(name: str) -> Stand:
        made.append(Stand(Glass, examples.variants(survey)[name]))
        window.add_widget(made[-1].glass)
        made[-1].frame()
        return made[-1]

    yield ask
    for stand in made:
        window.remove_widget(stand.glass)


def ink(stand: Stand, name: str) -> Any:
    """Where an answer's disc is drawn on in dark: a mask of its inner square."""
    box = stand.glass.targets[name].box
    picture: Any = screenshots.picture(stand.glass)
    x, y = box.centre
    half = min(box.width, box.height) * 0.3
    crop = picture.crop((x - half, picture.height - y - half, x + half, picture.height - y + half))
    return np.asarray(crop.resize((64, 64)).convert("L")).astype(int) < 90


def test_yes_and_no_are_told_apart_by_their_marks(asking: Callable[[str], Stand]) -> None:
    """A check and a cross, not two colours: each is there, and they hardly cover each other."""
    stand = asking("yesno")
    assert "Yes" in said(stand)
    yes, no = ink(stand, "face:2"), ink(stand, "face:1")
    assert yes.mean() > 0.03
    assert no.mean() > 0.03
    assert (yes & no).sum() / (yes | no).sum() < 0.7


@pytest.mark.parametrize("faces", [2, 3, 5])
def test_faces_are_told_apart_by_their_lines(asking: Callable[[str], Stand], faces: int) -> None:
    """Brows, eyes and mouth of neighbours do not lie over each other."""
    stand = asking(f"ask{faces}")
    seen = [ink(stand, f"face:{number}") for number in range(1, faces + 1)]
    for one, other in itertools.pairwise(seen):
        assert one.mean() > 0.03
        assert (one & other).sum() / (one | other).sum() < 0.8


def test_a_scale_has_a_place_for_each_number(asking: Callable[[str], Stand]) -> None:
    """0 to 10, what its ends mean, and a tap on 7 is face 8 of 11."""
    stand = asking("scale")
    numbers = [name for name in stand.glass.targets if name.startswith("face:")]
    assert sorted(numbers) == sorted(f"face:{number}" for number in range(1, 12))
    words = said(stand).split(" | ")
    assert all(str(number) in words for number in range(11))
    assert all(face.word in words for face in stand.view.faces if face.word)
    stand.tap("face:8")
    assert stand.ratings() == [8]
    assert stand.recorded[-1].faces == 11
