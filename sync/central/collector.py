"""How often Python looks for rings of garbage in a process of the office."""

from __future__ import annotations

import gc
from typing import Final

THRESHOLDS: Final = (10_000, 10, 10)
"""Objects more than before, until the youngest are looked at; looks, until the older ones are: all
of them after a million, which is some 100 MB at the very worst.
"""


def look_rarely() -> None:
    """Look seldom: a batch makes thousands of objects, and hardly any ring among them.

    Python's own thresholds are for small programs; with them a twentieth of ingest went into looks
    that found nothing. What is in no ring is freed at once as ever.
    """
    gc.set_threshold(*THRESHOLDS)
