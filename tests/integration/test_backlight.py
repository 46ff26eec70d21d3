"""The panel's light, in real files and in their twin: it shines as is wanted, or says why not."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from kiosk import backlight
from kiosk.commands import check


def panel(folder: Path, steps: str = "31", shines: str = "31") -> Path:
    """A panel's folder as the kernel shows it."""
    made = folder / "10-0045"
    made.mkdir(parents=True)
    (made / "max_brightness").write_text(f"{steps}\n")
    (made / "brightness").write_text(f"{shines}\n")
    return made


@pytest.fixture(params=["real", "memory"])
def light(request: pytest.FixtureRequest, tmp_path: Path) -> backlight.Light:
    """A panel of 31 steps."""
    if request.param == "memory":
        return backlight.MemoryLight(31)
    panel(tmp_path)
    return backlight.RealLight(tmp_path)


@pytest.fixture(params=["real", "memory"])
def dark(request: pytest.FixtureRequest, tmp_path: Path) -> backlight.Light:
    """A machine without a panel whose light can be set."""
    return backlight.MemoryLight(0) if request.param == "memory" else backlight.RealLight(tmp_path)


def shone(light: backlight.Light, tmp_path: Path) -> int:
    """The step that was chosen last."""
    if isinstance(light, backlight.MemoryLight):
        return light.chosen[-1]
    return int((tmp_path / "10-0045" / "brightness").read_text())


@pytest.mark.parametrize(("percent", "step"), [(100, 31), (50, 16), (5, 2), (1, 1)])
def test_per_cents_become_steps_and_never_dark(
    light: backlight.Light, tmp_path: Path, percent: int, step: int
) -> None:
    """100 % is the brightest step, the least is 1."""
    assert light.steps() == 31
    assert backlight.try_out(light, percent) == ""
    assert light.hurdle() == ""
    assert shone(light, tmp_path) == step


def test_no_light_says_so(dark: backlight.Light) -> None:
    """In one sentence that names where it was looked for."""
    assert backlight.try_out(dark, 50).endswith(": has no panel whose light can be set")


def test_a_panel_that_says_nonsense_is_left_alone(tmp_path: Path) -> None:
    """A number of steps that is none is named with its file."""
    made = panel(tmp_path, steps="many")
    said = backlight.try_out(backlight.RealLight(tmp_path), 50)
    assert said == f"{made}/max_brightness: says no number of steps"


def test_a_file_that_cannot_be_written_is_named_with_the_remedy(tmp_path: Path) -> None:
    """And none is made in its place."""
    made = panel(tmp_path)
    (made / "brightness").unlink()
    said = backlight.try_out(backlight.RealLight(tmp_path), 50)
    assert said.startswith(f"{made}/brightness: cannot be written (No such file or directory)")
    assert said.endswith("as assets/systemd/90-smiley-backlight.rules does")
    assert not (made / "brightness").exists()
    assert "not allowed to this user" in backlight.RealLight(tmp_path).hurdle()


def test_a_sleeping_screen_is_dimmed_and_wakes_and_ends_at_the_setting(
    light: backlight.Light, tmp_path: Path
) -> None:
    """However often it is asked for; a closed one does nothing more."""
    dimmer = backlight.Dimmer(light)
    for percent, asleep, step in ((80, False, 25), (80, True, 3), (80, True, 3), (60, False, 19)):
        dimmer.want(percent, asleep=asleep)
        dimmer._hand.submit(lambda: None).result()
        assert shone(light, tmp_path) == step
    dimmer.want(60, asleep=True)
    dimmer.close(60)
    dimmer.close(60)
    assert shone(light, tmp_path) == 19
    dimmer.want(10)
    assert shone(light, tmp_path) == 19


def test_a_light_that_cannot_be_set_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    """At full light not at all: nobody asked for anything else."""
    dimmer = backlight.Dimmer(backlight.MemoryLight(255, broken="the cable is loose"))
    with caplog.at_level(logging.INFO, "kiosk.backlight"):
        dimmer.want(100)
        dimmer._hand.submit(lambda: None).result()
        assert caplog.messages == []
        for percent in (50, 60, 50):
            dimmer.want(percent)
        dimmer.close()
    assert caplog.messages == ["The brightness stays as it is: the cable is loose"]


def test_check_says_how_bright_the_panel_will_be_or_why_it_will_not() -> None:
    """The step, what is in its way, or that there is no light to set."""
    said = [
        check.light(70, light)
        for light in (
            backlight.MemoryLight(31),
            backlight.MemoryLight(31, broken="the cable is loose"),
            backlight.MemoryLight(0),
        )
    ]
    assert said == [
        "Brightness: 70 %, step 22 of 31",
        "Brightness: 70 %, step 22 of 31. But the cable is loose",
        "Brightness: stays as it is, whatever the settings say: memory: has no panel whose light"
        " can be set",
    ]
