"""Draws a whole world. In: a source of randomness (hypothesis' or a seeded one). Out: `World`."""

from __future__ import annotations

from random import Random

from tests.oracle.draft import Draft
from tests.oracle.draw_contexts import draw_contexts
from tests.oracle.draw_data import ROWS, draw_data
from tests.oracle.draw_directives import draw_directives
from tests.oracle.draw_parts import draw_parts
from tests.oracle.draw_types import draw_types
from tests.oracle.draw_variants import draw_variants
from tests.oracle.print_world import subgraph_sdl, whole_sdl
from tests.oracle.world import Failing, World


def draw_world(random: Random) -> World:
    """A world whose subgraphs are parts of one schema, by construction."""
    draft = draw_types(random)
    draw_directives(draft)
    draw_parts(draft)
    draw_contexts(draft)  # last: an `X` must not be found but below an `H`
    draw_variants(draft)
    tables = draw_data(draft)
    sdls = {graph: subgraph_sdl(draft, graph) for graph in draft.graphs}
    return World(sdls, tables, whole_sdl(draft), _draw_failing(draft))


def _draw_failing(draft: Draft) -> Failing:
    """Fields made to fail for one object each, in few worlds.

    Not where a null takes more with it in a subgraph than in the whole: where a subgraph is stricter about some field, and no
    field that is not null where fields require something of the same objects.
    """
    random = draft.random
    if random.random() < 0.85:
        return frozenset()
    homes = [home for one in draft.objects.values() for inner in one.fields.values() for home in inner.homes.values()]
    is_required = any(home.requires or "@fromContext" in home.extra_argument for home in homes)
    places = [
        (one.name, inner.name)
        for one in draft.objects.values()
        if one.kind != "root"
        for inner in one.fields.values()
        if not inner.unique and inner.name != "id"
        if not (is_required and inner.type.endswith("!"))
    ]
    if not places or any(home.type for home in homes):
        return frozenset()
    return frozenset((*random.choice(places), random.randrange(ROWS)) for _ in range(random.randint(1, 4)))
