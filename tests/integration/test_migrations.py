"""Versions of the tables: there and back with data in them, and as the statements see them."""

from __future__ import annotations

import pathlib

import pytest
import sqlalchemy as sa
from alembic import autogenerate
from alembic.runtime import migration

from sync.central import claims, exports, fold, store
from sync.central.store import errors, migrate, office, schema
from sync.feedback import wire
from tests.senders import NOW, Kiosk, comment, lost, rating, start


def test_the_tables_are_as_the_statements_see_them(books: store.Store) -> None:
    """What the migrations made is what schema.py says, columns, keys and indexes."""
    with books.read() as connection:
        context = migration.MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": False}
        )
        assert autogenerate.compare_metadata(context, schema.METADATA) == []


def test_there_and_back_with_data_in_them(books: store.Store) -> None:
    """Down to nothing and up again, and each version once more; the newest works."""
    kiosk = Kiosk(books)
    kiosk.stored(start(), rating(2), rating(3, face=9), comment(4), lost(5, 9))
    migrate.to(books, migrate.EMPTY)
    assert migrate.at(books) is None
    with books.read() as connection:
        context = migration.MigrationContext.configure(connection)
        assert context.get_current_revision() is None
    migrate.to(books)
    migrate.check(books)
    made = office.found(books, NOW)
    with store.open(books.engine.url.render_as_string(hide_password=False)) as again:
        assert again.office == made
        kiosk = Kiosk(again)
        kiosk.stored(start(), rating(2))
        assert len(list(exports.jsonl(again))) == 2


def test_one_version_back_and_forth_keeps_the_books(books: store.Store) -> None:
    """Events, figures and kiosks outlive a step back to the first tables and forward again."""
    kiosk, thief = Kiosk(books), Kiosk(books)
    thief.stream = kiosk.stream
    thief.stored(start(), rating(2, face=1))
    kiosk.problem(start())
    claims.give(books, kiosk.stream, kiosk.id, NOW)
    kiosk.stored(start(), rating(2), rating(3, face=9), comment(4), lost(5, 9))
    thief.problem(start())
    before = kiosk.rows(), list(exports.jsonl(books)), books.office
    migrate.to(books, "0001")
    assert migrate.at(books) == "0001"
    with pytest.raises(errors.Unusable, match="smiley-central migrate"):
        migrate.check(books)
    with books.read() as connection:
        tables = sa.inspect(connection).get_table_names()
        columns = {one["name"] for one in sa.inspect(connection).get_columns("accounts")}
    assert {"claims", "set_aside"}.isdisjoint(tables)
    assert "folded_until" not in columns
    migrate.to(books)
    migrate.check(books)
    assert (kiosk.rows(), list(exports.jsonl(books)), books.office) == before
    assert fold.differences(books, kiosk.id) == {}
    assert claims.report(books) == claims.Report([], [])
    assert kiosk.stored(rating(10)).stored_through == 10
    assert thief.problem(start()).type == wire.FOREIGN_STREAM
    assert len(claims.report(books).claims) == 1


def test_migrating_again_changes_nothing(books: store.Store) -> None:
    """`smiley-central migrate` may be run at every start."""
    kiosk = Kiosk(books)
    kiosk.stored(start(), rating(2))
    before = books.office
    assert office.found(books, NOW + 1) == before
    assert len(kiosk.rows()) == 2


def test_an_older_program_leaves_newer_tables_alone(books: store.Store) -> None:
    """Tables of a newer version are told, not touched."""
    with books.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    for call in (migrate.to, migrate.check):
        with pytest.raises(errors.Unusable, match="9999"):
            call(books)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("office.db", "is no database"),
        ("mysql://host/name", "'mysql' is no database we know"),
        ("sqlite://", "names no file"),
        ("postgresql://nobody:secret@127.0.0.1:1/name", "cannot be reached"),
    ],
)
def test_a_wrong_url_is_told_in_a_sentence(url: str, words: str) -> None:
    """And never with its password."""
    with pytest.raises(errors.Error, match=words) as told:
        store.open(url)
    assert "secret" not in str(told.value)


def test_a_file_that_is_no_database_is_told(tmp_path: pathlib.Path) -> None:
    """A picture named as database: a sentence that names it."""
    picture = tmp_path / "logo.png"
    picture.write_bytes(b"\x89PNG" * 1000)
    with pytest.raises(errors.Unusable, match=r"logo\.png"):
        store.open(f"sqlite:///{picture}")
    with pytest.raises(errors.Unusable, match="cannot hold the database"):
        store.open(f"sqlite:///{picture}/office.db")


def test_tables_that_are_not_there_are_told(tmp_path: pathlib.Path) -> None:
    """A fresh file without `migrate`: what to run is said."""
    with store.open(f"sqlite:///{tmp_path}/office.db") as books:
        with pytest.raises(errors.Unusable, match="smiley-central migrate"):
            migrate.check(books)
        with pytest.raises(errors.Unusable, match="smiley-central migrate"):
            _ = books.office
