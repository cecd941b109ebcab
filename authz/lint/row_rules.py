"""Row rules against the schema: every type that is read has one, over attributes that it declares, with values that fit."""

from __future__ import annotations

from typing import Final

from authz.catalogue import Catalogue
from authz.claims import Claim
from authz.document import Contract, Report
from authz.document.findings import Place
from authz.lint.schema_rules import SchemaRule
from authz.rows import EVERY_ROW, Eq, Exists, GeoWithin, Gte, In, Leaf, Lte, Overlaps, Reference
from authz.rows.moments import is_instant, moment
from authz.rows.predicate import leaves_of
from authz.vocabulary import PROJECTED, PROJECTED_FROM


def _row_rules_read_declared_attributes(
    contract: Contract, catalogue: Catalogue, claims: tuple[Claim, ...], report: Report
) -> None:
    for name, rule in contract.rows.items():
        declared = catalogue.row_attributes.get(name)
        if declared is None:
            report.warning("ROW_RULE", rule.at, f"The schema declares no row attributes for `{name}`: the rule does nothing.")
            continue
        for leaf in leaves_of(rule.predicate):
            _check_leaf(name, leaf, declared.get(leaf.attribute), rule.at, report)
            _check_reference(name, leaf, declared.get(leaf.attribute), contract, rule.at, report)
    read = {claim.field.split(".")[0] for claim in claims if claim.is_allowed and claim.right == "read"}
    for name in sorted(read & set(catalogue.row_attributes) - set(contract.rows)):
        report.error(
            "ROW_RULE",
            contract.place("rows"),
            f"The contract reads `{name}` and has no row rule for it: write one, or `{name}: all` under `rows`.",
        )


def _check_leaf(type_name: str, leaf: Leaf, kind: str | None, at: Place, report: Report) -> None:
    if kind is None:
        report.error("ROW_RULE", at, f"`{type_name}` declares no row attribute `{leaf.attribute}`.")
        return
    match leaf:
        case Overlaps(_, values):
            fits = kind.startswith("[") and (isinstance(values, Reference) or all(isinstance(value, str) for value in values))
        case GeoWithin():
            fits = kind == "Point"
        case Lte(_, value) | Gte(_, value):
            fits = isinstance(value, Reference) or _is_ordered(kind, value)
        case Eq(_, value):
            fits = isinstance(value, Reference) or _is_of(kind, value)
        case In(_, values):
            fits = not kind.startswith("[") and (isinstance(values, Reference) or all(_is_of(kind, value) for value in values))
        case Exists():
            fits = True
    if not fits:
        report.error(
            "ROW_RULE", at, f"`{type(leaf).__name__}` does not go with `{type_name}.{leaf.attribute}`, which is {kind}."
        )


def _is_of(kind: str, value: object) -> bool:
    match kind:
        case "String":
            return isinstance(value, str)
        case "Boolean":
            return isinstance(value, bool)
        case "Int":
            return isinstance(value, int) and not isinstance(value, bool)
        case "Float":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case _:
            return False


def _is_ordered(kind: str, value: object) -> bool:
    """Numbers, days and instants have an order that every store shares; texts have none."""
    said = moment(value) if isinstance(value, str) else None
    match kind:
        case "Int" | "Float":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "Date":
            return said is not None and not is_instant(said)
        case "DateTime":
            return said is not None and is_instant(said)
        case _:
            return False


def _check_reference(name: str, leaf: Leaf, kind: str | None, contract: Contract, at: Place, report: Report) -> None:
    taken = getattr(leaf, "values", getattr(leaf, "value", None))
    if not isinstance(taken, Reference):
        return
    value: object = contract.context
    for step in taken.path.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    if value is None or isinstance(value, dict):
        report.error("ROW_RULE", at, f"`context` has no ${taken.path}.")
    elif kind is not None and not _referred_fits(leaf, kind, value):
        report.error(
            "ROW_RULE",
            at,
            f"${taken.path} is {value!r} in `context`, which does not go with `{name}.{leaf.attribute}`: {kind}.",
        )


def _referred_fits(leaf: Leaf, kind: str, value: object) -> bool:
    match leaf:
        case In() | Overlaps():
            one = kind.removeprefix("[").removesuffix("]")
            return isinstance(value, list) and all(_is_of(one, item) for item in value)
        case Lte() | Gte():
            return _is_ordered(kind, value)
        case _:
            return _is_of(kind, value)


def _projections_are_shown_to_who_sees_their_rows(
    contract: Contract, catalogue: Catalogue, claims: tuple[Claim, ...], report: Report
) -> None:
    """A projected attribute names things of all events: as a field it is for contracts that hide none."""
    rule = contract.rows.get(PROJECTED_FROM)
    if PROJECTED_FROM not in catalogue.row_attributes or (rule is not None and rule.predicate == EVERY_ROW):
        return
    for claim in claims:
        if claim.is_allowed and claim.field.partition(".")[2] in PROJECTED:
            report.error(
                "PROJECTION",
                claim.at,
                f"`{claim.field}` tells of every {PROJECTED_FROM}, and the row rule for `{PROJECTED_FROM}` hides some: leave "
                f"it out, or write `{PROJECTED_FROM}: all` under `rows`. Row rules may use the attribute.",
            )


ROW_RULES: Final[tuple[SchemaRule, ...]] = (
    _row_rules_read_declared_attributes,
    _projections_are_shown_to_who_sees_their_rows,
)
