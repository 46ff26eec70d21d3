"""What staff are told when something is wrong: plain words in the shop's language, and what to do.

The log, `smiley-kiosk check` and `status` give the full sentence, in English, for whoever mends it.
Here each kind of these sentences has one message that is translated; names and numbers are taken
over. A sentence of no known kind (the office's own words, for one) is told as it is.
"""

import re
from typing import NamedTuple

from kiosk import i18n

_WHERE = r"(?P<where>[^:]+(?:: [a-z_][\w.]*(?= =|:| is ))?)(?:[ :=(].*)?"
"""A file, and the key in it where the sentence names one."""


class Kind(NamedTuple):
    """A kind of trouble: how its sentences read, and what staff are told instead."""

    sentence: re.Pattern[str]
    told: str


def _kind(told: str, *sentences: str) -> Kind:
    return Kind(re.compile("|".join(f"(?:{one})" for one in sentences), re.DOTALL), told)


KINDS = (
    # ------------------------------------------------------------------------------- the line
    _kind(
        i18n.mark("The office cannot be reached. Taps are kept here until it can."),
        r"https?://\S+ (?:cannot be reached|did not answer in time|took too long to answer)\.",
        r"The answer of \S+ was cut short\.",
        r"The line to \S+ failed \(.*\)\.",
    ),
    _kind(
        i18n.mark("The office’s certificate is not trusted. Is the kiosk’s time right?"),
        r"The certificate of \S+ is not trusted\.",
    ),
    _kind(
        i18n.mark("The proxy on the way to the office does not answer."),
        r"The proxy on the way to \S+ does not answer\.",
    ),
    _kind(
        i18n.mark("The address of the proxy on the way to the office is wrong."),
        r"The proxy on the way to \S+ is no address\.",
    ),
    _kind(
        i18n.mark("The office cannot be called. Is its address right?"),
        r"https?://\S+ cannot be called: .*",
        r"\S+ is no address that can be called\.",
    ),
    _kind(
        i18n.mark("Something other than the office answers: a log-in page of the network?"),
        r"Something that is not the office answered \(.*\)\.",
        r"The line answered with a redirect \(.*",
        r"A 304 came without the office's name.*",
        r"Another office answered than .*",
        r"An answer for another stream came back.*",
        r"https?://\S+ answered with more than .*",
    ),
    _kind(
        i18n.mark("Office and kiosk do not understand each other: one of them needs an upgrade."),
        r"The office answered in format .*",
    ),
    _kind(
        i18n.mark("The office does not know this kiosk any more. Connect it again."),
        r"The office (?:could not take it|refused an? \S+) \((?:401|403)\): .*",
    ),
    _kind(
        i18n.mark("The office does not take what it is sent. It is kept here and tried again."),
        r"The office (?:could not take it|refused an? \S+) \(\d+\): .*",
        r"The office answered \d+[;,] .*",
        r"The office names a gap where there is none\.",
        r"A 304 is no answer.*",
        r"(?:Object|Expected|Invalid|JSON|Input|MessagePack) .*",  # an answer that breaks its form
    ),
    _kind(
        i18n.mark(
            "The office says that some taps on this card are another kiosk’s. They stay here."
        ),
        r"The office says it is another kiosk's: .*",
    ),
    # ---------------------------------------------------------------------- settings and survey
    _kind(
        i18n.mark("Some settings are wrong. Until they are put right, those of the file are used."),
        r".*\. Until then the file's are used\.",
    ),
    _kind(
        i18n.mark("What the office set cannot be used. What was in force stays."),
        r"(?:settings|survey|logo) of the office: .*",
        r"The office's settings cannot be read: .*",
    ),
    _kind(
        i18n.mark("The card did not keep what the office set."),
        r"The card did not keep .*\.",
    ),
    _kind(
        i18n.mark("{where} is wrong. Until it is put right, the defaults are used."),
        _WHERE + r"\. Until then the defaults are used\.",
    ),
    _kind(
        i18n.mark("{where} is wrong. Until it is put right, the last good survey is shown."),
        _WHERE + r"\. Until then the last good one is shown\.",
    ),
    _kind(
        i18n.mark("{where} is wrong. Until it is put right, the program’s own survey is shown."),
        _WHERE + r"\. Until then the one that comes with the program is shown\.",
    ),
    _kind(
        i18n.mark("The survey {where} is not for today. The program’s own is shown."),
        r"survey '(?P<where>[^']*)' runs from .*\. Until then the default one is shown\.",
    ),
    _kind(
        i18n.mark("The survey {where} was changed but kept its number. The earlier one is shown."),
        r"survey '(?P<where>[^']*)': version .*\. Until then the earlier one is shown\.",
    ),
    # -------------------------------------------------------------------------------- the card
    _kind(
        i18n.mark("The card is full. Taps are kept in memory."),
        r".*: could not .*: (?:No space left on device|Disk quota exceeded)",
    ),
    _kind(
        i18n.mark("The card cannot be written to. Taps are kept in memory."),
        r".*: could not .*: (?:Read-only file system|Permission denied|Operation not permitted)",
    ),
    _kind(
        i18n.mark("The card is failing. Have it changed soon."),
        r".*: could not .*: .*",
    ),
    _kind(
        i18n.mark("Another program holds the card’s files. Taps are kept in memory."),
        r".*: another process has this buffer open",
    ),
)
"""The first that fits counts."""


def kind(sentence: str) -> tuple[str, dict[str, str]] | None:
    """Return the message that staff are told instead of a sentence, and what goes into it."""
    for one in KINDS:
        found = one.sentence.fullmatch(sentence)
        if found is not None:
            return one.told, found.groupdict()
    return None


def plainly(language: str, sentence: str) -> str:
    """Return what staff are told of a sentence, in their language."""
    known = kind(sentence)
    return i18n.text(language, known[0], **known[1]) if known is not None else sentence
