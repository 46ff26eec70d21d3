"""The first page: today, of all kiosks and of each."""

import asyncio
import datetime
import zoneinfo
from typing import NamedTuple

from litestar import Response, get

from sync.central import completeness, figures, fold, heartbeats, office
from sync.central.pages import rendering, sessions
from sync.central.store import kiosks, rollups
from sync.central.web import api
from sync.feedback import cells, indices, rows

NAMED = 3
"""So many silent kiosks are named above the table, which has them all."""


class Bar(NamedTuple):
    """A face and its taps; `begins` and `share` are per cent of the row's taps."""

    face: rendering.Face
    number: int
    taps: int
    begins: float
    share: float


class Question(NamedTuple):
    """One question of one kiosk, today."""

    name: str
    bars: list[Bar]
    taps: int
    points: str
    interval: str
    apart: str


class Line(NamedTuple):
    """One kiosk, today. `state` is a sentence; `alarm`: somebody should go and look."""

    touchpoint: str
    site: str
    kiosk: str
    questions: list[Question]
    state: str
    alarm: bool


class Whole(NamedTuple):
    """All kiosks together; figures that cannot be pooled are "" and say why."""

    taps: int
    apart: int
    points: str
    interval: str
    low: str
    low_interval: str
    why: str
    heard: int
    kiosks: int
    silent: int
    named: list[str]


class Today(NamedTuple):
    """What the page shows."""

    day: str
    clock: str
    whole: Whole
    lines: list[Line]


@get("/")
async def page(request: api.AnyRequest) -> Response[str] | Response[bytes]:
    """Show today's totals per kiosk."""
    session = await sessions.current(request)
    if session is None:
        return sessions.to_log_in(request)
    shown = await asyncio.to_thread(today, api.here(request))
    return rendering.page(
        "overview.html", today=shown, user=session.name, csrf=session.csrf, here="overview"
    )


def today(at: office.Office) -> Today:
    """Put today together, from the roll-ups and from what the kiosks said of themselves."""
    now = at.now()
    with at.store.read() as connection:
        every = kiosks.every(connection)
        span = figures.days_until(now, {one.time_zone for one in every}, 2)
        tables = rollups.read(connection, first=span.first, last=span.last)
        late = fold.late(connection)
    proofs = {row.kiosk: row for row in completeness.report(at.store, now)}
    unruly = heartbeats.unruly(at.store)
    own = {one.kiosk: _of_day(tables.get(one.kiosk, {}), _day(one, now)) for one in every}
    # what was tapped before a kiosk was revoked counts, as it does in `smiley-central totals`
    every = [one for one in every if one.revoked_at is None or own[one.kiosk]]
    lines = [
        _line(
            one,
            own[one.kiosk],
            _day(one, now),
            _state(one, proofs[one.kiosk], late=one.kiosk in late, refused=unruly.get(one.kiosk)),
        )
        for one in every
    ]
    local = _local(now, every[0].time_zone if every else "UTC")
    return Today(
        day=f"{local:%A} {local.day} {local:%B %Y}",
        clock=f"{local:%H:%M}",
        whole=_whole(
            list(own.values()), span, [one for one in every if one.revoked_at is None], proofs
        ),
        lines=lines,
    )


def _day(kiosk: kiosks.Kiosk, now: int) -> str:
    return figures.day_of(now, kiosk.time_zone)


def _of_day(table: cells.Table, day: str) -> cells.Deltas:
    return {cell: number for cell, number in table.items() if cell.day == day}


def _line(kiosk: kiosks.Kiosk, table: cells.Table, day: str, state: tuple[str, bool]) -> Line:
    found = rows.rows([table], day, day)
    return Line(
        kiosk.touchpoint,
        kiosk.site,
        kiosk.kiosk,
        [_question(row, several=len(found) > 1) for row in found],
        *state,
    )


def _question(row: rows.Row, *, several: bool) -> Question:
    bars = []
    begins = 0.0
    for number in range(row.faces, 0, -1):
        taps = row.counts[str(number)]
        share = 100 * taps / row.n if row.n else 0.0
        bars.append(Bar(rendering.face(number, row.faces), number, taps, begins, share))
        begins += share
    apart = ", ".join(f"{n} {_RULES.get(rule, rule)}" for rule, n in row.set_apart.items())
    name = f"{row.survey} · {row.question}" if several else ""
    return Question(name, bars, row.n, _points(row.index), _between(row), apart)


