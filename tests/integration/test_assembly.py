"""The kiosk put together, without a window, before an office that is a function."""

import base64
import queue
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from kiosk import assembly, config, logos, pin, signals
from sync.buffer import identity, machine
from sync.buffer import memory as cards
from sync.buffer.buffer import Buffer
from sync.feedback import wire
from sync.uplink import exchange, transport
from tests import batches

NOW_MS = 1_795_262_400_000
MARKS: dict[str, Any] = {"office": "o_1", "server_time": NOW_MS}


class Office:
    """An office that takes everything and hands out one configuration."""

    def __init__(self) -> None:
        self.config = wire.Config(version=1, **MARKS)
        self.events: list[dict[str, Any]] = []
        self.beats: list[wire.Heartbeat] = []

    def __call__(self, request: exchange.Request) -> exchange.Reply:
        """Answer a call."""
        if request.path == wire.CONFIG:
            return self._config(request)
        if request.path == wire.HEARTBEATS:
            beat = msgspec.json.decode(request.body, type=wire.Heartbeat)
            self.beats.append(beat)
            return _reply(wire.Heard(stream=beat.stream, stored_through=0, **MARKS))
        batch, spans = batches.read(request.body)
        self.events += [msgspec.json.decode(raw) for raw in batch.events]
        through = spans[-1].through if spans else 0
        return _reply(wire.Stored(stream=batch.stream, stored_through=through, **MARKS))

    def _config(self, request: exchange.Request) -> exchange.Reply:
        etag = f'"{self.config.version}"'
        if request.headers.get("If-None-Match") == etag:
            return exchange.Response(304, {"smiley-office": "o_1"}, b"", 0.1)
        return exchange.Response(200, {"etag": etag}, wire.encode(self.config), 0.1)


def _reply(message: wire.Message) -> exchange.Response:
    return exchange.Response(200, {}, wire.encode(message), 0.1)


class Kiosk:
    """An assembly whose screen's thread is the test's, and whose clock the test turns."""

    def __init__(self, office: Office, card: cards.MemoryFiles, folder: Path) -> None:
        self.machine = machine.MemoryMachine(mono=500_000, wall=77)
        (folder / "card").mkdir(exist_ok=True)
        self.posted: queue.Queue[Callable[[], None]] = queue.Queue()
        buffer = Buffer.open(folder / "card", files=card, machine=self.machine, tending_every=None)
        buffer.enrol(
            identity.Enrolment(
                url="https://office.example", office="o_1", kiosk="k", token="t", time_zone="UTC"
            )
        )
        self.assembly = assembly.Assembly(
            buffer,
            folder / "kiosk.toml",
            self.posted.put,
            clock=self.machine,
            connect=lambda: transport.MemoryTransport(office),
        )
        self.assembly.start(lambda _survey, _settings: "column")
        self.assembly.settle()

    def until(self, holds: Callable[[], bool]) -> None:
        """Run what other threads post, and let time pass, until something holds."""
        end = time.monotonic() + 30
        while not holds():
            assert time.monotonic() < end, "it never came to hold"
            try:
                self.posted.get(timeout=0.05)()
            except queue.Empty:
                self.machine.passes(1_000)
                self.assembly.tick()

    def told(self, kind: str) -> list[dict[str, Any]]:
        """The events of a kind that wait on the card."""
        lines = [msgspec.json.decode(raw) for _, raw in self.assembly.buffer.iter_pending()]
        return [line for line in lines if line["kind"] == kind]


Make = Callable[[], Kiosk]


@pytest.fixture
def office() -> Office:
    """An office."""
    return Office()


@pytest.fixture
def make(office: Office, tmp_path: Path) -> Iterator[Make]:
    """Make a kiosk; making another one starts it anew on the same card."""
    card = cards.MemoryFiles()
    made: list[Kiosk] = []

    def kiosk() -> Kiosk:
        for one in made:
            one.assembly.stop()
        made.append(Kiosk(office, card, tmp_path))
        return made[-1]

    yield kiosk
    for one in made:
        one.assembly.stop()


