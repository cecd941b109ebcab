"""Random contracts over the shipped graph, with the test's own account of what they allow.

In: a random generator. Out: a `Drawn`: the document as YAML, and what it means, spelled out here and not by `authz`.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import yaml

from authz.book import ContractBook
from authz.catalogue import Catalogue, catalogue_of
from authz.document import read_contract_text
from authz.errors import ContractRefused
from kernel.clock import FixedClock
from saite.graph import api_schema
from tests.security.pen import Row
from tests.security.population import Population
from tests.security.town import NOW

Attributes = Mapping[str, Any]
Rule = tuple[object, Callable[[Attributes], bool]]
"""A row rule as YAML, and the same in Python."""

LEVEL: Final[tuple[Rule, ...]] = tuple(
    ({"lte": ["classification", level]}, lambda row, level=level: row["classification"] <= level) for level in (1, 2, 3)
)
EVERYTHING: Final[Rule] = ("all", lambda _row: True)
EVENT_RULES: Final[tuple[Rule, ...]] = (
    EVERYTHING,
    *LEVEL,
    ({"not": {"eq": ["sealed", True]}}, lambda row: not row["sealed"]),
    ({"in": ["territory", "$consumer.territories"]}, lambda row: row["territory"] == "0001000"),
    (
        {"all": [{"eq": ["territoryOwner", "LV-VP"]}, {"not": {"eq": ["sealed", True]}}]},
        lambda row: row["territoryOwner"] == "LV-VP" and not row["sealed"],
    ),
    (
        {"any": [{"eq": ["zone", "PORT-RIGA"]}, {"lte": ["classification", 1]}]},
        lambda row: row["zone"] == "PORT-RIGA" or row["classification"] <= 1,
    ),
)
OTHER_RULES: Final[tuple[Rule, ...]] = (
    EVERYTHING,
    *LEVEL,
    (
        {"overlaps": ["involvedTerritories", "$consumer.territories"]},
        lambda row: bool(row["involvedTerritories"] & {"0001000"}),
    ),
    (
        {"all": [{"overlaps": ["involvedAgencies", ["LV-VP"]]}, {"lte": ["classification", 3]}]},
        lambda row: "LV-VP" in row["involvedAgencies"] and row["classification"] <= 3,
    ),
)
PROJECTIONS: Final = frozenset({"Person.involvedTerritories"})
TEXTS: Final = ("Person.personalCode", "Person.familyName", "Vehicle.vin", "Document.number", "Event.summary", "Place.text")


@dataclass(frozen=True, slots=True)
class Drawn:
    """`shown` are the fields whose values are shown in full, `masked` those shown in part; `touched` those with any right."""

    text: str
    read: frozenset[str]
    masked: frozenset[str]
    filters: Mapping[str, tuple[str, ...]]
    sorts: frozenset[str]
    counts: frozenset[str]
    listed: frozenset[str]
    rules: Mapping[str, Callable[[Attributes], bool]]

    @property
    def shown(self) -> frozenset[str]:
        return (self.read - self.masked) | structure()

    @property
    def touched(self) -> frozenset[str]:
        return self.read | self.filters.keys() | self.sorts | self.counts

    def sees(self, people: Population) -> Callable[[Row], bool]:
        """Whether a row is visible. A type of which nothing may be read has no visible row."""

        def is_visible(row: Row) -> bool:
            of_type = any(field.startswith(f"{row[0]}.") for field in self.read | self.filters.keys() | self.counts)
            return of_type and self.rules[row[0]](people.attributes[row])

        return is_visible


@lru_cache(maxsize=1)
def structure() -> frozenset[str]:
    """The fields that show whatever the field shows that leads to them."""
    return frozenset(name for name, entry in catalogue_of(api_schema()).fields.items() if entry.mark.public)


def draw(rng: random.Random) -> Drawn:
    """A contract for LV-TEST with the purpose CHECK."""
    catalogue = catalogue_of(api_schema())
    share = rng.choice((0.35, 0.6, 0.8, 0.95))
    readable = catalogue.readable_fields()
    ids = {field for field in readable if field.endswith(".id")}
    read = {field for field in readable if rng.random() < (share + 1) / 2 and (field in ids or rng.random() < share)}
    event_rule = rng.choice(EVENT_RULES)
    if event_rule is not EVERYTHING:
        read -= PROJECTIONS  # lint refuses them where events are hidden
    read |= {rng.choice(("Query.events", "Query.persons", "Query.vehicles", "Query.documents")), "Query.node"}
    denied = {field for field in sorted(read) if rng.random() < 0.05 and field != "Query.node"}
    masked = {field for field in TEXTS if field in read and rng.random() < 0.25}
    filters = {
        field: tuple(sorted(rng.sample(sorted(operators), rng.randint(1, len(operators)))))
        for field, operators in sorted(catalogue.operators.items())
        if field not in masked and rng.random() < 0.5 * share + 0.2
    }
    sorts = {field for field in sorted(catalogue.sortable) if field not in masked and rng.random() < 0.5}
    counts = {field for field in catalogue.counting_fields() if rng.random() < 0.5}
    listed = {field for field in readable if (field not in read or field in denied) and rng.random() < 0.4}
    read, listed = _leading_somewhere(catalogue, read, denied, listed)
    rules = {"Event": event_rule, "PersonInvolvement": EVERYTHING}
    rules |= {name: rng.choice(OTHER_RULES) for name in ("Person", "Vehicle", "Document")}
    # Types of which the population has no row: whatever their rule, none may show.
    rules |= {name: EVERYTHING for name in catalogue.row_attributes if name not in rules}
    grants: list[dict[str, object]] = [
        {
            "purposes": ["CHECK"],
            "read": sorted(read - masked),
            "filter": {field: list(operators) for field, operators in filters.items()},
            "sort": sorted(sorts),
            "count": sorted(counts),
        }
    ]
    parts = {field: rng.choice(("last", "first")) for field in sorted(masked & read)}
    grants += [{"purposes": ["CHECK"], "read": [field], "mask": how} for field, how in parts.items()]
    said = {
        "visibility": {"default": "hidden", "listed": sorted(listed)},
        "grants": grants,
        "denies": [{"purposes": ["CHECK"], "resources": sorted(denied)}] if denied else [],
        "rows": {name: rule for name, (rule, _) in rules.items()},
    }
    return Drawn(
        written(rng.randrange(10**9), said),
        frozenset(read - denied),
        frozenset(masked - denied),
        {field: operators for field, operators in filters.items() if field not in denied},
        frozenset(sorts - denied),
        frozenset(counts),
        frozenset(listed),
        {name: allows for name, (_, allows) in rules.items()},
    )


def _leading_somewhere(catalogue: Catalogue, read: set[str], denied: set[str], listed: set[str]) -> tuple[set[str], set[str]]:
    """Without the fields that lead to a type of which nothing is known, which lint refuses."""
    while True:
        known = (read - denied) | listed | structure()
        types = {field.split(".")[0] for field in known} | {"Node"}
        blind = {
            field
            for field in read | listed
            if (entry := catalogue.fields.get(field)) is not None and not entry.is_leaf and entry.returns not in types
        }
        if not blind:
            return read, listed
        read, listed = read - blind, listed - blind


def written(number: int, said: Mapping[str, object], **parts: object) -> str:
    """A contract of LV-TEST as YAML: what `said` and `parts` say, and what every contract has to say."""
    document: dict[str, object] = {
        "apiVersion": "sharing/v1",
        "kind": "CooperationAgreement",
        "metadata": {"id": f"C-{number}", "version": 1, "title": "For tests"},
        "parties": {
            "provider": {"id": "LV-IC", "name": "IC"},
            "consumer": {"id": "LV-TEST", "name": "T"},
            "onward_transfer": "forbidden",
        },
        "legal": {"basis": ["a law"]},
        "validity": {"not_before": "2026-01-01T00:00:00Z", "not_after": "2027-01-01T00:00:00Z"},
        "purposes": {"CHECK": {"requires": ["user"]}},
        "masks": {"last": {"fn": "keep_last", "n": 2}, "first": {"fn": "keep_first", "n": 1}},
        "context": {"consumer": {"territories": ["0001000"]}},
        **said,
        **parts,
    }
    return yaml.dump(document, Dumper=_Plain, sort_keys=False)


class _Plain(yaml.SafeDumper):
    """Without YAML aliases, which contracts do not have."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def book_of(*texts: str) -> ContractBook:
    """The contracts in these texts, in force. Raises ContractRefused."""
    contracts = []
    for text in texts:
        contract, findings = read_contract_text(text)
        if contract is None:
            raise ContractRefused("\n".join(map(str, findings)))
        contracts.append(contract)
    book = ContractBook.of(contracts, api_schema(), FixedClock(NOW))
    if book.refused:
        raise book.refused[0]
    return book
