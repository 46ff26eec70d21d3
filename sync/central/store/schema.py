"""The tables of the office, as the statements of this package see them.

The migrations under `sync/central/migrations` make them; a test compares the two. Times are
milliseconds since 1970 in UTC. Text that came from a kiosk stands as it came, in `raw` columns.

Rows of `events` tile their stream: `seq … through` of its rows cover 1 … `stored_through` once and
without a hole. Only a `lost` row is longer than one number; when a fuller copy of a number inside
it arrives, the row is split around it.

Events are keyed by (stream, seq); every other table that grows is keyed by kiosk first. Tables that
stay small (sites, codes, tokens, surveys, people) are the kind a sharded PostgreSQL copies to every
node.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

METADATA = sa.MetaData()

# SQLite: rows lie in the order of the key itself, not beside an index of it
CLUSTERED: dict[str, Any] = {"sqlite_with_rowid": False}


def _key(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, primary_key=True)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default="")


def _at(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=null)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False, server_default="0")


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false())


def _seq(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, primary_key=True, autoincrement=False)


# one row: which office these books are; `restored_at` of the last `smiley-central restored`
office = sa.Table("office", METADATA, _key("office"), _at("made_at"), _at("restored_at", null=True))

sites = sa.Table("sites", METADATA, _key("site"), _text("time_zone"), _at("made_at"))

kiosks = sa.Table(
    "kiosks",
    METADATA,
    _key("kiosk"),
    sa.Column("site", sa.Text, sa.ForeignKey("sites.site"), nullable=False, index=True),
    _text("touchpoint"),
    _text("time_zone"),
    _at("made_at"),
    _at("enrolled_at", null=True),
    _at("revoked_at", null=True),
    _text("model"),
    _text("serial"),
    _text("app"),
)

# enrolment codes, only as SHA-256; used up by their first token
codes = sa.Table(
    "codes",
    METADATA,
    _key("code_hash"),
    sa.Column("kiosk", sa.Text, sa.ForeignKey("kiosks.kiosk"), nullable=False, index=True),
    _at("made_at"),
    _at("expires_at"),
    sa.Column("token_hash", sa.Text, nullable=True),
    _at("used_at", null=True),
    _at("void_at", null=True),
    _flag("replaces"),
)

# kiosks' tokens, only as SHA-256; a rolled one names in `rolls` the one it ends when first used
tokens = sa.Table(
    "tokens",
    METADATA,
    _key("token_hash"),
    sa.Column("kiosk", sa.Text, sa.ForeignKey("kiosks.kiosk"), nullable=False, index=True),
    _at("made_at"),
    _at("used_at", null=True),
    _at("revoked_at", null=True),
    sa.Column("rolls", sa.Text, nullable=True),
)

# `heard_seq`, `heard_at`: the highest last_seq a message named, and the newest message at all
# `open_seq`, `open_at`: the oldest message whose last_seq is not stored; NULL when all are
# `whole_at`: the newest message whose last_seq is stored
streams = sa.Table(
    "streams",
    METADATA,
    _key("stream"),
    sa.Column("kiosk", sa.Text, nullable=False, index=True),
    _at("made_at"),
    _number("stored_through"),
    _number("heard_seq"),
    _at("heard_at", null=True),
    sa.Column("open_seq", sa.BigInteger, nullable=True),
    _at("open_at", null=True),
    _at("whole_at", null=True),
    sa.Column("after_stream", sa.Text, nullable=True, index=True),
    sa.Column("after_seq", sa.BigInteger, nullable=True),
)

events = sa.Table(
    "events",
    METADATA,
    _key("stream"),
    _seq("seq"),
    _number("through"),
    sa.Column("kiosk", sa.Text, nullable=False),
    _text("kind"),
    _number("mono"),
    sa.Column("rank", sa.SmallInteger, nullable=False),
    _flag("refused"),
    _at("received_at"),
    sa.Column("raw", sa.Text, nullable=False),
    **CLUSTERED,
)

# few of very many: the runs that are lost
sa.Index(
    "ix_events_lost",
    events.c.kiosk,
    events.c.stream,
    events.c.seq,
    sqlite_where=events.c.rank == 0,
    postgresql_where=events.c.rank == 0,
)

refused = sa.Table(
    "refused", METADATA, _key("kiosk"), _key("stream"), _seq("seq"), _text("reason"), _at("made_at")
)

# the second of two different whole copies of one (stream, seq); `digest` is its SHA-256
conflicts = sa.Table(
    "conflicts",
    METADATA,
    _key("kiosk"),
    _key("stream"),
    _seq("seq"),
    _key("digest"),
    sa.Column("raw", sa.Text, nullable=False),
    _at("made_at"),
)

# where the comments are, by their removal code; second copies may have another one
comments = sa.Table(
    "comments",
    METADATA,
    _key("kiosk"),
    _key("stream"),
    _seq("seq"),
    sa.Column("code", sa.Text, primary_key=True, index=True),
)

# what was asked to be erased; with empty kiosk and stream: whatever comes under this code
erasures = sa.Table(
    "erasures",
    METADATA,
    _key("kiosk"),
    _key("stream"),
    _seq("seq"),
    sa.Column("code", sa.Text, primary_key=True, index=True),
    _at("made_at"),
    _text("made_by"),
)

# one row a kiosk, locked by each of its batches: the fold of all its events so far (`book`, by
# the rules of version `rules`), and what it sent on `day` (UTC days since 1970)
accounts = sa.Table(
    "accounts",
    METADATA,
    _key("kiosk"),
    sa.Column("book", sa.LargeBinary, nullable=True),
    _number("rules"),
    _number("day"),
    _number("events"),
    _number("bytes"),
    _number("streams"),
    _at("heard_at", null=True),
)

# the newest heartbeat of each kiosk, `raw` as it came
heartbeats = sa.Table(
    "heartbeats",
    METADATA,
    _key("kiosk"),
    _at("made_at"),
    _text("stream"),
    _number("last_seq"),
    _number("pending"),
    _number("in_memory"),
    sa.Column("raw", sa.Text, nullable=False),
)

# hourly counts: the sum of the signed deltas of every fold; after the kiosk a column for each
# field of `cells.Cell`, what is selected by most first
rollups = sa.Table(
    "rollups",
    METADATA,
    _key("kiosk"),
    _key("day"),
    _seq("hour"),
    _key("survey"),
    _seq("survey_version"),
    _key("question"),
    _seq("faces"),
    _seq("face"),
    _key("rule"),
    _key("reason"),
    _key("order"),
    _key("layout"),
    _key("language"),
    _key("via"),
    sa.Column("uncertain", sa.Boolean, primary_key=True),
    _number("n"),
    **CLUSTERED,
)

# configuration by scope: ('office', ''), ('site', S), ('kiosk', K); the newest version counts
configs = sa.Table(
    "configs",
    METADATA,
    _key("scope"),
    _key("name"),
    _seq("version"),
    sa.Column("document", sa.Text, nullable=False),
    _at("made_at"),
    _text("made_by"),
)

surveys = sa.Table(
    "surveys",
    METADATA,
    _key("survey"),
    _seq("version"),
    sa.Column("document", sa.Text, nullable=False),
    _at("made_at"),
    _text("made_by"),
)

# which version of a survey is shown where; scopes as in `configs`
placements = sa.Table(
    "placements",
    METADATA,
    _key("scope"),
    _key("name"),
    _key("survey"),
    sa.Column("version", sa.BigInteger, nullable=False),
    _at("made_at"),
    _text("made_by"),
)

users = sa.Table(
    "users",
    METADATA,
    _key("name"),
    sa.Column("password", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    _at("made_at"),
    _at("disabled_at", null=True),
)

sessions = sa.Table(
    "sessions",
    METADATA,
    _key("session_hash"),
    sa.Column("name", sa.Text, sa.ForeignKey("users.name"), nullable=False, index=True),
    _at("made_at"),
    _at("seen_at"),
    _at("expires_at"),
    _text("csrf"),
)

# tokens of the office itself, for programs that read figures and completeness
keys = sa.Table(
    "keys",
    METADATA,
    _key("key_hash"),
    _text("label"),
    sa.Column("role", sa.Text, nullable=False),
    _at("made_at"),
    _at("revoked_at", null=True),
)

audit = sa.Table(
    "audit",
    METADATA,
    sa.Column(
        "number",
        sa.BigInteger().with_variant(sa.Integer, "sqlite"),
        primary_key=True,
        autoincrement=True,
    ),
    _at("made_at"),
    _text("who"),
    _text("what"),
    _text("about"),
    _text("detail"),
)

# wrong guesses, counted in windows of time, so that guessing is slowed over all workers
attempts = sa.Table(
    "attempts",
    METADATA,
    _key("what"),
    _key("address"),
    _seq("window"),
    _number("n"),
)
