"""`saite contract lint|test|compile`: is a contract right, and does it decide what it says it does?"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from saite.cli.contract.reading import ContractsOption, book_of, catalogue, dependencies, draft
from saite.cli.output import NO, Format, FormatOption, clear_errors, complain, print_json, print_table

if TYPE_CHECKING:
    from authz.compile import CompiledContract
    from authz.document import Finding

FilesArgument = Annotated[
    list[Path] | None, typer.Argument(metavar="[FILE]...", help="Contract documents; otherwise the shipped ones.")
]


@clear_errors
def lint(
    files: FilesArgument = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit code 1 for warnings too.")] = False,
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="As of this day; otherwise today.")] = None,
    format_: FormatOption = Format.TEXT,
) -> None:
    """Check contract documents: their form, their own rules, and every field that they name against the graph.

    Each finding has its file, line and column, as editors and CI read it. An **error** refuses the contract (exit code 1); a **warning**
    tells what will be denied or is not enforced; a **note** informs. An unknown word comes with the nearest one that there is.

    Example: `saite contract lint authz/contracts/LV-VP.yaml`
    """
    from authz.lint import lint as findings_of
    from kernel.clock import SystemClock
    from saite.graph import api_schema

    found: list[Finding] = []
    for path in _files(files):
        found += findings_of(path, api_schema(), (on or SystemClock().now()).date())
    if format_ is Format.JSON:
        names = ("level", "code", "message", "file", "line", "column")
        print_json([{name: getattr(finding, name) for name in names} for finding in found])
    else:
        for finding in found:
            typer.echo(str(finding))
        if not found:
            typer.echo("Nothing to complain about.")
    levels = {finding.level for finding in found}
    if "error" in levels or (strict and "warning" in levels):
        raise typer.Exit(NO)


@clear_errors
def canaries(files: FilesArgument = None, format_: FormatOption = Format.TEXT) -> None:
    """Try the canaries of contracts: the decisions that each says must come out yes or no.

    The same canaries run at every load; a contract with one that fails is not put in force. Exit code 1 when one fails.

    Example: `saite contract test drafts/LV-HM.yaml`
    """
    from authz.compile import canaries_of

    rows = [
        {
            "contract": compiled.contract.id,
            "file": compiled.contract.file,
            "line": tried.canary.at.line,
            "must": "allow" if tried.must else "deny",
            "purpose": tried.canary.purpose,
            "right": tried.canary.right,
            "field": tried.canary.field,
            "passed": tried.passed,
        }
        for compiled in (draft(path, canaries=False) for path in _files(files))
        for tried in canaries_of(compiled)
    ]
    failed = sum(not row["passed"] for row in rows)
    if format_ is Format.JSON:
        print_json(rows)
    else:
        columns = ("result", "contract", "must", "purpose", "right", "field", "at")
        print_table(
            "Canaries",
            columns,
            [
                (
                    "pass" if r["passed"] else "FAIL",
                    r["contract"],
                    r["must"],
                    r["purpose"],
                    r["right"],
                    r["field"],
                    f"{r['file']}:{r['line']}",
                )
                for r in rows
            ],
        )
        complain(f"{len(rows)} canaries, {failed} failed.")
    if failed:
        raise typer.Exit(NO)


@clear_errors
def compile_(
    contracts: ContractsOption = None,
    thorough: Annotated[
        bool,
        typer.Option("--thorough", help="Put every single question to Casbin, also about fields of which the same is written."),
    ] = False,
    format_: FormatOption = Format.TEXT,
) -> None:
    """Compile every contract of a folder with Casbin, run the canaries, and print one digest per purpose.

    The digest covers everything that can change an answer. Exit code 1 when a contract is refused; the others stay in force.

    Example: `saite contract compile --contracts authz/contracts`
    """
    book = book_of(contracts)
    masks = [mask for compiled in book.contracts.values() for mask in compiled.masks.values()]
    if thorough:
        _insist(list(book.contracts.values()))
    columns = ("contract", "version", "agency", "purpose", "read", "filter", "sort", "count", "listed", "digest")
    rows = [
        (
            m.contract_id,
            m.contract_version,
            m.agency,
            m.purpose,
            len(m.read),
            len(m.filter),
            len(m.sort),
            len(m.count),
            len(m.listed),
            m.digest,
        )
        for m in masks
    ]
    if format_ is Format.JSON:
        print_json(
            {"masks": [dict(zip(columns, row, strict=True)) for row in rows], "refused": [r.message for r in book.refused]}
        )
    else:
        print_table("Compiled contracts", columns, rows)
    for refusal in book.refused:
        complain(refusal.message)
    if book.refused:
        raise typer.Exit(NO)


def _insist(compiled: list[CompiledContract]) -> None:
    from authz.compile import compile_contract
    from authz.errors import PolicyUnsound

    for one in compiled:
        if compile_contract(one.contract, catalogue(), dependencies(), thorough=True).masks != one.masks:
            raise PolicyUnsound(f"{one.contract.id} comes out otherwise when Casbin is asked every single question.")


def _files(files: list[Path] | None) -> list[Path]:
    from saite.graph import shipped_contracts

    return files or sorted(shipped_contracts().glob("*.yaml"))
