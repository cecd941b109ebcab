"""What can be wrong with a contract beyond its form: rules of the document, and rules against the schema.

In: a contract, and the catalogue when there is one. Out: findings with file, line and column. An error refuses the contract. A
field that the schema does not have is a warning: it is denied, and the rest of the contract stays in force.

A rule is one function, listed in the RULES of its file; what nothing enforces yet is in `unenforced`.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from graphql import GraphQLSchema

from authz.catalogue import Catalogue, catalogue_of
from authz.claims import Claim, claims_of
from authz.document import Contract, Finding, Report, read_contract
from authz.lint.document_rules import DOCUMENT_RULES, LONGEST_VALIDITY
from authz.lint.mask_rules import MASK_RULES
from authz.lint.row_rules import ROW_RULES
from authz.lint.schema_rules import SCHEMA_RULES
from authz.lint.unenforced import nothing_unenforced_is_relied_upon
from authz.lint.view_rules import VIEW_RULES

__all__ = ["LONGEST_VALIDITY", "findings_of", "lint"]


def lint(path: Path, schema: GraphQLSchema | None = None, today: date | None = None) -> list[Finding]:
    """Every finding about the contract in a file, by place; against the schema and the calendar too, when they are given."""
    contract, findings = read_contract(path)
    if contract is None:
        return list(findings)
    catalogue = None if schema is None else catalogue_of(schema)
    dated = () if today is None else reminders(contract, today)
    return sorted((*findings, *findings_of(contract, catalogue), *dated), key=lambda finding: (finding.line, finding.column))


def reminders(contract: Contract, today: date) -> tuple[Finding, ...]:
    """What the day tells: a review that is due, a contract that has ended."""
    report, validity = Report(contract.file), contract.validity
    if today >= validity.not_after.date():
        report.warning("ENDED", contract.place("validity"), f"The contract ended on {validity.not_after:%Y-%m-%d}.")
    elif validity.review_by is not None and today > validity.review_by:
        report.warning("REVIEW_DUE", contract.place("validity"), f"It should have been reviewed by {validity.review_by}.")
    return report.findings


def findings_of(
    contract: Contract, catalogue: Catalogue | None, claims: tuple[Claim, ...] | None = None
) -> tuple[Finding, ...]:
    """The findings of every rule. `claims` are those of the contract, where the caller has them already."""
    report = Report(contract.file)
    for rule in DOCUMENT_RULES:
        rule(contract, report)
    nothing_unenforced_is_relied_upon(contract, report)
    if catalogue is not None and not report.has_errors:
        known = claims_of(contract, catalogue) if claims is None else claims
        for schema_rule in (*SCHEMA_RULES, *MASK_RULES, *ROW_RULES, *VIEW_RULES):
            schema_rule(contract, catalogue, known, report)
    return report.findings
