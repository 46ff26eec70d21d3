"""What all tests share: hypothesis' profiles, the count of long tests, who plays them."""

from __future__ import annotations

import importlib
import os
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# A tenth of every long count by default, all of it with FULL=1 (`.ci/run` does).
FULL = os.environ.get("FULL") == "1"
# Files and folders whose tests one worker plays after another: they share what takes long to start.
# Said here and not by xdist's mark, which pytest 9.2 made do nothing, silently (pytest-xdist#1386).
# The screens' tests are spread on purpose: a window grows slower with each test that it has seen
# (those of `test_touching` take 7 s of CPU in a new one, 190 s as the folder's last).
TOGETHER = (
    "tests/integration/test_api_schema.py",
    "tests/integration/test_patience.py",
    "tests/acceptance/test_kiosk_touches.py",
    "tests/acceptance/test_kiosk_first_frame.py",
    "tests/acceptance/test_demo.py",
    "tests/browser/",
)

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


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give each test to whoever is free, those of TOGETHER to the same."""
    made = importlib.import_module("xdist.scheduler").LoadScopeScheduling(config, log)
    assert hasattr(made, "_split_scope"), "pytest-xdist changed: nothing keeps tests TOGETHER now"
    assert all((config.rootpath / name).exists() for name in TOGETHER), "TOGETHER names a lost file"
    made._split_scope = lambda nodeid: next(filter(nodeid.startswith, TOGETHER), nodeid)
    return made
