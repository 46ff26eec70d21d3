"""The tables of the office, as the statements of this package see them.

The migrations under `sync/central/migrations` make them; a test compares the two. Times are
milliseconds since 1970 in UTC. Text that came from a kiosk stands as it came, in `raw` columns.

Rows of `events` tile their stream: `seq … through` of its rows cover 1 … `stored_through` once and
without a hole. Only a `lost` row is longer than one number; when a fuller copy of a number inside
it arrives, the row is split around it.

The tables of people and what they did are in `schema_people`.

Streams and events are keyed by stream; all else that grows, by kiosk first. What stays small
(sites, codes, tokens, surveys, people) is what a sharded PostgreSQL copies to every node.
"""

from __future__ import annotations

import sqlalchemy as sa

from sync.central.store import columns, schema_people

METADATA = schema_people.METADATA

# one row: which office these books are; `restored_at` of the last `smiley-central restored`
office = sa.Table(
    "office",
    METADATA,
    columns.key("office"),
    columns.at("made_at"),
    columns.at("restored_at", null=True),
)

sites = sa.Table(
    "sites", METADATA, columns.key("site"), columns.text("time_zone"), columns.at("made_at")
)

kiosks = sa.Table(
    "kiosks",
    METADATA,
    columns.key("kiosk"),
    sa.Column("site", sa.Text, sa.ForeignKey("sites.site"), nullable=False, index=True),
    columns.text("touchpoint"),
    columns.text("time_zone"),
    columns.at("made_at"),
    columns.at("enrolled_at", null=True),
    columns.at("revoked_at", null=True),
    columns.text("model"),
    columns.text("serial"),
    columns.text("app"),
)

# enrolment codes, only as SHA-256; used up by their first token
codes = sa.Table(
    "codes",
    METADATA,
    columns.key("code_hash"),
    sa.Column("kiosk", sa.Text, sa.ForeignKey("kiosks.kiosk"), nullable=False, index=True),
    columns.at("made_at"),
    columns.at("expires_at"),
    sa.Column("token_hash", sa.Text, nullable=True),
    columns.at("used_at", null=True),
    columns.at("void_at", null=True),
    columns.flag("replaces"),
)

# kiosks' tokens, only as SHA-256; a rolled one names in `rolls` the one it ends when first used
tokens = sa.Table(
    "tokens",
    METADATA,
    columns.key("token_hash"),
    sa.Column("kiosk", sa.Text, sa.ForeignKey("kiosks.kiosk"), nullable=False, index=True),
    columns.at("made_at"),
    columns.at("used_at", null=True),
    columns.at("revoked_at", null=True),
    sa.Column("rolls", sa.Text, nullable=True),
)

# see `streams.Stream` and `streams.contact` for what a message moves here
streams = sa.Table(
    "streams",
    METADATA,
    columns.key("stream"),
    sa.Column("kiosk", sa.Text, nullable=False, index=True),
    columns.at("made_at"),
    columns.number("stored_through"),
    columns.number("heard_seq"),
    columns.at("heard_at", null=True),
    sa.Column("open_seq", sa.BigInteger, nullable=True),
    columns.at("open_at", null=True),
    columns.at("whole_at", null=True),
    sa.Column("after_stream", sa.Text, nullable=True, index=True),
    sa.Column("after_seq", sa.BigInteger, nullable=True),
)

events = sa.Table(
    "events",
    METADATA,
    columns.key("stream"),
    columns.seq("seq"),
    columns.number("through"),
    sa.Column("kiosk", sa.Text, nullable=False),
    columns.text("kind"),
    columns.number("mono"),
    sa.Column("rank", sa.SmallInteger, nullable=False),
    columns.flag("refused"),
    columns.at("received_at"),
    sa.Column("raw", sa.Text, nullable=False),
    **columns.CLUSTERED,
)

# few of very many: the runs that are lost
sa.Index(
    "ix_events_lost",
    *(events.c[name] for name in ("kiosk", "stream", "seq")),
    sqlite_where=events.c.rank == 0,
    postgresql_where=events.c.rank == 0,
)

# streams that a kiosk sends and that another one holds: see `sync.central.claims`
claims = sa.Table(
    "claims",
    METADATA,
    columns.key("kiosk"),
    columns.key("stream"),
    columns.number("last_seq"),
    columns.at("made_at"),
    columns.at("heard_at"),
)

