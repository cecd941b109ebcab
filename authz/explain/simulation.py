"""What a draft would change for operations that were, or are, really asked.

    simulate   documents (a folder of .graphql files): each is authorised under what is in force and under the draft
    replay     records of the audit log: they hold which fields, filters and orders were used, not the documents

In: operations, the contract in force (or none) and the draft, both compiled. Out: `Difference`s; what comes out alike is not
told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from graphql import DocumentNode, GraphQLError, GraphQLSchema, OperationDefinitionNode, parse, validate

from authz.audit import AuditEntry
from authz.compile import CompiledContract
from authz.explain.changes import compact
from authz.mask import Mask
from authz.operation import authorise
from authz.view import view_of
from kernel.errors import ClientError


@dataclass(frozen=True, slots=True)
class Sample:
    """A document to try: `name` is what differences call it, `purpose` None for every purpose."""

    name: str
    text: str
    operation: str | None = None
    variables: Mapping[str, object] = field(default_factory=dict)
    purpose: str | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """What one record of the audit log says was used, and withheld."""

    name: str
    purpose: str
    fields: frozenset[str]
    filters: frozenset[str]
    sorts: frozenset[str]
    withheld: frozenset[str]
    is_denial: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """How an operation would come out otherwise. `is_loss`: something that is given today would not be."""

    name: str
    purpose: str
    is_loss: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class _Outcome:
    """Refused with a message, or answered with some fields withheld."""

    refused: str | None
    withheld: frozenset[str] = frozenset()


def simulate(
    samples: Iterable[Sample], schema: GraphQLSchema, old: CompiledContract | None, new: CompiledContract
) -> tuple[int, tuple[Difference, ...]]:
    """How many (document, purpose) were tried, and those that come out otherwise under the draft."""
    trial = _Trial(schema)
    found: list[Difference] = []
    tried = 0
    for sample in samples:
        purposes = dict.fromkeys((*(old.purposes if old else ()), *new.purposes))
        for purpose in purposes if sample.purpose is None else (sample.purpose,):
            tried += 1
            before = trial.outcome(sample, None if old is None else old.masks.get(purpose), purpose)
            after = trial.outcome(sample, new.masks.get(purpose), purpose)
            found.extend(_told(sample.name, purpose, before, after))
    return tried, tuple(found)


class _Trial:
    """Authorises documents; views are made once for each mask."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._views: dict[str, GraphQLSchema] = {}

    def outcome(self, sample: Sample, mask: Mask | None, purpose: str) -> _Outcome:
        if mask is None:
            return _Outcome(f"there is no purpose {purpose}")
        view = self._views.get(mask.digest)
        if view is None:
            view = self._views[mask.digest] = view_of(self._schema, mask)
        try:
            document = parse(sample.text)
        except GraphQLError as error:
            return _Outcome(f"it cannot be parsed: {error.message}")
        errors = validate(view, document)
        if errors:
            return _Outcome(errors[0].message)
        withheld: set[str] = set()
        try:
            for name in _operations(document, sample.operation):
                permit = authorise(self._schema, document, name, mask)
                permit.check_variables(sample.variables)
                withheld |= {entry.field for entry in permit.withheld}
        except ClientError as error:
            return _Outcome(error.message)
        return _Outcome(None, frozenset(withheld))


def _operations(document: DocumentNode, asked: str | None) -> Iterator[str | None]:
    names = [
        None if node.name is None else node.name.value
        for node in document.definitions
        if isinstance(node, OperationDefinitionNode)
    ]
    yield from (names if asked is None else [asked])


def _told(name: str, purpose: str, before: _Outcome, after: _Outcome) -> Iterator[Difference]:
    if before.refused is None and after.refused is not None:
        yield Difference(name, purpose, True, f"is answered today and would be refused: {after.refused}")
    elif before.refused is not None and after.refused is None:
        rest = f", without {compact(after.withheld)}" if after.withheld else ""
        yield Difference(name, purpose, False, f"is refused today ({before.refused}) and would be answered{rest}")
    elif before.refused is None:
        lost, gained = after.withheld - before.withheld, before.withheld - after.withheld
        if lost:
            yield Difference(name, purpose, True, f"would be answered without {compact(lost)}")
        if gained:
            yield Difference(name, purpose, False, f"would be answered with {compact(gained)}, withheld today")


def recorded_of(entries: Iterable[tuple[str, AuditEntry]], agency: str) -> tuple[Recorded, ...]:
    """What the records (id, entry) of an agency say was used."""
    return tuple(
        Recorded(
            record_id,
            entry.purpose,
            entry.resources,
            entry.filters,
            entry.sorts,
            frozenset(withheld.field for withheld in entry.withheld),
            entry.kind == "denial",
        )
        for record_id, entry in entries
        if entry.agency == agency and entry.purpose is not None and (entry.resources or entry.filters or entry.withheld)
    )


def replay(recorded: Iterable[Recorded], new: CompiledContract) -> tuple[int, tuple[Difference, ...]]:
    """How many records were held against the draft, and those whose operation would come out otherwise."""
    found: list[Difference] = []
    tried = 0
    for one in recorded:
        tried += 1
        mask = new.masks.get(one.purpose)
        if mask is None:
            found.append(Difference(one.name, one.purpose, True, "would be refused: the purpose is gone"))
            continue
        found.extend(_held_against(one, mask))
    return tried, tuple(found)


def _held_against(one: Recorded, mask: Mask) -> Iterator[Difference]:
    refused = sorted(
        [f"filter {used}" for used in one.filters if not _filters(mask, used)]
        + [f"sort {used}" for used in one.sorts if used not in mask.sort]
    )
    if refused and not one.is_denial:
        yield Difference(one.name, one.purpose, True, f"would be refused for {', '.join(refused)}")
    lost = frozenset(used for used in one.fields if not (mask.permits("read", used) or mask.permits("count", used)))
    if lost:
        yield Difference(one.name, one.purpose, True, f"would be answered without {compact(lost)}")
    gained = frozenset(used for used in one.withheld if mask.permits("read", used) or mask.permits("count", used))
    if gained:
        yield Difference(one.name, one.purpose, False, f"would be answered with {compact(gained)}, withheld then")


def _filters(mask: Mask, used: str) -> bool:
    name, _, operator = used.partition(":")
    return mask.permits(f"filter:{operator}", name)