def survey(version: int) -> dict[str, Any]:
    """The default survey as the office changed it."""
    changed = msgspec.structs.replace(config.default_survey(), survey="spring", version=version)
    return changed.document()


def test_a_tap_travels_to_the_office_behind_what_it_depends_on(make: Make, office: Office) -> None:
    """The office gets start, settings, survey, the clock it gave itself, and the tap."""
    kiosk = make()
    kiosk.until(lambda: kiosk.assembly.buffer.clock() is not None)
    kiosk.machine.passes(1_000)
    kiosk.assembly.terminal.tell(signals.Tapped(4))
    kiosk.until(lambda: any(event["kind"] == "rating" for event in office.events))
    kinds = [event["kind"] for event in office.events]
    assert kinds[:3] == ["start", "settings", "survey"]
    assert kinds.index("clock") < kinds.index("rating")
    assert office.events[1]["layout"] == "column"
    assert office.events[kinds.index("clock")]["source"] == "office"
    assert office.events[kinds.index("rating")]["face"] == 4


def test_the_offices_survey_and_settings_come_into_force(make: Make, office: Office) -> None:
    """They are shown once nobody is in front, told to the stream, and kept over a restart."""
    office.config = wire.Config(
        version=5, settings={"pause": 9_000, "newer": True}, surveys=[survey(8)], **MARKS
    )
    kiosk = make()
    applied: list[signals.Configured] = []
    kiosk.assembly.terminal.applied = applied.append
    kiosk.until(lambda: bool(applied))
    assert (applied[0].survey.survey, applied[0].settings.pause) == ("spring", 9_000)
    kiosk.until(lambda: len(kiosk.told("survey")) == 2)
    told = kiosk.told("settings")[-1]
    assert (told["pause"], told["etag"], told["time_zone"]) == (9_000, "5", "UTC")
    again = make()
    assert again.assembly.loaded.survey.version == 8
    assert again.assembly.loaded.settings.pause == 9_000


@pytest.mark.parametrize(
    ("settings", "surveys", "sentence"),
    [
        ({"sound": 900}, [], "settings of the office: sound = 900: give a whole number"),
        ({"pause": 1}, [{"survey": "x"}], "survey of the office: the file: lacks the key"),
    ],
)
def test_a_wrong_configuration_is_refused_as_a_whole_and_told(
    make: Make,
    office: Office,
    settings: dict[str, Any],
    surveys: list[dict[str, Any]],
    sentence: str,
) -> None:
    """The last good one stays; the line knows what was wrong, and staff are told plainly."""
    office.config = wire.Config(version=6, settings=settings, surveys=surveys, **MARKS)
    kiosk = make()
    kiosk.until(lambda: kiosk.assembly.terminal.glimpses.state().notices != ())
    told = kiosk.assembly.terminal.glimpses.state().notices
    assert told == ("What the office set cannot be used. What was in force stays.",)
    line = kiosk.assembly._line
    assert line is not None
    assert line.status().config_error.startswith(sentence)
    assert kiosk.assembly.loaded.settings.pause == 5_000
    assert kiosk.assembly.loaded.survey.survey == "exit"


def test_the_first_start_makes_a_pin(make: Make) -> None:
    """Made per kiosk, the same after a restart."""
    kiosk = make()
    kept = kiosk.assembly.buffer.recall("pin")
    assert kept is not None
    assert make().assembly.buffer.recall("pin") == kept


def test_staff_see_how_the_kiosk_is(make: Make, office: Office) -> None:
    """The glimpse's state: what waits, the office, the clock and where it is known from."""
    kiosk = make()
    kiosk.until(lambda: bool(office.beats) and kiosk.assembly.buffer.clock() is not None)
    shown = kiosk.assembly.terminal.glimpses.state()
    assert shown.enrolled
    assert (shown.clock_source, shown.contact_error) == ("office", "")
    assert shown.clock.startswith("12:")
    assert shown.last_contact[:3] == "12:"  # the kiosk's own clock has just begun in 1970


