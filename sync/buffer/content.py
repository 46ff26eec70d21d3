"""What a journal says: its tables, and the steps from one content to another."""

from collections.abc import Iterable, Mapping

import msgspec

from sync.buffer import errors, journal
from sync.buffer.journal import Span, Step, Table, Tables

_header = msgspec.json.Decoder(journal.Header)


class Content:
    """What a file of lines says: its tables, the highest ids, and what could not be read.

    ``whole``: length of the file up to the end of its last line feed; what lies behind is torn.
    ``ended``: its last line is ``END``.
    """

    def __init__(self) -> None:
        self._tables: Tables = {}
        self._later: list[tuple[str, str, bytes]] = []
        self.top: dict[str, int] = {}
        self.damaged: list[Span] = []
        self.whole = 0
        self.ended = False

    @classmethod
    def read(cls, data: bytes, salt: bytes = b"", name: str = "journal") -> "Content":
        """Read a file; raises ``errors.NewerFormat`` and nothing else, whatever ``data`` holds."""
        content = cls()
        for found in journal.lines(data, salt):
            content.whole = found.end
            content.ended = found.change == journal.END
            if found.change is None:
                content._note_damage(found)
            elif found.start > 0 or not content._is_header(found.change, name):
                content.apply(journal.steps(found.change))
        return content

    def _note_damage(self, found: journal.Line) -> None:
        if self.damaged and self.damaged[-1].end == found.start:
            self.damaged[-1] = Span(self.damaged[-1].start, found.end)
        else:
            self.damaged.append(Span(found.start, found.end))

    def _is_header(self, body: bytes, name: str) -> bool:
        try:
            fields = _header.decode(body)
        except msgspec.DecodeError:
            return False
        if fields.format > journal.FORMAT:
            raise errors.NewerFormat(
                f"{name}: format {fields.format}, and this version reads up to {journal.FORMAT}: "
                "update the program; the file is left as it is"
            )
        self.top.update(fields.top)
        return True

    def copy(self) -> "Content":
        """One of its own with the same content; the documents are shared, as bytes are."""
        copy = Content()
        copy.tables = {n: dict(t) if isinstance(t, dict) else t for n, t in self.tables.items()}
        copy.top = dict(self.top)
        return copy

    def apply(self, steps: Iterable[Step]) -> None:
        """Take the steps of one change."""
        self._catch_up()
        for step in steps:
            if not step:
                continue
            if isinstance(step, list):
                self._take(step[0], step[1:])
            else:
                for name, content in step.items():
                    self._put(name, content)

    def add(self, name: str, number: int, document: bytes) -> None:
        """Put one document above the highest id; the table takes it in when it is looked at."""
        self._later.append((name, str(number), document))
        self.top[name] = number

    def _catch_up(self) -> None:
        later, self._later = self._later, []
        for name, doc_id, document in later:
            self._put(name, {doc_id: document})

    @property
    def tables(self) -> Tables:
        """The documents of each table; not to be changed by the caller."""
        self._catch_up()
        return self._tables

    @tables.setter
    def tables(self, tables: Tables) -> None:
        self._later.clear()
        self._tables = tables

    def _take(self, name: str, ids: list[str]) -> None:
        table = self._tables.get(name)
        if ids and isinstance(table, dict):
            for doc_id in ids:
                table.pop(doc_id, None)
        elif not ids:
            self._tables.pop(name, None)
            self.top.pop(name, None)

    def _put(self, name: str, content: Mapping[str, bytes] | bytes) -> None:
        if isinstance(content, bytes):
            self._tables[name] = content
            return
        table = self._tables.get(name)
        if not isinstance(table, dict):
            table = self._tables[name] = {}
        table.update(content)
        highest = max((int(i) for i in content if i.isdecimal()), default=0)
        if highest > self.top.get(name, 0):
            self.top[name] = highest


def difference(old: Tables, new: Tables) -> list[Step]:
    """The steps from ``old`` to ``new``; the documents of each table come out in new's order."""
    steps: list[Step] = [[name] for name in old if name not in new]
    for name, content in new.items():
        before = old.get(name)
        if isinstance(before, dict) and isinstance(content, dict):
            steps += _between(name, before, content)
        elif before != content:
            steps.append({name: content})
    return steps


def _between(name: str, old: Table, new: Table) -> list[Step]:
    gone = [doc_id for doc_id in old if doc_id not in new]
    kept = [doc_id for doc_id in old if doc_id in new] if gone else list(old)
    if kept != list(new)[: len(kept)]:
        return [[name], {name: new}]
    steps: list[Step] = [[name, *gone]] if gone else []
    put = {doc_id: text for doc_id, text in new.items() if old.get(doc_id) != text}
    if put:
        steps.append({name: put})
    return steps


def whole(content: Content, salt: bytes = b"") -> bytes:
    """A file that says what ``content`` says, one line for each document, and ``END``."""
    texts = [journal.header(content.top, salt)]
    for name, table in content.tables.items():
        if isinstance(table, dict) and table:
            texts += (journal.line(journal.put(name, i, text), salt) for i, text in table.items())
        else:
            texts.append(journal.line(journal.change([{name: table}]), salt))
    texts.append(journal.line(journal.END, salt))
    return b"".join(texts)
