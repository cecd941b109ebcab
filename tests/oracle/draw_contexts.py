"""Draws a small part of a world that uses @context and @fromContext: a holder `H`, and an `X` that is only found below holders.

In: a draft with all its directives. Out: the same draft, perhaps with these types. `X.c` reads `prop` of the nearest `H`, which
may live in another subgraph than everything else; holders are found below holders, directly and below `X`.
"""

from __future__ import annotations

from tests.oracle.draft import Draft, Field, Home, Key, Object
from tests.oracle.draw_types import draw_arguments


def draw_contexts(draft: Draft) -> None:
    """Add the types to some worlds whose federation version knows contexts."""
    random = draft.random
    if draft.version not in ("2.9", "2.11") or random.random() < 0.6:
        return
    graph = random.choice(draft.graphs)
    holder, user = _entity(draft, "H", graph), _entity(draft, "X", graph)
    _add(draft, holder, "prop", random.choice(("String", "Int", "[String]", "String!")), graph)
    holder.contexts[graph] = "ctx"
    wraps = ("{}", "{}!", "[{}]", "[{}!]!", "[[{}]]")
    for one, name, target in ((holder, "xs", "X"), (holder, "h", "H"), (user, "x", "X"), (user, "h", "H")):
        if name == "xs" or random.random() < 0.5:
            _add(draft, one, name, random.choice(wraps).format(target))
    kind = holder.fields["prop"].type.removesuffix("!")
    reads = Home(extra_argument=f'v: {kind} @fromContext(field: "$ctx {{ prop }}")')
    user.fields["c"] = Field("c", random.choice(("String", "Int", "[String!]")), draw_arguments(random), {graph: reads})
    _add(draft, user, "f", "String")
    for number in range(random.randint(1, 2)):
        root = Field(f"h{number}", random.choice(wraps).format("H"), (), {random.choice(draft.graphs): Home()})
        draft.objects["Query"].fields[root.name] = root
    draft.settle()


def _entity(draft: Draft, name: str, graph: str) -> Object:
    key = Key("id", ((name, "id"),))
    one = draft.objects[name] = Object(name, "entity", {"id": Field("id", "ID!", unique=True)}, [key])
    others = [other for other in draft.graphs if other != graph]
    one.members_at = [graph, *draft.random.sample(others, draft.random.randint(0, len(others)))]
    for other in one.members_at:
        draft.add_key(key, other, resolvable=True)
    return one


def _add(draft: Draft, one: Object, name: str, kind: str, mentioned: str = "") -> None:
    """A field at home somewhere; `mentioned`: a subgraph that must declare it."""
    field = one.fields[name] = Field(name, kind)
    field.homes[draft.random.choice(one.members_at)] = Home()
    if mentioned and mentioned not in field.homes:
        field.mentions.add(mentioned)
