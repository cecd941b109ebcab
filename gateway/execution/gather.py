"""The data and errors of one execution while it runs: what each answer changes, and nothing about when.

In: answers and faults of steps. Changes: the gathered data (merged in place) and the list of errors per fetch.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from gateway.execution.answer import Answer
from gateway.execution.contexts import group_sites
from gateway.execution.errors import MalformedAnswer, SubgraphFault
from gateway.execution.merge import copied, merge_into
from gateway.execution.places import (
    all_entity_places,
    entity_error_places,
    entity_places,
    fault_at,
    reported_at,
    root_path,
    root_places,
)
from gateway.execution.raw import Json, Place, RawError, ResponsePath, written_out
from gateway.execution.reduced import numbered
from gateway.execution.representations import Representations, Unasked, represent
from gateway.execution.rewrite import rename_keys, renamed_path
from gateway.execution.sites import Site, find_sites
from gateway.execution.step import CompiledPlan, Part, Step
from gateway.execution.void import is_void


class Gathering:
    """What one execution has so far."""

    def __init__(self, compiled: CompiledPlan, variables: Mapping[str, object]) -> None:
        self.data: dict[str, Json] = {}
        self._answered: set[str] = set()  # root keys of which all that can be known is known when the next group starts
        self._compiled = compiled
        self._variables = variables
        self._errors: dict[int, list[RawError]] = {step.id: [] for step in compiled.steps}
        self._tainted: dict[ResponsePath, RawError] = {}

    def errors(self) -> tuple[RawError, ...]:
        """Every error, in the order of the plan."""
        return tuple(error for entries in self._errors.values() for error in entries)

    def ask(self, step: Step) -> list[Representations]:
        """What the look-ups of a step have to ask for. Entities that cannot be asked for get the error that is to blame.

        Those of which an input failed are asked for what does not need it, by reduced look-ups at the end.
        """
        asked = [one for part in step.lookups for one in (self._ask_each(part) if part.contexts else self._ask(part))]
        reduced = [one for one in asked if one.part.reduction is not None]
        for number, one in enumerate(reduced):
            one.part = numbered(one.part, number)
        return [one for one in asked if one.part.reduction is None] + reduced

    def _ask(self, part: Part) -> Iterator[Representations]:
        yield from self._represented(part, self._sites(part))

    def _ask_each(self, part: Part) -> Iterator[Representations]:
        """One look-up per set of values that ancestors supply."""
        groups = group_sites(self.data, part.paths[0], part.contexts, self._tainted.__contains__)
        for site, missing, is_wrong in groups.unsupplied:
            self._blame(part, Unasked(site, str(site.item.get("__typename")), missing, is_wrong=is_wrong))
        for number, (values, sites) in enumerate(groups.sites.items()):
            suffix = f"_{number}" if len(groups.sites) > 1 else ""
            alias = f"_e{number}" if suffix else part.alias
            asked = self._represented(replace(part, alias=alias, variable=part.variable + suffix), sites)[0]
            asked.supplied = {f"{one.variable}{suffix}": value for one, value in zip(part.contexts, values, strict=True)}
            yield asked

    def _represented(self, part: Part, sites: list[Site]) -> list[Representations]:
        asked = represent(sites, part, self._tainted.__contains__, self._variables)
        for one in asked[0].unasked:
            self._blame(part, one)
        return asked

    def _blame(self, part: Part, unasked: Unasked) -> None:
        """The fields of an entity that cannot be asked for get the error that left its input null, or say that it is wrong."""
        blamed = self._tainted.get(unasked.missing)
        if blamed is None and not unasked.is_wrong:
            return
        places = entity_places(part, (unasked.site,), unasked.typename, self._variables)
        at = len(unasked.site.path)
        own = [place for place in places if unasked.keys is None or place[at] in unasked.keys]
        if blamed is not None:
            self._report(part, [replace(blamed, path=place) for place in own])
        else:
            where = ".".join(map(str, unasked.missing))
            fault = MalformedAnswer(f"{part.service!r} was not asked, since the value at {where} is of another type")
            self._report(part, fault_at(own, part.service, fault))

    def _sites(self, part: Part) -> list[Site]:
        return [site for path in part.paths for site in find_sites(self.data, path)]

    def has_place(self, root: Part) -> bool:
        """Whether a root fetch has an object to merge its answer into. One below a field that was null has none."""
        return bool(self._sites(root))

    def fail(self, step: Step, asked: Iterable[Representations], fault: SubgraphFault) -> None:
        """The whole answer of `step` is missing."""
        if step.root is not None:
            places = root_places(step.root, self._sites(step.root), self._variables)
            self._answered.update(step.root.expected.keys(None, self._variables))
            self._report(step.root, fault_at(places, step.service, fault))
            return
        lost = [place for one in asked for place in all_entity_places(one, self._variables)]
        self._report(step.lookups[0], fault_at(lost, step.service, fault))

    def take_root(self, root: Part, answer: Answer) -> None:
        """Merge the answer of a root fetch: at the root, or into every object where the client came back to the root."""
        data = answer.data or {}
        left_out = root.expected.left_out(data, None, self._variables)
        rename_keys(data, root.output_rewrites, self._compiled.is_concrete)
        sites = self._sites(root)
        bare = self._merge(root, sites, data, None, left_out)
        self._answered.update(root.expected.keys(None, self._variables))
        placeless = []
        for error in answer.errors:
            inside = root_path(error, root)
            if inside is None:
                placeless.append(error)
            else:
                self._report(root, reported_at(error, ((*site.path, *inside) for site in sites), root.service))
        for error in placeless:
            self._report(root, reported_at(error, root_places(root, sites, self._variables), root.service))
        self._report_bare(root, bare)

    def is_void(self) -> bool:
        """Whether something came of a mutation's earlier fields that makes the whole answer null."""
        vital = [one for one in self._compiled.vital if one.key in self._answered]
        return is_void(self.data, vital, self._variables)

    def take_entities(self, asked: Sequence[Representations], answer: Answer) -> None:
        """Merge the answer of a request's look-ups into every place that asked."""
        found = [(one, _entities_of(answer, one)) for one in asked]
        bare = [
            (one.part, self._take_entity(one, index, entity))
            for one, entities in found
            for index, entity in enumerate(entities or ())
        ]
        placeless = self._report_entity_errors(asked, answer)
        for part, places in bare:
            self._report_bare(part, places)
        for one, entities in found:
            if entities is None and not placeless:
                self._report_lost(one, answer)

    def _take_entity(self, asked: Representations, index: int, entity: Json) -> list[ResponsePath]:
        """Merge one entity; the places that it leaves bare."""
        if entity is None:
            return []
        part = asked.part
        if not isinstance(entity, dict) or self._is_another(entity, asked.types[index]):
            fault = MalformedAnswer(f"subgraph {part.service!r} gave something else for an entity {asked.types[index]}")
            places = entity_places(part, asked.sites[index], asked.types[index], self._variables)
            self._report(part, fault_at(places, part.service, fault))
            return []
        left_out = part.expected.left_out(entity, asked.types[index], self._variables)
        rename_keys(entity, part.output_rewrites, self._compiled.is_concrete)
        return self._merge(part, asked.sites[index], entity, asked.types[index], left_out)

    def _merge(
        self, part: Part, sites: Iterable[Site], fetched: dict[str, Json], typename: str | None, left_out: list[ResponsePath]
    ) -> list[ResponsePath]:
        """Put the same object into every site. The places without a value then: the answer left them out, or has something
        else where another subgraph has begun an object or a list.
        """
        inside = [renamed_path(path, part.output_rewrites) for path in left_out]
        bare: list[ResponsePath] = []
        for nth, site in enumerate(sites):
            own = fetched if nth == 0 or part.is_shared else copied(fetched)
            misfits: list[Place] = []
            merge_into(site.item, own, self._compiled.is_concrete, misfits, site.place)
            bare += [(*site.path, *path) for path in inside]
            if misfits:
                roots = [written_out(place) for place in misfits]
                lacking = entity_places(part, (site,), typename, self._variables)
                bare += [place for place in lacking if any(place[: len(root)] == root for root in roots)]
        return bare

    def _is_another(self, entity: dict[str, Json], typename: str) -> bool:
        """Whether the entity is of another object type than the one asked for."""
        given = entity.get("__typename", typename)
        if given == typename or not self._compiled.is_concrete(typename):
            return False
        return not isinstance(given, str) or self._compiled.is_concrete(given)

    def _report_entity_errors(self, asked: Sequence[Representations], answer: Answer) -> bool:
        """Puts each error where it belongs; true when some had no place, and so stand wherever a value is missing."""
        placeless: list[dict[str, Json]] = []
        for error in answer.errors:
            found = [(one.part, entity_error_places(error, one, self._variables)) for one in asked]
            known = [(part, places) for part, places in found if places is not None]
            for part, places in known:
                self._report(part, reported_at(error, places, part.service) if places else [])
            if not known:
                placeless.append(error)
        for error in placeless:
            self._report_anywhere(asked, error)
        return bool(placeless)

    def _report_anywhere(self, asked: Sequence[Representations], error: dict[str, Json]) -> None:
        """An error of everything that these look-ups have not brought; one without a place when they brought all."""
        part = asked[0].part
        waiting: list[ResponsePath | None] = [
            place for one in asked for place in all_entity_places(one, self._variables) if place not in self._tainted
        ]
        self._report(part, reported_at(error, waiting or [None], part.service))

    def _report_lost(self, asked: Representations, answer: Answer) -> None:
        """The answer has no list of entities for this look-up, and no error speaks of all: the first one does, if any."""
        own = [error for error in answer.errors if entity_error_places(error, asked, self._variables) is not None]
        blamed = own or (answer.errors if answer.data is None else ())
        if blamed:
            self._report_anywhere([asked], blamed[0])
            return
        part = asked.part
        wanted = f"asked {part.service!r} for {len(asked.sites)} entities"
        fault = MalformedAnswer(f"{wanted}; its answer holds no list of as many")
        self._report(part, fault_at(all_entity_places(asked, self._variables), part.service, fault))

    def _report_bare(self, part: Part, bare: list[ResponsePath]) -> None:
        """An answer that came without fields that were asked for breaks the subgraph's schema there."""
        places = [place for place in bare if place not in self._tainted]
        if places:
            names = ", ".join(dict.fromkeys(str(place[-1]) for place in places))
            fault = MalformedAnswer(f"subgraph {part.service!r} left out {names}, or gave no object or list that holds it")
            self._report(part, fault_at(places, part.service, fault))

    def _report(self, part: Part, errors: list[RawError]) -> None:
        self._errors[part.request].extend(errors)
        for error in errors:
            path = error.path or ()
            for length in range(1, len(path) + 1):
                self._tainted.setdefault(path[:length], error)


def _entities_of(answer: Answer, asked: Representations) -> list[Json] | None:
    entities = answer.data.get(asked.part.alias) if answer.data is not None else None
    return entities if isinstance(entities, list) and len(entities) == len(asked.sites) else None
