"""Draws a whole world. In: a source of randomness (hypothesis' or a seeded one). Out: `World`."""

from __future__ import annotations

from random import Random

from tests.oracle.draft import Draft
from tests.oracle.draw_contexts import draw_contexts
from tests.oracle.draw_data import ROWS, draw_data
from tests.oracle.draw_directives import draw_directives
from tests.oracle.draw_types import draw_types
from tests.oracle.draw_variants import draw_variants, fields_in_sets
from tests.oracle.print_world import subgraph_sdl, whole_sdl
from tests.oracle.world import Failing, World


def draw_world(random: Random) -> World:
    """A world whose subgraphs are parts of one schema, by construction."""
    draft = draw_types(random)
    draw_directives(draft)
    draw_contexts(draft)
    draw_variants(draft)
    tables = draw_data(draft)
    sdls = {graph: subgraph_sdl(draft, graph) for graph in draft.graphs}
    return World(sdls, tables, whole_sdl(draft), _draw_failing(draft))


def _draw_failing(draft: Draft) -> Failing:
    """Fields made to fail for one object each, in few worlds.

    Not those whose null takes more with it in a subgraph than in the whole: of a stricter type there, or not null and fetched
    only because another field requires it.
    """
    random = draft.random
    if random.random() < 0.85:
        return frozenset()
    in_sets = sorted(fields_in_sets(draft))
    named_in_sets = {name for name in in_sets if random.random() < 0.5 or _is_never_null(draft, name)}
    places = [
        (one.name, inner.name)
        for one in draft.objects.values()
        if one.kind != "root"
        for inner in one.fields.values()
        if not inner.unique and inner.name not in named_in_sets and not any(home.type for home in inner.homes.values())
    ]
    return frozenset((*random.choice(places), random.randrange(ROWS)) for _ in range(random.randint(1, 4)))


def _is_never_null(draft: Draft, name: str) -> bool:
    return any(one.fields[name].type.endswith("!") for one in draft.objects.values() if name in one.fields)
