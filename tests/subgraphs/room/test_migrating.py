"""Migrations: what they make is what the code works with, they never do what stops others, and writes go on beside them."""

from __future__ import annotations

import ast
import asyncio
from datetime import UTC, date, datetime
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.ext.asyncio import create_async_engine

from kernel.clock import FixedClock
from schema import ROOMS
from subgraphs.room import migrating, outbox
from subgraphs.room.errors import StoreFailed, StoreNotMigrated
from tests.subgraphs.samples import event, person_part
from tests.subgraphs.stores import Databases

NOW = datetime(2026, 6, 1, tzinfo=UTC)
MIGRATIONS = sorted(
    path
    for room in ROOMS
    for path in Path(str(files(f"subgraphs.{room}.migrations"))).glob("*.py")
    if path.name != "__init__.py"
)

FORBIDDEN = {
    "alter_column": "rewrites or locks the table: add a column, fill it in batches, drop the old one a release later",
    "rename_table": "what runs asks for the old name",
    "drop_column": "what runs may still ask for it: only in a release after the one that stopped",
    "drop_table": "what runs may still ask for it: only in a release after the one that stopped",
    "bulk_insert": "fill in batches, outside of a migration",
}
IN_SQL = (
    " rename ",
    " set not null",
    "alter column",
    " type ",
    "truncate ",
    "vacuum",
    "lock table",
    "drop column",
    "drop table",
)


def findings(text: str) -> list[str]:
    """What in a migration would stop those who work meanwhile."""
    tree = ast.parse(text)
    upgrade = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "upgrade")
    found = [] if _limited_first(upgrade) else ["upgrade() does not begin with limits(op, lock=…, statement=…)"]
    new = {_text(call.args[0]) for call in _calls(tree, "create_table")}
    for name, why in FORBIDDEN.items():
        found += [f"{name}: {why}" for _ in _calls(tree, name)]
    for call in _calls(tree, "create_index"):
        if _text(call.args[1]) not in new and not _says(call, "postgresql_concurrently"):
            found.append(f"create_index on {_text(call.args[1])}: a table in use wants postgresql_concurrently=True")
    for call in _calls(tree, "add_column"):
        column = call.args[1]
        if isinstance(column, ast.Call) and _says(column, "nullable", False) and not _says(column, "server_default", None):
            found.append("add_column that must not be null: what runs does not fill it")
    for name in ("create_foreign_key", "create_check_constraint", "create_unique_constraint"):
        found += [
            f"{name}: add it NOT VALID and validate it after" for call in _calls(tree, name) if _text(call.args[1]) not in new
        ]
    for call in _calls(tree, "execute"):
        said = f" {_text(call.args[0])} ".lower()
        found += [f"execute:{word.strip()}" for word in IN_SQL if word in said]
    return found


def _limited_first(upgrade: ast.FunctionDef) -> bool:
    body = [node for node in upgrade.body if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))]
    first = body[0] if body else None
    called = isinstance(first, ast.Expr) and isinstance(first.value, ast.Call) and isinstance(first.value.func, ast.Name)
    return called and first.value.func.id == "limits" and {key.arg for key in first.value.keywords} == {"lock", "statement"}


def _calls(tree: ast.AST, name: str) -> list[ast.Call]:
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute))
    return [call for call in calls if call.func.attr == name]


def _text(node: ast.AST) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ast.unparse(node)


def _says(call: ast.Call, name: str, value: object = True) -> bool:
    found = [key.value for key in call.keywords if key.arg == name]
    return bool(found) and (value is None or (isinstance(found[0], ast.Constant) and found[0].value is value))


@pytest.mark.parametrize("path", MIGRATIONS, ids=lambda path: path.name)
def test_no_migration_stops_those_who_work_meanwhile(path):
    assert findings(path.read_text()) == []


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("op.add_column('event', sa.Column('x', sa.Integer()))", "upgrade() does not begin"),
        ("limits(op, lock='2s', statement='60s'); op.alter_column('event', 'x', nullable=False)", "alter_column"),
        ("limits(op, lock='2s', statement='60s'); op.drop_column('event', 'x')", "drop_column"),
        ("limits(op, lock='2s', statement='60s'); op.create_index('i', 'event', ['x'])", "create_index on event"),
        ("limits(op, lock='2s', statement='60s'); op.add_column('e', sa.Column('x', nullable=False))", "add_column"),
        (
            "limits(op, lock='2s', statement='60s'); op.execute('ALTER TABLE e ALTER COLUMN x TYPE text')",
            "execute:alter column",
        ),
        ("limits(op, lock='2s', statement='60s'); op.execute('ALTER TABLE e RENAME TO f')", "execute:rename"),
        (
            "limits(op, lock='2s', statement='60s'); op.create_foreign_key('k', 'event', 'b', ['x'], ['y'])",
            "create_foreign_key",
        ),
    ],
)
def test_the_lint_finds_what_it_is_for(body, said):
    assert any(finding.startswith(said) for finding in findings(f"def upgrade() -> None:\n    {body}\n"))


