"""`saite dev execute` against subgraphs that run: what it shows of each request, and which stage it blames."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

ANSWERS = {
    "products": {"products": [{"__typename": "Product", "id": "1", "name": "Table", "weight": 7}]},
    "inventory": {"_entities": [{"shipping": 70}]},
}


class _Subgraph(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        body = json.dumps({"data": ANSWERS[self.path.strip("/")]}).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Silence."""


@pytest.fixture
def urls() -> Iterator[Callable[..., list[str]]]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Subgraph)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()

    def words(*names: str) -> list[str]:
        return [word for name in names for word in ("--url", f"{name}=http://127.0.0.1:{server.server_port}/{name}")]

    yield words
    server.shutdown()
    server.server_close()
    thread.join()


QUERY = "query($only: Boolean!) { products { name shipping @include(if: $only) } }"


def test_every_request_is_shown_with_its_variables_and_its_answer(dev, urls):
    words = ("--query", QUERY, "--variables", '{"only": true}', *urls("products", "inventory"))
    text = dev("execute", *words).stdout
    assert "fetch 0 → products: HTTP 200" in text
    assert 'variables {"representations": [{"__typename": "Product", "id": "1", "weight": 7}]}' in text
    made = json.loads(dev("execute", *words, "--format", "json").stdout)
    assert [(one["fetch"], one["subgraph"], one["status"]) for one in made["fetches"]] == [
        (0, "products", 200),
        (1, "inventory", 200),
    ]
    assert made["answer"] == {"data": {"products": [{"name": "Table", "shipping": 70}]}}
    assert made["erred"] is None


def test_a_request_that_is_not_sent_is_named(dev, urls):
    text = dev("execute", "--query", QUERY, "--variables", '{"only": false}', *urls("products", "inventory")).stdout
    assert "fetch 1 → inventory: not sent" in text


def test_a_subgraph_that_does_not_answer_makes_execution_the_first_stage_that_goes_wrong(dev, urls):
    words = ("--query", "{ products { name shipping } }", *urls("products"), "--url", "inventory=http://127.0.0.1:1/")
    ended = dev("execute", *words)
    assert ended.exit_code == 1
    assert "execute went wrong: SUBGRAPH_UNAVAILABLE: inventory at products.0.shipping: " in ended.stderr
    assert ended.stderr.splitlines()[-1] == "The first stage that goes wrong: execute"


def test_an_answer_that_breaks_the_schema_blames_execution(dev, urls):
    ended = dev("execute", "--query", "{ product(id: 1) { name } }", *urls("products"))
    assert ended.exit_code == 1
    assert ended.stderr.startswith("execute went wrong: ")


def test_an_operation_that_is_refused_blames_the_stage_that_refuses(dev):
    assert dev("execute", "--query", "{ nothing }").stderr.endswith("The first stage that goes wrong: parse\n")
    assert dev("execute", "--query", QUERY).stderr.endswith("The first stage that goes wrong: variables\n")


@pytest.mark.parametrize(
    "words", [("--url", "products"), ("--url", "nobody=http://x"), ("--url", "products=ftp://x"), ("--variables", "[]")]
)
def test_options_that_cannot_be_used_end_with_2(dev, words):
    assert dev("execute", "--query", "{ products { name } }", *words).exit_code == 2
