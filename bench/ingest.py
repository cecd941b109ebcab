"""What taking a registration costs: messages that wait in RabbitMQ go into a register in PostgreSQL, receipts come back.

    eval "$(scripts/services env)"; .venv/bin/python -m bench.ingest [--registrations 10000] [--workers 2]

Uses the servers that the environment names, with a database, queues and a folder of its own, which it removes. Prints
registrations a second from the first message taken to the last receipt in its queue, and the CPU seconds of each part for a
thousand registrations. What else the machine does meanwhile makes the first worse and leaves the others nearly as they are.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg

from ingest.receiving.broker import topology_of
from ingest.receiving.sources import Source, Sources, sources_of
from kernel.rabbitmq import Broker, Letter, Link, Topology, linked
from saite.migrating import migrate_all

HOUSE = Path(__file__).resolve().parents[1]
TICK = os.sysconf("SC_CLK_TCK")
AGENCIES = ("LV-PP-RIGA", "LV-PP-JURMALA", "LV-PP-LIEPAJA", "LV-VP")


@dataclass(frozen=True)
class Place:
    """Where one run happens."""

    folder: Path
    database: str
    broker: str
    prefix: str
    sources: Sources


def registration(source: str, number: int) -> bytes:
    """One message, of the size that journals send."""
    body = {
        "unit": "2. nodaļa",
        "submission": {
            "receiptForm": "ORAL",
            "channel": "CALL_112",
            "receivedAt": "2026-11-23T11:50:00+02:00",
            "callReference": f"112-{number}",
            "text": "Zvanītājs ziņo par skaļu troksni kāpņu telpā, iespējams, konflikts.",
        },
        "kind": "ADMINISTRATIVE_VIOLATION",
        "place": {"atvk": "0001000", "text": "Rīga, Brīvības iela 1", "lat": 56.95, "lon": 24.11},
        "receivedInUnitAt": "2026-11-23T11:52:00+02:00",
        "summary": "Troksnis kāpņu telpā, nosūtīta ekipāža.",
        "qualification": [{"law": "APSP", "article": "13"}],
    }
    envelope = {
        "kind": "registerEvent",
        "sourceId": source,
        "messageId": f"bench-{number:08}",
        "sourceEventNo": f"2026/{number}",
        "sourceSeq": 1,
        "sentAt": "2026-11-23T11:52:01+02:00",
        "body": body,
    }
    return json.dumps(envelope, ensure_ascii=False).encode()


async def publish(place: Place, number: int) -> float:
    """Publish that many; CPU seconds that it took here."""
    began = time.process_time()
    ids = [source.id for source in place.sources]
    async with linked(Broker(place.broker, "bench", topology_of(place.sources, place.prefix))) as link:
        user = urlsplit(place.broker).username
        for start in range(0, number, 500):
            letters = [
                Letter(
                    registration(ids[i % len(ids)], i), "any", f"{place.prefix}ingest", message_id=f"bench-{i}", user_id=user
                )
                for i in range(start, min(number, start + 500))
            ]
            assert await link.publish(letters) == ()
    return time.process_time() - began


async def until_all_have_receipts(place: Place, number: int) -> None:
    """Reads the sources' queues until that many receipts are there."""
    async with linked(Broker(place.broker, "bench")) as link:
        await asyncio.gather(
            *(_receipts(link, f"{place.prefix}{source.receipts}", number // len(AGENCIES)) for source in place.sources)
        )


async def _receipts(link: Link, queue: str, number: int) -> None:
    found = 0
    async with link.consuming(queue) as consumer:
        while found < number:
            batch = await consumer.next_batch()
            found += sum(each.body.count(b"\n") + 1 for each in batch.deliveries)
            await batch.ack()


@contextmanager
def workers(place: Place, number: int) -> Iterator[list[tuple[int, str]]]:
    """That many processes; their ids and addresses, when all of them answer."""
    document = place.folder / "sources.yaml"
    document.write_text(json.dumps({"sources": [_said(source) for source in place.sources]}))
    options = ["--sources", document, "--store", place.database, "--data", place.folder / "data", "--prefix", place.prefix]
    command = [sys.executable, "-m", "saite", "serve", "ingest", *map(str, options), "--port", "0"]
    environment = {**os.environ, "SAITE_BROKER": place.broker}
    running = [subprocess.Popen(command, cwd=HOUSE, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(number)]
    try:
        found = []
        for one in running:
            assert one.stdout is not None
            found.append((one.pid, one.stdout.readline().split()[-1].removesuffix("/ingest")))
        yield found
    finally:
        for one in running:
            one.terminate()
        for one in running:
            one.wait(30)


def _said(source: Source) -> dict[str, str | None]:
    return {"id": source.id, "agency": source.agency, "brokerUser": source.broker_user}


def cpu(pids: list[int]) -> float:
    """CPU seconds of these processes until now."""
    total = 0.0
    for pid in pids:
        with suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            total += (int(fields[11]) + int(fields[12])) / TICK
    return total


async def backends(database: str) -> list[int]:
    """The server's processes that serve this database, when the server is on this machine."""
    connection = await asyncpg.connect(database)
    try:
        rows = await connection.fetch(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return [row["pid"] for row in rows]
    finally:
        await connection.close()


def brokers() -> list[int]:
    """The broker's process: of the node that listens where the address says is not told; all that there are."""
    found = subprocess.run(["pgrep", "-f", "beam.smp.*rabbit"], capture_output=True, text=True, check=False).stdout
    return [int(pid) for pid in found.split()]


async def run(place: Place, number: int, processes: int) -> None:
    sending = await publish(place, number)
    before = cpu(brokers())
    with workers(place, processes) as found:
        begun = {pid: 0.0 for pid, _ in found}
        while not all(_taken(address) for _, address in found[:1]):
            begun = {pid: cpu([pid]) for pid, _ in found}
            await asyncio.sleep(0.02)
        began = time.monotonic()
        already = sum(_taken(address) for _, address in found)
        await until_all_have_receipts(place, number)
        wall = time.monotonic() - began
        parts = {
            "worker processes": cpu([pid for pid, _ in found]) - sum(begun.values()),
            "PostgreSQL": cpu(await backends(place.database)),
            "RabbitMQ": cpu(brokers()) - before,
            "journal's publishing": sending,
        }
    print(f"{(number - already) / wall:8,.0f} registrations/s with {processes} workers, {number:,} of them in {wall:.1f} s")
    for name, seconds in parts.items():
        print(f"{seconds / number * 1e6:8,.0f} µs CPU a registration: {name}")


def _taken(address: str) -> int:
    with urllib.request.urlopen(f"{address}/metrics") as answer:
        lines = answer.read().decode().splitlines()
    return int(sum(float(line.split()[-1]) for line in lines if line.startswith("saite_ingest_received_total{")))


async def within(number: int, processes: int) -> None:
    server, broker = os.environ["SAITE_TEST_POSTGRESQL_URL"], os.environ["SAITE_TEST_RABBITMQ_URL"]
    name = f"bench_ingest_{secrets.token_hex(4)}"
    user = urlsplit(broker).username
    sources = sources_of(*(Source(f"source-{i}", agency, broker_user=user) for i, agency in enumerate(AGENCIES)))
    connection = await asyncpg.connect(server)
    await connection.execute(f"CREATE DATABASE {name}")
    database = urlsplit(server)._replace(path=f"/{name}").geturl()
    try:
        today = datetime.now(UTC).date()
        await migrate_all({"events": database}, date(today.year, 1, 1), today)
        with tempfile.TemporaryDirectory() as folder:
            place = Place(Path(folder), database, broker, f"{name}.", sources)
            try:
                await run(place, number, processes)
            finally:
                await _remove(place)
    finally:
        await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await connection.close()


async def _remove(place: Place) -> None:
    topology = topology_of(place.sources, place.prefix)
    async with linked(Broker(place.broker, "bench", Topology())) as link:
        await link.remove(topology)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--registrations", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    asyncio.run(within(options.registrations, options.workers))


if __name__ == "__main__":
    main()
