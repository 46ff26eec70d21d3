"""The settings: sentences about wrong ones, and whose word counts."""

import msgspec
import pytest

from kiosk import config, resources, settings


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"order": "up"}, "order: cannot be 'up'; choose of best_first, worst_first"),
        (
            {"hours": {"mon": [["09:00", "20:00"]], "order": "worst_first"}},
            "hours: must be a list in [ ], not a text in quotes; write days like"
            ' mon = [["09:00", "20:00"]], and all other keys above [hours]',
        ),
        (
            {"sound": 50.5},
            "sound: must be a whole number, not one with decimals; `smiley-kiosk config` shows"
            " every key",
        ),
        (
            {"logo": "a\0.png"},
            r"logo: 'a\x00.png' holds a character that cannot be seen; leave that out",
        ),
        (
            {"colour": 1},
            "the settings: has the unknown key 'colour'; `smiley-kiosk config` shows every key",
        ),
        ({"languages": []}, "languages: is empty; name at least one, the shop's own first"),
        (
            {"languages": ["sv", "it"]},
            f"languages: 'it' is not shipped; choose of {', '.join(settings.LANGUAGES)}",
        ),
        ({"languages": ["sv", "sv"]}, "languages: one is named twice; name each once"),
        (
            {"time_zone": "Stockholm"},
            "time_zone: 'Stockholm' is no time zone; write one like Europe/Stockholm",
        ),
        ({"hours": {"mon": [["9", "20:00"]]}}, "hours.mon: '9' is no time; write it like 09:00"),
        ({"hours": {"mon": [["09:00", "09:01"]] * 9}}, "hours.mon: 9 spans; give at most 8"),
        ({"accent": "blue"}, "accent: 'blue' is no colour; write it like #2A6F97"),
        (
            {"palette": ["#000000"]},
            "palette: 1 colours; give 5, from the worst face to the best",
        ),
        ({"sound": 101}, "sound = 101: give a whole number from 0 to 100"),
        ({"run": 1}, "run = 1: give a whole number from 2 to 1000"),
        (
            {"screen_mm": [10, 10]},
            "screen_mm = [10, 10]: give width and height in millimetres, from 40 to 3000",
        ),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(values: dict[str, object], sentence: str) -> None:
    """Source, key and remedy, word for word."""
    with pytest.raises(settings.Invalid) as caught:
        settings.from_values(values, "kiosk.toml")
    assert str(caught.value) == f"kiosk.toml: {sentence}"


def test_the_office_stands_over_staff_and_staff_over_the_file() -> None:
    """Key by key."""
    found = settings.layered(
        {"sound": 1, "pause": 1, "run": 9}, {"sound": 2, "pause": 2}, {"sound": 3}
    )
    assert (found.sound, found.pause, found.run) == (3, 2, 9)


def test_an_office_sets_nothing_that_names_this_machine() -> None:
    """Files and devices are the kiosk's own; keys of a newer office are passed over."""
    found = settings.layered(
        {"survey": "mine.toml"}, {}, {"survey": "/etc/passwd", "input": "/dev/x", "newer": 1}
    )
    assert (found.survey, found.input) == ("mine.toml", "auto")


def test_a_wrong_value_of_the_office_refuses_the_whole() -> None:
    """A wrong known key is an error: the caller keeps the last good settings."""
    with pytest.raises(settings.Invalid, match=r"^settings of the office: sound = 900"):
        settings.layered({}, {}, {"sound": 900, "pause": 1})


def test_the_commented_default_shows_every_key_with_its_default() -> None:
    """Uncommented it gives the defaults, and no key is left out."""
    lines = resources.DEFAULT_SETTINGS.read_text(encoding="utf-8").splitlines()
    keys = set(settings.Settings.__struct_fields__)
    given = [
        line.removeprefix("# ")
        for line in lines
        if line.removeprefix("# ").split(" = ")[0] in keys and line.startswith("# ")
    ]
    values = msgspec.toml.decode("\n".join(given))
    assert set(values) | {"hours"} == keys
    # what TOML has below a table's name belongs to it
    after = lines[lines.index("# [hours]") + 1 :]
    assert {line.removeprefix("# ").split(" = ")[0] for line in after} <= set(settings.WEEKDAYS)
    del values["screen_mm"]
    assert settings.from_values(values, "default.toml") == settings.Settings()
    assert config.read_values(resources.DEFAULT_SETTINGS, must_exist=True) == {}


@pytest.mark.parametrize("proxy", ["environment", "", "http://10.0.0.1:3128", "https://p.example"])
def test_a_proxy_is_the_environments_none_or_named(proxy: str) -> None:
    """The way to the office is this machine's affair: no office may set it."""
    assert settings.from_values({"proxy": proxy}, "kiosk.toml").proxy == proxy
    assert settings.layered({"proxy": proxy}, {}, {"proxy": "http://evil"}).proxy == proxy


def test_a_proxy_that_is_none_is_refused() -> None:
    """The sentence says what would be right."""
    with pytest.raises(settings.Invalid, match=r"proxy: 'squid' is no proxy; give http://host:"):
        settings.from_values({"proxy": "squid"}, "kiosk.toml")


@pytest.mark.parametrize("host", ["", "a b:3128", "proxy:99999", "proxy:0"])
def test_a_proxy_that_cannot_be_called_is_refused_without_its_password(host: str) -> None:
    """A slip is found when it is written down, not by a line that stays dead; no secret is told."""
    with pytest.raises(settings.Invalid, match="is no proxy") as caught:
        settings.from_values({"proxy": f"http://anna:geheim@{host}"}, "kiosk.toml")
    assert "geheim" not in str(caught.value)