_RULES = {
    "mark": "marked by staff",
    "out_of_hours": "out of hours",
    "all_faces": "every face in a row",
    "run": "in a run",
    "repeat": "repeated",
}


def _state(
    kiosk: kiosks.Kiosk, proof: completeness.Row, *, late: bool, refused: str | None
) -> tuple[str, bool]:
    """Say how it stands with a kiosk, and whether somebody should go and look.

    `late`: its figures are to be counted anew; `refused`: why it does not take its settings.
    """
    if kiosk.revoked_at is not None:
        return "revoked; what came before counts", False
    state, alarm = _had(kiosk, proof)
    if late:
        state += "; its figures are late, they are yet to be counted anew"
    if refused is not None:
        state, alarm = f"{state}; it refuses its settings: {refused}", True
    return state, alarm


def _had(kiosk: kiosks.Kiosk, proof: completeness.Row) -> tuple[str, bool]:
    """Say what the office has of a kiosk, and whether somebody should go and look."""
    if kiosk.enrolled_at is None:
        return "not enrolled yet", False
    if kiosk.heard_at is None:
        return "not heard from yet", False
    lacking = sum(last - first + 1 for one in proof.missing for first, last in one.runs)
    if proof.foreign:
        holders = ", ".join(sorted({one.kiosk for one in proof.foreign}))
        return f"{holders} holds a stream of it: `smiley-central streams list`", True
    if proof.silent:
        since = _local(kiosk.heard_at, kiosk.time_zone)
        what = f"silent since {since:%a %H:%M}; its taps since then are unknown"
        return what + (f", {lacking} events are missing" if lacking else ""), True
    if lacking:
        return f"{lacking} events are missing", True
    return _through(proof), False


def _through(proof: completeness.Row) -> str:
    if proof.complete_through is None:
        return "events are on their way"
    through = datetime.datetime.fromisoformat(proof.complete_through)
    return f"complete through {through:%H:%M}"


def _whole(
    tables: list[cells.Deltas],
    span: figures.Span,
    working: list[kiosks.Kiosk],
    proofs: dict[str, completeness.Row],
) -> Whole:
    silent = [
        f"{one.touchpoint}, {one.site}"
        for one in working
        if one.heard_at is not None and proofs[one.kiosk].silent
    ]
    found = rows.rows(tables, span.first, span.last)
    pooled = found[0] if len(found) == 1 else None
    low = _low(pooled)
    why = "too few to say" if len(found) < 2 else "several questions: see each kiosk"
    return Whole(
        taps=sum(row.n for row in found),
        apart=sum(sum(row.set_apart.values()) for row in found),
        points=_points(pooled.index if pooled else None),
        interval=_between(pooled),
        low=f"{low.value:.0f}" if low else "",
        low_interval=f"{low.low:.0f}\N{EN DASH}{low.high:.0f}" if low else "",
        why=why,
        heard=sum(one.enrolled_at is not None and not proofs[one.kiosk].silent for one in working),
        kiosks=len(working),
        silent=len(silent),
        named=silent[:NAMED],
    )


def _low(row: rows.Row | None) -> indices.Figure | None:
    if row is None or not row.n:
        return None
    counts = [row.counts[str(number)] for number in range(1, row.faces + 1)]
    lower = sum(counts[: row.faces // 2])
    share = indices.wilson(lower, row.n)
    figure = indices.figure(
        100 * lower / row.n, indices.Interval(100 * share.low, 100 * share.high), row.n
    )
    return figure if figure.enough else None


def _points(index: float | None) -> str:
    return "" if index is None else f"{index:.0f}"


def _between(row: rows.Row | None) -> str:
    if row is None or row.interval is None:
        return ""
    low, high = row.interval
    return f"{low:.0f}\N{EN DASH}{high:.0f}"


def _local(at: int, time_zone: str) -> datetime.datetime:
    try:
        zone: datetime.tzinfo = zoneinfo.ZoneInfo(time_zone)
    except (KeyError, ValueError, OSError):  # ZoneInfoNotFoundError is a KeyError
        zone = datetime.UTC
    return datetime.datetime.fromtimestamp(at / 1000, zone)
