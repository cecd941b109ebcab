"""`saite seed`: invented registers."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from saite.cli.output import DEFAULT_DATA, DataOption, Format, FormatOption, StoreOption, clear_errors, print_json

if TYPE_CHECKING:
    from saite.folder import DataFolder
    from saite.seeding import Seeded, SeedListener


class Size(StrEnum):
    """How many events the invented registers hold: 1,000, 10,000, 100,000 or 1,000,000."""

    TINY = "tiny"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


SizeOption = Annotated[
    Size, typer.Option(help="1,000, 10,000, 100,000 or 1,000,000 events, with persons, vehicles and documents to match.")
]


@clear_errors
def seed(
    size: SizeOption = Size.SMALL,
    random: Annotated[
        int | None, typer.Option("--seed", min=0, help="Another number invents other registers; the same one the same.")
    ] = None,
    store: StoreOption = None,
    data: DataOption = DEFAULT_DATA,
    format_: FormatOption = Format.TEXT,
) -> None:
    """Fill the registers with an invented world: no person, vehicle or document in it is real.

    Cut off, it goes on where it ended; a smaller world grows into a larger one of the same seed.

    Example: `saite seed --size medium`
    """
    from saite.folder import DataFolder

    folder = DataFolder(data)
    with seeding_bar() as listener:
        seeded = asyncio.run(_seed(folder, store or [], size.value, random, listener))
    if format_ is Format.JSON:
        print_json(seeded.as_json())
    else:
        for room, outcome in seeded.outcomes.items():
            typer.echo(f"{room}: {outcome.new} new, {outcome.changed} changed, {outcome.same} there before")
        typer.echo(f"in {seeded.seconds:.1f} s")


async def _seed(folder: DataFolder, stores: list[str], size: str, random: int | None, listener: SeedListener) -> Seeded:
    from saite.registers import open_registers, stores_named
    from saite.seeding import seed_registers

    folder.prepare()
    async with open_registers(folder, stores_named(stores)) as registers:
        return await seed_registers(registers, size, random, listener)


@contextmanager
def seeding_bar() -> Iterator[SeedListener]:
    """One bar a room on standard error; none when nobody is looking."""
    if not sys.stderr.isatty():
        yield lambda _room, _done, _total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description:<10}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("events"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def listen(room: str, done: int, total: int) -> None:
            if room not in tasks:
                tasks[room] = bar.add_task(room, total=total)
            bar.update(tasks[room], completed=done, total=total)

        yield listen
