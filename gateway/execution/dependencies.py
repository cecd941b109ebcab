"""What each request of a plan waits for.

In: the requests in the order of the plan. Out: the ids that each waits for. Raises BadPlan when the plan contradicts itself.
"""

from __future__ import annotations

from collections.abc import Mapping

from gateway.execution.errors import BadPlan
from gateway.planning.plan import Fetch, Request


def dependencies_of(requests: list[Request], is_mutation: bool) -> dict[int, tuple[int, ...]]:
    """What each request waits for. A mutation's root fields run one after another, whatever else the plan says."""
    known: dict[int, tuple[int, ...]] = {}
    for request in requests:
        if request.id in known:
            raise BadPlan(f"two fetches of the plan have the id {request.id}")
        known[request.id] = ()
    before: list[int] = []
    for request in requests:
        unknown = [str(needed) for needed in request.depends_on if needed not in known]
        if unknown:
            raise BadPlan(f"fetch {request.id} waits for {', '.join(unknown)}, which the plan does not have")
        waits = request.depends_on
        if is_mutation and isinstance(request, Fetch) and not request.requires:
            waits = tuple(dict.fromkeys((*waits, *before)))
        known[request.id] = waits
        before.append(request.id)
    _check_no_cycle(known)
    return known


def _check_no_cycle(dependencies: Mapping[int, tuple[int, ...]]) -> None:
    left = {fetch: set(needed) for fetch, needed in dependencies.items()}
    while left:
        free = [fetch for fetch, needed in left.items() if not needed & left.keys()]
        if not free:
            raise BadPlan(f"fetches wait for each other: {', '.join(map(str, sorted(left)))}")
        for fetch in free:
            del left[fetch]
