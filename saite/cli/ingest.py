"""`saite serve ingest` takes messages of journals and of 112; `saite ingest` tells partners what a message is."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from saite.cli.output import DEFAULT_DATA, DataOption, clear_errors

if TYPE_CHECKING:
    from socket import socket

    from ingest.receiving.service import Ways
    from ingest.receiving.sources import Sources
    from saite.folder import DataFolder
    from saite.tls import Tls

app = typer.Typer(no_args_is_help=True, help="What journals and 112 send: the schema of messages, the page for partners.")

SourcesOption = Annotated[
    Path,
    typer.Option("--sources", exists=True, dir_okay=False, help="The document that registers sources (docs/ingestion.md)."),
]
EventsOption = Annotated[
    str | None,
    typer.Option(
        "--store", metavar="URL", help="The event register's database; else SAITE_EVENTS_STORE, else a file of the data folder."
    ),
]


@clear_errors
def serve(
    sources: SourcesOption,
    broker: Annotated[
        str | None,
        typer.Option(
            "--broker", metavar="URL", envvar="SAITE_BROKER", help="RabbitMQ, amqp://USER:PASSWORD@HOST/VHOST; without it none."
        ),
    ] = None,
    folder: Annotated[
        Path | None, typer.Option("--folder", file_okay=False, help="A folder to watch: DIR/SOURCE/in/*.json and *.ndjson.")
    ] = None,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes a free one.")] = 4010,
    identity: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            help="The file of trusted identity providers (docs/identity.md); otherwise development tokens.",
        ),
    ] = None,
    tls_cert: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="Serve HTTPS with this PEM chain.")] = None,
    tls_key: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="The key of --tls-cert.")] = None,
    tls_clients: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="CA certificates (PEM) of clients that show one (RFC 8705)."),
    ] = None,
    store: EventsOption = None,
    prefix: Annotated[str, typer.Option(help="Goes before the names of all exchanges and queues.")] = "",
    data: DataOption = DEFAULT_DATA,
) -> None:
    """Take messages into the event register: over RabbitMQ, HTTPS (`POST /ingest`) and a watched folder. Receipts go back.

    Start as many as there are cores; each takes its share. `/readyz` says whether broker and register answer, `/metrics` what came in.

    Example: `saite serve ingest --sources sources.yaml --broker amqp://ingest@broker.example/`
    """
    from ingest.receiving.service import Ways
    from ingest.receiving.sources import read_sources
    from kernel.logs import configure
    from kernel.rabbitmq import Broker
    from saite.cli.serve import tls_of
    from saite.folder import DataFolder
    from saite.listen import claim, run

    configure("text", "WARNING")
    tls = tls_of(tls_cert, tls_key, tls_clients)
    registered = read_sources(sources)
    kept = DataFolder(data)
    kept.prepare()
    at_broker = None
    if broker is not None:
        from ingest.receiving.broker import topology_of

        at_broker = Broker(broker, "saite ingest", topology_of(registered, prefix))
    ways = Ways(at_broker, folder, prefix)
    run(_serve(kept, registered, ways, {} if store is None else {"events": store}, claim(host, port), identity, tls))


async def _serve(
    folder: DataFolder,
    sources: Sources,
    ways: Ways,
    named: dict[str, str],
    claimed: socket,
    identity: Path | None,
    tls: Tls | None,
) -> None:
    from saite.listen import address_of, serve
    from saite.receiving import ingest, receiving

    async with receiving(folder, sources, named) as receiver:
        application = ingest(folder, receiver, ways, identity).application()
        await serve(application, claimed, lambda: typer.echo(f"Messages are taken at {address_of(claimed, tls)}/ingest"), tls)


@app.command()
@clear_errors
def schema(
    receipt: Annotated[bool, typer.Option("--receipt", help="That of receipts instead.")] = False,
) -> None:
    """Print the JSON Schema of messages."""
    from ingest.receiving.schema import message_schema, receipt_schema, text_of

    typer.echo(text_of(receipt_schema() if receipt else message_schema()), nl=False)


@app.command()
@clear_errors
def asyncapi() -> None:
    """Print the page for partners who send over RabbitMQ (AsyncAPI 3)."""
    from ingest.receiving.asyncapi import text

    typer.echo(text(), nl=False)


@app.command()
@clear_errors
def take(
    files: Annotated[
        list[Path], typer.Argument(exists=True, dir_okay=False, help="Messages: *.json, or *.ndjson with one a line.")
    ],
    sources: SourcesOption,
    store: EventsOption = None,
    data: DataOption = DEFAULT_DATA,
) -> None:
    """Take messages from files at once, as an operator, and print their receipts: for tests and for emergencies."""
    from ingest.receiving.sources import read_sources
    from saite.folder import DataFolder

    folder = DataFolder(data)
    folder.prepare()
    asyncio.run(_take(folder, read_sources(sources), {} if store is None else {"events": store}, files))


async def _take(folder: DataFolder, sources: Sources, named: dict[str, str], files: list[Path]) -> None:
    import msgspec

    from ingest.receiving.folder import BATCH, messages_in
    from ingest.receiving.receiver import Incoming
    from saite.receiving import receiving

    speaks_for = frozenset(source.id for source in sources)
    async with receiving(folder, sources, named) as receiver:
        for path in files:
            raws = messages_in(path)
            for start in range(0, len(raws), BATCH):
                for taken in await receiver.take([Incoming(raw, speaks_for) for raw in raws[start : start + BATCH]]):
                    typer.echo(msgspec.json.encode(taken.receipt).decode())
