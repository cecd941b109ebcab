"""What operators scrape of a process: sign-ins, refusals, quotas, the audit chain, contracts and emergencies in force.

In: the parts of a running gateway or room, which count for themselves. Out: measures in a registry, and a page of them on a
port of its own: contracts open none of it to agencies, so it listens on this machine unless told otherwise. Labels name
contracts, reasons and codes, never a person, a user or a client.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kernel.metrics import Measure, Readings, by_label, measured, one

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

    from authz.book import BookFollower
    from authz.break_glass import EmergencyLedger
    from authz.identity import Trust
    from gateway.access.contract import ContractGate
    from kernel.clock import Clock
    from subgraphs.room.guard import Guard

LOOPBACK: Final = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Counted:
    """The parts of a gateway that are asked."""

    gate: ContractGate
    books: BookFollower
    trust: Trust
    glass: EmergencyLedger
    clock: Clock


def gateway_measures(registry: CollectorRegistry, parts: Counted) -> None:
    """What is told of a gateway."""
    gate, trust = parts.gate, parts.trust
    exchange = trust.exchange
    sources = {"token": trust.tokens.refusals.snapshot} | ({} if exchange is None else {"exchange": exchange.refusals.snapshot})

    def rejected() -> Readings:
        return [((at, reason), number) for at, ask in sources.items() for reason, number in sorted(ask().items())]

    def emergencies() -> Readings:
        known, now = parts.glass.all(), parts.clock.now()
        yield ("in_force",), sum(each.ends_at > now for each in known)
        yield ("unreviewed",), sum(each.review is None for each in known)

    measured(
        registry,
        Measure(
            "saite_authentications_rejected", "Sign-ins refused, by where and why.", rejected, ("at", "reason"), grows=True
        ),
        Measure("saite_refusals", "Requests refused or failed, by code.", by_label(gate.refusals), ("code",), grows=True),
        Measure(
            "saite_quotas",
            "Quotas that ran low (80 %) or were exceeded.",
            by_label(gate.quotas.snapshot),
            ("what",),
            grows=True,
        ),
        Measure(
            "saite_emergencies", "Emergencies that are in force, and those that wait for a review.", emergencies, ("state",)
        ),
        Measure("saite_audit_chain_ok", "1 while the audit chain of this process can be continued.", one(gate.audit_is_sound)),
        Measure(
            "saite_audit_records", "The number of the newest durable record of this process's chain.", one(gate.audit_records)
        ),
    )
    contract_measures(registry, parts.books)


def room_measures(registry: CollectorRegistry, guard: Guard, books: BookFollower) -> None:
    """What is told of a room."""
    rejected = by_label(guard.refusals.snapshot)
    measured(
        registry,
        Measure("saite_contexts_rejected", "Calls without a genuine context, by why.", rejected, ("reason",), grows=True),
    )
    contract_measures(registry, books)


def contract_measures(registry: CollectorRegistry, books: BookFollower) -> None:
    """Which contracts are in force, and what is wrong with others."""

    def versions() -> Readings:
        book = books.current
        for agency in sorted({compiled.agency for compiled in book.contracts.values()}):
            compiled = book.of_agency(agency)
            if compiled is not None:
                yield (compiled.contract.id,), compiled.contract.version

    def confirmed() -> float:
        return books.status.confirmed.timestamp()

    measured(
        registry,
        Measure("saite_contract_version", "The version that is in force.", versions, ("contract",)),
        Measure("saite_contract_alarms", "What is wrong with contracts now.", one(lambda: len(books.status.alarms))),
        Measure(
            "saite_contract_failures", "What went wrong with contracts so far.", one(lambda: books.status.failures), grows=True
        ),
        Measure(
            "saite_contracts_confirmed_timestamp_seconds",
            "When the contracts were last seen to be current.",
            one(confirmed),
        ),
    )


@contextmanager
def metrics_at(
    registry: CollectorRegistry, port: int | None, say: Callable[[str], object], host: str = LOOPBACK
) -> Iterator[None]:
    """The page of `registry` on a port of its own while the body runs; port 0 takes a free one, None serves nothing.

    Raises AddressUnusable.
    """
    if port is None:
        yield
        return
    from prometheus_client import start_http_server

    from saite.listen import AddressUnusable

    try:
        server, thread = start_http_server(port, host, registry)
    except OSError as error:
        raise AddressUnusable(
            f"Metrics cannot be served on {host}:{port} ({error.strerror or error}): choose another."
        ) from None
    try:
        say(f"Metrics are at http://{host}:{server.server_port}/metrics")
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
