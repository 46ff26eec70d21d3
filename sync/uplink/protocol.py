"""Uploads: told what waits and what was answered, says what to do next. PURE, sans-I/O.

Purpose: everything the table of cases in `sync/PROTOCOL.md` says about batches. The caller reads
the card, sends, waits; this decides. One Uploads serves all streams of a card, those of kiosks
and offices before included, each under its own token, and none holds up another's.

Rules

1. A stream's events go in order, oldest stream first, 500 at a time, as they lie on the card.
2. Acknowledged is what our office last said, lower as well as higher, cut to the highest seq sent
   or exported. Nothing else moves it; nothing deletes an event.
3. A batch that the office cannot read is halved; an event that fails alone goes wrapped.
4. What no quick try can help (401, 403, an unknown format, another kiosk's stream) is kept, said,
   and tried again slowly; of another kiosk's stream nothing counts as acknowledged. Retry-After is
   waited for. Everything else backs off with full jitter: the line to the office, and, where the
   office itself fails at a batch, that batch's stream too.
5. `start`, `settings`, `survey` and `clock` alone cause no batch for five minutes.
6. What an office that was restored from a back-up lacks it says itself, with the answer to a
   heartbeat: `told` lowers what was acknowledged, and the stream waits to be sent again.

Times are seconds of any clock that only goes forward; chance is a number in [0, 1).
"""

from __future__ import annotations

from collections.abc import Sequence

from sync.feedback import wire
from sync.uplink import answers, backoff, batches, exchange, lanes, steps

# with the values it speaks in, for the office's simulator, which may import this module alone
__all__ = ["Uploads", "exchange", "steps"]

LINGER = 1.0  # seconds from a tap to its batch: the reason chosen next travels along
ASIDE = 3600.0  # seconds before a stream set aside is tried again
IDLE = 600.0  # seconds of rest when nothing waits
POLICY = backoff.Backoff(cap=wire.BACKOFF_CAP)


