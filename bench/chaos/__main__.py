"""Registrations go from journals into the register while every part is killed with -9, the broker and the database included.

    scripts/chaos [--registrations 20000] [--seed 1] [--mutant NAME] [--shared]

Prints what happened as JSON. Exit code 0: nothing lost, nothing doubled, every receipt there and true; 1: something is not.
The journals never send again what the broker confirmed: so the broker, the register and the receipts have to hold by
themselves, and a safeguard that is taken out (`--mutant`) shows. With `--shared` the servers that the environment names are
used, and not killed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import secrets
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg

from bench.chaos import checking, servers
from bench.chaos.mutants import MUTANTS
from bench.chaos.parts import Part, Place, journal, worker
from ingest.receiving.broker import topology_of
from ingest.receiving.sources import read_sources
from journal.outbox import Outbox
from kernel.rabbitmq import Broker, Topology, linked
from saite.migrating import migrate_all

SOURCES = ("pp-riga", "vp")
AT_ONCE = 600
"""More messages are added when fewer than these are without a receipt."""
AGENCIES = {"pp-riga": "LV-PP-RIGA", "vp": "LV-VP"}
BODY = {
    "unit": "2. nodaļa",
    "submission": {"receiptForm": "ORAL", "channel": "CALL_112", "receivedAt": "2026-11-23T11:50:00+02:00"},
    "kind": "ADMINISTRATIVE_VIOLATION",
    "place": {"atvk": "0001000"},
    "summary": "Troksnis kāpņu telpā.",
}
BEFOREHAND = (
    "aio_pika",
    "authz.identity",
    "ingest.receiving.service",
    "saite.cli.ingest",
    "saite.cli.journal",
    "saite.processes",
    "saite.receiving",
    "subgraphs.events.store_postgresql",
    "uvicorn.protocols.http.httptools_impl",
    "uvloop",
)
"""What parts import: before the forks, so that a part is there at once after a kill."""
CHANGES = (("dispatch", {"crew": "R-1"}), ("recordArrival", {"crew": "R-1"}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--registrations", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mutant", choices=MUTANTS)
    parser.add_argument("--shared", action="store_true")
    parser.add_argument("--pause", type=float, default=2.0, help="seconds between kills, in the middle")
    parser.add_argument("--quiet", type=float, default=60.0, help="seconds without progress after which it is over")
    options = parser.parse_args()
    for module in BEFOREHAND:
        import_module(module)
    with tempfile.TemporaryDirectory() as folder, running(Path(folder), options) as (place, killable):
        report = run(place, killable, options)
    print(json.dumps(report, indent=2))
    sys.exit(1 if report["violations"] else 0)


@contextmanager
def running(folder: Path, options: argparse.Namespace) -> Iterator[tuple[Place, dict[str, servers.Server]]]:
    """Servers, a database, what the broker has; removed at the end."""
    folder.chmod(0o755)
    own = {} if options.shared else servers.started(_made(folder / "servers"))
    try:
        server = os.environ["SAITE_TEST_POSTGRESQL_URL"] if options.shared else own["postgresql"].address
        broker = os.environ["SAITE_TEST_RABBITMQ_URL"] if options.shared else own["rabbitmq"].address
        name = f"chaos_{secrets.token_hex(4)}"
        place = Place(folder, urlsplit(server)._replace(path=f"/{name}").geturl(), broker, f"{name}.", options.mutant)
        user = urlsplit(broker).username
        said = [{"id": source, "agency": AGENCIES[source], "brokerUser": user} for source in SOURCES]
        place.sources.write_text(json.dumps({"sources": said}))
        asyncio.run(_prepare(server, name, place))
        try:
            yield place, own
        finally:
            if options.shared:
                asyncio.run(_remove(server, name, place))
    finally:
        servers.stopped(own)


def run(place: Place, own: dict[str, servers.Server], options: argparse.Namespace) -> dict[str, object]:
    """Feed, kill, wait for quiet, check."""
    rng = random.Random(options.seed)
    feeding = _feeding(place, options.registrations // len(SOURCES))
    messages = next(feeding)
    parts = [worker(place, 1), worker(place, 2), *(journal(place, source) for source in SOURCES)]
    for part in parts:
        part.start()
    began = time.monotonic()
    try:
        kills = _killed_until_done(place, parts, own, rng, options, feeding)
        messages += kills.pop("fed", 0)
    finally:
        took = time.monotonic() - began
        for part in parts:
            part.kill()
    found = asyncio.run(checking.violations(place, SOURCES))
    return {
        "registrations": options.registrations,
        "messages": messages,
        "seed": options.seed,
        "mutant": options.mutant,
        "seconds": round(took, 1),
        "kills": dict(sorted(kills.items())),
        "violations": len(found),
        "examples": found[:10],
    }


def _killed_until_done(
    place: Place,
    parts: list[Part],
    own: dict[str, servers.Server],
    rng: random.Random,
    options: argparse.Namespace,
    feeding: Iterator[int],
) -> Counter[str]:
    """Kill one after the other, everything in turn, until every message has its receipt or nothing moves any more.

    The journals have something to send all the while. Returns the kills, and under `fed` how many messages more there were.
    """
    kills: Counter[str] = Counter()
    victims: list[Part | servers.Server] = []
    left, since = checking.unsettled(place, SOURCES), time.monotonic()
    next_kill = since + options.pause
    while left and time.monotonic() - since < options.quiet:
        time.sleep(0.2)
        if left < AT_ONCE:
            kills["fed"] += next(feeding, 0)
        now_left = checking.unsettled(place, SOURCES)
        if now_left != left:
            left, since = now_left, time.monotonic()
        for part in parts:
            if not part.is_alive():
                kills[f"ended by itself: {part.name}"] += 1
                part.start()
        if time.monotonic() >= next_kill and time.monotonic() - since < options.pause * 4:
            if not victims:  # every part once, the servers once in four rounds of the others
                victims = [*parts * 3, *own.values()]
                rng.shuffle(victims)
            victim = victims.pop()
            victim.kill()
            time.sleep(rng.uniform(0, 0.3))
            victim.start()
            kills[victim.name.split()[0]] += 1
            next_kill = time.monotonic() + rng.uniform(0.5, 1.5) * options.pause
    return kills


def _feeding(place: Place, number: int) -> Iterator[int]:
    """Adds so many registrations to each journal, every tenth with changes after it, part by part; the number of messages."""
    for start in range(0, number, AT_ONCE // 2):
        events = range(start, min(number, start + AT_ONCE // 2))
        yield sum(_fed(place, source, events) for source in SOURCES)


def _fed(place: Place, source: str, events: range) -> int:
    with closing(Outbox(place.journal(source), source)) as outbox:
        entries = (
            {"kind": kind, "sourceEventNo": f"2026/{event}", "body": body}
            for event in events
            for kind, body in (("registerEvent", BODY), *(CHANGES if event % 10 == 0 else ()))
        )
        return len(outbox.add(entries))


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


async def _prepare(server: str, name: str, place: Place) -> None:
    connection = await asyncpg.connect(server)
    await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()
    today = datetime.now(UTC).date()
    await migrate_all({"events": place.database}, date(today.year, today.month, 1), today)
    topology = topology_of(read_sources(place.sources), place.prefix)
    async with linked(Broker(place.broker, "chaos", topology)):
        pass


async def _remove(server: str, name: str, place: Place) -> None:
    async with linked(Broker(place.broker, "chaos", Topology())) as link:
        await link.remove(topology_of(read_sources(place.sources), place.prefix))
    connection = await asyncpg.connect(server)
    await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await connection.close()


if __name__ == "__main__":
    main()
