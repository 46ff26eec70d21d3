"""The kiosk put together, all but its window: card, settings, session, line, clock."""

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, Self

import msgspec

import kiosk
from kiosk import config, glimpse, health, i18n, pin, session, signals, terminal, timekeeper
from kiosk import settings as settings_
from sync.buffer import buffer as buffers
from sync.buffer import errors, machine
from sync.feedback import privacy, surveys, wire
from sync.uplink import line, transport, worker

CLOCK_EVERY_MS = 60_000
# no 0, O, 1, I: a code is read from a screen and written on a slip of paper
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_SIGNS = "23456789" + _LETTERS
_STRUCK = {
    "mail": "[mail address removed]",
    "phone": "[number removed]",
    "card": "[card number removed]",
    "account": "[account removed]",
    "personal": "[number removed]",
}
Layout = Callable[[surveys.Survey, settings_.Settings], Literal["row", "column"]]
"""How the faces of a survey's first question stand on this screen."""

_SURVEY, _OFFICE, _STAFF = "last_survey", "office_config", "staff_settings"


def removal_code() -> str:
    """Return a new code for "have this removed later", such as K7-42Q: one of 17 million."""
    signs = [secrets.choice(_SIGNS) for _ in range(4)]
    return f"{secrets.choice(_LETTERS)}{signs[0]}-{''.join(signs[1:])}"


def strike(text: str, language: str) -> tuple[str, tuple[str, ...]]:
    """Take personal data out of a comment, in its place what it was in the visitor's language."""
    labels = {kind: i18n.text(language, label) for kind, label in _STRUCK.items()}
    struck = privacy.strike(text, labels)
    return struck.text, tuple(dict.fromkeys(one.kind for one in struck.found))


