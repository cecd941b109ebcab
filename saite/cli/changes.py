"""`saite changes`: what changed in the registers, on its way to those who follow."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from saite.cli.output import (
    DEFAULT_DATA,
    NO,
    DataOption,
    Format,
    FormatOption,
    StoreOption,
    clear_errors,
    complain,
    print_json,
    print_table,
)
from saite.cli.serve import MetricsHostOption, MetricsOption

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

    from ingest.registers import Registers
    from saite.relaying import Standing

app = typer.Typer(
    no_args_is_help=True,
    help="Every change of a register is noted with it. The relay takes changes to RabbitMQ; followers without it read them from the registers.",
)

_LATE_SECONDS = 300.0


@app.command("relay")
@clear_errors
def relay(
    broker: Annotated[
        str, typer.Option(metavar="URL", envvar="SAITE_BROKER", help="RabbitMQ, amqp://USER:PASSWORD@HOST/VHOST.")
    ],
    consumer: Annotated[
        list[str] | None,
        typer.Option(help="Whose queue there is, `changes.NAME`; may be given more than once. Otherwise `projections`."),
    ] = None,
    metrics_port: MetricsOption = None,
    metrics_host: MetricsHostOption = "127.0.0.1",
    prefix: Annotated[str, typer.Option(help="Goes before the names of the exchange and of all queues.")] = "",
    store: StoreOption = None,
    data: DataOption = DEFAULT_DATA,
) -> None:
    """Take the changes of all registers to the exchange `changes` of RabbitMQ until Ctrl-C, as CloudEvents.

    More than one may run: one works for each register, the others wait. Name only consumers that run: a queue that nobody reads fills up,
    and then the relay waits for it.

    Example: `saite changes relay --broker amqp://saite@broker.example/ --consumer projections --consumer search`
    """
    from prometheus_client import CollectorRegistry

    from kernel.logs import configure
    from saite.listen import run
    from saite.metrics import metrics_at
    from saite.registers import stores_named

    configure("text", "WARNING")
    registry = CollectorRegistry()
    with metrics_at(registry, metrics_port, complain, metrics_host):
        run(_relay(data, stores_named(store or []), broker, consumer or ["projections"], prefix, registry))


async def _relay(
    data: Path, named: dict[str, str], broker: str, consumers: list[str], prefix: str, registry: CollectorRegistry
) -> None:
    from changes.relay import EXCHANGE
    from saite.following import rooms_of
    from saite.relaying import relaying
    from saite.stopping import until_stopped

    async with _registers(data, named) as registers:
        work = relaying(rooms_of(registers), broker, consumers, f"{prefix}{EXCHANGE}")
        work.measured_in(registry)
        complain("Relaying. Ctrl-C ends it; what changes meanwhile waits for the next start.")
        await until_stopped(work.run())


@app.command("status")
@clear_errors
def status(store: StoreOption = None, data: DataOption = DEFAULT_DATA, format_: FormatOption = Format.TEXT) -> None:
    """Say how far each follower of each register is. Exit code 1 when a change has waited for more than five minutes.

    Example: `saite changes status --format json`
    """
    from saite.registers import stores_named

    found, now = asyncio.run(_status(data, stores_named(store or []))), datetime.now(UTC)
    if format_ is Format.JSON:
        print_json([standing.as_json(now) for standing in found])
    else:
        rows = [(one.room, one.follower, one.position, one.waiting, one.lag_seconds(now)) for one in found]
        print_table("Followers of changes", ("register", "follower", "position", "waiting", "lag in seconds"), rows)
    if any(standing.lag_seconds(now) > _LATE_SECONDS for standing in found):
        raise typer.Exit(NO)


async def _status(data: Path, named: dict[str, str]) -> list[Standing]:
    from saite.following import rooms_of
    from saite.relaying import standings

    async with _registers(data, named) as registers:
        return await standings(rooms_of(registers))


@app.command("skip")
@clear_errors
def skip_(
    follower: Annotated[str, typer.Argument(help="`relay`, `projections`, `search`, …")],
    store: StoreOption = None,
    data: DataOption = DEFAULT_DATA,
) -> None:
    """Let a follower pass over all that changed so far: after a large seed or import, when it builds anew from the registers anyway.

    Example: `saite changes skip relay`
    """
    from saite.registers import stores_named

    for room, position in asyncio.run(_skip(data, stores_named(store or []), follower)).items():
        typer.echo(f"{room}: {follower} is at change {position}")


async def _skip(data: Path, named: dict[str, str], follower: str) -> dict[str, int]:
    from saite.following import rooms_of
    from saite.relaying import skip

    async with _registers(data, named) as registers:
        return await skip(rooms_of(registers), follower)


@app.command("forget")
@clear_errors
def forget(
    days: Annotated[int, typer.Option(min=0, help="How long changes are kept after every follower has dealt with them.")] = 7,
    store: StoreOption = None,
    data: DataOption = DEFAULT_DATA,
) -> None:
    """Delete old changes that every follower has dealt with. `saite projection follow` and `saite demo` do it by themselves.

    Example: `saite changes forget --days 30`
    """
    from saite.registers import stores_named

    before = datetime.now(UTC) - timedelta(days=days)
    for room, gone in asyncio.run(_forget(data, stores_named(store or []), before)).items():
        typer.echo(f"{room}: {gone} forgotten")


async def _forget(data: Path, named: dict[str, str], before: datetime) -> dict[str, int]:
    from saite.following import rooms_of

    async with _registers(data, named) as registers:
        return {name: await room.forget(before) for name, room in rooms_of(registers).items()}


@app.command("schema")
@clear_errors
def schema() -> None:
    """Print the JSON Schema of a change, as consumers get it.

    Example: `saite changes schema`
    """
    from changes.change import json_schema

    print_json(json_schema())


def _registers(data: Path, named: dict[str, str]) -> AbstractAsyncContextManager[Registers]:
    from saite.folder import DataFolder
    from saite.registers import open_registers

    folder = DataFolder(data)
    folder.prepare()
    return open_registers(folder, named)
