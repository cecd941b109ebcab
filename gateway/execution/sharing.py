"""Which answers may stand at several places without being copied: those that nothing else is ever merged into."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from gateway.execution.step import Part, Step
from gateway.planning.plan import Key, Path, RenameKey


def with_sharing(steps: list[Step]) -> list[Step]:
    """The same steps; those parts are shared whose answers hold no object that another part is merged into."""
    touched: Counter[tuple[str, ...]] = Counter()
    inside = {id(part): _objects_of(part) for step in steps for part in step.parts}
    for step in steps:
        for part in step.parts:
            touched.update({_names(path) for path in part.paths} | inside[id(part)])

    def marked(part: Part) -> Part:
        return replace(part, is_shared=all(touched[place] == 1 for place in inside[id(part)]))

    return [
        replace(step, root=marked(step.root) if step.root is not None else None, lookups=tuple(map(marked, step.lookups)))
        for step in steps
    ]


def _objects_of(part: Part) -> set[tuple[str, ...]]:
    """The places of the objects inside an answer, by response keys."""
    objects = [_renamed(inner, part.output_rewrites) for inner in part.expected.objects()]
    return {(*_names(path), *inner) for path in part.paths for inner in objects}


def _renamed(place: tuple[str, ...], rewrites: Iterable[RenameKey]) -> tuple[str, ...]:
    for rewrite in rewrites:
        above = _names(rewrite.path)
        if place[: len(above) + 1] == (*above, rewrite.source):
            place = (*above, rewrite.name, *place[len(above) + 1 :])
    return place


def _names(path: Path) -> tuple[str, ...]:
    return tuple(step.name for step in path if isinstance(step, Key))
