"""Holds the catalogues against the messages in the code: complete and consistent, or not at all.

A message is what stands as a literal, or as the name of a constant of the same file, in a call of
``say``, ``i18n.text``, ``i18n.plural``, ``i18n.mark`` or ``i18n.mark_plural``, a page's ``TITLE``
and ``BACK``, and what a .kv file gives as ``message:``. ``python -m kiosk.catalogues`` checks every
catalogue; with ``--update`` it adds what is missing, to be translated, and drops what no code says
any more.
"""

from __future__ import annotations

import ast
import re
import string
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import polib

from kiosk import i18n, resources

HERE = Path(__file__).parent
SOURCE_LANGUAGE = "en"
_CALLS = {"say": 1, "text": 1, "mark": 1, "plural": 2, "mark_plural": 2}
_KV = re.compile(r"""^\s*message:\s*(?P<literal>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*$""", re.M)
# CLDR's forms as gettext writes them, for the languages shipped
PLURALS = {
    "fr": "nplurals=2; plural=(n > 1);",
    "ceb": "nplurals=2; plural=(n != 1);",
}
DEFAULT_PLURAL = "nplurals=2; plural=(n != 1);"


class Message(NamedTuple):
    """One message of the code: its text, its plural ("" for none) and where it stands."""

    text: str
    plural: str
    place: str


def messages(root: Path = HERE) -> list[Message]:
    """Every message in the Python and .kv files below a folder, once each, in order of place."""
    found: dict[tuple[str, str], Message] = {}
    for path in sorted(root.rglob("*")):
        place = path.relative_to(root).as_posix()
        if path.suffix == ".py":
            for text, plural in _of_python(path.read_text(encoding="utf-8")):
                found.setdefault((text, plural), Message(text, plural, place))
        elif path.suffix == ".kv":
            for match in _KV.finditer(path.read_text(encoding="utf-8")):
                text = ast.literal_eval(match["literal"])
                if text:
                    found.setdefault((text, ""), Message(text, "", place))
    return list(found.values())


def _of_python(code: str) -> Iterator[tuple[str, str]]:
    tree = ast.parse(code)
    constants = {
        target.id: list(_literals(node.value))
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name) and target.id.strip("_").isupper()
    }
    for title in ("TITLE", "BACK"):
        yield from ((text, "") for text in constants.get(title, []))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            forms = _CALLS.get(_name(node.func), 0)
            texts = [_texts(argument, constants) for argument in node.args]
            # the first argument may be the language
            texts = [text for text in texts if text]
            if forms == 1 and texts:
                yield from ((text, "") for text in texts[0])
            elif forms == 2 and len(texts) >= 2:
                yield texts[0][0], texts[1][0]


def _name(called: ast.expr) -> str:
    if isinstance(called, ast.Attribute):
        # str.text and the like are no messages: `text` and `plural` count on i18n alone
        owner = called.value.id if isinstance(called.value, ast.Name) else ""
        return called.attr if called.attr.startswith("say") or owner == "i18n" else ""
    if isinstance(called, ast.Name) and called.id.startswith("say"):
        return called.id
    return ""


def _texts(argument: ast.expr, constants: dict[str, list[str]]) -> list[str]:
    """What an argument may say: a literal, both sides of a choice, a constant or an item of one."""
    if isinstance(argument, ast.IfExp):
        return _texts(argument.body, constants) + _texts(argument.orelse, constants)
    if isinstance(argument, ast.Subscript | ast.Attribute):
        return _texts(argument.value, constants)
    if isinstance(argument, ast.Call) and isinstance(argument.func, ast.Attribute):
        return _texts(argument.func.value, constants)  # TABLE.get(key, …)
    if isinstance(argument, ast.Name):
        return constants.get(argument.id, [])
    return list(_literals(argument))


