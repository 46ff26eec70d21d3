"""The first tables: kiosks and who may speak, streams and events, the fold, people, settings.

Revision ID: 0001
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

CLUSTERED: dict[str, Any] = {"sqlite_with_rowid": False}


def _key(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, primary_key=True)


def _seq(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, primary_key=True, autoincrement=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default="")


def _must(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _may(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=True)


def _at(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=null)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False, server_default="0")


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false())


def upgrade() -> None:
    """Make all tables."""
    _who_may_speak()
    _what_was_said()
    _what_is_kept_of_it()
    _what_kiosks_show()
    _people()


def _who_may_speak() -> None:
    op.create_table("office", _key("office"), _at("made_at"), _at("restored_at", null=True))
    op.create_table("sites", _key("site"), _text("time_zone"), _at("made_at"))
    op.create_table(
        "kiosks",
        _key("kiosk"),
        sa.Column("site", sa.Text, sa.ForeignKey("sites.site"), nullable=False),
        _text("touchpoint"),
        _text("time_zone"),
        _at("made_at"),
        _at("enrolled_at", null=True),
        _at("revoked_at", null=True),
        _text("model"),
        _text("serial"),
        _text("app"),
    )
    op.create_index("ix_kiosks_site", "kiosks", ["site"])
    op.create_table(
        "codes",
        _key("code_hash"),
        sa.Column("kiosk", sa.Text, sa.ForeignKey("kiosks.kiosk"), nullable=False),
        _at("made_at"),
        _at("expires_at"),
        _may("token_hash"),
        _at("used_at", null=True),
        _at("void_at", null=True),
        _flag("replaces"),
    )
    op.create_index("ix_codes_kiosk", "codes", ["kiosk"])
    op.create_table(
        "tokens",
        _key("token_hash"),
        sa.Column("kiosk", sa.Text, sa.ForeignKey("kiosks.kiosk"), nullable=False),
        _at("made_at"),
        _at("used_at", null=True),
        _at("revoked_at", null=True),
        _may("rolls"),
    )
    op.create_index("ix_tokens_kiosk", "tokens", ["kiosk"])
    op.create_table("attempts", _key("what"), _key("address"), _seq("window"), _number("n"))


def _what_was_said() -> None:
    op.create_table(
        "streams",
        _key("stream"),
        _must("kiosk"),
        _at("made_at"),
        _number("stored_through"),
        _number("heard_seq"),
        _at("heard_at", null=True),
        _at("open_seq", null=True),
        _at("open_at", null=True),
        _at("whole_at", null=True),
        _may("after_stream"),
        _at("after_seq", null=True),
    )
    op.create_index("ix_streams_kiosk", "streams", ["kiosk"])
    op.create_index("ix_streams_after_stream", "streams", ["after_stream"])
    op.create_table(
        "events",
        _key("stream"),
        _seq("seq"),
        _number("through"),
        _must("kiosk"),
        _text("kind"),
        _number("mono"),
        sa.Column("rank", sa.SmallInteger, nullable=False),
        _flag("refused"),
        _at("received_at"),
        _must("raw"),
        **CLUSTERED,
    )

    op.create_index(
        "ix_events_lost",
        "events",
        ["kiosk", "stream", "seq"],
        sqlite_where=sa.text("rank = 0"),
        postgresql_where=sa.text("rank = 0"),
    )


def _what_is_kept_of_it() -> None:
    op.create_table(
        "refused", _key("kiosk"), _key("stream"), _seq("seq"), _text("reason"), _at("made_at")
    )
    op.create_table(
        "conflicts",
        _key("kiosk"),
        _key("stream"),
        _seq("seq"),
        _key("digest"),
        _must("raw"),
        _at("made_at"),
    )
    op.create_table("comments", _key("kiosk"), _key("stream"), _seq("seq"), _key("code"))
    op.create_index("ix_comments_code", "comments", ["code"])
    op.create_table(
        "erasures",
        _key("kiosk"),
        _key("stream"),
        _seq("seq"),
        _key("code"),
        _at("made_at"),
        _text("made_by"),
    )
    op.create_index("ix_erasures_code", "erasures", ["code"])
    op.create_table(
        "accounts",
        _key("kiosk"),
        sa.Column("book", sa.LargeBinary, nullable=True),
        _number("rules"),
        _number("day"),
        _number("events"),
        _number("bytes"),
        _number("streams"),
        _at("heard_at", null=True),
    )
    op.create_table(
        "heartbeats",
        _key("kiosk"),
        _at("made_at"),
        _text("stream"),
        _number("last_seq"),
        _number("pending"),
        _number("in_memory"),
        _must("raw"),
    )
    op.create_table(
        "rollups",
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


def _what_kiosks_show() -> None:
    op.create_table(
        "configs",
        _key("scope"),
        _key("name"),
        _seq("version"),
        _must("document"),
        _at("made_at"),
        _text("made_by"),
    )
    op.create_table(
        "surveys",
        _key("survey"),
        _seq("version"),
        _must("document"),
        _at("made_at"),
        _text("made_by"),
    )
    op.create_table(
        "placements",
        _key("scope"),
        _key("name"),
        _key("survey"),
        _at("version"),
        _at("made_at"),
        _text("made_by"),
    )


def _people() -> None:
    op.create_table(
        "users",
        _key("name"),
        _must("password"),
        _must("role"),
        _at("made_at"),
        _at("disabled_at", null=True),
    )
    op.create_table(
        "sessions",
        _key("session_hash"),
        sa.Column("name", sa.Text, sa.ForeignKey("users.name"), nullable=False),
        _at("made_at"),
        _at("seen_at"),
        _at("expires_at"),
        _text("csrf"),
    )
    op.create_index("ix_sessions_name", "sessions", ["name"])
    op.create_table(
        "keys",
        _key("key_hash"),
        _text("label"),
        _must("role"),
        _at("made_at"),
        _at("revoked_at", null=True),
    )
    op.create_table(
        "audit",
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


def downgrade() -> None:
    """Drop all tables, and what was in them."""
    people = ("audit", "keys", "sessions", "users")
    shown = ("placements", "surveys", "configs")
    kept = ("rollups", "heartbeats", "accounts", "erasures", "comments", "conflicts", "refused")
    said = ("events", "streams")
    speakers = ("attempts", "tokens", "codes", "kiosks", "sites", "office")
    for table in (*people, *shown, *kept, *said, *speakers):
        op.drop_table(table)
