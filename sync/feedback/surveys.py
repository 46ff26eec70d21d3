"""What a survey is: its questions, faces, reasons and texts. PURE.

One definition serves the kiosk (which draws it), the office (which edits and publishes it) and the
stream (which carries the whole document, so that every rating can be read with its own words).

Rules, each refused with a sentence that names the source, the key and the remedy:

1. Ids are ``[a-z0-9_]{1,16}``; a version is 1 or more and never used for two contents.
2. Faces are numbered from the worst (1) to the best; their words stand in that order.
3. ``faces`` has 2 to 5 of them and a word for each; ``scale`` is 0 to 10, eleven "faces" with a
   word for either end; ``yes_no`` is two, *no* then *yes*.
4. Every text has the same languages, and the words of a question stay words of that question.
5. At most 8 reasons; the last is ``other`` (*something else*), whose place never changes.
6. Comments open only where the survey says who is responsible, for how long comments are kept, and
   where a customer who wants an answer can turn.
"""

import datetime
import re
from typing import Any, Literal

import msgspec

from sync.feedback import complaints, refusals

ID = re.compile(r"[a-z0-9_]{1,16}")
# no longer than a rating may say it: its office would refuse every tap
LANGUAGE = re.compile(r"(?=.{2,35}\Z)[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
ICONS = (
    "clock",
    "person",
    "magnifier",
    "tag",
    "box",
    "broom",
    "return",
    "dots",
    "cart",
    "door",
    "leaf",
    "cup",
)
OTHER = "other"
MOST_REASONS = 8
MOST_QUESTIONS = 5
MOST_BYTES = 64 * 1024  # events.md §1: a `survey` event's limit, with room for its own fields

Texts = dict[str, str]
"""Language tag (BCP 47) → text."""


class Invalid(ValueError):
    """A survey breaks a rule; the message is one sentence with source, key and remedy."""


class Question(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One question and the words of its answers, ``words[language][face - 1]``."""

    id: str
    text: Texts
    words: dict[str, list[str]]
    kind: Literal["faces", "scale", "yes_no"] = "faces"
    faces: int = 4
    hint: Texts = {}

    def word(self, face: int, language: str) -> str:
        """Return the word beside `face` (1 is worst); empty but for the ends of a scale."""
        words = self.words[language]
        if self.kind != "scale":
            return words[face - 1]
        return {1: words[0], self.faces: words[-1]}.get(face, "")


class Reason(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A neutral word for what a visit was about, with one of `ICONS`."""

    id: str
    text: Texts
    icon: str = "dots"


class Service(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a customer who wants an answer can turn. `hours` is one text, or one per language."""

    telephone: str = ""
    address: str = ""
    web: str = ""
    hours: str | Texts = ""

    def hours_in(self, language: str) -> str:
        """Return the opening hours in `language`, or in the first language there is."""
        return picked(self.hours, language) if isinstance(self.hours, dict) else self.hours

    def __bool__(self) -> bool:
        return bool(self.telephone or self.address or self.web)


class Notice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who is responsible, for how many days comments are kept, and whom or where to ask."""

    responsible: str = ""
    retention_days: int = 0
    contact: str = ""
    web: str = ""


class Survey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A whole survey. `starts` and `ends` are its first and last day in the shop's own time."""

    survey: str
    version: int
    questions: list[Question]
    reasons: list[Reason] = []
    comments: bool = False
    starts: datetime.date | None = None
    ends: datetime.date | None = None
    service: Service = Service()
    notice: Notice = Notice()

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages every text of this survey has, in the order they are written."""
        return tuple(self.questions[0].text)

    def runs_on(self, day: datetime.date) -> bool:
        """Whether `day` lies within the survey's dates."""
        begun = self.starts is None or self.starts <= day
        return begun and (self.ends is None or day <= self.ends)

    def document(self) -> dict[str, Any]:
        """Return the survey as plain JSON values: what a `survey` event carries."""
        found = msgspec.to_builtins(self)
        assert isinstance(found, dict)
        return found


def picked(texts: Texts, language: str) -> str:
    """Return the text in `language`, else in the first there is, else nothing."""
    return texts.get(language) or next(iter(texts.values()), "")


def missing_for_comments(survey: Survey) -> list[str]:
    """Return what stands between this survey and open comments, one sentence each."""
    notice, days = survey.notice, survey.notice.retention_days
    wants = [
        (notice.responsible, "notice.responsible is empty: name who is responsible for comments"),
        (days, "notice.retention_days is 0: say for how many days comments are kept"),
        (
            survey.service,
            "service is empty: give a telephone, address or web page where an answer can be had",
        ),
    ]
    return [sentence for given, sentence in wants if not given]


def comments_open(survey: Survey) -> bool:
    """Whether this survey wants comments and may have them (rule 6)."""
    return survey.comments and not missing_for_comments(survey)


def chosen(surveys: list[Survey], day: datetime.date) -> Survey | None:
    """Return the first survey that runs on `day`."""
    return next((survey for survey in surveys if survey.runs_on(day)), None)


def from_toml(text: str | bytes, source: str) -> Survey:
    """Read a survey file's text; `source` is its name in any complaint. Raises `Invalid`."""
    try:
        document = msgspec.toml.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Invalid(f"{source}: {complaints.unread(error)}") from None
    return from_document(document, source)


def from_document(document: Any, source: str) -> Survey:
    """Make a survey of plain values (TOML or JSON already read). Raises `Invalid`."""
    try:
        survey = msgspec.convert(document, Survey)
    except msgspec.ValidationError as error:
        raise Invalid(f"{source}: {_told(str(error))}") from None
    if complaint := _complaint(survey) or refusals.unclean(document):
        raise Invalid(f"{source}: {complaint}")
    return survey


def _told(message: str) -> str:
    """Turn msgspec's complaint into one that names the key first."""
    what, _, where = message.partition(" - at `$")
    key = where.rstrip("`").lstrip(".") or "the file"
    return f"{key}: {complaints.plainly(what)}; see the commented default survey"


def _complaint(survey: Survey) -> str | None:
    return (
        _shape_complaint(survey)
        or next(filter(None, (_question_complaint(q, survey) for q in survey.questions)), None)
        or next(filter(None, (_reason_complaint(r, survey) for r in survey.reasons)), None)
        or _size_complaint(survey)
    )


def _shape_complaint(survey: Survey) -> str | None:  # noqa: PLR0911 - a list of sentences
    """Return what is wrong with the survey as a whole."""
    if not ID.fullmatch(survey.survey):
        return f"survey = {survey.survey!r}: an id is 1 to 16 of a-z, 0-9 and _"
    if not 1 <= survey.version < 2**53:
        return f"version = {survey.version}: count from 1, and one more at each change"
    if not 1 <= len(survey.questions) <= MOST_QUESTIONS:
        return f"questions: {len(survey.questions)} of them; give 1 to {MOST_QUESTIONS}"
    if survey.starts and survey.ends and survey.ends < survey.starts:
        return f"ends = {survey.ends}: before starts = {survey.starts}; put the later day in ends"
    if survey.notice.retention_days < 0:
        return f"notice.retention_days = {survey.notice.retention_days}: give a number of days"
    for name, ids in (
        ("questions", [q.id for q in survey.questions]),
        ("reasons", [r.id for r in survey.reasons]),
    ):
        twice = next((i for i in ids if ids.count(i) > 1), None)
        if twice is not None:
            return f"{name}: the id {twice!r} is there twice; give each its own"
    if len(survey.reasons) > MOST_REASONS:
        return f"reasons: {len(survey.reasons)} of them; at most {MOST_REASONS} fit the screen"
    if survey.reasons and survey.reasons[-1].id != OTHER:
        return f"reasons: the last is {survey.reasons[-1].id!r}; let it be {OTHER!r}"
    return None


def _question_complaint(question: Question, survey: Survey) -> str | None:
    where = f"questions.{question.id}"
    if not ID.fullmatch(question.id):
        return f"{where}: an id is 1 to 16 of a-z, 0-9 and _"
    least, most, words = {
        "faces": (2, 5, question.faces),
        "scale": (11, 11, 2),
        "yes_no": (2, 2, 2),
    }[question.kind]
    if not least <= question.faces <= most:
        right = f"{least} to {most}" if least < most else str(least)
        return f"{where}.faces = {question.faces}: a question of kind {question.kind!r} has {right}"
    missing = _language_complaint(question.text, survey, f"{where}.text") or (
        _language_complaint(question.hint, survey, f"{where}.hint") if question.hint else None
    )
    if missing:
        return missing
    if set(question.words) != set(survey.languages):
        return f"{where}.words: give the languages of its text, {_named(survey.languages)}"
    for language, given in question.words.items():
        if len(given) != words or not all(word.strip() for word in given):
            return f"{where}.words.{language}: {len(given)} of them; give {words}, the worst first"
    return None


def _reason_complaint(reason: Reason, survey: Survey) -> str | None:
    if not ID.fullmatch(reason.id):
        return f"reasons.{reason.id}: an id is 1 to 16 of a-z, 0-9 and _"
    if reason.icon not in ICONS:
        return f"reasons.{reason.id}.icon = {reason.icon!r}: one of {', '.join(ICONS)}"
    return _language_complaint(reason.text, survey, f"reasons.{reason.id}.text")


def _language_complaint(texts: Texts, survey: Survey, where: str) -> str | None:
    """Return what is wrong with one text's languages (rule 4)."""
    odd = next((tag for tag in texts if not LANGUAGE.fullmatch(tag)), None)
    if odd is not None:
        return f"{where}.{odd}: a language is written like en, sv or pt-BR"
    empty = next((tag for tag, text in texts.items() if not text.strip()), None)
    if empty is not None:
        return f"{where}.{empty}: is empty; write it or take the language out everywhere"
    if not texts or set(texts) != set(survey.languages):
        lacking = [tag for tag in survey.languages if tag not in texts]
        lacking = lacking or [tag for tag in texts if tag not in survey.languages]
        return (
            f"{where}: not in the same languages as questions.{survey.questions[0].id}.text"
            f" (look at {_named(lacking)}); write it in each of them"
        )
    return None


def _size_complaint(survey: Survey) -> str | None:
    size = len(msgspec.json.encode(survey))
    if size > MOST_BYTES - 1024:
        return f"{size} bytes as JSON; at most {MOST_BYTES - 1024} fit one event: shorten its texts"
    return None


def _named(tags: Any) -> str:
    return ", ".join(tags) or "none"
