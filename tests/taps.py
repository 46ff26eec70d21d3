"""A customer's tap, as a kiosk records it."""

from __future__ import annotations

from typing import Any

from sync.feedback import events


def tap(face: int = 4, **more: Any) -> events.Rating:
    """A tap on a face, with what else the test wants of it."""
    usual: dict[str, Any] = {
        "survey": "exit",
        "survey_version": 1,
        "question": "visit",
        "faces": 4,
        "language": "sv",
        "via": "touch",
    }
    return events.Rating(face=face, **usual | more)
