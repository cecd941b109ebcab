"""Names are found as people spell them: true variants of registered names, among thousands of other persons."""

from __future__ import annotations

import asyncio
import csv
import random
from collections import Counter
from itertools import chain
from pathlib import Path

import pytest

from search.document import SearchDocument
from search.index import SearchIndex
from subgraphs.room.world.tables import rows
from tests.search.reaching import found

OTHERS = 5_000
RECALL = 0.95
LINES = (Path(__file__).parent / "variants.csv").read_text("utf-8").splitlines()
VARIANTS = list(csv.DictReader(line for line in LINES if not line.startswith("#")))


def person(number: int, given: str, family: str, birth: str = "") -> SearchDocument:
    values = {
        "Person.givenNames": (given,),
        "Person.familyName": (family,),
        "Person.birthFamilyName": (birth,) if birth else (),
    }
    return SearchDocument(type="Person", id=f"per_{number:032x}", version=1, values=values)


def register() -> tuple[list[SearchDocument], dict[tuple[str, str], str]]:
    """Everybody, and the ids of those that are looked for by their names."""
    wanted = {(row["given"], row["family"]): row["birth"] for row in VARIANTS}
    everybody = [person(number, *name, birth) for number, (name, birth) in enumerate(wanted.items())]
    rng = random.Random(5)
    given = {sex: [row["name"] for row in rows("given_names") if row["sex"] == sex] for sex in ("MALE", "FEMALE")}
    while len(everybody) < OTHERS + len(wanted):
        sex = rng.choice(("MALE", "FEMALE"))
        name = (rng.choice(given[sex]), rng.choice(rows("surnames"))[sex.lower()])
        if name not in wanted:
            everybody.append(person(len(everybody), *name))
    return everybody, {name: everybody[number].id for number, name in enumerate(wanted)}


def batched(items: list[dict[str, str]], size: int = 10) -> list[list[dict[str, str]]]:
    return [items[start : start + size] for start in range(0, len(items), size)]


def test_there_are_two_hundred_variants_and_each_is_told_once():
    assert len(VARIANTS) >= 200
    assert len({tuple(row.items()) for row in VARIANTS}) == len(VARIANTS)


@pytest.mark.slow
async def test_of_all_variants_at_least_95_in_100_find_the_person_among_the_first_ten(index: SearchIndex):
    everybody, wanted = register()
    await index.put(everybody)
    await index.refresh()
    missed = []
    pages = [await asyncio.gather(*(found(index, row["typed"]) for row in some)) for some in batched(VARIANTS)]
    for row, page in zip(VARIANTS, chain(*pages), strict=True):
        if wanted[row["given"], row["family"]] not in [hit.id for hit in page.hits]:
            missed.append(row)
    recall = 1 - len(missed) / len(VARIANTS)
    assert recall >= RECALL, (recall, Counter(row["kind"] for row in missed), [row["typed"] for row in missed])
