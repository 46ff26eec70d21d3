"""The code on the pages of notice and answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec
import numpy as np
import pytest

from kiosk import signals
from kiosk.screens import screenshots

if TYPE_CHECKING:
    from tests.integration.screens.conftest import Stand


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_code_on_the_glass_is_the_one_of_its_address(
    stand: Stand, theme: Literal["light", "dark"]
) -> None:
    """Module by module, dark on a light card with four modules of quiet around it (ISO 18004),
    also where the ground is dark.
    """
    import segno

    from kiosk.screens.qr import Code

    stand.glass.dress(msgspec.structs.replace(stand.settings, theme=theme))
    for signal in (signals.Tapped(1), signals.OpenAnswer()):
        stand.frames(700)
        stand.tell(signal)
    stand.settle()
    assert stand.glass.screen is not None
    code = next(part for part in stand.glass.screen.walk() if isinstance(part, Code))
    quiet = 4  # modules
    matrix = segno.make(stand.view.service.web, error="m", micro=False).matrix
    count = len(matrix) + 2 * quiet
    box = code.shown
    step = int(box.width / count)
    picture = np.asarray(screenshots.picture(stand.glass).convert("L")).astype(int)
    side = step * count
    left, top = round(box.x + (box.width - side) / 2), round(box.top - (box.height - side) / 2)
    rows = [len(picture) - top + int((row + 0.5) * step) for row in range(count)]
    columns = [left + int((column + 0.5) * step) for column in range(count)]
    seen = [[bool(picture[row, column] < 128) for column in columns] for row in rows]
    bare = [False] * count
    sides = [False] * quiet
    wanted = [[*sides, *map(bool, row), *sides] for row in matrix]
    assert seen == [*[bare] * quiet, *wanted, *[bare] * quiet]
