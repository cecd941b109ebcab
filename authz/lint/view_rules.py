"""What an agency can know of leads somewhere: a field whose object has nothing to ask for could not be in a GraphQL schema."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from authz.catalogue import Catalogue
from authz.claims import Claim, fields_named
from authz.document import Contract, Report
from authz.document.findings import Place
from authz.lint.schema_rules import SchemaRule

_PURPOSES_SHOWN: Final = 3


def _what_is_shown_leads_somewhere(contract: Contract, catalogue: Catalogue, claims: tuple[Claim, ...], report: Report) -> None:
    """A granted or listed edge without one visible field behind it would vanish from the view, and what is listed must not."""
    listed = dict(_listed(contract, catalogue))
    objects = _objects(catalogue)
    dead: dict[str, tuple[Place, list[str]]] = {}
    for purpose in contract.purposes:
        granted = _granted(claims, purpose)
        shown = {name for name, entry in catalogue.fields.items() if entry.mark.public} | granted.keys() | listed.keys()
        alive = _alive(shown, catalogue)
        for field in sorted(granted.keys() | listed.keys()):
            entry = catalogue.fields.get(field)
            if entry is not None and entry.returns in objects and entry.returns not in alive:
                place = granted[field] if field in granted else listed[field]
                dead.setdefault(field, (place, []))[1].append(purpose)
    for field, (place, purposes) in dead.items():
        named = ", ".join(purposes[:_PURPOSES_SHOWN]) + (", …" if len(purposes) > _PURPOSES_SHOWN else "")
        returns = catalogue.fields[field].returns
        # No error: a schema that loses its last field of a type must not put an agency out.
        report.warning(
            "LEADS_NOWHERE",
            place,
            f"`{field}` is shown for {named}, and no field of {returns} is, so it is not there: grant one, list one under "
            f"`visibility` (it is then known and withheld), or hide `{field}`.",
        )


def _listed(contract: Contract, catalogue: Catalogue) -> Iterator[tuple[str, Place]]:
    governed = (*catalogue.readable_fields(), *catalogue.counting_fields())
    hidden = {word.text for word in fields_named(contract.visibility.hidden, contract, governed)}
    if contract.visibility.default == "listed":
        yield from ((field, contract.place("visibility")) for field in governed if field not in hidden)
        return
    for word in fields_named(contract.visibility.listed, contract, governed):
        if word.text not in hidden:
            yield word.text, word.at


def _granted(claims: tuple[Claim, ...], purpose: str) -> dict[str, Place]:
    here = [claim for claim in claims if claim.purpose == purpose and claim.right in ("read", "count")]
    denied = {claim.field for claim in here if not claim.is_allowed}
    return {claim.field: claim.at for claim in here if claim.is_allowed and claim.field not in denied}


def _alive(shown: set[str], catalogue: Catalogue) -> set[str]:
    """The object types of which something is shown that leads somewhere, found by going round until nothing changes."""
    objects = _objects(catalogue)
    alive = set(objects)
    while True:
        left = {
            field.partition(".")[0]
            for field in shown
            if (entry := catalogue.fields.get(field)) is not None and (entry.returns not in objects or entry.returns in alive)
        }
        if left >= alive:
            return alive
        alive &= left


def _objects(catalogue: Catalogue) -> set[str]:
    return {field.partition(".")[0] for field in catalogue.fields}


VIEW_RULES: Final[tuple[SchemaRule, ...]] = (_what_is_shown_leads_somewhere,)
