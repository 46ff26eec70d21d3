"""The ordinary tap and its answer, in one step: what nearly every event of a kiosk is.

Such a tap comes after all others of its boot and begins a visit and a chain of its own, nothing
was said of it before, and its boot knows the time; such an answer is the first that is said of
one. What ``boots`` does for them in ten steps is done here in one, several times as quickly, and
comes to the same; every other tap and answer is left to ``boots``.

They are not logged one by one but counted by the quarter of an hour (``Boot.tally``), until
``enter`` puts those counts into the log: before labels or settings get other numbers, and at the
end of a call at the latest.
"""

from sync.feedback import apart, cells, clocks, kinds, visits
from sync.feedback.boots import Boot
from sync.feedback.timeline import Stream


def tap(boot: Boot, stream: Stream, event: kinds.Rating) -> bool:
    """Take a stream's next event if it is such a tap; tell whether it was."""
    seq, mono = event.seq, event.mono
    if (
        mono <= boot.latest
        or not boot.visits
        or (event.visit and (event.visit != seq or event.stream))
        or event.face > event.faces
        or boot.waiting
        or boot.orphans
        or boot.loose
    ):
        return False
    last, number, face = boot.visits[-1], stream.settings, event.face
    began = event.began is not None
    if mono - last.latest < boot.settings[number].pause and not began:
        return False
    when = boot.clocks.after(mono)
    if when is None:
        return False
    label = boot.label(stream, event)
    key = (stream.id, seq)
    rating = visits.Tap(stream.id, seq, mono, label, face, number)
    visit = visits.Visit(key, [rating], mono, began, last.chain + 1)
    boot.taps[key] = visit
    boot.visits.append(visit)
    boot.latest = mono
    stream.reach(seq, mono)
    count = (label, number, when // clocks.QUARTER, face, _is_open(boot, number, when), "")
    boot.tally[count] = boot.tally.get(count, 0) + 1
    return True


def answer(boot: Boot, stream: Stream, event: kinds.Answer) -> bool:
    """Take a stream's next event if it is such an answer; tell whether it was."""
    visit = None if event.stream else boot.taps.get((stream.id, event.rating))
    if visit is None or boot.loose or len(visit.taps) > 1 or visit.chain in boot.chains:
        return False
    rating = visit.taps[0]
    when = boot.clocks.after(rating.mono)
    if when is None or rating.names:
        return False
    reasons = tuple(event.reasons)
    rating.names = (visits.Name("answer", stream.id, event.seq, reasons=reasons),)
    stream.reach(event.seq, event.mono)
    number = rating.settings
    is_open = _is_open(boot, number, when)
    for reason in {cells.ANY, *reasons} if reasons else ():
        count = (rating.label, number, when // clocks.QUARTER, rating.face, is_open, reason)
        boot.tally[count] = boot.tally.get(count, 0) + 1
    return True


def _is_open(boot: Boot, number: int, when: int) -> bool:
    opening = boot.openings[number]
    return opening is None or opening.at(clocks.local(when, boot.settings[number].time_zone))


def enter(boot: Boot) -> None:
    """Put what was counted into the log."""
    for (label, number, quarter, face, is_open, reason), times in boot.tally.items():
        settings = boot.settings[number]
        place = clocks.day_and_hour(quarter * clocks.QUARTER, settings.time_zone)
        rule = apart.rule("", is_open, apart.ALONE, True, settings.run)
        boot.ledger.log.append(((*boot.labels[label], *place, face, rule, False, reason), times))
    boot.tally.clear()
