"""Both transports against servers that behave and servers that do not."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import pytest

from gateway.execution import AsgiTransport, SubgraphRequest
from gateway.execution.errors import AnswerTooLarge, SubgraphTimeout, SubgraphUnavailable
from gateway.execution.http_transport import HttpTransport

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


def request(seconds=5.0, **more):
    return SubgraphRequest(b'{"query":"{x}"}', {"Saite-Context": "signed"}, asyncio.get_event_loop().time() + seconds, **more)


class Server:
    """Answers each request on each connection with the next of `answers`; None closes the connection, "hang" never answers."""

    def __init__(self, answers):
        self.answers = list(answers)
        self.requests = []
        self.connections = 0
        self.url = ""

    async def serve(self, reader, writer):
        self.connections += 1
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
                self.requests.append(head + await reader.readexactly(length))
                answer = self.answers.pop(0)
                if answer is None:
                    return
                if answer == "hang":
                    await asyncio.sleep(30)
                writer.write(answer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()


@asynccontextmanager
async def serving(*answers, **options):
    behaviour = Server(answers)
    server = await asyncio.start_server(behaviour.serve, "127.0.0.1", 0)
    behaviour.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/graphql"
    transport = HttpTransport("room", behaviour.url, **options)
    try:
        yield transport, behaviour
    finally:
        await transport.close()
        server.close()


async def test_a_connection_is_used_again():
    async with serving(OK, OK, OK) as (transport, server):
        for _ in range(3):
            answer = await transport.send(request())
            assert (answer.status, answer.body) == (200, b"{}")
        assert server.connections == 1
        assert server.requests[0].startswith(b"POST /graphql HTTP/1.1\r\n")
        assert server.requests[0].endswith(b'{"query":"{x}"}')


async def test_only_our_own_headers_are_sent():
    async with serving(OK) as (transport, server):
        await transport.send(request())
        names = {line.split(b":")[0].lower() for line in server.requests[0].split(b"\r\n\r\n")[0].split(b"\r\n")[1:]}
        assert b"saite-context" in names
        assert not names & {b"authorization", b"cookie"}


async def test_a_cookie_is_not_kept():
    async with serving(b"HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 2\r\n\r\n{}", OK) as (transport, server):
        await transport.send(request())
        await transport.send(request())
        assert b"cookie" not in server.requests[1].lower()


async def test_a_redirect_is_not_followed():
    async with serving(b"HTTP/1.1 307 X\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n") as (transport, _):
        assert (await transport.send(request())).status == 307


async def test_nobody_there_is_unavailable():
    transport = HttpTransport("room", "http://127.0.0.1:1/graphql")
    with pytest.raises(SubgraphUnavailable):
        await transport.send(request())
    await transport.close()


async def test_an_answer_that_does_not_come_ends_at_the_deadline():
    async with serving("hang") as (transport, _):
        started = asyncio.get_running_loop().time()
        with pytest.raises(SubgraphTimeout):
            await transport.send(request(0.05))
        assert asyncio.get_running_loop().time() - started < 1


async def test_a_declared_length_over_the_limit_is_not_read():
    async with serving(b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n" + b"x" * 11, max_bytes=10) as (transport, _):
        with pytest.raises(AnswerTooLarge):
            await transport.send(request())


async def test_an_undeclared_length_over_the_limit_is_cut_off():
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"8\r\nxxxxxxxx\r\n" * 4 + b"0\r\n\r\n"
    async with serving(chunked, max_bytes=10) as (transport, _):
        with pytest.raises(AnswerTooLarge):
            await transport.send(request())


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{}",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
async def test_an_answer_that_breaks_http_is_unavailable(answer):
    async with serving(answer, None) as (transport, _):
        with pytest.raises((SubgraphUnavailable, SubgraphTimeout)):
            await transport.send(request(0.5))


async def test_a_query_goes_again_when_the_kept_connection_was_closed_and_a_mutation_does_not():
    async with serving(None, OK) as (transport, server):
        assert (await transport.send(request(repeatable=True))).status == 200
        assert len(server.requests) == 2
    async with serving(None, OK) as (transport, server):
        with pytest.raises(SubgraphUnavailable):
            await transport.send(request())
        assert len(server.requests) == 1


@pytest.mark.parametrize("url", ["", "ftp://x/y", "graphql", "http://"])
def test_an_address_that_is_not_http_is_refused(url):
    with pytest.raises(ValueError, match="room"):
        HttpTransport("room", url)


async def app(scope, receive, send):
    message = await receive()
    headers = dict(scope["headers"])
    assert message["body"] == b'{"query":"{x}"}'
    assert headers[b"saite-context"] == b"signed"
    await send({"type": "http.response.start", "status": 201, "headers": []})
    await send({"type": "http.response.body", "body": b"{", "more_body": True})
    await send({"type": "http.response.body", "body": b"}"})


async def test_a_room_in_this_process_is_called_as_over_http():
    answer = await AsgiTransport("room", app).send(request())
    assert (answer.status, answer.body) == (201, b"{}")


async def test_an_exception_in_a_room_is_unavailable():
    async def broken(scope, receive, send):
        raise KeyError("secret")

    with pytest.raises(SubgraphUnavailable):
        await AsgiTransport("room", broken).send(request())


async def test_a_room_that_hangs_or_says_nothing_or_too_much_is_told_apart():
    async def hangs(scope, receive, send):
        await asyncio.Event().wait()

    async def silent(scope, receive, send):
        pass

    with pytest.raises(SubgraphTimeout):
        await AsgiTransport("room", hangs).send(request(0.02))
    with pytest.raises(SubgraphUnavailable):
        await AsgiTransport("room", silent).send(request())
    with pytest.raises(AnswerTooLarge):
        await AsgiTransport("room", app, max_bytes=1).send(request())
