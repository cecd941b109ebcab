"""`saite contract`: read, check and explain contracts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from saite.cli.output import NO, UNUSABLE, Format, FormatOption, clear_errors, complain, print_json, print_table, stop

if TYPE_CHECKING:
    from authz.compile import CompiledContract
    from authz.document import Finding
    from authz.mask import Mask

app = typer.Typer(no_args_is_help=True, help="Read, check and explain the contracts that say what each agency may see.")

ContractsOption = Annotated[
    Path | None,
    typer.Option(
        "--contracts", metavar="DIR", exists=True, file_okay=False, help="The folder of contracts; otherwise the shipped ones."
    ),
]


@app.command()
@clear_errors
def lint(
    files: Annotated[
        list[Path] | None, typer.Argument(exists=True, dir_okay=False, help="Contract documents; otherwise the shipped ones.")
    ] = None,
    format_: FormatOption = Format.TEXT,
) -> None:
    """Check contract documents: their form, their own rules, and every field that they name against the graph.

    An error refuses the contract (exit code 1); a warning tells what will be denied.

    Example: `saite contract lint authz/contracts/LV-VP.yaml`
    """
    from authz.lint import lint as findings_of
    from saite.graph import api_schema, shipped_contracts

    schema = api_schema()
    found: list[Finding] = []
    for path in files or sorted(shipped_contracts().glob("*.yaml")):
        found += findings_of(path, schema)
    if format_ is Format.JSON:
        print_json([{"level": f.level, "code": f.code, "message": f.message, "file": f.file, "line": f.line} for f in found])
    else:
        for finding in found:
            typer.echo(str(finding))
        if not found:
            typer.echo("Nothing to complain about.")
    if any(finding.level == "error" for finding in found):
        raise typer.Exit(NO)


@app.command()
@clear_errors
def show(
    agency: Annotated[str | None, typer.Argument(help="The agency's id; without it, all contracts are listed.")] = None,
    purpose: Annotated[str | None, typer.Option(help="Show what this purpose may see.")] = None,
    contracts: ContractsOption = None,
    format_: FormatOption = Format.TEXT,
) -> None:
    """List the contracts, or show one: its purposes, and field by field what may be read, filtered, sorted and counted.

    Example: `saite contract show LV-VP --purpose EVENT_RESPONSE`
    """
    from saite.graph import contract_book, shipped_contracts

    book = contract_book(contracts or shipped_contracts())
    for refusal in book.refused:
        complain(refusal.message)
    if agency is None:
        _list(list(book.contracts.values()), format_)
        return
    compiled = book.of_agency(agency)
    if compiled is None:
        known = ", ".join(sorted({each.agency for each in book.contracts.values()}))
        stop(f"There is no contract with {agency!r}. There are contracts with: {known}.", NO)
    if purpose is not None and purpose not in compiled.masks:
        stop(f"{purpose!r} is no purpose of {compiled.contract.id}. Its purposes: {', '.join(compiled.purposes)}.", UNUSABLE)
    masks = [mask for name, mask in compiled.masks.items() if purpose in {None, name}]
    if format_ is Format.JSON:
        print_json({"id": compiled.contract.id, "agency": compiled.agency, "purposes": {m.purpose: _rights(m) for m in masks}})
        return
    for mask in masks:
        rows = [
            (
                field,
                *("yes" if each else "–" for each in (right["read"], right["filter"], right["sort"], right["count"])),
                right["note"],
            )
            for field, right in _by_field(mask).items()
        ]
        print_table(
            f"{compiled.contract.id} · {compiled.agency} · {mask.purpose}",
            ("field", "read", "filter", "sort", "count", "note"),
            rows,
        )


@app.command("compile")
@clear_errors
def compile_(contracts: ContractsOption = None, format_: FormatOption = Format.TEXT) -> None:
    """Compile every contract with Casbin, run its canary tests, and print one digest per purpose.

    Exit code 1 when a contract is refused; the others stay in force.
    """
    from saite.graph import contract_book, shipped_contracts

    book = contract_book(contracts or shipped_contracts())
    masks = [mask for compiled in book.contracts.values() for mask in compiled.masks.values()]
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


def _list(contracts: list[CompiledContract], format_: Format) -> None:
    columns = ("contract", "version", "agency", "title", "valid until", "purposes")
    rows = [
        (
            c.contract.id,
            c.contract.version,
            c.agency,
            c.contract.title,
            c.contract.validity.not_after.date(),
            ", ".join(c.purposes),
        )
        for c in contracts
    ]
    if format_ is Format.JSON:
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        print_table("Contracts", columns, rows)


def _rights(mask: Mask) -> dict[str, Any]:
    return {
        "read": sorted(mask.read),
        "filter": {field: sorted(operators) for field, operators in sorted(mask.filter.items())},
        "sort": sorted(mask.sort),
        "count": sorted(mask.count),
        "listed": sorted(mask.listed),
        "masked": sorted(mask.values),
        "rows": sorted(mask.rows),
        "digest": mask.digest,
    }


def _by_field(mask: Mask) -> dict[str, dict[str, Any]]:
    fields = sorted({*mask.read, *mask.filter, *mask.sort, *mask.count, *mask.listed})
    return {
        field: {
            "read": field in mask.read,
            "filter": field in mask.filter,
            "sort": field in mask.sort,
            "count": field in mask.count,
            "note": _note(mask, field),
        }
        for field in fields
    }


def _note(mask: Mask, field: str) -> str:
    notes = []
    if field in mask.listed:
        notes.append("listed: withheld, and said so")
    if field in mask.values:
        notes.append("masked value")
    if field in mask.filter:
        notes.append("filter by " + ", ".join(sorted(mask.filter[field])))
    return "; ".join(notes)
