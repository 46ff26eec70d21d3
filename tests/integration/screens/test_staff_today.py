"""Today, as staff see it: the figures of the view, and no index where there are too few taps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import pytest

from kiosk import signals
from kiosk.screens import palette, screenshots, tour
from tests.integration.screens.test_contents import said

if TYPE_CHECKING:
    from tests.integration.screens.conftest import Stand


@pytest.fixture
def today(stand: Stand) -> Stand:
    """The glimpse, behind corner and PIN."""
    stand.knock()
    for signal in (*(signals.Digit(digit) for digit in "4242"), signals.PinEntered()):
        stand.frames(700)
        stand.tell(signal)
    assert stand.view.screen == "glimpse"
    return stand


def show(stand: Stand, **fields: Any) -> None:
    """Show the example's figures with others in their place."""
    glimpse = msgspec.structs.replace(tour.EXAMPLE, **fields)
    stand.glass.show(msgspec.structs.replace(stand.view, glimpse=glimpse))


def test_today_says_its_figures(today: Stand) -> None:
    """The index with its interval, the taps, each face's count and share, where and when."""
    show(today)
    words = said(today)
    for text in ("Today", "Satisfaction today", "117 people tapped.", "Exit A", "15:01"):
        assert text in words
    assert "Chance alone makes it 71–82." in words
    assert "77" in words.split(" | ")
    for count, share in ((65, 56), (32, 27), (11, 9), (9, 8)):
        assert f"{count} | {share} %" in words


def test_too_few_taps_show_no_index(today: Stand) -> None:
    """A dash and a sentence; counts stand all the same. One person is one."""
    show(today, index=None, interval=None, taps=1, counts=(signals.FaceCount(4, 1),))
    words = said(today)
    for text in ("Too few taps to say.", "1 person tapped.", "1 | 100 %", "0 | 0 %"):
        assert text in words
    assert "–" in words.split(" | ")
    assert "Chance" not in words
    show(today, index=None, interval=None, taps=0, counts=())
    assert "0 | –" in said(today)


def bars(stand: Stand) -> list[tuple[int, int]]:
    """Where the colour of each face, best first, is seen last in its row: begin and end in px."""
    from kiosk.screens import parts

    assert stand.glass.screen is not None
    stand.settle()
    pixels = np.asarray(screenshots.picture(stand.glass)).astype(int)
    named = {p.name: p for p in stand.glass.screen.walk() if isinstance(p, parts.Words)}
    places = [named[f"count:{face}"].room.y for face in (4, 3, 2, 1)]
    assert places == sorted(places, reverse=True)  # the best on top
    found = []
    for face in (4, 3, 2, 1):
        row = pixels[int(len(pixels) - named[f"count:{face}"].room.centre[1])]
        colour = palette.FACES[palette.USED[4][face - 1]]
        wanted = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
        there = np.flatnonzero(np.abs(row - wanted).sum(axis=1) < 6)
        runs = np.split(there, np.flatnonzero(np.diff(there) > 2) + 1)
        found.append((int(runs[-1][0]), int(runs[-1][-1])))
    return found


def test_a_bar_is_as_long_as_its_share_of_all_taps(today: Stand) -> None:
    """As its per cent says: all taps fill the track, half of them half of it; none, no bar: the
    last of its colour is the face.
    """
    show(today, taps=60, counts=(signals.FaceCount(4, 60),))
    whole = bars(today)[0]
    counts = tuple(signals.FaceCount(f, n) for f, n in ((4, 60), (3, 30), (2, 0), (1, 30)))
    show(today, taps=120, counts=counts)
    assert bars(today)[0][1] - whole[0] == pytest.approx((whole[1] - whole[0]) / 2, rel=0.02)
    show(today, taps=90, counts=counts[:3])
    best, half, none, missing = bars(today)
    assert best[0] == pytest.approx(half[0], abs=2)
    assert half[1] - half[0] == pytest.approx((best[1] - best[0]) / 2, rel=0.05)
    assert max(none[1], missing[1]) < best[0]