class Assembly:
    """A whole kiosk without a window. Made by `open`; a context manager."""

    def __init__(
        self,
        buffer: buffers.Buffer,
        settings_file: Path,
        post: terminal.Post,
        *,
        must_exist: bool = False,
        clock: machine.Machine | None = None,
        connect: Callable[[], transport.Transport] = transport.RequestsTransport,
    ) -> None:
        self.buffer = buffer
        self._file, self._must_exist, self._post = settings_file, must_exist, post
        self._clock = clock or machine.RealMachine()
        self._keeper = timekeeper.Timekeeper()
        self._clock_ms = -CLOCK_EVERY_MS
        self.loaded = self._load()
        self._layout: Layout = lambda _survey, _settings: "row"
        self._pins = pin.Pins(buffer)
        self.stopped = False
        self.worker = worker.Worker(
            buffer,
            connect,
            line.Calls(
                wall=self._clock.wall,
                facts=self._facts,
                on_time=self._office_time,
                on_config=self._office_config,
            ),
        )
        self.session = session.Session(
            self.loaded.survey, self.loaded.settings, strike=strike, codes=removal_code
        )
        reader = glimpse.Reader(
            buffer,
            self._clock,
            self._keeper,
            config=lambda: (self.loaded.settings, self.loaded.survey),
            status=self.worker.status,
            notices=self.notices,
        )
        self.terminal = terminal.Terminal(
            self.session,
            buffer,
            self._clock,
            post,
            reader,
            settings=self.loaded.settings,
            knows_time=lambda: self._keeper.source is not None,
            recorded=self.worker.nudge,
        )

    @classmethod
    def open(
        cls, data: Path, settings_file: Path, post: terminal.Post, *, must_exist: bool = False
    ) -> Self:
        """Open the card in `data` and put the kiosk together. Raises `errors.Error`."""
        buffer = buffers.Buffer.open(data, app=kiosk.version())
        return cls(buffer, settings_file, post, must_exist=must_exist)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self, layout: Layout) -> None:
        """Begin: the recorder, and the line. `layout`: how faces stand on the screen."""
        self._layout = layout
        if not self._pins.exists():
            self._remember_new_pin()
        self._keep_survey()
        etag = str((self.buffer.recall(_OFFICE) or {}).get("version", ""))
        self.terminal.configure(self._configured(etag))
        self.terminal.start()
        self.tick()
        self.worker.start()

    def stop(self) -> None:
        """End everything in order and give the card up. Twice is fine."""
        if self.stopped:
            return
        self.stopped = True
        self.worker.stop()
        self.terminal.stop()
        self.buffer.close()

    def tick(self) -> None:
        """Let time pass; on the screen's thread, after every touch so far was handed in."""
        self.terminal.tick()
        now = self._clock.mono()
        if now - self._clock_ms >= CLOCK_EVERY_MS:
            self._clock_ms = now
            steered = health.ntp()
            if steered is not None:
                self._learn("ntp", self._clock.wall(), steered.uncertainty)

    def notices(self) -> tuple[str, ...]:
        """Return sentences for staff about what is not as it should be."""
        slow = self.terminal.slow_taps
        told = self.loaded.notices
        return (*told, f"The card was slow {slow} times since the start.") if slow else told

    # ------------------------------------------------------------------------------- settings

    def _load(self) -> config.Loaded:
        """Return what is in force: office over staff over file, or the last good."""
        office = self.buffer.recall(_OFFICE) or {}
        kept = self.buffer.recall(_SURVEY)
        last = None
        if kept is not None:
            last = surveys.from_document(kept, "the last good survey")
        loaded = config.load(
            self._file,
            must_exist=self._must_exist,
            staff=self.buffer.recall(_STAFF) or {},
            office=office.get("settings") or {},
            last_survey=last,
        )
        survey = _office_survey(office) or loaded.survey
        return msgspec.structs.replace(loaded, survey=survey)

    def _keep_survey(self) -> None:
        """Keep the survey in force as the last good one."""
        document = self.loaded.survey.document()
        if self.buffer.recall(_SURVEY) != document:
            self._remember(_SURVEY, document)

    def _office_config(self, message: wire.Config) -> str:
        """Take the office's settings; return why not. Called in the line's thread."""
        office: dict[str, Any] = {"settings": message.settings, "surveys": message.surveys}
        try:
            values = dict(self.loaded.values)
            staff = self.buffer.recall(_STAFF) or {}
            settings = settings_.layered(values, staff, message.settings)
            survey = _office_survey(office)
        except (settings_.Invalid, surveys.Invalid) as error:
            return str(error)
        self._remember(_OFFICE, {**office, "version": message.version})
        self._post(lambda: self._take_up(settings, survey, str(message.version)))
        return ""

    def _take_up(
        self, settings: settings_.Settings, survey: surveys.Survey | None, etag: str
    ) -> None:
        """Put new settings in force, on the screen's thread."""
        survey = survey or self._load().survey
        self.loaded = msgspec.structs.replace(self.loaded, settings=settings, survey=survey)
        self._keep_survey()
        self.terminal.configure(self._configured(etag))

    def _configured(self, etag: str) -> signals.Configured:
        loaded = self.loaded
        layout = self._layout(loaded.survey, loaded.settings)
        return signals.Configured(loaded.survey, loaded.settings, layout, etag)

    # ----------------------------------------------------------------------- clock and machine

    def _office_time(self, trusted: int, uncertainty: int) -> None:
        self._post(lambda: self._learn("office", trusted, uncertainty))

    def _learn(self, source: timekeeper.Source, trusted: int, uncertainty: int) -> None:
        event = self._keeper.learn(
            source, trusted, uncertainty, mono=self._clock.mono(), wall=self._clock.wall()
        )
        if event is not None:
            self.terminal.record(event)

    def _facts(self) -> line.Facts:
        return line.Facts(
            app=kiosk.version(),
            uptime=health.uptime(),
            oldest=self.buffer.oldest(),
            health=health.report(Path(self.buffer.folder)),
        )

    # ------------------------------------------------------------------------------ small state

    def _remember_new_pin(self) -> None:
        """Make the kiosk's first PIN; who needs it makes a new one with `smiley-kiosk pin`."""
        try:
            self._pins.renew()
        except errors.Error:
            return  # without a PIN the pad opens to nobody, and taps go on

    def _remember(self, key: str, value: Any) -> None:
        try:
            self.buffer.remember(key, value)
        except errors.Error:
            return  # what is in force stays in force; it is asked for again after a restart


def _office_survey(office: dict[str, Any]) -> surveys.Survey | None:
    """Return the office's first survey, or None without one. Raises `surveys.Invalid`."""
    found = [
        surveys.from_document(one, "survey of the office") for one in office.get("surveys", [])
    ]
    return found[0] if found else None
