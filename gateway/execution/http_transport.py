"""HTTP to a subgraph that runs elsewhere: a keep-alive pool of its own, a deadline, a limit on the answer.

In: a `SubgraphRequest`. Out: a `SubgraphAnswer`, or a `SubgraphFault`. No redirect is followed, no cookie kept, no proxy
taken from the environment: a subgraph must not be able to send our signed context elsewhere.
"""

from __future__ import annotations

import asyncio
from typing import Final
from urllib.parse import urlsplit

import aiohttp

from gateway.execution.errors import AnswerTooLarge, SubgraphTimeout, SubgraphUnavailable
from gateway.execution.transport import MAX_ANSWER_BYTES, SubgraphAnswer, SubgraphRequest
from kernel.deadline import HEADER as DEADLINE
from kernel.deadline import told

_HEADERS: Final = {
    "content-type": "application/json",
    "accept": "application/graphql-response+json, application/json;q=0.9",
}
_CHUNK: Final = 256 * 1024


class HttpTransport:
    """Sends to one URL over at most `connections` connections, which stay open between requests.

    Raises ValueError when the URL is not http(s).
    """

    def __init__(self, service: str, url: str, *, connections: int = 50, max_bytes: int = MAX_ANSWER_BYTES) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"subgraph {service!r} has no HTTP address: {url!r}; set routing_url to http(s)://host:port/path")
        self._service = service
        self._url = url
        self._connections = connections
        self._max_bytes = max_bytes
        self._session: aiohttp.ClientSession | None = None

    async def send(self, request: SubgraphRequest) -> SubgraphAnswer:
        try:
            async with asyncio.timeout_at(request.deadline):
                return await self._send(request)
        except TimeoutError as error:
            raise SubgraphTimeout(f"subgraph {self._service!r} did not answer before the deadline") from error

    async def close(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _send(self, request: SubgraphRequest) -> SubgraphAnswer:
        try:
            return await self._post(request)
        except aiohttp.ServerDisconnectedError as error:
            # A kept connection that the other side closed meanwhile: not a byte was answered, so a query may go again.
            if not request.repeatable:
                raise SubgraphUnavailable(f"subgraph {self._service!r} closed the connection") from error
        except (aiohttp.ClientError, OSError) as error:
            raise self._unavailable(error) from error
        try:
            return await self._post(request)
        except (aiohttp.ClientError, OSError) as error:
            raise self._unavailable(error) from error

    async def _post(self, request: SubgraphRequest) -> SubgraphAnswer:
        headers = {**_HEADERS, **request.headers, DEADLINE: told(request.deadline)}
        async with self._open().post(self._url, data=request.body, headers=headers, allow_redirects=False) as response:
            if response.content_length is not None and response.content_length > self._max_bytes:
                raise self._too_large()
            body = bytearray()
            async for chunk in response.content.iter_chunked(_CHUNK):
                body += chunk
                if len(body) > self._max_bytes:
                    raise self._too_large()
            return SubgraphAnswer(response.status, bytes(body))

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=30),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=None),  # the request's own deadline rules
                trust_env=False,
            )
        return self._session

    def _unavailable(self, error: Exception) -> SubgraphUnavailable:
        return SubgraphUnavailable(f"subgraph {self._service!r} could not be reached: {type(error).__name__}: {error}")

    def _too_large(self) -> AnswerTooLarge:
        return AnswerTooLarge(f"subgraph {self._service!r} answered more than {self._max_bytes} bytes")
