"""`saite contract simulate`: what a draft would change for operations that are really asked."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from saite.cli.contract.reading import ContractsOption, contract_of, draft
from saite.cli.output import DEFAULT_DATA, NO, DataOption, Format, FormatOption, clear_errors, print_json, print_table, stop

if TYPE_CHECKING:
    from authz.compile import CompiledContract
    from authz.explain import Difference, Sample


@clear_errors
def simulate(
    new: Annotated[Path, typer.Argument(metavar="DRAFT", help="The contract document that is not yet in force.")],
    operations: Annotated[
        Path | None,
        typer.Option(
            exists=True, file_okay=False, help="A folder of .graphql files; NAME.variables.json beside NAME.graphql has values."
        ),
    ] = None,
    against: Annotated[
        str | None, typer.Option(metavar="AGENCY|FILE", help="What is in force; otherwise the contract of the draft's agency.")
    ] = None,
    purpose: Annotated[str | None, typer.Option(help="Try documents for this purpose only.")] = None,
    records: Annotated[int, typer.Option("--records", "-n", min=1, help="How many of the newest audit records.")] = 10_000,
    contracts: ContractsOption = None,
    data: DataOption = DEFAULT_DATA,
    format_: FormatOption = Format.TEXT,
) -> None:
    """Hold recorded operations against a draft and list what would come out otherwise.

    With `--operations` each document is decided under the contract in force and under the draft. Without it the audit log of the data
    folder is read: its records hold which fields, filters and orders were used and withheld, never values. Exit code 1 when something
    that is given today would be lost.

    Example: `saite contract simulate LV-VP.v2.yaml --operations client/queries`
    """
    drafted = draft(new)
    if operations is not None:
        tried, found = _documents(operations, purpose, drafted, contract_of(against or drafted.agency, contracts))
    else:
        tried, found = _records(data, records, drafted)
    if format_ is Format.JSON:
        print_json({"tried": tried, "differences": [asdict(difference) for difference in found]})
    else:
        print_table(
            f"{drafted.contract.id} version {drafted.contract.version}: {tried} tried, {len(found)} come out otherwise",
            ("", "operation", "purpose", "what would happen"),
            [("loses" if d.is_loss else "gains", d.name, d.purpose, d.sentence) for d in found],
        )
        typer.echo(f"{tried} tried, {len(found)} come out otherwise.", err=True)
    if any(difference.is_loss for difference in found):
        raise typer.Exit(NO)


def _documents(
    folder: Path, purpose: str | None, new: CompiledContract, old: CompiledContract
) -> tuple[int, tuple[Difference, ...]]:
    from authz.explain import simulate as tried
    from saite.graph import api_schema

    samples = [_sample(path, purpose) for path in sorted(folder.rglob("*.graphql"))]
    if not samples:
        stop(f"There is no .graphql file in {folder}.")
    return tried(samples, api_schema(), old, new)


def _sample(path: Path, purpose: str | None) -> Sample:
    from authz.explain import Sample

    beside = path.with_suffix(".variables.json")
    values = json.loads(beside.read_text(encoding="utf-8")) if beside.is_file() else {}
    return Sample(path.name, path.read_text(encoding="utf-8"), None, values, purpose)


def _records(data: Path, count: int, new: CompiledContract) -> tuple[int, tuple[Difference, ...]]:
    from authz.audit import tail
    from authz.explain import recorded_of, replay
    from saite.folder import DataFolder

    read = tail(DataFolder(data).audit, count)
    return replay(recorded_of(((record.id, record.entry) for record in read), new.agency), new)
