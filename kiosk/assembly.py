"""The kiosk put together, all but its window: card, settings, session, line, clock."""

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

import msgspec

import kiosk
from kiosk import (
    comments,
    config,
    glimpse,
    health,
    i18n,
    logos,
    pin,
    session,
    signals,
    terminal,
    timekeeper,
)
from kiosk import settings as settings_
from sync.buffer import buffer as buffers
from sync.buffer import errors, machine
from sync.feedback import clocks, surveys, wire

if TYPE_CHECKING:
    from sync.uplink import line, transport, worker

CLOCK_EVERY_MS = 60_000
Layout = Callable[[surveys.Survey, settings_.Settings], Literal["row", "column"]]
"""How the faces of a survey's first question stand on this screen."""


class Assembly:
    """A whole kiosk without a window, on an open card, which it closes. A context manager."""

    def __init__(
        self,
        buffer: buffers.Buffer,
        settings_file: Path,
        post: terminal.Post,
        *,
        named: bool = False,
        clock: machine.Machine | None = None,
        connect: "Callable[[], transport.Transport] | None" = None,
    ) -> None:
        self.buffer = buffer
        self._file, self._named, self._post = settings_file, named, post
        self._clock = clock or machine.RealMachine()
        self._keeper = timekeeper.Timekeeper()
        self._keeper.resume(buffer.clock())
        self._clock_ms = self._clock.mono() - CLOCK_EVERY_MS
        self.loaded = self._in_force()
        self._loaded_on = self._day()
        self._layout: Layout = lambda _survey, _settings: "row"
        self._pins = pin.Pins(buffer)
        self.stopped = False
        self._mistakes = 0
        self._connect = connect
        self._line: worker.Worker | None = None
        self.session = session.Session(
            self.loaded.survey,
            self.loaded.settings,
            strike=comments.strike,
            codes=comments.removal_code,
        )
        reader = glimpse.Reader(
            buffer,
            self._clock,
            self._keeper,
            config=lambda: (self.loaded.settings, self.loaded.survey),
            status=lambda: self._line.status() if self._line else None,
            notices=self.notices,
        )
        self.terminal = terminal.Terminal(
            self.session,
            buffer,
            self._clock,
            post,
            reader,
            settings=self.loaded.settings,
            time=self._time,
            recorded=lambda: self._line.nudge() if self._line else None,
        )
        self.terminal.mistaken = self.note_mistake

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self, layout: Layout) -> None:
        """Begin to record. `layout`: how faces stand on the screen."""
        self._layout = layout
        self.terminal.configure(self._configured())
        self.terminal.start()
        self.tick()

    def settle(self) -> None:
        """Do, once, from any thread, what the first frame need not wait for."""
        if not self._pins.exists():
            self._remember_new_pin()
        self._keep_survey()
        self._connect_line()

    def _connect_line(self) -> None:
        """Begin to talk to the office."""
        from sync.uplink import line, transport, worker  # noqa: PLC0415 - requests takes its time

        calls = line.Calls(
            wall=lambda: self._time()[0],
            sure=lambda: self._time()[1],
            facts=self._facts,
            on_time=self._office_time,
            on_config=self._office_config,
        )
        settings = self.loaded.settings

        def connect() -> transport.Transport:
            return transport.RequestsTransport(
                verify=settings.authority or True, proxy=settings.proxy
            )

        talker = worker.Worker(self.buffer, self._connect or connect, calls)
        self._post(lambda: self._talk(talker))

    def _talk(self, talker: "worker.Worker") -> None:
        if not self.stopped:
            self._line = talker
            talker.start()

    def stop(self) -> None:
        """End everything in order and give the card up. Twice is fine."""
        if self.stopped:
            return
        self.stopped = True
        if self._line is not None:
            self._line.stop()
        self.terminal.stop()
        self.buffer.close()

    def tick(self) -> None:
        """Let time pass; on the screen's thread, after every touch so far was handed in."""
        self.terminal.tick()
        now = self._clock.mono()
        if now - self._clock_ms < CLOCK_EVERY_MS:
            return
        self._clock_ms = now
        steered = health.ntp()
        if steered is not None:
            self._learn("ntp", self._clock.wall(), steered.uncertainty)
        if self._day() != self._loaded_on:  # a survey may begin or end today
            self._take_up()

    def notices(self) -> tuple[str, ...]:
        """Return sentences for staff about what is not as it should be."""
        told = [*config.office_notices(self.buffer), *self.loaded.notices]
        home = self.loaded.settings.languages[0]
        if self.terminal.slow_taps:
            told.append(
                i18n.plural(
                    home,
                    "The card was slow once since the start.",
                    "The card was slow {n} times since the start.",
                    self.terminal.slow_taps,
                )
            )
        if self._mistakes:
            told.append(i18n.text(home, "A mistake in the program was met, and noted in its log."))
        return tuple(told)

    def note_mistake(self) -> None:
        """Note a mistake in the program, for staff; from any thread."""
        self._mistakes += 1

    # ------------------------------------------------------------------------------- settings

    def _in_force(self) -> config.Loaded:
        now = self._time()[0]
        loaded = config.in_force(self._file, self.buffer, named=self._named, now_ms=now)
        png = (self.buffer.recall(config.OFFICE) or {}).get("logo")
        try:
            kept = logos.keep(Path(self.buffer.folder), logos.decoded(png)) if png else None
        except logos.Invalid as error:  # kept by a version with other rules
            notices = (*loaded.notices, f"{error}. Until then it is ignored.")
            return msgspec.structs.replace(loaded, notices=notices)
        if kept is None:
            return loaded
        settings = msgspec.structs.replace(loaded.settings, logo=str(kept))
        return msgspec.structs.replace(loaded, settings=settings)

    def _time(self) -> tuple[int, bool]:
        """Return what time it is, and whether that is known."""
        now = self._keeper.now(mono=self._clock.mono(), wall=self._clock.wall())
        return now, self._keeper.source is not None

    def _day(self) -> str:
        """Return the shop's own day by what is known of the time."""
        return clocks.local(self._time()[0], self.loaded.settings.time_zone).day

    def _keep_survey(self) -> None:
        """Keep the survey in force as the last good one."""
        document = self.loaded.survey.document()
        if self.buffer.recall(config.LAST_SURVEY) != document:
            self._remember(config.LAST_SURVEY, document)

    def _office_config(self, message: wire.Config) -> str:
        """Take the office's settings; return why not. Called in the line's thread."""
        office: dict[str, Any] = {
            "settings": message.settings,
            "surveys": message.surveys,
            "notices": msgspec.to_builtins(message.notices),
        }
        try:
            if message.logo is not None:
                logos.decoded(message.logo.png)
                office["logo"] = message.logo.png
            values = dict(self.loaded.values)
            staff = self.buffer.recall(config.STAFF) or {}
            settings_.layered(values, staff, message.settings)
            config.office_survey(office, datetime.date.fromisoformat(self._day()))
        except (settings_.Invalid, surveys.Invalid, logos.Invalid) as error:
            return str(error)
        if not self._remember(config.OFFICE, {**office, "version": message.version}):
            return "The card did not keep the settings."
        try:
            self._pins.obey([one.id for one in message.notices if one.kind == "reset_pin"])
        except errors.Error:
            return "The card did not keep that the PIN was reset."
        self._post(self._take_up)
        return ""

    def _take_up(self) -> None:
        """Put new settings in force, on the screen's thread."""
        self.loaded = self._in_force()
        self._loaded_on = self._day()
        self._keep_survey()
        self.terminal.configure(self._configured())

    def _configured(self) -> signals.Configured:
        loaded = self.loaded
        etag = str((self.buffer.recall(config.OFFICE) or {}).get("version", ""))
        layout = self._layout(loaded.survey, loaded.settings)
        return signals.Configured(loaded.survey, loaded.settings, layout, etag)

    # ----------------------------------------------------------------------- clock and machine

    def _office_time(self, trusted: int, uncertainty: int) -> None:
        then = self._clock.mono()  # the screen's thread may come to it later
        self._post(lambda: self._learn("office", trusted + self._clock.mono() - then, uncertainty))

    def _learn(self, source: timekeeper.Source, trusted: int, uncertainty: int) -> None:
        event = self._keeper.learn(
            source, trusted, uncertainty, mono=self._clock.mono(), wall=self._clock.wall()
        )
        if event is not None:
            self.terminal.record(event)

    def _facts(self) -> "line.Facts":
        from sync.uplink import line  # noqa: PLC0415 - loaded with the line

        return line.Facts(
            app=kiosk.VERSION,
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

    def _remember(self, key: str, value: Any) -> bool:
        """Keep a value on the card; without, what is in force stays in force until a restart."""
        try:
            self.buffer.remember(key, value)
        except errors.Error:
            return False
        return True
