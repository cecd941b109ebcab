"""What can be wrong with a contract beyond its form: rules of the document, and rules against the schema.

In: a contract, and the catalogue when there is one. Out: findings with file and line. An error refuses the contract. A field
that the schema does not have is a warning: it is denied, and the rest of the contract stays in force.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

from graphql import GraphQLSchema

from authz.catalogue import Catalogue, catalogue_of
from authz.claims import Claim, claims_of, fields_named
from authz.document import Contract, Finding, Report, read_contract
from authz.document.model import Deny, Grant, Word
from authz.rows import Eq, Exists, GeoWithin, Gte, In, Leaf, Lte, Overlaps, Reference
from authz.rows.predicate import leaves_of

LONGEST_VALIDITY: Final = timedelta(days=731)

_ID: Final = re.compile(r"\A[A-Za-z0-9_.:\-]{1,100}\Z")
_COORDINATE: Final = re.compile(r"\A[A-Za-z_]\w*\.[A-Za-z_]\w*\Z")
_WILDCARD: Final = re.compile(r"\A[A-Za-z_]\w*\.\*\Z")
_TEXT_TYPES: Final = frozenset(("String", "ID"))


def lint(path: Path, schema: GraphQLSchema | None = None) -> list[Finding]:
    """Every finding about the contract in a file, by line; against the schema too, when one is given."""
    contract, findings = read_contract(path)
    if contract is None:
        return list(findings)
    catalogue = None if schema is None else catalogue_of(schema)
    return sorted((*findings, *findings_of(contract, catalogue)), key=lambda finding: finding.line)


def findings_of(contract: Contract, catalogue: Catalogue | None) -> tuple[Finding, ...]:
    """The findings of every rule."""
    report = Report(contract.file)
    for rule in DOCUMENT_RULES:
        rule(contract, report)
    if catalogue is not None and not report.has_errors:
        claims = claims_of(contract, catalogue)
        for schema_rule in SCHEMA_RULES:
            schema_rule(contract, catalogue, claims, report)
    return report.findings


def _ids_have_one_reading(contract: Contract, report: Report) -> None:
    """Casbin and logs take ids as they are: no commas, quotes, blanks or operators."""
    parties = contract.parties
    for kind, text in (("contract", contract.id), ("provider", parties.provider.id), ("consumer", parties.consumer.id)):
        if not _ID.match(text) or text.startswith(("r.", "p.")):
            report.error("ID", 1, f"The id of the {kind}, {text!r}, has other than letters, digits and _ . : -.")
    for purpose in contract.purposes.values():
        if not _ID.match(purpose.name) or purpose.name.startswith(("r.", "p.")):
            report.error("ID", purpose.line, f"The purpose {purpose.name!r} has other than letters, digits and _ . : -.")


def _names_have_the_right_form(contract: Contract, report: Report) -> None:
    for words, may_be_bundle in _every_list_of_fields(contract):
        for word in words:
            if word.text.startswith("@"):
                if not may_be_bundle:
                    report.error("FIELD", word.line, f"`{word.text}`: a bundle holds fields, not bundles.")
                elif word.text[1:] not in contract.bundles:
                    report.error("BUNDLE", word.line, f"There is no bundle `{word.text[1:]}`: define it under `bundles`.")
            elif not _COORDINATE.match(word.text) and not _WILDCARD.match(word.text):
                report.error("FIELD", word.line, f"`{word.text}` is no field: write `Type.field`, `Type.{{a, b}}` or `Type.*`.")


def _every_list_of_fields(contract: Contract) -> Iterator[tuple[tuple[Word, ...], bool]]:
    for bundle in contract.bundles.values():
        yield bundle, False
    for grant in contract.grants:
        yield from ((words, True) for words in (grant.read, grant.count, grant.sort, grant.subscribe, grant.trigger))
        yield tuple(word for word, _ in grant.filter), True
    for deny in contract.denies:
        yield deny.resources, True
    yield contract.visibility.listed, True
    yield contract.visibility.hidden, True


def _no_two_names_differ_by_case_only(contract: Contract, report: Report) -> None:
    spelled: dict[str, str] = {}
    for words, _ in _every_list_of_fields(contract):
        for word in words:
            first = spelled.setdefault(word.text.lower(), word.text)
            if first != word.text:
                report.error("CASE", word.line, f"`{word.text}` stands elsewhere as `{first}`: names are told apart by case.")


def _clauses_name_known_purposes_and_masks(contract: Contract, report: Report) -> None:
    clauses: tuple[Grant | Deny, ...] = (*contract.grants, *contract.denies)
    for clause in clauses:
        if not clause.purposes:
            report.error(
                "PURPOSE", clause.line, 'This clause has no `purposes`: name them, or `["*"]` for all of the contract.'
            )
        for name in clause.purposes:
            if name != "*" and name not in contract.purposes:
                report.error(
                    "PURPOSE", clause.line, f"The contract has no purpose `{name}`: it has {', '.join(contract.purposes)}."
                )
    for grant in contract.grants:
        if grant.mask is not None and grant.mask not in contract.masks:
            report.error("MASK", grant.line, f"There is no mask `{grant.mask}`: define it under `masks`.")
    for canary in (*contract.must_allow, *contract.must_deny):
        if canary.purpose not in contract.purposes:
            report.error(
                "CANARY", canary.line, f"The test is about the purpose `{canary.purpose}`, which the contract does not have."
            )


def _the_contract_ends(contract: Contract, report: Report) -> None:
    validity = contract.validity
    if validity.not_after <= validity.not_before:
        report.error("VALIDITY", 1, "`validity.not_after` is not later than `not_before`.")
    elif validity.not_after - validity.not_before > LONGEST_VALIDITY:
        report.error("VALIDITY", 1, "A contract holds for at most two years: make a new version after a review.")
    if contract.supersedes is not None and contract.supersedes >= contract.version:
        report.error("VERSION", 1, f"Version {contract.version} supersedes {contract.supersedes}: versions only grow.")


def _purposes_can_be_met(contract: Contract, report: Report) -> None:
    if not contract.purposes:
        report.error("PURPOSE", 1, "A contract has one purpose at least.")
    for purpose in contract.purposes.values():
        if purpose.case_ref_pattern is not None:
            if not purpose.requires_case:
                report.error(
                    "PURPOSE", purpose.line, f"`{purpose.name}` has a `case_ref_pattern` and does not require case_ref."
                )
            try:
                re.compile(purpose.case_ref_pattern)
            except re.error as error:
                report.error("PURPOSE", purpose.line, f"The `case_ref_pattern` of `{purpose.name}` is no pattern: {error}.")


def _nothing_unenforced_is_relied_upon(contract: Contract, report: Report) -> None:
    """A demand that this version does not check refuses the contract; a record of one is a warning or a note."""
    for client in contract.clients:
        if client.cert_sha256 or client.min_acr:
            report.error(
                "NOT_ENFORCED", 1, f"The client {client.client_id} demands a certificate or acr: not checked yet, so refused."
            )
    for quota in contract.quotas:
        report.warning("NOT_ENFORCED", quota.line, "Quotas are recorded, and not counted yet.")
    if contract.signatures:
        report.warning("NOT_ENFORCED", 1, "The signatures are recorded, and not verified yet.")
    else:
        report.note("UNSIGNED", 1, "The contract is not signed.")
    if contract.obligations.strict or contract.obligations.max_staleness:
        report.warning("NOT_ENFORCED", 1, "`strict` and `max_staleness` are recorded: contracts are read once, at the start.")
    if any(grant.subscribe or grant.trigger for grant in contract.grants):
        report.note("NO_SUBSCRIPTIONS", 1, "`subscribe` and `trigger` are compiled; the graph has no subscriptions yet.")


def _wildcards_are_pinned(contract: Contract, catalogue: Catalogue, claims: tuple[Claim, ...], report: Report) -> None:  # noqa: ARG001  # one signature for all rules
    """A wildcard grants what the schema had when it was written; later fields are denied until somebody looked."""
    if contract.schema.digest == catalogue.digest:
        return
    for grant in contract.grants:
        words = (*grant.read, *grant.count, *grant.sort, *grant.subscribe, *grant.trigger, *(word for word, _ in grant.filter))
        for word in (w for w in words if w.text.endswith(".*")):
            report.error(
                "WILDCARD",
                word.line,
                f"`{word.text}` needs `schema.digest: {catalogue.digest}`; check what it opens, then write it.",
            )
    for name, bundle in contract.bundles.items():
        for word in (w for w in bundle if w.text.endswith(".*")):
            report.error("WILDCARD", word.line, f"The bundle `{name}` lists fields by name, not `{word.text}`.")


def _claims_are_about_something(contract: Contract, catalogue: Catalogue, claims: tuple[Claim, ...], report: Report) -> None:
    told: set[tuple[str, str]] = set()
    for claim in claims:
        if claim.is_allowed and (claim.field, claim.right) not in told and not _exists(claim, catalogue):
            told.add((claim.field, claim.right))
            report.warning("UNKNOWN_FIELD", claim.line, _what_is_missing(claim, catalogue))
    named = (*contract.visibility.listed, *contract.visibility.hidden, *(w for deny in contract.denies for w in deny.resources))
    for word in fields_named(named, contract, tuple(catalogue.fields)):
        if word.text not in catalogue.fields:
            report.warning("UNKNOWN_FIELD", word.line, f"The schema has no field `{word.text}`.")


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


def _masked_fields_are_not_guessed(contract: Contract, catalogue: Catalogue, claims: tuple[Claim, ...], report: Report) -> None:
    """A masked value would come out by sorting, or by filters that match a part of it."""
    masks: dict[tuple[str, str], set[str | None]] = {}
    for claim in claims:
        if claim.right == "read" and claim.is_allowed:
            masks.setdefault((claim.purpose, claim.field), set()).add(claim.mask)
    for claim in claims:
        used = masks.get((claim.purpose, claim.field), {None})
        if not claim.is_allowed or used == {None}:
            continue
        if len(used) > 1:
            report.error("MASK", claim.line, f"`{claim.field}` is granted in two ways for {claim.purpose}: keep one.")
        elif claim.right == "sort" or (claim.right.startswith("filter:") and claim.right != "filter:eq"):
            report.error("MASK", claim.line, f"`{claim.field}` is masked for {claim.purpose}: no sort, and filter by eq only.")
    for field in sorted({field for (_, field), used in masks.items() if used != {None}}):
        entry = catalogue.fields.get(field)
        if entry is not None and entry.returns not in _TEXT_TYPES:
            report.error("MASK", 1, f"`{field}` is {entry.returns}: masks are for String and ID.")
    for name in set(contract.masks) - {grant.mask for grant in contract.grants}:
        report.note("UNUSED", 1, f"The mask `{name}` is not used.")


def _aggregate_purposes_read_no_values(
    contract: Contract, catalogue: Catalogue, claims: tuple[Claim, ...], report: Report
) -> None:
    for claim in claims:
        entry = catalogue.fields.get(claim.field)
        reads_value = claim.is_allowed and claim.right == "read" and entry is not None and entry.is_leaf
        if reads_value and contract.purposes[claim.purpose].aggregates_only:
            report.error("AGGREGATES", claim.line, f"`{claim.field}` is a value, and {claim.purpose} is for aggregates only.")


def _row_rules_read_declared_attributes(
    contract: Contract, catalogue: Catalogue, claims: tuple[Claim, ...], report: Report
) -> None:
    for name, rule in contract.rows.items():
        declared = catalogue.row_attributes.get(name)
        if declared is None:
            report.warning("ROW_RULE", rule.line, f"The schema declares no row attributes for `{name}`: the rule does nothing.")
            continue
        for leaf in leaves_of(rule.predicate):
            _check_leaf(name, leaf, declared.get(leaf.attribute), rule.line, report)
            _check_reference(leaf, contract, rule.line, report)
    read = {claim.field.split(".")[0] for claim in claims if claim.is_allowed and claim.right == "read"}
    for name in sorted(read & set(catalogue.row_attributes) - set(contract.rows)):
        report.error(
            "ROW_RULE", 1, f"The contract reads `{name}` and has no row rule for it: write one, or `{name}: all` under `rows`."
        )


def _check_leaf(type_name: str, leaf: Leaf, kind: str | None, line: int, report: Report) -> None:
    if kind is None:
        report.error("ROW_RULE", line, f"`{type_name}` declares no row attribute `{leaf.attribute}`.")
        return
    match leaf:
        case Overlaps():
            fits = kind.startswith("[")
        case GeoWithin():
            fits = kind == "Point"
        case Lte() | Gte():
            fits = kind in ("Int", "Float")
        case Eq(_, value):
            fits = isinstance(value, Reference) or _is_of(kind, value)
        case In(_, values):
            fits = not kind.startswith("[") and (isinstance(values, Reference) or all(_is_of(kind, value) for value in values))
        case Exists():
            fits = True
    if not fits:
        report.error(
            "ROW_RULE", line, f"`{type(leaf).__name__}` does not go with `{type_name}.{leaf.attribute}`, which is {kind}."
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


def _check_reference(leaf: Leaf, contract: Contract, line: int, report: Report) -> None:
    taken = getattr(leaf, "values", getattr(leaf, "value", None))
    if isinstance(taken, Reference):
        value: object = contract.context
        for step in taken.path.split("."):
            value = value.get(step) if isinstance(value, dict) else None
        if value is None or isinstance(value, dict):
            report.error("ROW_RULE", line, f"`context` has no ${taken.path}.")


def _every_purpose_can_ask_something(
    contract: Contract, catalogue: Catalogue, claims: tuple[Claim, ...], report: Report
) -> None:
    can_ask = {
        claim.purpose for claim in claims if claim.is_allowed and claim.right == "read" and claim.field.startswith("Query.")
    }
    for purpose in contract.purposes.values():
        if purpose.name not in can_ask and any(field.startswith("Query.") for field in catalogue.fields):
            report.error(
                "NOTHING_TO_ASK", purpose.line, f"{purpose.name} may read no field of Query: grant one, or drop the purpose."
            )


DocumentRule = Callable[[Contract, Report], None]
SchemaRule = Callable[[Contract, Catalogue, tuple[Claim, ...], Report], None]

DOCUMENT_RULES: Final[tuple[DocumentRule, ...]] = (
    _ids_have_one_reading,
    _names_have_the_right_form,
    _no_two_names_differ_by_case_only,
    _clauses_name_known_purposes_and_masks,
    _the_contract_ends,
    _purposes_can_be_met,
    _nothing_unenforced_is_relied_upon,
)
SCHEMA_RULES: Final[tuple[SchemaRule, ...]] = (
    _wildcards_are_pinned,
    _claims_are_about_something,
    _masked_fields_are_not_guessed,
    _aggregate_purposes_read_no_values,
    _row_rules_read_declared_attributes,
    _every_purpose_can_ask_something,
)
