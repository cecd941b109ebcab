"""`saite projection`: what persons, vehicles and documents know of the events that they are involved in."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from saite.cli.output import DEFAULT_DATA, NO, DataOption, Format, FormatOption, clear_errors, complain, print_json
from saite.cli.serve import MetricsHostOption, MetricsOption

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

    from ingest.registers import Registers
    from subgraphs.room.enumerations import EntityKind
    from subgraphs.room.projecting import Difference

app = typer.Typer(
    no_args_is_help=True,
    help=(
        "Row rules of persons, vehicles and documents read the territories and agencies of their events. Each register keeps "
        "its own copy of that, and follows every change of an event."
    ),
)


class Room(StrEnum):
    """A register that keeps a projection."""

    PERSONS = "persons"
    VEHICLES = "vehicles"
    DOCUMENTS = "documents"


RoomArgument = Annotated[Room | None, typer.Argument(help="One register alone; without it all three.")]
_SHOWN = 10


@app.command("verify")
@clear_errors
def verify(room: RoomArgument = None, data: DataOption = DEFAULT_DATA, format_: FormatOption = Format.TEXT) -> None:
    """Hold each projection against the events. Exit code 1 when they differ. Do it while no import runs.

    Example: `saite projection verify persons`
    """
    found = asyncio.run(_differences(room, data))
    if format_ is Format.JSON:
        print_json({name: [_plain(difference) for difference in each] for name, each in found.items()})
    else:
        for name, each in found.items():
            too_much = sum(difference.shows_too_much for difference in each)
            typer.echo(f"{name}: {len(each)} differ from the events, {too_much} of them show too much")
            for difference in each[:_SHOWN]:
                typer.echo(f"  {difference.right.id}: {_said(difference)}")
    if any(found.values()):
        raise typer.Exit(NO)


@app.command("rebuild")
@clear_errors
def rebuild(room: RoomArgument = None, data: DataOption = DEFAULT_DATA, format_: FormatOption = Format.TEXT) -> None:
    """Make each projection what the events say. It may be cut off and done again.

    Example: `saite projection rebuild`
    """
    mended = asyncio.run(_rebuild(room, data))
    if format_ is Format.JSON:
        print_json(mended)
    else:
        for name, count in mended.items():
            typer.echo(f"{name}: {count} mended")


@app.command("follow")
@clear_errors
def keep_following(
    store: Annotated[
        list[str] | None, typer.Option(metavar="ROOM=URL", help="A register's database; otherwise the one of the data folder.")
    ] = None,
    broker: Annotated[
        str | None,
        typer.Option(
            metavar="URL", help="Be told of changes by RabbitMQ, where `saite changes relay` runs; otherwise by the registers."
        ),
    ] = None,
    prefix: Annotated[
        str, typer.Option(help="Goes before the names of the exchange and the queue, as `saite changes relay` has it.")
    ] = "",
    metrics_port: MetricsOption = None,
    metrics_host: MetricsHostOption = "127.0.0.1",
    data: DataOption = DEFAULT_DATA,
) -> None:
    """Follow every change of an event until Ctrl-C. Runs beside rooms that are processes of their own; `saite demo` follows by itself.

    A room sees its own register alone, so who may see a person moves with an event only when somebody tells it. More than one may run: one works.

    Example: `saite projection follow --store events=postgresql://db/events --store persons=postgresql://db/persons`
    """
    from prometheus_client import CollectorRegistry

    from kernel.logs import configure
    from saite.listen import run
    from saite.metrics import metrics_at
    from saite.registers import stores_named

    configure("text", "WARNING")
    registry = CollectorRegistry()
    with metrics_at(registry, metrics_port, complain, metrics_host):
        run(_follow(data, stores_named(store or []), broker, prefix, registry))


async def _follow(data: Path, named: dict[str, str], broker: str | None, prefix: str, registry: CollectorRegistry) -> None:
    from changes.relay import EXCHANGE
    from saite.following import follow_always
    from saite.stopping import until_stopped

    async with _registers(data, named) as registers:
        complain("Following. Ctrl-C ends it; what changes meanwhile waits for the next start.")
        await until_stopped(follow_always(registers, broker, f"{prefix}{EXCHANGE}", registry=registry))


async def _differences(room: Room | None, data: Path) -> dict[str, list[Difference]]:
    from subgraphs.room.projecting import differences

    async with _registers(data) as registers:
        return {
            name: [difference async for difference in differences(registers.projections, kind)]
            for name, kind in _chosen(registers, room).items()
        }


async def _rebuild(room: Room | None, data: Path) -> dict[str, int]:
    from subgraphs.room import projecting

    async with _registers(data) as registers:
        await projecting.follow(registers.projections)
        return {name: await projecting.rebuild(registers.projections, kind) for name, kind in _chosen(registers, room).items()}


def _registers(data: Path, named: dict[str, str] | None = None) -> AbstractAsyncContextManager[Registers]:
    from saite.folder import DataFolder
    from saite.registers import open_registers

    folder = DataFolder(data)
    folder.prepare()
    return open_registers(folder, named or {})


def _chosen(registers: Registers, room: Room | None) -> dict[str, EntityKind]:
    kinds = dict(zip((name.value for name in Room), registers.projections.by_kind, strict=True))
    return kinds if room is None else {room.value: kinds[room.value]}


def _said(difference: Difference) -> str:
    kept, right = (", ".join((*one.territories, *one.agencies)) or "nothing" for one in (difference.kept, difference.right))
    return f"kept {kept}; the events say {right}"


def _plain(difference: Difference) -> dict[str, object]:
    kept, right = difference.kept, difference.right
    return {
        "id": right.id,
        "kept": {"territories": kept.territories, "agencies": kept.agencies},
        "right": {"territories": right.territories, "agencies": right.agencies},
        "showsTooMuch": difference.shows_too_much,
    }
