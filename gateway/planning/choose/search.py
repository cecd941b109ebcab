"""Branch and bound over the options of several decisions about one object.

Fewest options first, then cheapest first, so that shared jumps are made before the chains that can use them. The first way
down is the greedy answer; others are tried while they are cheaper and steps are left. Leaves that can be answered at the
same nodes are decided together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.planning.walk.context import Context
from gateway.planning.walk.options import Option, take
from gateway.planning.walk.solution import Held, Pick
from gateway.query_graph.selections import Selection


@dataclass(frozen=True, slots=True, eq=False)
class Decision:
    """One selection and the ways to answer it."""

    selection: Selection
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Step:
    decisions: tuple[Decision, ...]
    fixed_cost: int


@dataclass(slots=True)
class _Best:
    cost: int | None = None
    held: Held | None = None
    picks: tuple[Pick, ...] = ()


def search(context: Context, held: Held, decisions: Sequence[Decision]) -> tuple[Held, tuple[Pick, ...]] | None:
    """The cheapest way found to take one option for each decision; None when some decision has none that can be taken."""
    steps = _order(context, held, _group(decisions))
    best = _Best()
    _descend(context, held, steps, 0, 0, (), best)
    if best.held is None:
        return None
    order = {decision.selection: number for number, decision in enumerate(decisions)}
    return best.held, tuple(sorted(best.picks, key=lambda pick: order[pick.selection]))


def _group(decisions: Sequence[Decision]) -> list[tuple[Decision, ...]]:
    groups: dict[object, list[Decision]] = {}
    for decision in decisions:
        alike = decision.selection.children is None and all(option.move.requires is None for option in decision.options)
        key: object = tuple(option.node.number for option in decision.options) if alike else decision
        groups.setdefault(key, []).append(decision)
    return [tuple(group) for group in groups.values()]


def _order(context: Context, held: Held, groups: list[tuple[Decision, ...]]) -> list[_Step]:
    ranked = []
    for number, group in enumerate(groups):
        costs = [taken[2] for option in group[0].options if (taken := take(context, held, group[0].selection, option))]
        ranked.append((len(costs) > 1, min(costs, default=0), number, group))
    ranked.sort(key=lambda one: one[:3])
    return [_Step(group, cost) for _, cost, _, group in ranked]


def _descend(
    context: Context, held: Held, steps: list[_Step], depth: int, cost: int, picks: tuple[Pick, ...], best: _Best
) -> None:
    if best.cost is not None and cost >= best.cost:
        return
    if depth == len(steps):
        best.cost, best.held, best.picks = cost, held, picks
        return
    group = steps[depth].decisions
    for added, after, found in _ways(context, held, group):
        if best.cost is not None:
            if context.budget.search_steps <= 0:
                context.exhausted += 1
                return
            context.budget.search_steps -= 1
        _descend(context, after, steps, depth + 1, cost + added, (*picks, *found), best)


def _ways(context: Context, held: Held, group: tuple[Decision, ...]) -> list[tuple[int, Held, tuple[Pick, ...]]]:
    """Each option of a group of like decisions, taken for all of them; cheapest first, stable on ties."""
    ways = []
    for number, option in enumerate(group[0].options):
        taken = take(context, held, group[0].selection, option)
        if taken is None:
            continue
        after, first, added = taken
        others = [
            Pick(
                decision.selection,
                held.mask & decision.selection.types,
                first.holding,
                first.node,
                decision.options[number].move,
                None,
            )
            for decision in group[1:]
        ]
        ways.append((added, number, after, (first, *others)))
    ways.sort(key=lambda way: way[:2])
    return [(added, after, found) for added, _, after, found in ways]
