"""`saite migrate`: the tables of registers in PostgreSQL."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from saite.cli.output import NO, Format, FormatOption, clear_errors, print_json, stop

if TYPE_CHECKING:
    from saite.migrating import Standing

RoomArgument = Annotated[
    str | None, typer.Argument(metavar="[ROOM]", help="One register; without it all whose SAITE_<ROOM>_STORE names a database.")
]


@clear_errors
def migrate(
    room: RoomArgument = None,
    store: Annotated[
        str | None, typer.Option(metavar="URL", help="The register's database, postgresql://…; else SAITE_<ROOM>_STORE.")
    ] = None,
    first: Annotated[
        datetime | None,
        typer.Option(
            "--from",
            formats=["%Y-%m"],
            help="The first month for which events get a partition; otherwise January of last year.",
        ),
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Change nothing; exit code 1 when something is missing.")] = False,
    format_: FormatOption = Format.TEXT,
) -> None:
    """Bring the tables of registers in PostgreSQL up to date, while everything goes on.

    Events lie in one partition a month: three months ahead are made, too, so run this at least once a month. `--check` is for the
    monitoring: it fails when a database is behind, has fewer than two months ahead, or keeps events whose month is missing.

    Example: `saite migrate events --store postgresql://saite@db.example/events`
    """
    from saite.migrating import look_at_all, migrate_all

    addresses, today = _addresses(room, store), datetime.now(UTC).date()
    begin = date(today.year - 1, 1, 1) if first is None else first.date()
    found = asyncio.run(look_at_all(addresses, today) if check else migrate_all(addresses, begin, today))
    if format_ is Format.JSON:
        print_json({name: standing.as_json() for name, standing in found.items()})
    else:
        for name, standing in found.items():
            typer.echo(f"{name}: {_said(standing)}")
    if not all(standing.is_well for standing in found.values()):
        raise typer.Exit(NO)


def _addresses(room: str | None, store: str | None) -> dict[str, str]:
    from saite.folder import ROOMS

    if room is not None and room not in ROOMS:
        stop(f"There is no register {room!r}: name one of {', '.join(ROOMS)}.")
    if store is not None:
        if room is None:
            stop("--store is the database of one register: name it, as in saite migrate events --store URL.")
        named = {room: store}
    else:
        named = {one: os.environ.get(f"SAITE_{one.upper()}_STORE", "") for one in (ROOMS if room is None else (room,))}
    found = {one: address for one, address in named.items() if address.startswith(("postgresql://", "postgres://"))}
    if not found:
        stop("No register is kept in PostgreSQL here: name its database with --store postgresql://… or SAITE_<ROOM>_STORE.")
    return found


def _said(standing: Standing) -> str:
    parts = [f"applied {', '.join(standing.applied)}" if standing.applied else "nothing to apply"]
    if standing.missing is not None:
        parts = [f"lacks {standing.missing}"]
    if standing.months is not None:
        parts.append(f"{len(standing.made)} months made, {standing.months.ahead} ahead")
        if standing.months.stray:
            parts.append(f"{standing.months.stray} events lie in no month: run saite migrate --from YYYY-MM")
    return ", ".join(parts)
