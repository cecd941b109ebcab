"""What a contract claims, spelled out: bundles and wildcards become one line for each purpose, right and field.

In: a contract and the catalogue of a schema. Out: `Claim`s, still unjudged: Casbin decides over them, and lint looks at them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from authz.catalogue import Catalogue
from authz.document.findings import Place
from authz.document.model import Contract, Word


@dataclass(frozen=True, slots=True)
class Claim:
    """The contract says that for this purpose this right on this field is allowed or denied, in part when `mask` is named.

    `at` is where the field stands (in a bundle, perhaps), `clause` where the grant or deny begins.
    """

    purpose: str
    right: str
    field: str
    is_allowed: bool
    mask: str | None
    at: Place
    clause: Place


def claims_of(contract: Contract, catalogue: Catalogue) -> tuple[Claim, ...]:
    """Every claim of the contract, grants first."""
    return (*_granted(contract, catalogue), *_denied(contract, catalogue))


def purposes_named(names: Iterable[str], contract: Contract) -> tuple[str, ...]:
    """The purposes that a clause is about; `*` is every purpose of the contract, and an unknown name is none."""
    if "*" in names:
        return tuple(contract.purposes)
    return tuple(name for name in names if name in contract.purposes)


def fields_named(words: Iterable[Word], contract: Contract, universe: Iterable[str]) -> Iterator[Word]:
    """The fields that the words stand for: `@bundle` its fields, `Type.*` those fields of `universe` that the type has."""
    for word in words:
        if word.text.startswith("@"):
            yield from contract.bundles.get(word.text[1:], ())
        elif word.text.endswith(".*"):
            prefix = word.text[:-1]
            yield from (Word(field, word.at) for field in universe if field.startswith(prefix))
        else:
            yield word


def _granted(contract: Contract, catalogue: Catalogue) -> Iterator[Claim]:
    readable, counting = catalogue.readable_fields(), catalogue.counting_fields()
    for grant in contract.grants:
        simple = (
            ("read", grant.read, readable),
            ("count", grant.count, counting),
            ("sort", grant.sort, sorted(catalogue.sortable)),
            ("subscribe", grant.subscribe, readable),
            ("trigger", grant.trigger, readable),
        )
        for purpose in purposes_named(grant.purposes, contract):
            for right, words, universe in simple:
                mask = grant.mask if right == "read" else None
                for field in fields_named(words, contract, universe):
                    yield Claim(purpose, right, field.text, True, mask, field.at, grant.at)
            for word, operators in grant.filter:
                for field in fields_named((word,), contract, catalogue.operators):
                    for op in operators:
                        yield Claim(purpose, f"filter:{op}", field.text, True, None, field.at, grant.at)


def _denied(contract: Contract, catalogue: Catalogue) -> Iterator[Claim]:
    universe = tuple(catalogue.fields)
    for deny in contract.denies:
        for purpose in purposes_named(deny.purposes, contract):
            for field in fields_named(deny.resources, contract, universe):
                for right in catalogue.rights.get(field.text, ()):
                    yield Claim(purpose, right, field.text, False, None, field.at, deny.at)