# the events of streams that were given to another kiosk, as they were
set_aside = sa.Table(
    "set_aside",
    METADATA,
    columns.key("kiosk"),
    columns.key("stream"),
    columns.seq("seq"),
    columns.number("through"),
    columns.text("kind"),
    columns.number("mono"),
    sa.Column("rank", sa.SmallInteger, nullable=False),
    columns.flag("refused"),
    columns.at("received_at"),
    sa.Column("raw", sa.Text, nullable=False),
)

refused = sa.Table(
    "refused",
    METADATA,
    columns.key("kiosk"),
    columns.key("stream"),
    columns.seq("seq"),
    columns.text("reason"),
    columns.at("made_at"),
)

# the second of two different whole copies of one (stream, seq); `digest` is its SHA-256
conflicts = sa.Table(
    "conflicts",
    METADATA,
    columns.key("kiosk"),
    columns.key("stream"),
    columns.seq("seq"),
    columns.key("digest"),
    sa.Column("raw", sa.Text, nullable=False),
    columns.at("made_at"),
)

# where the comments are, by their removal code; second copies may have another one
comments = sa.Table(
    "comments",
    METADATA,
    columns.key("kiosk"),
    columns.key("stream"),
    columns.seq("seq"),
    sa.Column("code", sa.Text, primary_key=True, index=True),
)

# what was asked to be erased; with empty kiosk and stream: whatever comes under this code
erasures = sa.Table(
    "erasures",
    METADATA,
    columns.key("kiosk"),
    columns.key("stream"),
    columns.seq("seq"),
    sa.Column("code", sa.Text, primary_key=True, index=True),
    columns.at("made_at"),
    columns.text("made_by"),
)

# one row a kiosk, locked by each of its batches: the fold of all its events so far (`book`, by
# the rules of version `rules`), what it sent on `day` (UTC days since 1970), and for `folded_until`
# see `fold`
accounts = sa.Table(
    "accounts",
    METADATA,
    columns.key("kiosk"),
    sa.Column("book", sa.LargeBinary, nullable=True),
    columns.number("rules"),
    columns.number("day"),
    columns.number("events"),
    columns.number("bytes"),
    columns.number("streams"),
    columns.at("heard_at", null=True),
    columns.number("folded_until"),
)

# the newest heartbeat of each kiosk, `raw` as it came
heartbeats = sa.Table(
    "heartbeats",
    METADATA,
    columns.key("kiosk"),
    columns.at("made_at"),
    columns.text("stream"),
    columns.number("last_seq"),
    columns.number("pending"),
    columns.number("in_memory"),
    sa.Column("raw", sa.Text, nullable=False),
)

# hourly counts: the sum of the signed deltas of every fold; after the kiosk a column for each
# field of `cells.Cell`, what is selected by most first
rollups = sa.Table(
    "rollups",
    METADATA,
    columns.key("kiosk"),
    columns.key("day"),
    columns.seq("hour"),
    columns.key("survey"),
    columns.seq("survey_version"),
    columns.key("question"),
    columns.seq("faces"),
    columns.seq("face"),
    columns.key("rule"),
    columns.key("reason"),
    columns.key("order"),
    columns.key("layout"),
    columns.key("language"),
    columns.key("via"),
    sa.Column("uncertain", sa.Boolean, primary_key=True),
    columns.number("n"),
    **columns.CLUSTERED,
)

# by scope: ('office', ''), ('site', S), ('kiosk', K); the newest version counts
configs = sa.Table(
    "configs",
    METADATA,
    columns.key("scope"),
    columns.key("name"),
    columns.seq("version"),
    sa.Column("document", sa.Text, nullable=False),
    columns.at("made_at"),
    columns.text("made_by"),
)

surveys = sa.Table(
    "surveys",
    METADATA,
    columns.key("survey"),
    columns.seq("version"),
    sa.Column("document", sa.Text, nullable=False),
    columns.at("made_at"),
    columns.text("made_by"),
)

# which version of a survey is shown where; scopes as in `configs`
placements = sa.Table(
    "placements",
    METADATA,
    columns.key("scope"),
    columns.key("name"),
    columns.key("survey"),
    sa.Column("version", sa.BigInteger, nullable=False),
    columns.at("made_at"),
    columns.text("made_by"),
)

# wrong guesses, counted in windows of time, so that guessing is slowed over all workers
attempts = sa.Table(
    "attempts",
    METADATA,
    columns.key("what"),
    columns.key("address"),
    columns.seq("window"),
    columns.number("n"),
)
