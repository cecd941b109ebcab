"""`saite serve`: the parts as processes of their own."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from saite.cli.output import DEFAULT_DATA, UNUSABLE, DataOption, clear_errors, complain, stop

if TYPE_CHECKING:
    from socket import socket

    from prometheus_client import CollectorRegistry

    from saite.contracts import ContractSource
    from saite.folder import DataFolder
    from saite.tls import Tls

app = typer.Typer(no_args_is_help=True, help="Run the gateway or one register as a process of its own.")

HostOption = Annotated[str, typer.Option(help="The address to listen on.")]
ContractsOption = Annotated[
    str | None,
    typer.Option(
        "--contracts",
        metavar="DIR|URL",
        envvar="SAITE_CONTRACTS",
        help="A folder of contracts, or the database that `saite contract publish` put them into; otherwise the shipped ones.",
    ),
]
UnsignedOption = Annotated[
    bool,
    typer.Option("--unsigned-contracts", help="Let contracts of --contracts in that nobody signed. Never in production."),
]
PublishedOption = Annotated[
    bool, typer.Option("--published", help="Follow the contracts that `saite contract publish` put into the data folder.")
]


MetricsOption = Annotated[
    int | None,
    typer.Option(
        "--metrics-port",
        min=0,
        max=65535,
        help="Tell Prometheus about this process at this port of this machine; 0 takes a free one.",
    ),
]
MetricsHostOption = Annotated[
    str, typer.Option("--metrics-host", help="The address for --metrics-port: one that no agency reaches.")
]


class Room(StrEnum):
    """The four registers."""

    EVENTS = "events"
    PERSONS = "persons"
    VEHICLES = "vehicles"
    DOCUMENTS = "documents"


IdentityOption = Annotated[
    Path | None,
    typer.Option(
        exists=True,
        dir_okay=False,
        help="The file of trusted identity providers (docs/identity.md); otherwise development tokens.",
    ),
]

OPEN_WARNING = """
!!! OPEN MODE: NOTHING IS PROTECTED !!!
Whoever reaches {address} may ask everything that the subgraphs give: no identity, no contract, no audit.
For a developer's machine only.
"""


@app.command()
@clear_errors
def gateway(
    supergraph: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="A supergraph SDL by any composer; otherwise the shipped one."),
    ] = None,
    host: HostOption = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes a free one.")] = 4000,
    open_: Annotated[
        bool, typer.Option("--open", help="Protect NOTHING: no identity, contracts or audit. For foreign supergraphs.")
    ] = False,
    route: Annotated[
        list[str] | None, typer.Option(metavar="NAME=URL", help="Where a subgraph is, instead of the supergraph's address.")
    ] = None,
    contracts: ContractsOption = None,
    published: PublishedOption = False,
    unsigned: UnsignedOption = False,
    identity: IdentityOption = None,
    tls_cert: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="Serve HTTPS with this PEM chain.")] = None,
    tls_key: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="The key of --tls-cert.")] = None,
    tls_clients: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="CA certificates (PEM) of clients that show one (RFC 8705)."),
    ] = None,
    metrics_port: MetricsOption = None,
    metrics_host: MetricsHostOption = "127.0.0.1",
    data: DataOption = DEFAULT_DATA,
) -> None:
    """Serve a supergraph at /graphql, in front of subgraphs that run elsewhere.

    Without `--open` every request needs a token, is answered as the agency's contract allows, and is recorded in the audit log of the
    data folder; the supergraph must carry the rights directives of Saite's rooms. With `--open` nothing is protected.

    Contracts are followed: a new version in the folder or database comes into force by itself, in every process at the same moment. Those of
    your own have to be signed by both parties (`saite contract sign`); their public keys are in keys/parties in the data folder.

    Example: `saite serve gateway --supergraph supergraph.graphql --open --port 4000`
    """
    from prometheus_client import CollectorRegistry

    from kernel.logs import configure
    from saite.contracts import source_of
    from saite.listen import address_of, claim, run, serve
    from saite.metrics import metrics_at
    from saite.processes import open_gateway, protected_gateway

    configure("text", "WARNING")
    tls = tls_of(tls_cert, tls_key, tls_clients)
    routes = _routes(route or [])
    registry = CollectorRegistry()
    if open_:
        if metrics_port is not None:
            stop("--open protects nothing, so --metrics-port has nothing to tell.", UNUSABLE)
        if supergraph is None:
            stop("--open needs --supergraph FILE: the registers of Saite are never served unprotected.", UNUSABLE)
        application = open_gateway(supergraph.read_text(encoding="utf-8"), routes)
    else:
        text = None if supergraph is None else supergraph.read_text(encoding="utf-8")
        source = source_of(contracts, published=published, unsigned=unsigned)
        application = protected_gateway(data, text, source, routes, identity, registry)
    claimed = claim(host, port)
    if open_:
        complain(OPEN_WARNING.format(address=f"{address_of(claimed, tls)}/graphql"))
    with metrics_at(registry, metrics_port, typer.echo, metrics_host):
        run(serve(application, claimed, lambda: typer.echo(f"The gateway answers at {address_of(claimed, tls)}/graphql"), tls))


@app.command()
@clear_errors
def subgraph(
    room: Annotated[Room, typer.Argument(help="Which register.")],
    host: HostOption = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes a free one.")] = 0,
    contracts: ContractsOption = None,
    published: PublishedOption = False,
    unsigned: UnsignedOption = False,
    store: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="The register's database, postgresql://…; else SAITE_<ROOM>_STORE, else a file of the data folder.",
        ),
    ] = None,
    metrics_port: MetricsOption = None,
    metrics_host: MetricsHostOption = "127.0.0.1",
    data: DataOption = DEFAULT_DATA,
) -> None:
    """Serve one register. It answers only requests that the gateway of the same data folder signed.

    Example: `saite serve subgraph events --port 4001`
    """
    from prometheus_client import CollectorRegistry

    from kernel.logs import configure
    from saite.contracts import source_of
    from saite.folder import DataFolder
    from saite.listen import claim, run
    from saite.metrics import metrics_at

    configure("text", "WARNING")
    folder = DataFolder(data)
    folder.prepare()
    named = {} if store is None else {room.value: store}
    source = source_of(contracts, published=published, unsigned=unsigned)
    registry = CollectorRegistry()
    with metrics_at(registry, metrics_port, typer.echo, metrics_host):
        run(_serve_room(folder, room.value, named, source, claim(host, port), registry))


async def _serve_room(
    folder: DataFolder,
    room: str,
    named: dict[str, str],
    contracts: ContractSource,
    claimed: socket,
    registry: CollectorRegistry,
) -> None:
    from saite.listen import address_of, serve
    from saite.processes import room_application
    from saite.registers import open_one

    async with open_one(folder, room, named) as store:
        application = room_application(folder, store, room, contracts, registry)
        await serve(application, claimed, lambda: typer.echo(f"The register {room} answers at {address_of(claimed)}/graphql"))


def tls_of(certificate: Path | None, key: Path | None, clients: Path | None) -> Tls | None:
    """What the options of TLS say together; ends the command when they do not fit."""
    from saite.tls import Tls

    if certificate is None and key is None and clients is None:
        return None
    if certificate is None or key is None:
        stop("HTTPS needs --tls-cert and --tls-key together.", UNUSABLE)
    tls = Tls(certificate, key, clients)
    tls.context()  # what cannot be used is said before anything starts
    return tls


def _routes(texts: list[str]) -> dict[str, str]:
    routes = {}
    for text in texts:
        name, separator, url = text.partition("=")
        if not separator or not url.startswith(("http://", "https://")):
            stop(f"--route {text!r} has not the form NAME=http://…")
        routes[name] = url
    return routes
