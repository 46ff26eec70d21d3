"""The API described."""

from typing import Any

ROUTES: list[Any] = []
