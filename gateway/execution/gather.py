"""The data and errors of one execution while it runs: what each answer changes, and nothing about when.

In: answers and faults of steps. Changes: the gathered data (merged in place) and the list of errors per fetch.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from gateway.execution.answer import Answer
from gateway.execution.compile import CompiledPlan, Step
from gateway.execution.errors import MalformedAnswer, SubgraphFault
from gateway.execution.merge import copied, merge_into
from gateway.execution.places import (
    all_entity_places,
    entity_error_places,
    entity_places,
    fault_at,
    path_in_answer,
    reported_at,
    root_places,
)
from gateway.execution.raw import Json, RawError, ResponsePath
from gateway.execution.representations import Representations, represent
from gateway.execution.rewrite import rename_keys, renamed_path
from gateway.execution.sites import Site, find_sites


class Gathering:
    """What one execution has so far."""

    def __init__(self, compiled: CompiledPlan, variables: Mapping[str, object]) -> None:
        self.data: dict[str, Json] = {}
        self.is_void = False  # a root field that must not be null is: whatever else comes, the answer's data is null
        self._compiled = compiled
        self._variables = variables
        self._errors: dict[int, list[RawError]] = {step.fetch.id: [] for step in compiled.steps}
        self._tainted: dict[ResponsePath, RawError] = {}

    def errors(self) -> tuple[RawError, ...]:
        """Every error, in the order of the plan."""
        return tuple(error for entries in self._errors.values() for error in entries)

    def ask(self, step: Step) -> Representations:
        """What an entity fetch has to ask for. Entities that cannot be asked for get the error that is to blame."""
        sites = find_sites(self.data, step.path)
        asked = represent(sites, step.fetch, step.keys, self._tainted.__contains__)
        for site, typename, missing in asked.unasked:
            blamed = self._tainted.get(missing)
            if blamed is not None:
                places = entity_places(step, (site,), typename, self._variables)
                self._report(step, [replace(blamed, path=place) for place in places])
        return asked

    def has_place(self, step: Step) -> bool:
        """Whether a root fetch has an object to merge its answer into. One below a field that was null has none."""
        return not step.path or bool(find_sites(self.data, step.path))

    def fail(self, step: Step, asked: Representations | None, fault: SubgraphFault) -> None:
        """The whole answer of `step` is missing."""
        places: Iterable[ResponsePath | None]
        if asked is None:
            places = root_places(step, find_sites(self.data, step.path), self._variables)
            self._see_void(step)
        else:
            places = all_entity_places(step, asked, self._variables)
        self._report(step, fault_at(places, step.fetch.service, fault))

    def take_root(self, step: Step, answer: Answer) -> None:
        """Merge the answer of a root fetch: at the root, or into every object where the client came back to the root."""
        data = answer.data or {}
        rewrites = step.fetch.output_rewrites
        rename_keys(data, rewrites)
        sites = find_sites(self.data, step.path)
        self._merge(step, sites, data)
        self._see_void(step)
        placeless = []
        for error in answer.errors:
            path = path_in_answer(error)
            if path is None:
                placeless.append(error)
            else:
                inside = renamed_path(path, rewrites)
                self._report(step, reported_at(error, ((*site.path, *inside) for site in sites), step.fetch.service))
        for error in placeless:
            self._report(step, reported_at(error, root_places(step, sites, self._variables), step.fetch.service))
        expected = step.expected.keys(None, self._variables)
        places = [(*site.path, key) for site in sites for key in expected if key not in data]
        lost = [place for place in places if place not in self._tainted]
        if lost:
            names = dict.fromkeys(str(place[-1]) for place in lost)
            fault = MalformedAnswer(f"subgraph {step.fetch.service!r} left out {', '.join(names)}")
            self._report(step, fault_at(lost, step.fetch.service, fault))

    def _see_void(self, step: Step) -> None:
        asked = step.non_null.intersection(step.expected.keys(None, self._variables))
        self.is_void = self.is_void or any(self.data.get(key) is None for key in asked)

    def take_entities(self, step: Step, asked: Representations, answer: Answer) -> None:
        """Merge the answer of an entity fetch into every place that asked."""
        entities = _entities_of(answer, len(asked.sites))
        if entities is None and not answer.errors:
            wanted = f"asked {step.fetch.service!r} for {len(asked.sites)} entities"
            self.fail(step, asked, MalformedAnswer(f"{wanted}; its answer holds no list of as many"))
            return
        for index, entity in enumerate(entities or ()):
            self._take_entity(step, asked, index, entity)
        self._report_entity_errors(step, asked, answer, is_lost=entities is None)
        if entities is not None:
            self._report_left_out(step, asked, entities)

    def _take_entity(self, step: Step, asked: Representations, index: int, entity: Json) -> None:
        if entity is None:
            return
        if not isinstance(entity, dict) or self._is_another(entity, asked.types[index]):
            fault = MalformedAnswer(f"subgraph {step.fetch.service!r} gave something else for an entity {asked.types[index]}")
            places = entity_places(step, asked.sites[index], asked.types[index], self._variables)
            self._report(step, fault_at(places, step.fetch.service, fault))
            return
        rename_keys(entity, step.fetch.output_rewrites)
        self._merge(step, asked.sites[index], entity)

    def _merge(self, step: Step, sites: Iterable[Site], fetched: dict[str, Json]) -> None:
        """Put the same object into every site."""
        for nth, site in enumerate(sites):
            own = fetched if nth == 0 or step.is_shared else copied(fetched)
            merge_into(site.item, own, self._compiled.is_concrete)

    def _is_another(self, entity: dict[str, Json], typename: str) -> bool:
        """Whether the entity is of another object type than the one asked for."""
        given = entity.get("__typename", typename)
        if given == typename or not self._compiled.is_concrete(typename):
            return False
        return not isinstance(given, str) or self._compiled.is_concrete(given)

    def _report_entity_errors(self, step: Step, asked: Representations, answer: Answer, *, is_lost: bool) -> None:
        placeless: list[dict[str, Json]] = []
        for error in answer.errors:
            places = entity_error_places(error, step, asked, self._variables)
            if places:
                self._report(step, reported_at(error, places, step.fetch.service))
            elif places is None:
                placeless.append(error)
        if is_lost and not placeless:
            placeless = [answer.errors[0]]
        for error in placeless:
            waiting = [place for place in all_entity_places(step, asked, self._variables) if place not in self._tainted]
            self._report(step, reported_at(error, waiting or [None], step.fetch.service))

    def _report_left_out(self, step: Step, asked: Representations, entities: list[Json]) -> None:
        """An entity that came without a field that was asked for: the answer breaks the subgraph's schema there."""
        for typename, sites, entity in zip(asked.types, asked.sites, entities, strict=True):
            if not isinstance(entity, dict) or self._is_another(entity, typename):
                continue
            lost = [key for key in step.expected.keys(typename, self._variables) if key not in entity]
            places = [(*site.path, key) for key in lost for site in sites]
            places = [place for place in places if place not in self._tainted]
            if places:
                fault = MalformedAnswer(f"subgraph {step.fetch.service!r} left out {', '.join(lost)} of {typename}")
                self._report(step, fault_at(places, step.fetch.service, fault))

    def _report(self, step: Step, errors: list[RawError]) -> None:
        self._errors[step.fetch.id].extend(errors)
        for error in errors:
            path = error.path or ()
            for length in range(1, len(path) + 1):
                self._tainted.setdefault(path[:length], error)


def _entities_of(answer: Answer, wanted: int) -> list[Json] | None:
    entities = answer.data.get("_entities") if answer.data is not None else None
    return entities if isinstance(entities, list) and len(entities) == wanted else None
