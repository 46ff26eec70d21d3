"""Streams that two kiosks send, what lies aside of one given away, and when figures may be due.

Revision ID: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def _key(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, primary_key=True)


def _must(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False, server_default="0")


def upgrade() -> None:
    """Make the two tables; every kiosk's figures may be folded anew at once."""
    op.create_table(
        "claims",
        _key("kiosk"),
        _key("stream"),
        _number("last_seq"),
        _must("made_at"),
        _must("heard_at"),
    )
    op.create_table(
        "set_aside",
        _key("kiosk"),
        _key("stream"),
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        _number("through"),
        sa.Column("kind", sa.Text, nullable=False, server_default=""),
        _number("mono"),
        sa.Column("rank", sa.SmallInteger, nullable=False),
        sa.Column("refused", sa.Boolean, nullable=False, server_default=sa.false()),
        _must("received_at"),
        sa.Column("raw", sa.Text, nullable=False),
    )
    op.add_column("accounts", _number("folded_until"))


def downgrade() -> None:
    """Drop them; what lay aside goes, for the older program knows of no such thing."""
    op.drop_column("accounts", "folded_until")
    op.drop_table("set_aside")
    op.drop_table("claims")
