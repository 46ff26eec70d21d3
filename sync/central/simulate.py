"""A fleet that plays kiosks, with the real protocol code, over days that pass in seconds.

Rule 1: what decides about uploads is `sync.uplink.protocol`, as on a kiosk; only the card and the
people are played (`cards.py`, `rhythms.py`).
Rule 2: time is told, not spent. A kiosk speaks every quarter of an hour of its own time instead of
within 5 s of a tap: a fleet's month would otherwise be a million small batches.
Rule 3: the same seed is the same fleet, event by event; only ids, tokens and the office's clock are
the office's own.

Against an office in this process its functions are called without HTTP, at the fleet's own time.
Against a running one all goes over real sockets; there codes are made in its database.
"""

import concurrent.futures
import datetime
import random
import secrets
import time
import zoneinfo
from collections.abc import Callable
from typing import TypeAlias

import msgspec

from sync.central import cards, enrolment, heartbeats, ingest, problems, rhythms
from sync.central.store import engine, errors
from sync.feedback import wire
from sync.uplink import protocol, transport

QUARTER = 900.0
BEAT = 3600.0
DAY = 86_400.0
FAULTS = transport.Faults(lose=0.01, cut=0.01, repeat=0.005, html=0.002, slow=0.01, stale=0.002)
"""A line such as shops have, for an office in this process."""

Send: TypeAlias = Callable[[protocol.exchange.Request, float], protocol.exchange.Reply]
"""One call at a moment of the fleet's time, in seconds since 1970."""


class Kiosk:
    """One simulated kiosk: its people, its card, its line. `wrong`: it does not know the time."""

    def __init__(
        self,
        chance: random.Random,
        line: random.Random,
        shop: rhythms.Shop,
        kiosk: str,
        *,
        place: cards.Place,
        send: Send,
    ) -> None:
        self.shop = shop
        self.place = place
        self.card = cards.Card(chance, shop, place.office, kiosk)
        self.taps = self.events = self.batches = self.beats = self.failed = 0
        self.took: list[float] = []
        self._chance = chance
        self._line = line
        self._send = send
        self._uploads = protocol.Uploads(linger=QUARTER)
        self._wrong = False
        self._drift = 0.0
        self._stopped_at = 0.0
        self._speaks = 0.0

    @property
    def waiting(self) -> int:
        """How many events on the card are not acknowledged."""
        return sum(one.last_seq - one.acknowledged for one in self.card.waiting())

    def live(self, date: datetime.date, until: float) -> None:
        """Play one day, but nothing after `until`."""
        zone = zoneinfo.ZoneInfo(self.shop.time_zone)
        midnight = datetime.datetime.combine(date, datetime.time(), zone).timestamp()
        day = rhythms.day(self._chance, self.shop, date)
        if midnight + day.on >= until:
            return
        self._switch_on(midnight + day.on)
        moments: list[tuple[float, rhythms.Press | None]] = [
            (press.at, press) for press in day.presses if day.on < press.at < day.off
        ]
        if self._wrong:
            moments.append((day.on + day.learns, None))
        for at, press in sorted(moments, key=lambda moment: moment[0]):
            now = midnight + at
            if now >= until or at >= day.off:
                break
            self._speak(now, day, midnight)
            if press is None:
                self.card.learn(now, now + self._drift)
                self._wrong, self._drift = False, 0.0
            else:
                self.card.press(now, press)
                self.taps += 1
                self._uploads.nudge(now)
        self._stopped_at = min(midnight + day.off, until)
        self._speak(self._stopped_at, day, midnight)
        if midnight + day.off > until and day.line(until - midnight):
            self._upload(until, up=True)
            self._beat(until)

    def _switch_on(self, now: float) -> None:
        """Begin a day; after a night without power the clock goes on where it stopped."""
        if self.shop.nights_on and self.card.streams:
            return
        believed = self._stopped_at + self._drift or now - self._chance.uniform(0, 30) * DAY
        self._drift, self._wrong = believed - now, True
        self._speaks = now + self._chance.uniform(60, QUARTER)
        stopped = self._chance.choices(("power", "clean"), (9, 1))[0]
        self.card.boot(now, believed, stopped)

    def _speak(self, until: float, day: rhythms.Day, midnight: float) -> None:
        """Upload and beat at the moments that are due before `until`."""
        while self._speaks < until:
            now = self._speaks
            up = day.line(now - midnight)
            self._upload(now, up)
            if up and now % BEAT < QUARTER:
                self._beat(now)
            self._speaks += QUARTER

    def _upload(self, now: float, up: bool) -> None:
        """Send what waits, as the protocol wants it."""
        while True:
            step = self._uploads.plan(self.card.waiting(), lambda _stream: self.place, now)
            if isinstance(step, protocol.steps.Rest):
                return
            stream = self.card.find(step.stream.stream)
            sent = self._uploads.batch(
                step, stream.events[step.after : step.after + step.limit], now
            )
            if isinstance(sent, protocol.steps.Rest):
                return
            reply = self._call(sent.request, now, up)
            outcome = self._uploads.answered(sent, reply, now, self._line.random())
            self.batches += 1
            if outcome.acknowledge is None:
                self.failed += 1
                continue
            self.events += max(0, outcome.acknowledge - stream.acknowledged)
            stream.acknowledged = outcome.acknowledge

    def _beat(self, now: float) -> None:
        stream = self.card.streams[-1]
        beat = wire.Heartbeat(
            stream=stream.stream,
            last_seq=stream.last_seq,
            pending=self.waiting,
            app=cards.APP,
            health={"temperature": round(self._line.uniform(38, 62), 1)},
        )
        request = protocol.exchange.Request(
            "POST",
            self.place.url,
            wire.HEARTBEATS,
            token=self.place.token,
            body=wire.encode(beat),
            headers={wire.HEADER_STREAM: stream.stream},
        )
        self._call(request, now, up=True)
        self.beats += 1

    def _call(
        self, request: protocol.exchange.Request, now: float, up: bool
    ) -> protocol.exchange.Reply:
        if not up:
            return protocol.exchange.Failure("the line is cut", wire.CONNECT_TIMEOUT)
        began = time.perf_counter()
        reply = self._send(request, now)
        self.took.append(time.perf_counter() - began)
        return reply


