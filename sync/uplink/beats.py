"""The second leg: heartbeats, settings, a new token. PURE, sans-I/O.

Rules

1. Each call has its own time and its own backoff: a heartbeat that fails does not keep the settings
   away, and neither waits for the uploads.
2. A heartbeat and a look at the settings every five minutes, the first at once.
3. What no quick try can help is tried slowly; Retry-After is waited for; the rest backs off.
4. The ETag sent is that of the newest settings seen, good or refused: what was refused is not
   fetched again until the office changes it or the program starts anew.

Times are seconds of any clock that only goes forward; chance is a number in [0, 1).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Literal, TypeVar

from sync.feedback import wire
from sync.uplink import answers, backoff, exchange, lanes, protocol, steps

SOON = 10.0  # seconds
T = TypeVar("T", bound=wire.Answer)
Call = Literal["roll", "heartbeat", "config"]


@dataclasses.dataclass(frozen=True, slots=True)
class Settings:
    """What a look at the settings brought: new ones, an error, or (neither) nothing new."""

    config: wire.Config | None = None
    etag: str = ""
    error: str = ""
    time: answers.Time | None = None


class Beats:
    """The state of the second leg. Not thread-safe; one thread has it."""

    def __init__(
        self, policy: backoff.Backoff = protocol.POLICY, *, etag: str = "", error: str = ""
    ) -> None:
        self._policy = policy
        self._pauses: dict[Call, lanes.Pause] = {
            "roll": lanes.Pause(),
            "heartbeat": lanes.Pause(),
            "config": lanes.Pause(),
        }
        self._problems: dict[Call, str] = {}
        self._seen = etag
        self.state = wire.ConfigState(etag=etag or None, error=error or None)

    def __repr__(self) -> str:
        return f"<Beats, settings {self.state.etag}>"

    @property
    def problem(self) -> str:
        """A sentence for staff, empty when all is well."""
        return next((text for text in self._problems.values() if text), "")

    def plan(self, calls: Sequence[Call], now: float) -> Call | steps.Rest:
        """Which of these calls to make now, or how long to rest."""
        due = {call: self._pauses[call].until for call in calls}
        call = min(due, key=lambda one: due[one])
        return call if due[call] <= now else steps.Rest(due[call])

    def again(self) -> None:
        """Try everything at once: the kiosk was enrolled, or staff test the line."""
        for pause in self._pauses.values():
            pause.over()

    def soon(self, now: float) -> None:
        """Send a heartbeat again in a moment: a restored office may lack more than it knew of."""
        self._pauses["heartbeat"].until = min(self._pauses["heartbeat"].until, now + SOON)

    # --- requests -----------------------------------------------------------------------------

    def heartbeat(self, place: steps.Place, beat: wire.Heartbeat) -> exchange.Request:
        """The request for a heartbeat."""
        return exchange.Request(
            "POST",
            place.url,
            wire.HEARTBEATS,
            token=place.token,
            body=wire.encode(beat),
            headers={wire.HEADER_STREAM: beat.stream},
        )

    def config(self, place: steps.Place) -> exchange.Request:
        """The request for the settings."""
        headers = {"If-None-Match": self._seen} if self._seen else {}
        return exchange.Request(
            "GET",
            place.url,
            wire.CONFIG,
            token=place.token,
            headers=headers,
            limit=wire.MAX_CONFIG,
        )

    def roll(self, place: steps.Place, token: str) -> exchange.Request:
        """The request that makes a new token known, under the old one."""
        body = wire.encode(wire.TokenRoll(token=token))
        return exchange.Request("POST", place.url, wire.TOKENS, token=place.token, body=body)

    # --- answers ------------------------------------------------------------------------------

    def heard(
        self,
        reply: exchange.Reply,
        place: steps.Place,
        stream: str,
        now: float,
        chance: float,
    ) -> answers.Good[wire.Heard] | None:
        """The office's answer to a heartbeat, None when it was none."""
        verdict = answers.judge(reply, wire.Heard, office=place.office, stream=stream)
        self._settle("heartbeat", verdict, now, chance)
        return verdict if isinstance(verdict, answers.Good) else None

    def rolled(self, reply: exchange.Reply, place: steps.Place, now: float, chance: float) -> bool:
        """Whether the office knows the new token."""
        verdict = answers.judge(reply, wire.TokenRolled, status=201, office=place.office)
        self._settle("roll", verdict, now, chance)
        return isinstance(verdict, answers.Good)

    def fetched(
        self, reply: exchange.Reply, place: steps.Place, now: float, chance: float
    ) -> Settings | None:
        """What the office's answer to a look at the settings brings; None when it was no answer."""
        verdict = answers.judge(reply, wire.Config, office=place.office)
        if isinstance(verdict, answers.Unreadable):
            self._rest("config", now + wire.HEARTBEAT_EVERY, "")
            etag = reply.headers.get("etag", "") if isinstance(reply, exchange.Response) else ""
            return Settings(etag=etag, error=f"The office's settings cannot be read: {verdict.why}")
        self._settle("config", verdict, now, chance)
        if isinstance(verdict, answers.Unchanged):
            return Settings()
        if not isinstance(verdict, answers.Good):
            return None
        return Settings(verdict.message, verdict.headers.get("etag", ""), time=verdict.time)

    def judged(self, settings: Settings, error: str) -> None:
        """What the kiosk made of new settings: took them (no error), or kept the last good ones."""
        self._seen = settings.etag
        if error:
            self.state = wire.ConfigState(etag=self.state.etag, error=error[: wire.MAX_REASON])
        else:
            self.state = wire.ConfigState(etag=settings.etag or None)

    def _settle(self, call: Call, verdict: answers.Verdict[T], now: float, chance: float) -> None:
        if isinstance(verdict, answers.Good):
            self._rest(call, now + wire.HEARTBEAT_EVERY, "")
        elif isinstance(verdict, answers.Unchanged):
            if call == "config":
                self._rest(call, now + wire.HEARTBEAT_EVERY, "")
            else:
                self._failed(call, f"A 304 is no answer to a {call}.", now, chance)
        elif isinstance(verdict, answers.Nothing | answers.Unreadable):
            self._failed(call, verdict.why, now, chance)
        else:
            why = f"The office refused a {call} ({verdict.status}): {verdict.detail}"
            if verdict.status in (400, 401, 403):
                self._rest(call, now + backoff.slow(chance), why)
            elif verdict.status in (429, 503) and verdict.retry_after is not None:
                self._rest(call, now + verdict.retry_after, why)
            else:
                self._failed(call, why, now, chance)

    def _rest(self, call: Call, until: float, problem: str) -> None:
        self._pauses[call] = lanes.Pause(until=until)
        self._problems[call] = problem

    def _failed(self, call: Call, why: str, now: float, chance: float) -> None:
        self._pauses[call].failed(self._policy, now, chance)
        self._problems[call] = why
