"""What the asker may not see or search by changes nothing of what he is told: not what is found, nor its order, scores, counts,
facets, suggestions, cursors. Two indexes that differ in that alone are asked the same, in each store; and both stores tell
the same.
"""

from __future__ import annotations

import random
from typing import Any

import pytest

from authz.rows import Lte
from search.document import SearchDocument
from search.finding import suggest
from search.query import query_of
from search.reach import Reach
from subgraphs.persons.search import TYPE as PERSON
from subgraphs.room.world.tables import rows
from tests.search.conftest import STORES
from tests.search.reaching import found, reach

VISIBLE, HIDDEN = 60, 200
SEARCHED = {"Person.familyName", "Person.personalCode"}
TEXTS = ("Bērziņa", "Berzins", "Kalniņš Jānis", "Jānis", "3099*5", "309901-00010", "Иванов", "Ozolin", "Bērziņš-Kalniņš")


def person(rng: random.Random, number: int, level: int) -> SearchDocument:
    sex = rng.choice(("male", "female"))
    given = rng.choice([row["name"] for row in rows("given_names") if row["sex"] == sex.upper()])
    values = {
        "Person.familyName": (rng.choice(rows("surnames")[:6])[sex],),
        "Person.givenNames": (given,),
        "Person.birthFamilyName": (rng.choice(rows("surnames")[:6])[sex],),
        "Person.personalCode": (f"309901-{number:05}",),
    }
    facets = {"Person.sex": (sex.upper(),)}
    return SearchDocument(
        type="Person", id=f"per_{number:032x}", version=1, values=values, facets=facets, rows={"classification": level}
    )


def one_world() -> list[SearchDocument]:
    rng = random.Random(1)
    return [person(rng, number * 5, 2) for number in range(VISIBLE)] + [
        person(rng, number * 5 + 1, 3) for number in range(HIDDEN)
    ]


def other_world() -> list[SearchDocument]:
    """The same visible persons with other given names and birth names; other hidden persons, and more of them."""
    rng, drawn = random.Random(1), random.Random(2)
    same = [person(rng, number * 5, 2) for number in range(VISIBLE)]
    changed = [
        SearchDocument(
            type=one.type,
            id=one.id,
            version=9,
            values={**person(drawn, 0, 0).values, **{name: one.values[name] for name in SEARCHED}},
            facets=one.facets,
            rows=one.rows,
        )
        for one in same
    ]
    return changed + [person(drawn, number * 3 + 1000, 3) for number in range(2 * HIDDEN)]


async def told(index: Any, asked: Reach) -> list[Any]:
    answers: list[Any] = []
    for text in TEXTS:
        page = await found(index, text, asked, size=7)
        query = query_of(text, (asked,))
        further = await found(index, text, asked, size=7, after=page.hits[-1].position) if page.hits else None
        counted = {name: list(each.items()) for name, each in (await index.facets(query, {"Person.sex", "type"})).items()}
        answers.append((page, further, await index.count(query), counted, await suggest(index, text, (asked,), 9)))
    return answers


@pytest.mark.slow
async def test_two_indexes_that_differ_in_what_is_denied_alone_answer_alike_in_both_stores(open_index):
    answers = []
    for store in STORES:
        index = await open_index(store)
        for world in (one_world(), other_world()):
            draft = await index.draft()
            await draft.put(world)
            await draft.refresh()
            await index.publish(draft)
            answers.append(await told(index, reach(PERSON, Lte("classification", 2), SEARCHED)))
    assert sum(len(page.hits) for page, *_ in answers[0]) > 20
    assert all(each == answers[0] for each in answers)


async def test_the_two_worlds_do_differ_for_whoever_may_see_it_all(open_index):
    index = await open_index("fts5")
    answers = []
    for world in (one_world(), other_world()):
        draft = await index.draft()
        await draft.put(world)
        await index.publish(draft)
        answers.append(await told(index, reach()))
    assert answers[0] != answers[1]