def _literals(value: ast.expr) -> Iterator[str]:
    """The texts in a literal: one, or the values of a dictionary, a list or a tuple."""
    if isinstance(value, ast.Constant) and isinstance(value.value, str) and value.value:
        yield value.value
    elif isinstance(value, ast.Dict):
        for item in value.values:
            yield from _literals(item)
    elif isinstance(value, ast.List | ast.Tuple):
        for item in value.elts:
            yield from _literals(item)


def path_of(language: str, locale: Path = resources.LOCALE) -> Path:
    """Where a language's catalogue lies."""
    return locale / language / "LC_MESSAGES" / f"{i18n.DOMAIN}.po"


def problems(language: str, wanted: list[Message], locale: Path = resources.LOCALE) -> list[str]:
    """What is wrong with a language's catalogue, a sentence each; empty when all is well."""
    path = path_of(language, locale)
    shown = path.relative_to(locale).as_posix()
    if not path.exists():
        return [f"{shown}: is missing; python -m kiosk.catalogues --update makes it"]
    entries = {(e.msgid, e.msgid_plural): e for e in polib.pofile(str(path)) if not e.obsolete}
    said = []
    for message in wanted:
        entry = entries.pop((message.text, message.plural), None)
        if entry is None:
            said.append(f"{shown}: {message.text!r} ({message.place}) is missing")
        else:
            said += [f"{shown}: {message.text!r} {wrong}" for wrong in _faults(message, entry)]
    said += [f"{shown}: {text!r} stands nowhere in the code; drop it" for text, _ in entries]
    return said


def _faults(message: Message, entry: polib.POEntry) -> Iterator[str]:
    translated = [*entry.msgstr_plural.values()] if message.plural else [entry.msgstr]
    if not translated or not all(translated):
        yield "is not translated"
        return
    if entry.fuzzy:
        yield "is marked fuzzy: look at it and take the mark away"
    fields = _fields(message.text) | _fields(message.plural)
    for text in translated:
        odd = _fields(text) ^ fields
        # a singular may do without its number: "one tap"
        if odd - ({"n"} if message.plural else set()):
            yield f"differs in {', '.join(sorted('{' + field + '}' for field in odd))}: {text!r}"
        if message.text.endswith(tuple(".!?…")) != text.rstrip().endswith(tuple(".!?…")):
            yield f"ends otherwise than the English: {text!r}"
        if text != text.strip():
            yield f"begins or ends with a space: {text!r}"


def _fields(text: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}


def update(language: str, wanted: list[Message], locale: Path = resources.LOCALE) -> int:
    """Bring a catalogue up to date with the code; returns how many messages lack words."""
    path = path_of(language, locale)
    old = polib.pofile(str(path)) if path.exists() else polib.POFile()
    known = {(entry.msgid, entry.msgid_plural): entry for entry in old}
    new = polib.POFile(wrapwidth=100)
    new.metadata = {
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": language,
        "Plural-Forms": PLURALS.get(language, DEFAULT_PLURAL),
    }
    for text, plural, place in wanted:
        entry = known.get((text, plural)) or polib.POEntry(msgid=text, msgid_plural=plural)
        entry.occurrences, entry.comment = [], place
        if plural and not entry.msgstr_plural:
            entry.msgstr_plural = {0: "", 1: ""}
        new.append(entry)
    path.parent.mkdir(parents=True, exist_ok=True)
    new.save(str(path))
    return sum(not entry.translated() for entry in new)


def main(words: list[str]) -> int:
    """Check every catalogue, or bring each up to date with the code."""
    wanted = messages()
    languages = [language for language in i18n.NAMES if language != SOURCE_LANGUAGE]
    if "--update" in words:
        for language in languages:
            print(f"{language}: {update(language, wanted)} to translate")
        return 0
    said = [problem for language in languages for problem in problems(language, wanted)]
    for problem in said:
        print(problem, file=sys.stderr)
    if not said:
        print(f"catalogues: {len(wanted)} messages, complete in {', '.join(languages)}")
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
