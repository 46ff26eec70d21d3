"""How shops live: when people come, what they press, when the power and the line are off.

Made-up, but with the traits that trip programs up: rush hours at noon and after work, quiet
Tuesdays, short Sundays, children who press everything, staff who test, kiosks switched off at the
wall at closing time, clocks learnt late, lines cut for an hour or a day.

All of it follows from the chance handed in: the same seed is the same fleet. Seconds of a day are
counted from the shop's own midnight.
"""

import datetime
import math
import random
from typing import NamedTuple

HOUR = 3600.0
SITES = (
    ("Lund Centrum", "Europe/Stockholm"),
    ("Malmö Centrum", "Europe/Stockholm"),
    ("Göteborg Nordstan", "Europe/Stockholm"),
    ("Oslo Byporten", "Europe/Oslo"),
    ("Aarhus Strøget", "Europe/Copenhagen"),
    ("Cebu Ayala", "Asia/Manila"),
    ("Helsinki Forum", "Europe/Helsinki"),
    ("Kiel Holstenstraße", "Europe/Berlin"),
)
TOUCHPOINTS = ("Exit A", "Exit B", "Returns desk", "Fitting rooms")
WEEK = (0.9, 0.7, 0.9, 1.0, 1.3, 1.6, 1.1)
"""Visits by weekday, Monday first."""
REASONS = ("waiting", "staff", "finding", "prices", "stock", "tidiness", "returns", "other")
COMMENTS = (
    "Lång kö, men hon på skor var fantastisk.",
    "Ingen forstod hvor kassen var.",
    "Dugay kaayo ang linya.",
    "Clean and bright, thank you",
    "Fant ikke størrelsen min",
)


class Shop(NamedTuple):
    """One kiosk and the people around it. `moods`: weights of the faces, worst first."""

    site: str
    touchpoint: str
    time_zone: str
    opens: float
    closes: float
    visits: float
    moods: tuple[float, ...]
    nights_on: bool
    clock: str
    bad_line: float


class Press(NamedTuple):
    """One visit. `seconds` after the first face: reasons, comment, a change of mind."""

    at: float
    face: int
    touch: bool
    reasons: tuple[str, ...]
    comment: str
    change: int
    tested: bool


class Day(NamedTuple):
    """One day of a kiosk: power from `on` to `off`, when it learns the time, the line's cuts."""

    on: float
    off: float
    learns: float
    cuts: tuple[tuple[float, float], ...]
    presses: tuple[Press, ...]

    def line(self, at: float) -> bool:
        """Say whether the line is up."""
        return not any(first <= at < last for first, last in self.cuts)


def shop(chance: random.Random, number: int) -> Shop:
    """Make the shop around a fleet's kiosk of this number."""
    # past 32 kiosks the chain has a second shop in each town, then a third
    city, zone = SITES[number // len(TOUCHPOINTS) % len(SITES)]
    again = number // (len(TOUCHPOINTS) * len(SITES))
    worst = chance.uniform(0.04, 0.12)
    return Shop(
        site=city if not again else f"{city} {again + 1}",
        touchpoint=TOUCHPOINTS[number % len(TOUCHPOINTS)],
        time_zone=zone,
        opens=chance.choice((9, 10)) * HOUR,
        closes=chance.choice((19, 20, 21)) * HOUR,
        visits=min(600.0, chance.lognormvariate(math.log(110), 0.6)),
        moods=(worst, worst * 1.1, chance.uniform(0.2, 0.35), chance.uniform(0.4, 0.65)),
        nights_on=chance.random() < 0.2,
        clock=chance.choices(("ntp", "late", "office"), (6, 2, 2))[0],
        bad_line=chance.choice((0.02, 0.05, 0.3)),
    )


def day(chance: random.Random, at: Shop, date: datetime.date) -> Day:
    """Play one day."""
    closes = min(at.closes, 18 * HOUR) if date.weekday() == 6 else at.closes
    on = 0.0 if at.nights_on else at.opens - chance.uniform(5, 40) * 60
    off = 24 * HOUR if at.nights_on else closes + chance.uniform(5, 30) * 60
    learns = {
        "ntp": chance.uniform(5, 90),
        "late": chance.uniform(0.2, 9) * HOUR,
        "office": chance.uniform(10, 300),
    }[at.clock]
    return Day(on, off, learns, _cuts(chance, at), tuple(_presses(chance, at, date, closes)))


def _cuts(chance: random.Random, at: Shop) -> tuple[tuple[float, float], ...]:
    if chance.random() > at.bad_line:
        return ()
    if chance.random() < 0.2:
        return ((0.0, 24 * HOUR),)
    begins = chance.uniform(8, 20) * HOUR
    return ((begins, begins + chance.expovariate(1 / HOUR)),)


def _presses(chance: random.Random, at: Shop, date: datetime.date, closes: float) -> list[Press]:
    """Give the visits in the order of time."""
    rush = {hour: _rush(hour) for hour in range(int(at.opens // HOUR), int(closes // HOUR))}
    whole = sum(rush.values()) or 1.0
    found: list[Press] = []
    for hour, share in rush.items():
        mean = at.visits * WEEK[date.weekday()] * share / whole
        # a Poisson number's spread; nobody is counted below nought
        number = max(0, round(chance.gauss(mean, math.sqrt(mean))))
        crowded = share * len(rush) / whole
        for _ in range(number):
            found += _visit(chance, at, (hour + chance.random()) * HOUR, crowded)
    return sorted(found)


def _rush(hour: int) -> float:
    """How many come in this hour: over noon, and after work."""
    return 0.4 + math.exp(-((hour - 12.5) ** 2) / 4) + 1.3 * math.exp(-((hour - 17) ** 2) / 3)


def _visit(chance: random.Random, at: Shop, when: float, crowded: float) -> list[Press]:
    """One customer, or one of those who are none."""
    kind = chance.random()
    if kind < 0.004:
        # a child: every face, a second apart
        return [
            _press(chance, when + number * chance.uniform(0.4, 1.5), chance.randint(1, 4))
            for number in range(chance.randint(5, 9))
        ]
    face = _face(chance, at, crowded)
    if kind < 0.02:
        return [_press(chance, when, face), _press(chance, when + chance.uniform(1, 4), face)]
    if kind < 0.023:
        return [_press(chance, when, 4)._replace(tested=True)]
    return [_talkative(chance, _press(chance, when, face))]


def _face(chance: random.Random, at: Shop, crowded: float) -> int:
    low = max(0.5, crowded)  # queues make low faces
    weights = [weight * (low if face < 2 else 1) for face, weight in enumerate(at.moods)]
    return 1 + chance.choices(range(len(weights)), weights)[0]


def _press(chance: random.Random, when: float, face: int) -> Press:
    return Press(when, face, chance.random() < 0.9, (), "", 0, False)


def _talkative(chance: random.Random, press: Press) -> Press:
    if chance.random() < 0.02:
        press = press._replace(change=max(1, press.face - 1))
    if chance.random() < 0.25:
        press = press._replace(reasons=tuple(chance.sample(REASONS, chance.choice((1, 1, 2)))))
        if chance.random() < 0.15:
            press = press._replace(comment=chance.choice(COMMENTS))
    return press
