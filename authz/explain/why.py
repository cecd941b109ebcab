"""Why may, or may not, an agency use a field for a purpose: the decision, and the clauses that it rests on.

In: a compiled contract and a question. Out: an `Answer`: yes or no as the mask has it, one sentence, the clauses with their
places in the document, and what else applies (a mask of values, a row rule, a case to state).
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass

from authz.catalogue import Catalogue
from authz.claims import Claim, claims_of, fields_named
from authz.compile import CompiledContract, Dependencies
from authz.document.findings import Place
from authz.mask import Mask
from authz.rows import EVERY_ROW


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of the document: what it does here, and where it stands."""

    does: str
    file: str
    at: Place

    def __str__(self) -> str:
        return f"{self.file}:{self.at.line}:{self.at.column}: {self.does}"


@dataclass(frozen=True, slots=True)
class Answer:
    """One right on one field for one purpose."""

    purpose: str
    right: str
    field: str
    allowed: bool
    because: str
    clauses: tuple[Clause, ...]
    conditions: tuple[str, ...]


def why(
    compiled: CompiledContract, catalogue: Catalogue, dependencies: Dependencies, purpose: str, right: str, field: str
) -> tuple[Answer, ...]:
    """The answer; `filter` without an operator gives one for each operator there is. `purpose` is one of the contract's."""
    known = catalogue.rights.get(field, ())
    rights = [right]
    if right == "filter":
        rights = [each for each in known if each.startswith("filter:")] or [right]
    claims = claims_of(compiled.contract, catalogue)
    return tuple(_answer(compiled, catalogue, dependencies, claims, (purpose, each, field)) for each in rights)


def _answer(
    compiled: CompiledContract,
    catalogue: Catalogue,
    dependencies: Dependencies,
    claims: tuple[Claim, ...],
    question: tuple[str, str, str],
) -> Answer:
    purpose, right, field = question
    mask = compiled.masks[purpose]
    allowed = mask.permits(right, field)
    about = [claim for claim in claims if claim.field == field and claim.purpose == purpose]
    if allowed:
        because = "granted."
        clauses = tuple(_clauses(compiled, [c for c in about if c.is_allowed and c.right == right], "grants it"))
        return Answer(purpose, right, field, True, because, clauses, tuple(_conditions(compiled, mask, right, field)))
    because, found = _refusal(compiled, catalogue, dependencies, claims, question)
    return Answer(purpose, right, field, False, because, (*found, *_visibility(compiled, mask, catalogue, field)), ())


def _clauses(compiled: CompiledContract, claims: list[Claim], does: str) -> Iterator[Clause]:
    """The grants or denies, and the bundle's line where the field stands in a bundle."""
    file = compiled.contract.file
    seen: set[tuple[Place, Place]] = set()
    for claim in claims:
        if (claim.clause, claim.at) in seen:
            continue
        seen.add((claim.clause, claim.at))
        bundle = next(
            (name for name, words in compiled.contract.bundles.items() if any(word.at == claim.at for word in words)), None
        )
        if bundle is None:
            yield Clause(does, file, claim.at)
        else:
            yield Clause(f"{does}, by the bundle @{bundle}", file, claim.clause)
            yield Clause(f"the bundle @{bundle} names it", file, claim.at)


def _refusal(
    compiled: CompiledContract,
    catalogue: Catalogue,
    dependencies: Dependencies,
    claims: tuple[Claim, ...],
    question: tuple[str, str, str],
) -> tuple[str, tuple[Clause, ...]]:
    purpose, right, field = question
    if field not in catalogue.rights:
        near = difflib.get_close_matches(field, catalogue.rights, n=1)
        return f"the schema has no such field.{f' Did you mean {near[0]}?' if near else ''}", ()
    if right not in catalogue.rights[field]:
        entry = catalogue.fields.get(field)
        if entry is not None and entry.mark.public and right == "read":
            return "no right is needed: it is public and reveals nothing by itself.", ()
        there = ", ".join(catalogue.rights[field]) or "none: it has no rights directive, so it is denied to everybody"
        return f"there is no such right on it (there are: {there}).", ()
    about = [claim for claim in claims if claim.field == field and claim.right == right]
    denied = [claim for claim in about if claim.purpose == purpose and not claim.is_allowed]
    if denied:
        return "denied by a clause, which wins over every grant.", tuple(_clauses(compiled, denied, "denies it"))
    granted = [claim for claim in about if claim.purpose == purpose]
    if granted:
        missing = sorted(d for d in dependencies.get(field, ()) if d not in compiled.masks[purpose].read)
        made_of = ", ".join(missing) or "a field that is shown in part only"
        return f"granted, but its value is made from {made_of}.", tuple(_clauses(compiled, granted, "grants it"))
    elsewhere = [claim for claim in about if claim.is_allowed]
    if elsewhere:
        others = ", ".join(sorted({claim.purpose for claim in elsewhere}))
        return f"granted for {others} only.", tuple(_clauses(compiled, elsewhere, "grants it for another purpose"))
    return "no clause grants it, and what is not granted is denied.", ()


def _visibility(compiled: CompiledContract, mask: Mask, catalogue: Catalogue, field: str) -> Iterator[Clause]:
    contract = compiled.contract
    universe = tuple(catalogue.fields)
    words = [word for word in fields_named(contract.visibility.listed, contract, universe) if word.text == field]
    if field in mask.listed:
        at = words[0].at if words else contract.place("visibility")
        yield Clause("the agency may know of it: answered with null and said to be withheld", contract.file, at)
    elif field in catalogue.fields and field not in mask.read | mask.count:
        yield Clause("hidden: for the agency it does not exist", contract.file, contract.place("visibility"))


def _conditions(compiled: CompiledContract, mask: Mask, right: str, field: str) -> Iterator[str]:
    contract = compiled.contract
    purpose = contract.purposes[mask.purpose]
    if purpose.requires_user:
        yield "a user has to be named"
    if purpose.requires_case:
        form = f" of the form {purpose.case_ref_pattern}" if purpose.case_ref_pattern else ""
        yield f"a case reference{form} has to be stated"
    if right == "read" and field in mask.values:
        yield f"the value is shown in part: {mask.values[field].rule.fn}"
    type_name = field.partition(".")[0]
    rule = contract.rows.get(type_name)
    if rule is not None and mask.rows.get(type_name, EVERY_ROW) != EVERY_ROW:
        yield f"only rows that the rule at {contract.file}:{rule.at.line} shows"
    if right == "count" and mask.aggregates.min_cell > 1:
        yield f"counts below {mask.aggregates.min_cell} are suppressed"
