"""Who stands for whom, and who may be whom, in a SQL database.

What comes in: a connection, ids or what a person was named by, the row rules. What goes out: records.

    survivor    follow `merged_into` to its end (a recursive statement)
    cluster     the survivor and everything that leads to it
    blocks      who is compared at all, each by an index: the code; the birth date, day and month also crossed; the family name
                without its ending, with the given name's first letter
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from search.names.cyrillic import to_latvian
from subgraphs.persons.identity.matching import Candidate, Named, ranked, taken
from subgraphs.persons.model import PersonRecord
from subgraphs.persons.tables import CODE, PERSON, REGISTER
from subgraphs.room import reading
from subgraphs.room.keys import day, folded
from subgraphs.room.one_of import one_of
from subgraphs.room.records import Kept
from subgraphs.room.where import Rows

_BLOCK: Final = 300
"""How many of a block are compared: more people share a birth date or a name only in the largest registers."""
_ENDING: Final = 2
_LAST: Final = "\U0010ffff"


async def surviving(connection: AsyncConnection, ids: Sequence[str], rows: Rows) -> dict[str, Kept[PersonRecord]]:
    """See `IdentityStore.surviving`."""
    if not ids:
        return {}
    chain = _chain(ids)
    stands = sa.and_(PERSON.c.id == chain.c.id, chain.c.merged_into.is_(None))
    found = await reading.matching(connection, REGISTER, stands, rows, chain.c.asked)
    return {row.asked: reading.kept(REGISTER, row) for row in found}


async def clusters(connection: AsyncConnection, ids: Sequence[str]) -> dict[str, frozenset[str]]:
    """For each id that was merged, or that others were merged into: all ids of the same person, its own among them."""
    if not ids:
        return {}
    up = _chain(ids)
    roots = {
        row.asked: row.id for row in await connection.execute(sa.select(up.c.asked, up.c.id).where(up.c.merged_into.is_(None)))
    }
    below = sa.select(PERSON.c.id.label("root"), PERSON.c.id.label("id")).where(one_of(PERSON.c.id, sorted({*roots.values()})))
    down = below.cte("down", recursive=True)
    child = PERSON.alias()
    down = down.union(sa.select(down.c.root, child.c.id).join_from(down, child, child.c.merged_into == down.c.id))
    members: dict[str, set[str]] = {}
    for row in await connection.execute(sa.select(down.c.root, down.c.id)):
        members.setdefault(row.root, set()).add(row.id)
    return {asked: frozenset(members[root]) for asked, root in roots.items() if len(members.get(root, ())) > 1}


async def candidates(connection: AsyncConnection, named: Named, rows: Rows, limit: int) -> list[Candidate]:
    """See `IdentityStore.candidates`."""
    if not named.says_something:
        return []
    found: dict[str, Kept[PersonRecord]] = {}
    if named.code:
        having = (await connection.scalars(sa.select(CODE.c.id).where(CODE.c.code == named.code))).all()
        # The code stays with the record that has it, which is compared; whoever stands for that record is who is meant.
        own = await reading.by_ids(connection, REGISTER, list(having), rows)
        found |= own
    for block in _blocks(named):
        for row in await connection.execute(_in_block(block, rows)):
            found.setdefault(row.id, reading.kept(REGISTER, row))
    return await _standing(connection, ranked(named, found.values()), rows, limit)


async def by_names(connection: AsyncConnection, named: Sequence[Named], rows: Rows) -> dict[Named, Kept[PersonRecord]]:
    """See `IdentityStore.by_names`."""
    born = sorted({day(one.birth_date) for one in named})
    families = sorted({spelling for one in named for spelling in _spellings(one.family_name)})
    both = sa.and_(one_of(PERSON.c.birth_date, born), one_of(PERSON.c.family_name, families), PERSON.c.merged_into.is_(None))
    persons: dict[str, list[Kept[PersonRecord]]] = {}
    for row in await reading.matching(connection, REGISTER, both, rows):
        person = reading.kept(REGISTER, row)
        persons.setdefault(day(person.record.birth_date), []).append(person)
    found = {one: taken(ranked(one, persons.get(day(one.birth_date), ()))) for one in named}
    return {one: candidate.person for one, candidate in found.items() if candidate is not None}


async def _standing(connection: AsyncConnection, fitting: Sequence[Candidate], rows: Rows, limit: int) -> list[Candidate]:
    """Each person once, by the record that stands for them now."""
    stands = await surviving(connection, [each.person.record.id for each in fitting], rows)
    best: dict[str, Candidate] = {}
    for each in fitting:
        person = stands.get(each.person.record.id)
        if person is not None:
            best.setdefault(person.record.id, Candidate(person, each.score, each.basis))
    return list(best.values())[:limit]


def _chain(ids: Sequence[str]) -> sa.CTE:
    """Each id with everything that it leads to; a union without doubles, so that even a circle would end."""
    begin = sa.select(PERSON.c.id.label("asked"), PERSON.c.id.label("id"), PERSON.c.merged_into).where(one_of(PERSON.c.id, ids))
    chain = begin.cte("chain", recursive=True)
    next_ = PERSON.alias()
    step = sa.select(chain.c.asked, next_.c.id, next_.c.merged_into).join_from(chain, next_, next_.c.id == chain.c.merged_into)
    return chain.union(step)


def _in_block(block: sa.ColumnElement[bool], rows: Rows) -> sa.Select[Any]:
    from subgraphs.room.sql import visible

    columns = (*reading.columns(REGISTER), PERSON.c.id)
    return sa.select(*columns).where(block, visible(REGISTER.scope, rows)).order_by(PERSON.c.id).limit(_BLOCK)


def _blocks(named: Named) -> Iterable[sa.ColumnElement[bool]]:
    if named.birth_date is not None:
        yield PERSON.c.birth_date.in_([day(each) for each in _crossed(named.birth_date)])
    for family in _spellings(named.family_name):
        block = _begins(PERSON.c.family_name, family[:-_ENDING] if len(family) > 2 * _ENDING else family)
        given = _spellings(named.given_names)
        yield sa.and_(block, sa.or_(*(_begins(PERSON.c.given_names, name[:1]) for name in given))) if given else block


def _begins(column: sa.ColumnElement[str], text: str) -> sa.ColumnElement[bool]:
    return sa.and_(column >= text, column < text + _LAST)


def _spellings(name: str | None) -> list[str]:
    """The name as the column has it, and in Latin letters."""
    return sorted({folded(name), folded(to_latvian(name))} - {""}) if name else []


def _crossed(birth_date: date) -> list[date]:
    if birth_date.day > 12:
        return [birth_date]
    return [birth_date, birth_date.replace(month=birth_date.day, day=birth_date.month)]
