"""Draws a value type that no subgraph knows whole: `P`, found only in `part` of an entity that several subgraphs hold.

In: a draft with all its directives. Out: the same draft, perhaps with these. A selection on `part` is then answered in parts,
each from another subgraph of the entity.
"""

from __future__ import annotations

from tests.oracle.draft import Draft, Field, Home, Object
from tests.oracle.draw_types import draw_arguments, draw_leaf


def draw_parts(draft: Draft) -> None:
    """Add the type to some worlds."""
    random = draft.random
    owners = [one for one in draft.objects.values() if one.is_entity and len(one.members_at) > 1]
    if not owners or random.random() < 0.7:
        return
    owner = random.choice(owners)
    graphs = random.sample(owner.members_at, random.randint(2, len(owner.members_at)))
    part = draft.objects["P"] = Object("P", "part", members_at=graphs)
    owner.fields["part"] = Field("part", random.choice(("P", "P!")), (), {graph: Home() for graph in graphs})
    for number, graph in enumerate(graphs):
        shared = random.sample(graphs, random.randint(0, 1))
        homes = {one: Home() for one in dict.fromkeys([graph, *shared])}
        part.fields[f"p{number}"] = Field(f"p{number}", draw_leaf(random), draw_arguments(random), homes)
    entities = [
        one.name for one in draft.objects.values() if one.is_entity and all(draft.allows(one.name, at) for at in graphs)
    ]
    if entities and random.random() < 0.6:
        kind = random.choice(("{}", "[{}]", "[{}!]!")).format(random.choice(entities))
        part.fields["to"] = Field("to", kind, (), {one: Home() for one in random.sample(graphs, random.randint(1, 2))})
    draft.settle()
