"""Masks against the schema: each fits what it masks, and nothing else in the contract tells what it keeps back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from authz.catalogue import Catalogue
from authz.claims import Claim
from authz.document import Contract, Report
from authz.lint.schema_rules import SchemaRule

_TEXTS: Final = frozenset(("String", "ID"))
_FITTING: Final[Mapping[str, frozenset[str]]] = {
    "keep_last": _TEXTS,
    "keep_first": _TEXTS,
    "initials": _TEXTS,
    "hash": _TEXTS,
    "atvk": frozenset(("String",)),
    "year": frozenset(("Date", "DateTime", "String")),
    "grid": frozenset(("GeoPoint",)),
}


def _masks_fit_what_they_mask(contract: Contract, catalogue: Catalogue, claims: tuple[Claim, ...], report: Report) -> None:
    told: set[tuple[str, str]] = set()
    for claim in claims:
        entry = catalogue.fields.get(claim.field)
        rule = contract.masks.get(claim.mask or "")
        if entry is None or rule is None or (claim.field, rule.fn) in told:
            continue
        told.add((claim.field, rule.fn))
        fitting = _FITTING.get(rule.fn)
        if fitting is not None and entry.returns not in fitting:
            report.error(
                "MASK", claim.at, f"`{claim.field}` is {entry.returns}: the mask {rule.fn} is for {', '.join(sorted(fitting))}."
            )
        elif fitting is None and entry.is_leaf and entry.returns not in _TEXTS:
            report.error("MASK", claim.at, f"`{claim.field}` is {entry.returns}: the mask {rule.fn} is for texts and objects.")


def _masked_fields_are_not_guessed(contract: Contract, catalogue: Catalogue, claims: tuple[Claim, ...], report: Report) -> None:  # noqa: ARG001  # one signature for all rules
    """A masked value would come out by sorting, by filters that match a part of it, and by trying out many values."""
    masks: dict[tuple[str, str], set[str | None]] = {}
    for claim in claims:
        if claim.right == "read" and claim.is_allowed:
            masks.setdefault((claim.purpose, claim.field), set()).add(claim.mask)
    counted = {field for quota in contract.quotas for field in quota.distinct_filter_values}
    for claim in claims:
        used = masks.get((claim.purpose, claim.field), {None})
        if not claim.is_allowed or used == {None}:
            continue
        if len(used) > 1:
            report.error("MASK", claim.at, f"`{claim.field}` is granted in two ways for {claim.purpose}: keep one.")
        elif claim.right == "sort" or (claim.right.startswith("filter:") and claim.right != "filter:eq"):
            report.error("MASK", claim.at, f"`{claim.field}` is masked for {claim.purpose}: no sort, and filter by eq only.")
        elif claim.right == "filter:eq" and claim.field not in counted:
            report.error(
                "MASK",
                claim.at,
                f"`{claim.field}` is masked for {claim.purpose}, and whoever may filter by it can try values until one fits: "
                f"count them (`quotas: [{{per: user, window: 1d, distinct_filter_values: {{{claim.field}: 50}}}}]`), or take "
                "the filter away.",
            )
    for name in set(contract.masks) - {grant.mask for grant in contract.grants}:
        report.note("UNUSED", contract.masks[name].at, f"The mask `{name}` is not used.")


def _a_hit_shows_no_more(contract: Contract, catalogue: Catalogue, claims: tuple[Claim, ...], report: Report) -> None:
    """An object that is shown as a hit has no field that may be read by the same purpose."""
    read = {(claim.purpose, claim.field) for claim in claims if claim.right == "read" and claim.is_allowed}
    for claim in claims:
        entry, rule = catalogue.fields.get(claim.field), contract.masks.get(claim.mask or "")
        if entry is None or entry.is_leaf or rule is None or rule.fn != "hit":
            continue
        open_fields = sorted(
            field for purpose, field in read if purpose == claim.purpose and field.startswith(f"{entry.returns}.")
        )
        if open_fields:
            report.error(
                "MASK",
                claim.at,
                f"`{claim.field}` is a hit for {claim.purpose}, which may read {', '.join(open_fields)}: keep one.",
            )


MASK_RULES: Final[tuple[SchemaRule, ...]] = (_masks_fit_what_they_mask, _masked_fields_are_not_guessed, _a_hit_shows_no_more)