def test_the_offices_notices_reach_staff(make: Make, office: Office) -> None:
    """A text is shown, also after a restart; an order is none."""
    notices = [
        wire.Notice(id="n1", text="Closed on Friday."),
        wire.Notice(id="n2", kind="roll_token", text="not for people"),
        wire.Notice(id="n3", kind="later_kind", text="not known here"),
    ]
    office.config = wire.Config(version=7, notices=notices, **MARKS)
    kiosk = make()
    kiosk.until(lambda: kiosk.assembly.notices() == ("Closed on Friday.",))
    assert kiosk.assembly.terminal.glimpses.state().messages == ("Closed on Friday.",)
    again = make()
    assert again.assembly.notices() == ("Closed on Friday.",)


def test_the_office_can_order_the_pin_reset_once(make: Make, office: Office) -> None:
    """The old PIN opens no longer; a new one does, though the order still stands."""
    kiosk = make()
    pins = pin.Pins(kiosk.assembly.buffer)
    old = pins.renew()
    assert pins.check(old, 0).right
    order = wire.Notice(id="n1", kind="reset_pin")
    office.config = wire.Config(version=7, notices=[order], **MARKS)
    kiosk = make()
    pins = pin.Pins(kiosk.assembly.buffer)
    kiosk.until(lambda: pins.check(old, 0).reset)
    new = pins.renew()
    text = wire.Notice(id="n2", text="Call us.")
    office.config = wire.Config(version=8, notices=[order, text], **MARKS)
    again = make()
    again.until(lambda: again.assembly.notices() == ("Call us.",))
    assert pin.Pins(again.assembly.buffer).check(new, 0).right


def picture(width: int, height: int) -> bytes:
    """Make a PNG's first chunk, and what looks like more."""
    sides = width.to_bytes(4) + height.to_bytes(4)
    return b"\x89PNG\r\n\x1a\n" + b"\0\0\0\x0dIHDR" + sides + b"a picture"


PNG = picture(300, 100)
HUGE = picture(20_000, 20_000)


def test_the_offices_logo_is_kept_as_a_file(make: Make, office: Office, tmp_path: Path) -> None:
    """It is shown from a file beside the events; one that is none refuses the whole."""
    png = base64.b64encode(PNG).decode()
    office.config = wire.Config(version=5, logo=wire.Logo(png=png), **MARKS)
    kiosk = make()
    kiosk.until(lambda: bool(kiosk.assembly.loaded.settings.logo))
    logo = Path(kiosk.assembly.loaded.settings.logo)
    assert logo.read_bytes() == PNG
    again = make()
    assert again.assembly.loaded.settings.logo == str(logo)


@pytest.mark.parametrize(
    "png",
    [
        "%%%",
        *(base64.b64encode(data).decode() for data in (b"GIF89a", PNG[:16], picture(0, 9), HUGE)),
    ],
)
def test_a_logo_that_is_none_is_refused(png: str) -> None:
    """With a sentence; also 48 KiB that unpack to gigabytes, for which no Pi has the memory."""
    with pytest.raises(logos.Invalid, match=r"^logo of the office: "):
        logos.decoded(png)


def test_a_logo_kept_by_an_older_version_keeps_nobody_from_starting(
    make: Make, office: Office
) -> None:
    """What lies on the card and is no logo by today's rules is left out, and staff are told."""
    first = make()
    first.assembly.buffer.remember(config.OFFICE, {"logo": base64.b64encode(HUGE).decode()})
    kiosk = make()
    assert kiosk.assembly.loaded.settings.logo == ""
    assert any("20000 × 20000 pixels" in notice for notice in kiosk.assembly.notices())
