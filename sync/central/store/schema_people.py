"""The tables of people and programs; those of kiosks and events are in `schema`."""

from __future__ import annotations

import sqlalchemy as sa

from sync.central.store import columns

METADATA = sa.MetaData()

users = sa.Table(
    "users",
    METADATA,
    columns.key("name"),
    sa.Column("password", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    columns.at("made_at"),
    columns.at("disabled_at", null=True),
)

sessions = sa.Table(
    "sessions",
    METADATA,
    columns.key("session_hash"),
    sa.Column("name", sa.Text, sa.ForeignKey("users.name"), nullable=False, index=True),
    columns.at("made_at"),
    columns.at("seen_at"),
    columns.at("expires_at"),
    columns.text("csrf"),
)

# tokens of the office itself, for programs that read figures and completeness
keys = sa.Table(
    "keys",
    METADATA,
    columns.key("key_hash"),
    columns.text("label"),
    sa.Column("role", sa.Text, nullable=False),
    columns.at("made_at"),
    columns.at("revoked_at", null=True),
)

audit = sa.Table(
    "audit",
    METADATA,
    columns.counter("number"),
    columns.at("made_at"),
    columns.text("who"),
    columns.text("what"),
    columns.text("about"),
    columns.text("detail"),
)
