"""`saite audit replay`: would it be decided the same way again?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from saite.cli.audit.options import LogOption, location_of
from saite.cli.output import DEFAULT_DATA, NO, DataOption, Format, FormatOption, clear_errors, print_json, print_table, stop

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphql import GraphQLSchema

    from authz.audit import AuditRecord, Location
    from authz.audit.replay import Replayed


@clear_errors
def replay(
    record: Annotated[list[str] | None, typer.Argument(help="Records by id; without one, all of them.")] = None,
    document: Annotated[
        list[Path] | None, typer.Option(help="The text of an operation: records of it are replayed down to the operation.")
    ] = None,
    rules: Annotated[
        Path | None, typer.Option(metavar="DIR", help="The archive of contracts. Without it, the one beside the log.")
    ] = None,
    log: LogOption = None,
    data: DataOption = DEFAULT_DATA,
    format_: FormatOption = Format.TEXT,
) -> None:
    """Recompute decisions by the contracts and the graph of their day, and say what would be decided otherwise.

    Exit code 1 when a decision would be another one.

    Example: `saite audit replay aud_0192f0c1d2e37abc8def0123456789ab --document query.graphql`
    """
    from authz.audit.archive import ContractArchive, archive_beside
    from authz.audit.replay import Replayer, documents_of
    from saite.folder import DataFolder

    folder = DataFolder(data)
    archive = ContractArchive(rules or archive_beside(folder.audit))
    texts = {str(path): path.read_text(encoding="utf-8") for path in document or []}
    replayer = Replayer(archive, _schema_of, documents_of(texts))
    found = [replayer.replay(one) for one in _records(location_of(log, folder), record or [])]
    if format_ is Format.JSON:
        print_json([_as_json(one) for one in found])
    else:
        _print(found)
    if any(one.verdict == "different" for one in found):
        raise typer.Exit(NO)


def _schema_of(sdl: str) -> GraphQLSchema:
    """The API schema of an archived supergraph."""
    from gateway.query_graph import build_query_graph

    return build_query_graph(sdl).supergraph.api_schema


def _records(location: Location, ids: list[str]) -> Iterator[AuditRecord]:
    from authz.audit import find
    from authz.audit.reader import reading, record_in

    if not ids:
        with reading(location) as reader:
            yield from (record_in(row) for row in reader.containing([]))
    for record_id in ids:
        found = find(location, record_id)
        if found is None:
            stop(f"There is no record {record_id} in this log.")
        yield found


def _print(found: list[Replayed]) -> None:
    counts: dict[str, int] = {}
    for one in found:
        counts[one.verdict] = counts.get(one.verdict, 0) + 1
    typer.echo(", ".join(f"{number} {verdict}" for verdict, number in sorted(counts.items())) or "No record.")
    told = [one for one in found if one.differences]
    if told:
        columns = ("at (UTC)", "record", "agency", "user", "verdict", "why")
        print_table("Replayed", columns, [_row(one) for one in told])


def _row(one: Replayed) -> tuple[object, ...]:
    entry = one.record.entry
    return (
        f"{one.record.at:%Y-%m-%d %H:%M:%S}",
        one.record.id,
        entry.agency,
        entry.user,
        one.verdict,
        "; ".join(one.differences),
    )


def _as_json(one: Replayed) -> dict[str, object]:
    return {"recordId": one.record.id, "verdict": one.verdict, "differences": list(one.differences)}
