"""Running an ASGI application on an address until Ctrl-C: the port is claimed first, so a busy one gets one clear line."""

from __future__ import annotations

import asyncio
import errno
import gc
import signal
import socket
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeVar

from kernel.errors import ClientError

if TYPE_CHECKING:
    import uvicorn
    from starlette.types import ASGIApp

    from saite.tls import Tls

T = TypeVar("T")

_SELDOM: Final = 100_000
"""New objects between two looks of the collector, while what is built stays; Python's own number is 700."""


class AddressUnusable(ClientError):
    """Raised when a server cannot listen where it was told to."""

    code: ClassVar[str] = "ADDRESS_UNUSABLE"


def claim(host: str, port: int) -> socket.socket:
    """A socket bound to the address; port 0 takes a free one. Raises AddressUnusable."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        claimed = socket.socket(family, socket.SOCK_STREAM)
        claimed.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        claimed.bind(address)
    except OSError as error:
        reason = "it is in use" if error.errno == errno.EADDRINUSE else (error.strerror or str(error))
        raise AddressUnusable(
            f"Cannot listen on {host}:{port}: {reason}. Choose another with --port (0 takes a free one)."
        ) from None
    return claimed


def address_of(claimed: socket.socket, tls: Tls | None = None) -> str:
    """The HTTP address of a claimed socket."""
    host, port = claimed.getsockname()[:2]
    scheme = "http" if tls is None else "https"
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


async def serve(app: ASGIApp, claimed: socket.socket, on_ready: Callable[[], None], tls: Tls | None = None) -> None:
    """Serve `app` on the socket until SIGINT or SIGTERM; both end it cleanly. `on_ready` runs when requests are accepted.

    Raises TlsUnusable.
    """
    import uvicorn

    class Server(uvicorn.Server):
        @contextmanager
        def capture_signals(self) -> Iterator[None]:
            # uvicorn's own raises the signal again after serving, which would cut short what the caller still has to close
            loop = asyncio.get_running_loop()
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.add_signal_handler(number, self.handle_exit, number, None)
            try:
                yield
            finally:
                for number in (signal.SIGINT, signal.SIGTERM):
                    loop.remove_signal_handler(number)

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                on_ready()
            # what was built until now stays: the collector need not look at it again
            gc.collect()
            gc.freeze()

    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        http="httptools",
        lifespan="on",
        server_header=False,
        # Who is at the other end decides whose certificate headers are believed: no header may say otherwise.
        proxy_headers=False,
    )
    if tls is not None:
        config = secured(config, tls)
    try:
        await Server(config).serve(sockets=[claimed])
    finally:
        claimed.close()


def secured(config: uvicorn.Config, tls: Tls) -> uvicorn.Config:
    """The same server, over TLS. Raises TlsUnusable."""
    from saite.tls import TlsProtocol

    config.http = TlsProtocol
    config.load()
    config.ssl = tls.context()
    return config


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run `main` on the fastest event loop there is. Ctrl-C before serving ends the process with exit code 130."""
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(main)


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Let the collector of cycles look seldom at what only builds: modules and schemas are many objects that all stay."""
    before = gc.get_threshold()
    gc.set_threshold(_SELDOM, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
