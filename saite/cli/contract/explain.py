"""`saite contract matrix|why`: what a contract means, at a glance and decision by decision."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from saite.cli.contract.reading import ContractsOption, WhichArgument, catalogue, contract_of, dependencies, purposes_of
from saite.cli.output import NO, UNUSABLE, Format, FormatOption, clear_errors, complain, print_json, print_table, stop

if TYPE_CHECKING:
    from authz.explain import Answer, Cell

RIGHTS = ("read", "filter", "sort", "count", "subscribe", "trigger")


@clear_errors
def matrix(
    which: WhichArgument,
    purpose: Annotated[str | None, typer.Option(help="This purpose only.")] = None,
    html: Annotated[Path | None, typer.Option(dir_okay=False, help="Write one HTML page that needs nothing else.")] = None,
    all_: Annotated[bool, typer.Option("--all", help="Fields of which nothing is granted, too.")] = False,
    contracts: ContractsOption = None,
    format_: FormatOption = Format.TEXT,
) -> None:
    """Show a contract at a glance: every field, every right, every purpose.

    In a cell: `yes` read, `part` read in part (a mask), `withheld` denied and said so; then the operators of filters, `sort`, `count`.

    Example: `saite contract matrix LV-VP --html LV-VP.html`
    """
    from authz.explain import matrix_of
    from authz.explain.page import page

    compiled = contract_of(which, contracts)
    chosen = purposes_of(compiled, purpose)
    found = matrix_of(compiled, catalogue())
    rows = tuple(replace(row, cells={name: row.cells[name] for name in chosen}) for row in found.rows)
    found = replace(found, purposes=chosen, rows=rows, rows_of={name: found.rows_of[name] for name in chosen})
    if html is not None:
        html.write_text(page(found), encoding="utf-8")
        complain(f"Wrote {html}.")
        return
    if not all_:
        found = replace(found, rows=tuple(row for row in rows if not all(cell.is_empty for cell in row.cells.values())))
    if format_ is Format.JSON:
        print_json(asdict(found))
        return
    print_table(
        f"{found.contract} version {found.version} · {found.agency}",
        ("field", "class", *chosen),
        [(f"{row.type}.{row.field}", row.classification, *(_said(row.cells[name]) for name in chosen)) for row in found.rows],
    )


def _said(cell: Cell) -> str:
    words: list[str] = [] if cell.read == "no" else [cell.read]
    if cell.filter:
        words.append(f"filter({' '.join(cell.filter)})")
    words += [name for name in RIGHTS[2:] if getattr(cell, name)]
    return " ".join(words) or "–"


@clear_errors
def why(
    which: WhichArgument,
    right: Annotated[str, typer.Argument(help="read, filter (or filter:eq), sort, count, subscribe or trigger.")],
    field: Annotated[str, typer.Argument(metavar="TYPE.FIELD", help="E.g. `Person.personalCode`.")],
    purpose: Annotated[str | None, typer.Option(help="For this purpose; otherwise for each.")] = None,
    contracts: ContractsOption = None,
    format_: FormatOption = Format.TEXT,
) -> None:
    """May this agency, for this purpose, use this field, and by which clause?

    Names the grants, denies and bundles with file, line and column, and what else applies: masks, row rules, a case to state.
    Exit code 0 when every answer is yes, 1 when one is no.

    Example: `saite contract why LV-VP read VehicleAlert.kind --purpose EVENT_RESPONSE`
    """
    from authz.explain import why as answers_to

    if right.partition(":")[0] not in RIGHTS:
        stop(f"{right!r} is no right. There are: {', '.join(RIGHTS)}.", UNUSABLE)
    compiled = contract_of(which, contracts)
    found = [
        answer
        for name in purposes_of(compiled, purpose)
        for answer in answers_to(compiled, catalogue(), dependencies(), name, right, field)
    ]
    if format_ is Format.JSON:
        print_json([_as_json(answer) for answer in found])
    else:
        for answer in found:
            typer.echo(f"{'YES' if answer.allowed else 'NO '} {answer.purpose} {answer.right} {answer.field}: {answer.because}")
            for line in (*map(str, answer.clauses), *(f"if: {condition}" for condition in answer.conditions)):
                typer.echo(f"    {line}")
    if not all(answer.allowed for answer in found):
        raise typer.Exit(NO)


def _as_json(answer: Answer) -> dict[str, object]:
    clauses = [{"does": c.does, "file": c.file, "line": c.at.line, "column": c.at.column} for c in answer.clauses]
    return {**asdict(answer), "clauses": clauses}
