"""Draws a whole world. In: a source of randomness (hypothesis' or a seeded one). Out: `World`."""

from __future__ import annotations

from random import Random

from tests.oracle.draw_data import draw_data
from tests.oracle.draw_directives import draw_directives
from tests.oracle.draw_types import draw_types
from tests.oracle.draw_variants import draw_variants
from tests.oracle.print_world import subgraph_sdl, whole_sdl
from tests.oracle.world import World


def draw_world(random: Random) -> World:
    """A world whose subgraphs are parts of one schema, by construction."""
    draft = draw_types(random)
    draw_directives(draft)
    draw_variants(draft)
    tables = draw_data(draft)
    sdls = {graph: subgraph_sdl(draft, graph) for graph in draft.graphs}
    return World(sdls, tables, whole_sdl(draft))
