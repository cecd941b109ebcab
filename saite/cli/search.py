"""`saite search`: the index over the four registers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from saite.cli.output import DEFAULT_DATA, NO, DataOption, Format, FormatOption, clear_errors, complain, print_json

if TYPE_CHECKING:
    from search.index import SearchIndex
    from search.indexing import Difference, Source

app = typer.Typer(
    no_args_is_help=True,
    help=(
        "The index that `search` and `searchPersons`, … answer from. It follows the registers; where it is: `SAITE_SEARCH` names an "
        "Elasticsearch, without it the index is in the data folder."
    ),
)

StoreOption = Annotated[
    list[str] | None,
    typer.Option("--store", metavar="ROOM=URL", help="A register's database; otherwise the one of the data folder."),
]
_SHOWN = 10


@app.command("rebuild")
@clear_errors
def rebuild(store: StoreOption = None, data: DataOption = DEFAULT_DATA, format_: FormatOption = Format.TEXT) -> None:
    """Fill a new index and let it answer when it is whole; until then the one before goes on answering.

    Example: `saite search rebuild`
    """
    written = asyncio.run(_rebuild(data, store))
    if format_ is Format.JSON:
        print_json(written)
    else:
        typer.echo(", ".join(f"{name}: {amount:,}" for name, amount in written.items()) or "The registers are empty.")


@app.command("verify")
@clear_errors
def verify(
    store: StoreOption = None,
    mend: Annotated[bool, typer.Option("--mend", help="Write anew what differs.")] = False,
    data: DataOption = DEFAULT_DATA,
    format_: FormatOption = Format.TEXT,
) -> None:
    """Hold the index against the registers, by count and digest. Exit code 1 when they differ (and nothing was mended).

    What is written meanwhile may show up as different: follow first, or do it when nothing is being written.

    Example: `saite search verify --mend`
    """
    found = asyncio.run(_verify(data, store, mend))
    if format_ is Format.JSON:
        print_json([_plain(difference) for difference in found])
    else:
        for each in found:
            state = "the same" if not each.ids else f"{len(each.ids)} differ" + (", mended" if mend else "")
            typer.echo(f"{each.type_name}: {each.in_register:,} in the register, {each.in_index:,} in the index, {state}")
            for one in each.ids[:_SHOWN]:
                typer.echo(f"  {one}")
    if any(each.ids for each in found) and not mend:
        raise typer.Exit(NO)


@app.command("follow")
@clear_errors
def keep_following(store: StoreOption = None, data: DataOption = DEFAULT_DATA) -> None:
    """Follow every change of the registers until Ctrl-C; fill the index first where there is none. `saite demo` does it by itself.

    Example: `saite search follow --store persons=postgresql://db/persons`
    """
    from kernel.logs import configure

    configure("text", "WARNING")
    with suppress(KeyboardInterrupt):
        asyncio.run(_follow(data, store))


@app.command("status")
@clear_errors
def status(store: StoreOption = None, data: DataOption = DEFAULT_DATA, format_: FormatOption = Format.TEXT) -> None:
    """How far the index is behind each register. Exit code 1 when there is no index yet.

    Example: `saite search status --format json`
    """
    behind = asyncio.run(_status(data, store))
    if behind is None:
        complain("There is no index yet: `saite search rebuild` makes one.")
        raise typer.Exit(NO)
    if format_ is Format.JSON:
        print_json(behind)
    else:
        for room, each in behind.items():
            typer.echo(f"{room}: at change {each['position']} of {each['last']}")


@asynccontextmanager
async def _opened(data: Path, store: list[str] | None) -> AsyncIterator[tuple[SearchIndex, tuple[Source, ...]]]:
    from saite.folder import DataFolder
    from saite.registers import open_registers, stores_named
    from saite.searching import open_index, sources_of

    folder = DataFolder(data)
    folder.prepare()
    async with open_registers(folder, stores_named(store or [])) as registers:
        index = open_index(folder)
        try:
            yield index, sources_of(registers)
        finally:
            await index.close()


async def _rebuild(data: Path, store: list[str] | None) -> dict[str, int]:
    from search.indexing import rebuild as rebuilt

    async with _opened(data, store) as (index, sources):
        return await rebuilt(index, sources)


async def _verify(data: Path, store: list[str] | None, mend: bool) -> list[Difference]:
    from search.indexing import differ
    from search.indexing import mend as mended

    async with _opened(data, store) as (index, sources):
        found = []
        for source in sources:
            difference = await differ(index, source)
            if mend:
                await mended(index, source, difference.ids)
            found.append(difference)
        return found


async def _follow(data: Path, store: list[str] | None) -> None:
    from saite.searching import follow_always

    async with _opened(data, store) as (index, sources):
        complain("Following. Ctrl-C ends it; what changes meanwhile waits for the next start.")
        await follow_always(index, sources)


async def _status(data: Path, store: list[str] | None) -> dict[str, dict[str, int]] | None:
    async with _opened(data, store) as (index, sources):
        if not await index.is_ready():
            return None
        return {
            source.room: {"position": await index.position(source.room), "last": await source.changes.last()}
            for source in sources
        }


def _plain(difference: Difference) -> dict[str, Any]:
    return {
        "type": difference.type_name,
        "register": {"count": difference.in_register, "digest": difference.digest_of_register},
        "index": {"count": difference.in_index, "digest": difference.digest_of_index},
        "differ": list(difference.ids),
    }