def inside(store: engine.Store, chance: random.Random, faults: transport.Faults) -> Send:
    """Give the line to an office in this process: its functions, at the fleet's own time."""
    moment = [0]

    def handle(request: protocol.exchange.Request) -> protocol.exchange.Reply:
        now = moment[0]
        told: wire.Message
        try:
            kiosk = enrolment.speaker(store, request.token, now).kiosk
            if request.path == wire.BATCHES:
                told = ingest.batch(store, kiosk, request.body, now)
            else:
                beat = msgspec.json.decode(request.body, type=wire.Heartbeat)
                told = heartbeats.hear(store, kiosk, beat, now)
        except problems.Problem as error:
            told = wire.problem(
                error.kind, office=store.office, server_time=now, detail=error.detail
            )
        status = told.status if isinstance(told, wire.Problem) else 200
        return protocol.exchange.Response(status, {}, wire.encode(told), 0.05)

    line = transport.MemoryTransport(handle, chance=chance, faults=faults)

    def send(request: protocol.exchange.Request, now: float) -> protocol.exchange.Reply:
        moment[0] = round(now * 1000)
        return line.send(request)

    return send


def outside() -> Send:
    """Give a kiosk's own line to a running office, over a real socket."""
    line = transport.RequestsTransport()

    def send(request: protocol.exchange.Request, _now: float) -> protocol.exchange.Reply:
        return line.send(request)

    return send


def fleet(store: engine.Store, number: int, seed: int, began: float, url: str = "") -> list[Kiosk]:
    """Make and enrol so many kiosks; `url` "": of an office in this process."""
    found = []
    for index in range(number):
        # people and line draw apart: whatever the office answers, the same people press the same
        chance = random.Random(f"{seed}/{index}/people")
        line = random.Random(f"{seed}/{index}/line")
        shop = rhythms.shop(chance, index)
        send = outside() if url else inside(store, line, FAULTS)
        now = round(began * 1000)
        added = enrolment.add(store, shop.site, shop.touchpoint, shop.time_zone, now)
        # a real secret: the office may be a real one
        token = secrets.token_hex(32)
        message = wire.Enrolment(
            code=added.code, token=token, device=wire.Device(model="simulated", app=cards.APP)
        )
        if url:
            request = protocol.exchange.Request(
                "POST", url, wire.ENROLMENTS, body=wire.encode(message)
            )
            answered = send(request, began)
            if not isinstance(answered, protocol.exchange.Response) or answered.status != 201:
                why = getattr(answered, "why", "It answered something else.")
                raise errors.Wrong(f"{url} does not enrol. {why} Is it this database's office?")
        else:
            enrolment.enrol(store, message, "simulate", now)
        place = cards.Place(url, store.office, token)
        found.append(Kiosk(chance, line, shop, added.kiosk, place=place, send=send))
    return found


def run(
    kiosks: list[Kiosk],
    days: int,
    until: float,
    *,
    at_once: int = 1,
    progress: Callable[[int], None] = lambda _done: None,
) -> cards.Report:
    """Play the days up to `until` (seconds since 1970), day by day, `at_once` kiosks at a time."""
    began = time.perf_counter()
    last = datetime.datetime.fromtimestamp(until, datetime.UTC).date()
    with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
        # kiosks east of Greenwich are a day ahead at times: what lies after `until` is not played
        for back in range(days - 1, -2, -1):
            date = last - datetime.timedelta(days=back)
            list(pool.map(lambda kiosk, date=date: kiosk.live(date, until), kiosks))
            progress(days - max(back, 0))
    return summed(kiosks, days, time.perf_counter() - began)


def summed(kiosks: list[Kiosk], days: int, seconds: float) -> cards.Report:
    """Add up what the kiosks did in so many seconds."""
    return cards.Report(
        kiosks=len(kiosks),
        days=days,
        taps=sum(one.taps for one in kiosks),
        events=sum(one.events for one in kiosks),
        batches=sum(one.batches for one in kiosks),
        beats=sum(one.beats for one in kiosks),
        failed=sum(one.failed for one in kiosks),
        waiting=sum(one.waiting for one in kiosks),
        seconds=seconds,
        took=sorted(seconds for one in kiosks for seconds in one.took),
    )
