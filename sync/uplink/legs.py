"""The two legs, one step at a time: what the protocol decides is done here.

Purpose: a step does at most one call and says in how many seconds the next is due. Threads
(`worker.py`) and tests in virtual time walk the same legs. The clock and chance are handed in.

Rule: the card is read, written and sent from outside the lock around the protocol; nothing here
ever waits for the recorder or for the other leg.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sync.buffer import buffer as buffers
from sync.buffer import identity
from sync.feedback import wire
from sync.uplink import beats, enrol, steps, transport
from sync.uplink import line as shared

UNENROLLED = 60.0  # seconds between looks at whether there is an office by now
CONFIG_KEY = "config"
ROLL_KEY = "rolling"
ROLLED_KEY = "rolled"
ORDERS = 50  # orders to change the token that are remembered


class Upload:
    """The first leg: batches."""

    def __init__(
        self,
        line: shared.Line,
        wire_line: transport.Transport,
        *,
        now: Callable[[], float],
        chance: Callable[[], float],
    ) -> None:
        self._line = line
        self._transport = wire_line
        self._now = now
        self._chance = chance

    def step(self) -> float:
        """One batch at most; gives the seconds until the next step is due."""
        line = self._line
        with line.lock:
            read = line.uploads.plan(line.buffer.outgoing(), line.place, self._now())
        if isinstance(read, steps.Rest):
            return max(0.0, read.until - self._now())
        name = read.stream.stream
        events = line.buffer.read(name, read.after, read.limit, read.max_bytes)
        with line.lock:
            sent = line.uploads.batch(read, events, self._now())
        if isinstance(sent, steps.Rest):
            return max(0.0, sent.until - self._now())
        reply = self._transport.send(sent.request)
        with line.lock:
            outcome = line.uploads.answered(sent, reply, self._now(), self._chance())
            if outcome.acknowledge is not None:
                line.acknowledge(name, outcome.acknowledge)
        self._after(outcome)
        return 0.0

    def _after(self, outcome: steps.Outcome) -> None:
        line = self._line
        status = line.status
        line.tell(
            heard=outcome.heard,
            time=outcome.time,
            problem=line.uploads.problem,
            aside=line.uploads.aside,
            refused=status.refused + len(outcome.refused),
            conflicts=status.conflicts + len(outcome.conflicts),
        )
        line.time(outcome.time)


class Beat:
    """The second leg: heartbeats, settings, a new token.

    lacked: called when the office said that it lacks what it once had: there is much to send.
    """

    def __init__(
        self,
        line: shared.Line,
        wire_line: transport.Transport,
        *,
        now: Callable[[], float],
        chance: Callable[[], float],
        lacked: Callable[[], None] = lambda: None,
    ) -> None:
        self._line = line
        self._transport = wire_line
        self._now = now
        self._chance = chance
        self._lacked = lacked
        kept = line.buffer.recall(CONFIG_KEY) or {}
        self._beats = beats.Beats(etag=kept.get("etag", ""))
        self._kiosk = ""

    def again(self) -> None:
        """Make every call at the next step, whatever waits."""
        self._beats.again()

    def step(self) -> float:
        """One call at most; gives the seconds until the next step is due."""
        place = self._line.buffer.identity.current
        if place is None:
            return UNENROLLED
        if place.kiosk != self._kiosk:  # enrolled anew
            self._kiosk = place.kiosk
            self._beats.again()
        rolling = self._line.buffer.recall(ROLL_KEY)
        calls: list[beats.Call] = ["heartbeat", "config"]
        if rolling and rolling.get("kiosk") == place.kiosk:
            calls.insert(0, "roll")
        call = self._beats.plan(calls, self._now())
        if isinstance(call, steps.Rest):
            return max(0.0, call.until - self._now())
        if call == "roll":
            self._roll(place, str(rolling["token"]))
        elif call == "heartbeat":
            self._heartbeat(place)
        else:
            self._config(place)
        return 0.0

    def _heartbeat(self, place: identity.Enrolment) -> None:
        line, buffer = self._line, self._line.buffer
        facts = line.calls.facts()
        stream = buffer.stream
        beat = wire.Heartbeat(
            stream=stream,
            last_seq=buffer.last_seq,
            pending=buffer.pending(),
            in_memory=buffer.in_memory,
            oldest=facts.oldest,
            app=facts.app,
            uptime=facts.uptime,
            config=self._beats.state,
            health=facts.health,
            last_touch=facts.last_touch,
        )
        with line.lock:
            since = line.uploads.epochs()
        reply = self._transport.send(self._beats.heartbeat(place, beat))
        good = self._beats.heard(reply, place, stream, self._now(), self._chance())
        if good is None:
            return
        if self._believe(good.message, since):
            self._beats.soon(self._now())
            self._lacked()
        line.tell(heard=True, time=good.time)
        line.time(good.time)
        line.remember(shared.CONTACT_KEY, {"at": line.status.last_contact, "office": place.office})

    def _believe(self, heard: wire.Heard, since: dict[str, int]) -> bool:
        """Acknowledge what the office says; True when it lacks what it once had."""
        line, buffer = self._line, self._line.buffer
        told = {one.stream: one.stored_through for one in heard.behind}
        told[heard.stream] = heard.stored_through
        lacks = False
        with line.lock:
            rows = [*buffer.outgoing(), *(buffer.settled() if heard.behind else ())]
            for row in rows:
                if row.stream in told:
                    through = line.uploads.told(row, told[row.stream], since)
                    if through is not None:
                        line.acknowledge(row.stream, through)
                        lacks = lacks or through < row.acknowledged
        return lacks

    def _config(self, place: identity.Enrolment) -> None:
        line = self._line
        reply = self._transport.send(self._beats.config(place))
        settings = self._beats.fetched(reply, place, self._now(), self._chance())
        if settings is None:
            return
        line.tell(heard=True, time=settings.time)
        line.time(settings.time)
        if settings.config is None and not settings.error:
            return
        error = settings.error
        if settings.config is not None:
            error = line.calls.on_config(settings.config)
        self._beats.judged(settings, error)
        line.tell(config_error=error)
        if error or settings.config is None:
            return
        line.remember(CONFIG_KEY, {"etag": settings.etag})
        self._obey(settings.config.notices)

    def _obey(self, notices: Sequence[wire.Notice]) -> None:
        """Change the token where the office orders it, once for each order."""
        done = self._line.buffer.recall(ROLLED_KEY) or []
        orders = [one.id for one in notices if one.kind == "roll_token" and one.id not in done]
        if orders:
            self._line.remember(ROLLED_KEY, [*done, *orders][-ORDERS:])
            ask_for_new_token(self._line.buffer)

    def _roll(self, place: identity.Enrolment, token: str) -> None:
        reply = self._transport.send(self._beats.roll(place, token))
        if self._beats.rolled(reply, place, self._now(), self._chance()):
            self._line.buffer.roll_token(place.kiosk, place.office, token)
            self._line.remember(ROLL_KEY, None)


def ask_for_new_token(buffer: buffers.Buffer) -> None:
    """Have the second leg change the token; it lies on the card before the office is told.

    Raises sync.buffer.errors.Error when the card cannot keep it.
    """
    place = buffer.identity.current
    if place is not None:
        buffer.remember(ROLL_KEY, {"kiosk": place.kiosk, "token": enrol.new_token()})
