"""A journal over HTTPS: sent again until the receipt came, and not to who does not let us in."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from journal import sending
from journal.outbox import Outbox
from journal.sending import Sending


@contextmanager
def register(answer: Callable[[list[dict[str, object]]], tuple[int, bytes]]) -> Iterator[str]:
    """A register that answers requests like this; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            lines = self.rfile.read(int(self.headers["content-length"])).split(b"\n")
            status, body = answer([json.loads(line) for line in lines])
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/ingest"
    server.shutdown()
    thread.join()
    server.server_close()


def receipts(messages: list[dict[str, object]]) -> bytes:
    return b"\n".join(
        json.dumps({"sourceId": one["sourceId"], "messageId": one["messageId"], "status": "APPLIED"}).encode()
        for one in messages
    )


async def test_what_was_not_answered_is_sent_again_with_the_same_id(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sending, "PAUSES", (0.01, 0.02))
    seen: list[object] = []

    def answer(messages: list[dict[str, object]]) -> tuple[int, bytes]:
        seen.extend(one["messageId"] for one in messages)
        return (503, b"") if len(seen) < 3 else (200, receipts(messages))

    with register(answer) as address, closing(Outbox(tmp_path / "journal.sqlite3", "pp-riga")) as outbox:
        (message_id,) = outbox.add([{"kind": "close", "sourceEventNo": "1", "body": {}}])
        await Sending(outbox).over_https(address, "token")
        assert outbox.status() == {"APPLIED": 1}
    assert seen == [message_id] * 3


async def test_a_register_that_does_not_let_us_in_is_not_asked_for_ever(tmp_path: Path):
    with register(lambda _: (403, b"")) as address, closing(Outbox(tmp_path / "journal.sqlite3", "pp-riga")) as outbox:
        outbox.add([{"kind": "close", "sourceEventNo": "1", "body": {}}])
        with pytest.raises(PermissionError):
            await Sending(outbox).over_https(address, "token")
        assert outbox.status() == {"UNSENT": 1}