class Uploads:
    """The state of all uploads of one card. Not thread-safe: its owner holds a lock around it."""

    def __init__(self, policy: backoff.Backoff = POLICY, *, linger: float = LINGER) -> None:
        self._policy = policy
        self._linger = linger
        self._lanes: dict[tuple[str, str], lanes.Lane] = {}
        self._memories: dict[str, lanes.Memory] = {}
        self._nudged: float | None = None
        self._quiet_since: float | None = None

    def __repr__(self) -> str:
        return f"<Uploads of {len(self._memories)} streams, {len(self.aside)} set aside>"

    # --- what people are told -----------------------------------------------------------------

    @property
    def problem(self) -> str:
        """A sentence for staff about the line, empty when all is well."""
        return next((lane.problem for lane in self._lanes.values() if lane.problem), "")

    @property
    def aside(self) -> dict[str, str]:
        """Streams kept back because their office will not take them, with the reason."""
        return {name: memory.aside for name, memory in self._memories.items() if memory.aside}

    # --- what to do next ----------------------------------------------------------------------

    def nudge(self, now: float) -> None:
        """Something was recorded."""
        if self._nudged is None:
            self._nudged = now

    def again(self) -> None:
        """Try everything at once: staff test the line, or the kiosk was enrolled anew."""
        for lane in self._lanes.values():
            lane.tries.over()
        for memory in self._memories.values():
            memory.aside_until = 0.0

    def plan(
        self, streams: Sequence[steps.Stream], places: steps.Places, now: float
    ) -> steps.Read | steps.Rest:
        """What to send next; `streams`: those with something to send, oldest first.

        One at which the office failed comes after all at which it did not.
        """
        until = now + IDLE
        chosen: tuple[int, steps.Read] | None = None
        for stream in streams:
            place = places(stream)
            if stream.last_seq <= stream.acknowledged or place is None:
                continue
            ready = max(self._ready(stream), self._lingers(stream, now))
            if ready > now:
                until = min(until, ready)
                continue
            memory = self._memory(stream)
            read = steps.Read(stream, place, stream.acknowledged, memory.limit)
            if not memory.faults:
                return read
            if chosen is None or memory.faults < chosen[0]:
                chosen = memory.faults, read
        return chosen[1] if chosen else steps.Rest(until)

    def batch(
        self, read: steps.Read, events: Sequence[bytes], now: float
    ) -> steps.Sent | steps.Rest:
        """The batch to send for what was read, or a rest when it is not worth one yet."""
        stream, memory = read.stream, self._memory(read.stream)
        if not events:
            memory.set_aside(
                f"Events after {read.after} cannot be read from the card.", now + ASIDE
            )
            return steps.Rest(now)
        if stream.current:
            wait = self._wait_for_more(events, now)
            if wait > now:
                return steps.Rest(wait)
        sent = batches.sent(read, events, memory.wrap)
        memory.sent = max(memory.sent, stream.acknowledged, sent.last)
        return sent

    def _wait_for_more(self, events: Sequence[bytes], now: float) -> float:
        """Until when events of the current stream wait for company."""
        self._nudged = None
        if not batches.is_quiet(events):
            self._quiet_since = None
            return now
        if self._quiet_since is None:
            self._quiet_since = now
        due = self._quiet_since + wire.QUIET_WITHIN
        if due <= now:
            self._quiet_since = None
        return due

    # --- what was answered --------------------------------------------------------------------

    def answered(
        self, sent: steps.Sent, reply: exchange.Reply, now: float, chance: float
    ) -> steps.Outcome:
        """What the reply to a batch means. Call `acknowledge` on the card if it says so."""
        verdict = answers.judge(
            reply, wire.Stored, office=sent.place.office, stream=sent.stream.stream
        )
        if isinstance(verdict, answers.Good):
            return self._stored(sent, verdict, now, chance)
        if isinstance(verdict, answers.Bad):
            return self._refusal(sent, verdict, now, chance)
        why = "A 304 is no answer." if isinstance(verdict, answers.Unchanged) else verdict.why
        return self._failed(sent, why, now, chance)

    def told(self, stream: steps.Stream, stored_through: int, since: dict[str, int]) -> int | None:
        """What a heartbeat's answer acknowledges, or None; `since`: `epochs` before it was sent.

        When a batch was answered in the meantime the heartbeat's answer may be the older one. An
        office that speaks of a stream has it as this kiosk's: it waits aside for that no longer.
        """
        if self.epochs().get(stream.stream, 0) != since.get(stream.stream, 0):
            return None
        self._memory(stream).ours()
        through = self._cut(stream, stored_through)
        return through if through != stream.acknowledged else None

    def epochs(self) -> dict[str, int]:
        """How many batches of each stream were answered by its office."""
        return {name: memory.answers for name, memory in self._memories.items() if memory.answers}

    def _stored(
        self, sent: steps.Sent, good: answers.Good[wire.Stored], now: float, chance: float
    ) -> steps.Outcome:
        told = good.message.stored_through
        if told < sent.first:
            why = f"The office answered 200, but stored nothing of {sent.first} … {sent.last}."
            return self._failed(sent, why, now, chance)
        self._worked(sent)
        through = self._cut(sent.stream, told)
        self._memory(sent.stream).stored(through)
        return steps.Outcome(True, through, good.time, good.message.refused, good.message.conflicts)

    def _refusal(
        self, sent: steps.Sent, bad: answers.Bad, now: float, chance: float
    ) -> steps.Outcome:
        """A problem of ours: the table of cases, row by row."""
        if (bad.status, bad.kind) == (409, "gap"):
            return self._gap(sent, bad, now, chance)
        if (bad.status, bad.kind) == (409, "foreign-stream"):
            return self._foreign(sent, bad, now)
        memory = self._memory(sent.stream)
        why = f"The office could not take it ({bad.status}): {bad.detail}"
        if bad.status in (413, 422) and memory.halve(sent.first, sent.last, sent.count):
            self._lane(sent.stream).worked()
        elif bad.status in (401, 403) or bad.kind == "unsupported-format":
            self._wait(sent, why, now + backoff.slow(chance))
        elif bad.status in (429, 503) and bad.retry_after is not None:
            self._wait(sent, why, now + bad.retry_after)
        else:
            self._stuck(sent, why, now, chance)
        return steps.Outcome(heard=True)

    def _gap(self, sent: steps.Sent, bad: answers.Bad, now: float, chance: float) -> steps.Outcome:
        told = -1 if bad.stored_through is None else bad.stored_through
        if told < 0 or self._cut(sent.stream, told) == sent.stream.acknowledged:
            why = "The office names a gap where there is none."
            return self._stuck(sent, why, now, chance)
        self._worked(sent)
        return steps.Outcome(heard=True, acknowledge=self._cut(sent.stream, told))

    def _foreign(self, sent: steps.Sent, bad: answers.Bad, now: float) -> steps.Outcome:
        """Another kiosk's stream, says the office: nothing in it is ours, all of it stays here."""
        self._worked(sent)
        why = f"The office says it is another kiosk's: {bad.detail}"
        self._memory(sent.stream).set_aside(why, now + ASIDE, foreign=True)
        return steps.Outcome(heard=True, acknowledge=0 if sent.stream.acknowledged else None)

    def _failed(self, sent: steps.Sent, why: str, now: float, chance: float) -> steps.Outcome:
        lane = self._lane(sent.stream)
        lane.tries.failed(self._policy, now, chance)
        lane.problem = why
        return steps.Outcome()

    def _stuck(self, sent: steps.Sent, why: str, now: float, chance: float) -> steps.Outcome:
        """Our office fails at this batch: its stream waits aside, so that the others go on."""
        memory = self._memory(sent.stream)
        memory.faults += 1
        memory.set_aside(why, now + self._policy.delay(memory.faults, chance))
        return self._failed(sent, why, now, chance)

    def _wait(self, sent: steps.Sent, why: str, until: float) -> None:
        lane = self._lane(sent.stream)
        lane.tries.until = until
        lane.problem = why

    def _worked(self, sent: steps.Sent) -> None:
        self._lane(sent.stream).worked()
        memory = self._memory(sent.stream)
        memory.answers += 1
        memory.faults = 0

    def _cut(self, stream: steps.Stream, told: int) -> int:
        """No more than was ever sent or exported: an office cannot acknowledge the future."""
        known = max(self._memory(stream).sent, stream.acknowledged, stream.sent)
        return max(0, min(told, known, stream.last_seq))

    # --- small things -------------------------------------------------------------------------

    def _ready(self, stream: steps.Stream) -> float:
        return max(self._lane(stream).tries.until, self._memory(stream).aside_until)

    def _lingers(self, stream: steps.Stream, now: float) -> float:
        """Until when a current stream's small change waits for what belongs to it."""
        if not stream.current or stream.last_seq - stream.acknowledged >= wire.BATCH_EVENTS:
            return now
        if self._nudged is not None:
            return self._nudged + self._linger
        return now if self._quiet_since is None else self._quiet_since + wire.QUIET_WITHIN

    def _lane(self, stream: steps.Stream) -> lanes.Lane:
        return self._lanes.setdefault((stream.office, stream.kiosk), lanes.Lane())

    def _memory(self, stream: steps.Stream) -> lanes.Memory:
        return self._memories.setdefault(stream.stream, lanes.Memory())
