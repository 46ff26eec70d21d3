"""What kiosks show and how they behave: put here by command, fetched with an ETag.

Rule 1: three scopes, the nearer wins key by key: the whole office, a site, a kiosk. Every version
of each is kept.
Rule 2: a survey's version is never given other content: charts break their line at a version.
Rule 3: the office hands settings on, also those that it does not know: kiosks of another version
may, and any other ignores them. Who sets them is told which those are. A value that kiosks of this
version would refuse, and all that came with it, is refused here: an office is upgraded first.
Rule 4: the ETag is made of the content alone: the same content is the same tag from every worker.
"""

import base64
import difflib
import hashlib
import pathlib
from typing import Any, NamedTuple

import msgspec

from sync.central.store import engine, errors, kiosks, settings, transaction
from sync.feedback import complaints, events, surveys, wire
from sync.feedback import settings as shared

PNG = b"\x89PNG\r\n\x1a\n"
MOST = wire.MAX_CONFIG - (64 << 10)
"""Bytes of what is put for one kiosk, all told, so that the answer stays under a kiosk's limit."""


NOTICES = ("text", "reset_pin", "roll_token")
"""The kinds of notices that kiosks of this version obey."""


class Document(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """One scope's configuration as it is kept."""

    settings: dict[str, Any] = {}
    logo: wire.Logo | None = None
    notices: list[wire.Notice] = []


class Put(NamedTuple):
    """A configuration that was kept: its version, and what may be a slip in it (sentences)."""

    version: int
    doubts: list[str]


class Told(NamedTuple):
    """What a kiosk gets, and the tag of just that."""

    etag: str
    version: int
    document: Document
    surveys: list[dict[str, Any]]

    def message(self, *, office: str, server_time: int) -> wire.Config:
        """Make the answer of it."""
        return wire.Config(
            office=office,
            server_time=server_time,
            version=self.version,
            settings=self.document.settings,
            surveys=self.surveys,
            logo=self.document.logo,
            notices=self.document.notices,
        )


def of_kiosk(store: engine.Store, kiosk: str) -> Told:
    """Put together what one kiosk is to show."""
    with store.read() as connection:
        return _of_kiosk(connection, kiosk)


def _of_kiosk(connection: transaction.Transaction, kiosk: str) -> Told:
    site = kiosks.get(connection, kiosk).site
    scopes = [settings.OFFICE, ("site", site), ("kiosk", kiosk)]
    merged = Document()
    for scope in scopes:
        if found := settings.config(connection, scope):
            merged = _over(merged, msgspec.json.decode(found.document, type=Document))
    shown = [_shown(one) for one in settings.placed(connection, scopes)]
    version = settings.newest_change(connection, scopes)
    content = msgspec.json.encode([merged, shown, version])
    return Told(f'"{hashlib.sha256(content).hexdigest()[:32]}"', version, merged, shown)


def _over(below: Document, above: Document) -> Document:
    return Document(
        settings={**below.settings, **above.settings},
        logo=above.logo or below.logo,
        notices=[*below.notices, *above.notices],
    )


def _shown(survey: settings.Survey) -> dict[str, Any]:
    document: dict[str, Any] = msgspec.json.decode(survey.document)
    return document


def matches(header: str, etag: str) -> bool:
    """Say whether an If-None-Match header names this tag (weakly compared, as RFC 9110 wants)."""
    told = [one.strip().removeprefix("W/") for one in header.split(",")]
    return "*" in told or etag in told


def put(store: engine.Store, scope: tuple[str, str], file: pathlib.Path, by: str, now: int) -> Put:
    """Keep a TOML file as a scope's configuration.

    Its keys are those of the kiosk's own file, with `logo` naming a PNG beside it and [[notices]]
    for the staff. Raises errors.Wrong with a sentence.
    """
    document = _read(file)

    def work(connection: transaction.Transaction) -> int:
        _check_scope(connection, scope)
        text = msgspec.json.encode(document).decode()
        version = settings.put_config(connection, scope, text, by=by, now=now)
        for kiosk in _reached(connection, scope):
            _check_size(connection, kiosk)
        return version

    return Put(store.attempt(work), _doubts(document, file))


def publish(
    store: engine.Store, scope: tuple[str, str], file: pathlib.Path, by: str, now: int
) -> surveys.Survey:
    """Keep a survey's TOML file and show it in a scope from now on. Raises errors.Wrong."""
    try:
        survey = surveys.from_toml(_bytes(file), str(file))
    except surveys.Invalid as error:
        raise errors.Wrong(str(error)) from None
    document = msgspec.json.encode(survey.document(), order="deterministic").decode()

    def work(connection: transaction.Transaction) -> None:
        _check_scope(connection, scope)
        name, version = survey.survey, survey.version
        settings.keep_survey(connection, name, version, document, by=by, now=now)
        settings.place(connection, scope, name, version, by=by, now=now)
        for kiosk in _reached(connection, scope):
            _check_size(connection, kiosk)

    store.attempt(work)
    return survey


def _read(file: pathlib.Path) -> Document:
    try:
        values: dict[str, Any] = msgspec.toml.decode(_bytes(file))
        values = msgspec.json.decode(msgspec.json.encode(values))
        told = msgspec.convert({"notices": values.pop("notices", [])}, Document)
    except msgspec.ValidationError as error:
        what = complaints.plainly(str(error).partition(" - at ")[0])
        raise errors.Wrong(
            f"{file}: notices: {what}; write [[notices]] with an id, a kind (text, reset_pin or"
            " roll_token) and for staff a text"
        ) from None
    except (msgspec.DecodeError, UnicodeError) as error:
        raise errors.Wrong(f"{file}: {complaints.unread(error)}") from None
    logo = values.pop("logo", "")
    if unclean := events.unclean(values):
        raise errors.Wrong(f"{file}: {unclean}")
    known = {key: value for key, value in values.items() if key in shared.Shared.__struct_fields__}
    try:
        shared.from_values(known, str(file), shared.Shared)
    except shared.Invalid as error:
        raise errors.Wrong(str(error)) from None
    return Document(
        settings=values, logo=_logo(file.parent / str(logo)) if logo else None, notices=told.notices
    )


def _doubts(given: Document, file: pathlib.Path) -> list[str]:
    """Say what kiosks will ignore: keys of their own machine, and all that they do not know."""
    said = []
    for notice in given.notices:
        if notice.kind not in NOTICES:
            right = ", ".join(NOTICES)
            said.append(
                f"{file}: notices: no kiosk obeys kind = {notice.kind!r}; choose of {right}"
            )
        elif notice.kind == "text" and not notice.text.strip():
            said.append(f"{file}: notices: {notice.id!r} has no text, so staff see nothing of it")
    for key in given.settings:
        if key in shared.LOCAL:
            said.append(f"{file}: {key}: can be set at the kiosk alone; kiosks ignore it")
        elif key not in shared.Shared.__struct_fields__:
            near = difflib.get_close_matches(key, shared.Shared.__struct_fields__, 1)
            meant = f"; did you mean {near[0]}?" if near else ""
            said.append(
                f"{file}: {key}: kiosks of this version do not know it, and ignore it{meant}"
            )
    return said


def _logo(file: pathlib.Path) -> wire.Logo:
    picture = _bytes(file)
    if not picture.startswith(PNG) or len(picture) > wire.MAX_LOGO:
        raise errors.Wrong(f"{file}: a PNG of at most {wire.MAX_LOGO // 1024} KiB would be right")
    return wire.Logo(png=base64.b64encode(picture).decode())


def _bytes(file: pathlib.Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(MOST)
    except OSError as error:
        raise errors.Wrong(f"{file}: {error.strerror}; name a file to read") from None


def _check_scope(connection: transaction.Transaction, scope: tuple[str, str]) -> None:
    kind, name = scope
    if kind == "kiosk":
        kiosks.get(connection, name)
    if kind == "site":
        kiosks.check_site(connection, name)


def _reached(connection: transaction.Transaction, scope: tuple[str, str]) -> list[str]:
    kind, name = scope
    if kind == "kiosk":
        return [name]
    # one kiosk of each site stands for its neighbours; those with settings of their own are few
    site = name if kind == "site" else None
    return [kiosk.kiosk for kiosk in kiosks.every(connection, site=site)][:50]


def _check_size(connection: transaction.Transaction, kiosk: str) -> None:
    told = _of_kiosk(connection, kiosk)
    size = len(msgspec.json.encode([told.document, told.surveys]))
    if size > MOST:
        raise errors.Wrong(
            f"kiosk {kiosk} would get {size:,} bytes: at most {MOST:,} are read by a kiosk"
        )
