"""What can be wrong with a contract beyond its form: rules of the document, and rules against the schema.

In: a contract, and the catalogue when there is one. Out: findings with file, line and column. An error refuses the contract. A
field that the schema does not have is a warning: it is denied, and the rest of the contract stays in force.

A rule is one function, listed in DOCUMENT_RULES, SCHEMA_RULES or ROW_RULES; what nothing enforces yet is in `unenforced`.
"""

from __future__ import annotations

from pathlib import Path

from graphql import GraphQLSchema

from authz.catalogue import Catalogue, catalogue_of
from authz.claims import Claim, claims_of
from authz.document import Contract, Finding, Report, read_contract
from authz.lint.document_rules import DOCUMENT_RULES, LONGEST_VALIDITY
from authz.lint.row_rules import ROW_RULES
from authz.lint.schema_rules import SCHEMA_RULES
from authz.lint.unenforced import nothing_unenforced_is_relied_upon

__all__ = ["LONGEST_VALIDITY", "findings_of", "lint"]


def lint(path: Path, schema: GraphQLSchema | None = None) -> list[Finding]:
    """Every finding about the contract in a file, by place; against the schema too, when one is given."""
    contract, findings = read_contract(path)
    if contract is None:
        return list(findings)
    catalogue = None if schema is None else catalogue_of(schema)
    return sorted((*findings, *findings_of(contract, catalogue)), key=lambda finding: (finding.line, finding.column))


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
        for schema_rule in (*SCHEMA_RULES, *ROW_RULES):
            schema_rule(contract, catalogue, known, report)
    return report.findings
