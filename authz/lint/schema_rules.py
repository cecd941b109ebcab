"""Rules for a contract against the schema: what it names exists, purposes can be used."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from authz.catalogue import Catalogue
from authz.claims import Claim, fields_named
from authz.document import Contract, Report

SchemaRule = Callable[[Contract, Catalogue, tuple[Claim, ...], Report], None]


def _wildcards_are_pinned(contract: Contract, catalogue: Catalogue, claims: tuple[Claim, ...], report: Report) -> None:  # noqa: ARG001  # one signature for all rules
    """A wildcard grants what the schema had when it was written; later fields are denied until somebody looked."""
    if contract.schema.digest == catalogue.digest:
        return
    for grant in contract.grants:
        words = (*grant.read, *grant.count, *grant.sort, *grant.subscribe, *grant.trigger, *(word for word, _ in grant.filter))
        for word in (w for w in words if w.text.endswith(".*")):
            report.error(
                "WILDCARD",
                word.at,
                f"`{word.text}` needs `schema.digest: {catalogue.digest}`; check what it opens, then write it.",
            )
    for name, bundle in contract.bundles.items():
        for word in (w for w in bundle if w.text.endswith(".*")):
            report.error("WILDCARD", word.at, f"The bundle `{name}` lists fields by name, not `{word.text}`.")


def _claims_are_about_something(contract: Contract, catalogue: Catalogue, claims: tuple[Claim, ...], report: Report) -> None:
    told: set[tuple[str, str]] = set()
    for claim in claims:
        if claim.is_allowed and (claim.field, claim.right) not in told and not _exists(claim, catalogue):
            told.add((claim.field, claim.right))
            report.warning("UNKNOWN_FIELD", claim.at, _what_is_missing(claim, catalogue))
    named = (*contract.visibility.listed, *contract.visibility.hidden, *(w for deny in contract.denies for w in deny.resources))
    for word in fields_named(named, contract, tuple(catalogue.fields)):
        if word.text not in catalogue.fields:
            report.warning("UNKNOWN_FIELD", word.at, f"The schema has no field `{word.text}`.")


def _exists(claim: Claim, catalogue: Catalogue) -> bool:
    entry = catalogue.fields.get(claim.field)
    match claim.right.partition(":"):
        case ("read" | "subscribe" | "trigger", _, _):
            return entry is not None and entry.mark.classification is not None
        case ("count", _, _):
            return entry is not None and entry.mark.counts
        case ("sort", _, _):
            return claim.field in catalogue.sortable
        case (_, _, operator):
            return operator in catalogue.operators.get(claim.field, ())


def _what_is_missing(claim: Claim, catalogue: Catalogue) -> str:
    if claim.field not in catalogue.fields:
        return f"The schema has no field `{claim.field}`: denied."
    if claim.right.startswith("filter"):
        offered = ", ".join(sorted(catalogue.operators.get(claim.field, ()))) or "no filter"
        return f"Nothing filters `{claim.field}` by {claim.right[7:]!r} (there is {offered}): denied."
    return f"`{claim.field}` has nothing to {claim.right}: denied."


def _aggregate_purposes_read_no_values(
    contract: Contract, catalogue: Catalogue, claims: tuple[Claim, ...], report: Report
) -> None:
    for claim in claims:
        entry = catalogue.fields.get(claim.field)
        reads_value = claim.is_allowed and claim.right == "read" and entry is not None and entry.is_leaf
        if reads_value and contract.purposes[claim.purpose].aggregates_only:
            report.error("AGGREGATES", claim.at, f"`{claim.field}` is a value, and {claim.purpose} is for aggregates only.")


def _counts_that_may_not_be_subtracted_are_of_lists(
    contract: Contract, catalogue: Catalogue, claims: tuple[Claim, ...], report: Report
) -> None:
    """The guard of `forbid_overlap` compares counts of whole lists; a count for each of many things it cannot compare."""
    if not contract.aggregates.forbid_overlap:
        return
    if contract.aggregates.min_cell < 2:
        report.error("AGGREGATES", contract.place("aggregates"), "`forbid_overlap` needs a `min_cell` of at least 2.")
    whole = {entry.returns for field, entry in catalogue.fields.items() if field.startswith("Query.")}
    for claim in claims:
        if claim.is_allowed and claim.right == "count" and claim.field.split(".")[0] not in whole:
            report.error("AGGREGATES", claim.at, f"`{claim.field}` counts for each thing, which `forbid_overlap` cannot guard.")


def _every_purpose_can_ask_something(
    contract: Contract, catalogue: Catalogue, claims: tuple[Claim, ...], report: Report
) -> None:
    can_ask = {
        claim.purpose for claim in claims if claim.is_allowed and claim.right == "read" and claim.field.startswith("Query.")
    }
    for purpose in contract.purposes.values():
        if purpose.name not in can_ask and any(field.startswith("Query.") for field in catalogue.fields):
            report.error(
                "NOTHING_TO_ASK", purpose.at, f"{purpose.name} may read no field of Query: grant one, or drop the purpose."
            )


SCHEMA_RULES: Final[tuple[SchemaRule, ...]] = (
    _wildcards_are_pinned,
    _claims_are_about_something,
    _aggregate_purposes_read_no_values,
    _counts_that_may_not_be_subtracted_are_of_lists,
    _every_purpose_can_ask_something,
)
