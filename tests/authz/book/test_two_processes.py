"""Contracts published in PostgreSQL reach every process within two seconds, and what is revoked is refused within one."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from authz.book import Revocation, open_store
from authz.book.follower import INTERVAL, SETTLE
from tests.authz.book.test_follower import BROKEN, SECOND
from tests.authz.small_world import CONTRACT

_FOLLOW = """
import sys, time
from authz.book import BookFollower, StoredDocuments, open_store
from authz.errors import NotAllowed
from authz.gate import admit
from authz.identity import Actor
from kernel.clock import SystemClock
from tests.authz.small_world import SCHEMA

actor = Actor(agency="LV-TEST", user="u1", client_id="app", issuer="https://idp.example")
store = open_store(sys.argv[1])
follower = BookFollower(StoredDocuments(store), SCHEMA, SystemClock(), store=store)
follower.start()
said = None
while True:
    try:
        now = str(admit(follower.current, actor, "STATISTICS", None, SystemClock().now()).contract_version)
    except NotAllowed as refused:
        now = refused.code
    if follower.status.alarms:
        now += " alarm"
    if now != said:
        said = now
        print(time.time(), said, flush=True)
    time.sleep(0.01)
"""
LOADED = 20.0
"""Seconds that a machine which does other things at the same time may add: what is promised stands in the first test."""


class Following:
    """A process that follows the store and says what an agency gets, each time that it changes."""

    def __init__(self, address: str) -> None:
        root = Path(__file__).resolve().parents[3]
        self.process = subprocess.Popen(
            [sys.executable, "-c", _FOLLOW, address], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=root
        )

    def next(self) -> tuple[float, str]:
        assert self.process.stdout is not None
        at, said = self.process.stdout.readline().strip().split(" ", 1)
        return float(at), said


def test_what_is_promised_is_how_often_is_looked() -> None:
    assert timedelta(seconds=2) > INTERVAL + SETTLE
    assert timedelta(seconds=1) > INTERVAL


def test_two_processes_follow_the_database(state: str) -> None:
    store = open_store(state)
    lasting = [text.replace("2027-01-01", "2027-12-01") for text in (CONTRACT, BROKEN, SECOND)]

    def publish(text: str) -> float:
        store.publish([("a.yaml", text)], "me", datetime.now(UTC))
        return time.time()

    publish(lasting[0])
    running = [Following(state) for _ in range(2)]
    try:
        assert [each.next()[1] for each in running] == ["1", "1"]
        publish(lasting[1])
        assert [each.next()[1] for each in running] == ["1 alarm", "1 alarm"], "the old version stays"
        began = publish(lasting[2])
        switches = [said for each in running if (said := _until(each, "2"))]
        assert max(switches) - began < 2 + LOADED
        assert abs(switches[0] - switches[1]) < 0.5 + LOADED
        store.revoke(Revocation("C-1", 2, datetime.now(UTC), "misuse", "controller"))
        revoked = time.time()
        assert max(_until(each, "CONTRACT_NOT_IN_FORCE") for each in running) - revoked < 1 + LOADED
    finally:
        for each in running:
            each.process.kill()
            each.process.communicate()
        store.close()


def _until(following: Following, wanted: str) -> float:
    while True:
        at, said = following.next()
        if said == wanted:
            return at
