"""Counts what lives in this process: how a test sees that something ends, or stays."""

from __future__ import annotations

import gc
from collections import Counter


def living(*packages: str) -> Counter[str]:
    """How many objects there are of each kind that comes from one of the packages."""
    gc.collect()
    kinds = (f"{type(one).__module__}.{type(one).__qualname__}" for one in gc.get_objects())
    return Counter(kind for kind in kinds if kind.split(".")[0] in packages)