async def differences(address: str, *metadata: sa.MetaData) -> list[Any]:
    engine = create_async_engine(address.replace("postgresql://", "postgresql+asyncpg://"))

    def compare(connection: sa.Connection) -> list[Any]:
        partitions = set(connection.scalars(sa.text("SELECT relname FROM pg_class WHERE relispartition")))

        def is_ours(name: str | None, kind: str, _parents: object) -> bool:
            return not (kind == "table" and name in partitions)

        context = MigrationContext.configure(connection, opts={"include_name": is_ours, "compare_server_default": True})
        return compare_metadata(context, list(metadata))

    async with engine.connect() as connection:
        found = await connection.run_sync(compare)
    await engine.dispose()
    return found


@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection")
async def test_the_migrated_tables_are_those_that_the_code_works_with(room, databases: Databases):
    address = await databases.empty(room)
    import_module(f"subgraphs.{room}.store_postgresql")
    metadata = [import_module(f"subgraphs.{room}.tables").METADATA, outbox.METADATA, outbox.NOTED_METADATA]
    if room == "events":
        import_module("subgraphs.events.registration.receiving_tables")
        metadata.append(import_module("subgraphs.events.store_postgresql").KEYS_METADATA)
    assert await differences(address, *metadata) == [], f"add a migration to subgraphs/{room}/migrations"
    connection = await asyncpg.connect(address)
    others = await connection.fetch(
        "SELECT attrelid::regclass::text, attname FROM pg_attribute JOIN pg_class c ON c.oid = attrelid "
        "JOIN pg_collation l ON l.oid = attcollation "
        "WHERE relnamespace = 'public'::regnamespace AND relname <> 'alembic_version' "
        "AND relkind IN ('r', 'p') AND collname <> 'C'"
    )
    keys = await connection.fetch(
        "SELECT relname, pg_get_constraintdef(o.oid) AS key FROM pg_constraint o "
        "JOIN pg_class c ON c.oid = conrelid WHERE contype = 'p'"
    )
    await connection.close()
    assert others == []
    wanted = {table.name: [column.name for column in table.primary_key] for each in metadata for table in each.tables.values()}
    wanted |= {"event": ["id", "occurred_at"]} if room == "events" else {}
    assert {row["relname"]: row["key"].replace('"', "") for row in keys if row["relname"] in wanted} == {
        name: f"PRIMARY KEY ({', '.join(columns)})" for name, columns in wanted.items()
    }


async def test_migrating_again_does_nothing_and_two_at_once_do_it_once(databases: Databases):
    address = databases.address(await databases.new("persons", migrated=False))
    assert await migrating.missing_of(address, "persons") == migrating.newest("persons")
    first, second = await asyncio.gather(migrating.migrate(address, "persons"), migrating.migrate(address, "persons"))
    nothing, all_of_it = sorted((first, second))
    assert nothing == ()
    assert (all_of_it[0], all_of_it[-1]) == ("persons_0001", migrating.newest("persons"))
    assert await migrating.missing_of(address, "persons") is None


async def test_a_store_without_its_tables_says_what_to_do(databases: Databases):
    from subgraphs.persons.store_postgresql import open_store

    address = databases.address(await databases.new("persons", migrated=False))
    with pytest.raises(StoreNotMigrated, match="saite migrate persons --store URL"):
        await open_store(address, FixedClock(NOW))


async def test_a_database_that_does_not_answer_is_said_without_its_password():
    with pytest.raises(StoreFailed, match=r"127\.0\.0\.1:1/x") as failed:
        await migrating.migrate("postgresql://somebody:secret@127.0.0.1:1/x", "persons")
    assert "secret" not in str(failed.value)
    assert "somebody" not in str(failed.value)


@pytest.mark.slow
async def test_writes_and_reads_go_on_while_migrations_run(databases: Databases):
    """Nothing fails while indexes and months ahead are made."""
    from subgraphs.events import store_postgresql as events
    from subgraphs.room.partitions import make_months
    from subgraphs.room.where import All

    address = databases.address(await databases.new("events", migrated=False))
    await migrating.migrate(address, "events")
    stores = [await events.open_store(address, FixedClock(NOW)) for _ in range(3)]
    done = asyncio.Event()
    written = 0

    async def work(store: Any, number: int) -> None:
        nonlocal written
        while not done.is_set():
            number += 10
            await store.put_many([event(number, persons=(person_part(number, 1),)), event(1, subkind=str(number))])
            assert await store.by_ids([event(number).id], {})
            await store.count(All(()), {})
            written += 1

    workers = [asyncio.create_task(work(store, 1_000 * place)) for place, store in enumerate(stores)]
    await asyncio.sleep(0.3)
    before = written
    engine = create_async_engine(address.replace("postgresql://", "postgresql+asyncpg://"))
    async with engine.connect() as connection:  # what a migration of a table in use does: an index beside writers
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(sa.text("CREATE INDEX CONCURRENTLY later ON event_key (occurred_at)"))
    await engine.dispose()
    made = await make_months(address, events.PARTITIONED, date(2028, 1, 1), date(2028, 6, 1))  # ahead, as they should be
    assert len(made) == 6
    await asyncio.sleep(0.3)
    done.set()
    await asyncio.gather(*workers)
    assert written > before + 3
    for store in stores:
        await store.close()
