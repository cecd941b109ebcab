"""`saite demo`: the main job in one process."""

from __future__ import annotations

import shlex
import sys
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from saite.cli.output import DEFAULT_DATA, DataOption, clear_errors, complain
from saite.cli.seed import Size, SizeOption, seeding_bar

if TYPE_CHECKING:
    from socket import socket

    from starlette.types import ASGIApp

    from saite.folder import DataFolder


@clear_errors
def demo(
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port on this machine; 0 takes a free one.")] = 4000,
    data: DataOption = DEFAULT_DATA,
    fresh: Annotated[bool, typer.Option("--fresh", help="Begin with new registers and an empty audit log.")] = False,
    size: SizeOption = Size.SMALL,
) -> None:
    """Run the gateway and the four registers in one process, on invented data, and print what to ask.

    The first start fills the registers; the next one goes on with the same data. For each of five agencies one question is printed, as a
    `saite query` line and as a `curl` line: the same graph, answered as each agency's contract allows. Ctrl-C ends it.

    Example: `saite demo --port 4000 --data .saite`
    """
    from kernel.logs import configure
    from saite.folder import DataFolder
    from saite.listen import claim, run

    started = time.monotonic()
    configure("text", "WARNING")
    folder = DataFolder(data)
    with folder.held():
        if fresh:
            folder.empty()
        run(_demo(folder, size.value, claim("127.0.0.1", port), started))


async def _demo(folder: DataFolder, size: str, claimed: socket, started: float) -> None:
    from saite.listen import collector_at_rest, serve

    async with AsyncExitStack() as stack:
        with collector_at_rest():
            application = await _built(stack, folder, size)
        await serve(application, claimed, lambda: _invite(folder, size, claimed, started))
    complain("Ended. The registers and the audit log are in " + str(folder.path))


async def _built(stack: AsyncExitStack, folder: DataFolder, size: str) -> ASGIApp:
    """The application over filled registers, which the stack closes."""
    from saite.following import in_step
    from saite.processes import embedded
    from saite.registers import open_registers
    from saite.searching import open_index, searchable
    from saite.seeding import seed_registers

    registers = await stack.enter_async_context(open_registers(folder))
    with seeding_bar() as listener:
        seeded = await seed_registers(registers, size, None, listener)
    new = {room: outcome.new for room, outcome in seeded.outcomes.items() if outcome.new}
    if new:
        amounts = ", ".join(f"{amount:,} {room}" for room, amount in new.items())
        complain(f"Invented {amounts} in {seeded.seconds:.1f} s. No person, vehicle or document in them is real.")
    index = open_index(folder)
    application = embedded(folder, registers, index)
    await stack.enter_async_context(in_step(registers))
    await stack.enter_async_context(searchable(index, registers))
    return application


def _invite(folder: DataFolder, size: str, claimed: socket, started: float) -> None:
    """Print the address and, for each agency, the two lines that can be pasted into another terminal."""
    from saite.cli.token import issue
    from saite.listen import address_of
    from saite.seeding import invented_world
    from saite.tour import curl_line, query_line, visitors
    from subgraphs.room.world.showcase import showcase

    url = f"{address_of(claimed)}/graphql"
    example = showcase(invented_world(size))
    command = str(Path(sys.argv[0]).absolute()) if "/" in sys.argv[0] else sys.argv[0]
    typer.echo(f"The graph is at {url} (ready in {time.monotonic() - started:.1f} s). Ask it from another terminal:")
    for visitor in visitors(example):
        token = issue(folder.path, visitor.agency, visitor.user, visitor.purpose, visitor.case)
        typer.echo(f"\n# {visitor.agency}: {visitor.title}, {visitor.purpose}")
        typer.echo(query_line(visitor, example, command=command, url=url, data=folder.path))
        typer.echo(curl_line(visitor, example, url=url, token=token))
    recorded = shlex.join([command, "audit", "tail", "--data", str(folder.path)])
    typer.echo(f"\n# What was recorded\n{recorded}\n\nCtrl-C ends it.")
