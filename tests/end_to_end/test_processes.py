"""The parts as processes of their own: four registers and a gateway; and the gateway alone, in front of anyone's subgraphs."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import ExitStack

import pytest

from saite.cli.token import issue
from saite.tour import LINKED

ROOMS = ("events", "persons", "vehicles", "documents")


@pytest.mark.slow
def test_gateway_and_rooms_in_five_processes_answer_as_the_one_process_does(demo, start, ask, tmp_path):
    headers = {"Authorization": f"Bearer {issue(demo.data, 'LV-OP-RIGA', 'test', 'EVENT_RESPONSE', None)}"}
    body = {"query": LINKED, "variables": {"plate": demo.plate(demo.printed)}}
    saite = [sys.executable, "-m", "saite"]
    with ExitStack() as running:
        routes = []
        for room in ROOMS:
            words = [*saite, "serve", "subgraph", room, "--data", demo.data]
            address = running.enter_context(start(words, tmp_path / room)).address("answers at")
            assert ask(address, {"query": "{ __typename }"})[0] == 401
            routes += ["--route", f"{room}={address}"]
        words = [*saite, "serve", "gateway", "--port", "0", "--data", demo.data, *routes]
        url = running.enter_context(start(words, tmp_path / "gateway")).address("answers at")
        status, apart = ask(url, body, headers)
        _, together = ask(demo.url, body, headers)
    assert status == 200
    assert json.loads(apart)["data"] == json.loads(together)["data"]
    assert json.loads(apart)["data"]["vehicleByPlate"]["involvements"]["nodes"]


def test_the_gateway_alone_serves_a_foreign_supergraph_and_says_that_nothing_is_protected(shared, start, ask, tmp_path):
    with ExitStack() as running:
        port = running.enter_context(foreign_subgraphs(shared))
        text = (shared / "corpora/audit/simple-entity-call/supergraph.graphql").read_text().replace(":4200", f":{port}")
        (tmp_path / "supergraph.graphql").write_text(text)
        words = [sys.executable, "-m", "saite", "serve", "gateway", "--supergraph", tmp_path / "supergraph.graphql"]
        gateway = running.enter_context(start([*words, "--open", "--port", "0"], tmp_path / "gateway"))
        status, answer = ask(gateway.address("answers at"), {"query": "{ user { id nickname } }"})
        assert (status, json.loads(answer)) == (200, {"data": {"user": {"id": "1", "nickname": "user1"}}})
        assert "NOTHING IS PROTECTED" in gateway.stderr.read_text()


def test_a_supergraph_without_rights_is_not_served_as_if_it_were_protected(shared, saite, tmp_path):
    supergraph = shared / "corpora/audit/simple-entity-call/supergraph.graphql"
    ended = saite("serve", "gateway", "--supergraph", supergraph, "--port", "0", "--data", tmp_path)
    assert ended.returncode == 2
    assert ended.stderr.startswith("SCHEMA_NOT_PROTECTED")
    assert len(ended.stderr.splitlines()) == 1


def foreign_subgraphs(shared):
    """The audit's subgraphs on a free port."""
    from contextlib import contextmanager

    from saite.listen import claim

    @contextmanager
    def serving():
        claimed = claim("127.0.0.1", 0)
        port = claimed.getsockname()[1]
        claimed.close()
        words = [sys.executable, shared / "corpora/tools/serve_subgraphs.py", port, "--data", shared / "corpora/audit"]
        process = subprocess.Popen([*map(str, words)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            deadline = time.monotonic() + 20
            while time.monotonic() < deadline:
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/simple-entity-call/email", timeout=1).close()
                except urllib.error.HTTPError as answered:
                    answered.close()
                    break
                except OSError:
                    time.sleep(0.05)
                else:
                    break
            yield port
        finally:
            process.kill()
            process.wait()

    return serving()
