"""What all tests share: hypothesis' profiles and the count of long tests."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

# A tenth of every long count by default, all of it with FULL=1 (`.ci/run` does).
FULL = os.environ.get("FULL") == "1"
# In CI the same examples every time, so that a landing does not hang on dice; at a desk new ones.
SAME = bool(os.environ.get("CI"))

settings.register_profile(
    "short", deadline=None, max_examples=50, print_blob=True, derandomize=SAME
)
settings.register_profile(
    "full",
    deadline=None,
    max_examples=500,
    print_blob=True,
    derandomize=SAME,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("full" if FULL else "short")


@pytest.fixture(scope="session")
def full() -> bool:
    """True when the whole of every long count is wanted."""
    return FULL
