"""Running an ASGI application on an address until Ctrl-C: the port is claimed first, so a busy one gets one clear line."""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, Literal

from kernel.errors import ClientError

if TYPE_CHECKING:
    from starlette.types import ASGIApp


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


def address_of(claimed: socket.socket) -> str:
    """The HTTP address of a claimed socket."""
    host, port = claimed.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def run(
    app: ASGIApp,
    claimed: socket.socket,
    *,
    on_ready: Callable[[], None] | None = None,
    loop: Literal["auto", "uvloop", "asyncio"] = "auto",
) -> None:
    """Serve `app` on the socket until SIGINT or SIGTERM; both end it cleanly. `on_ready` runs when requests are accepted."""
    import uvicorn

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started and on_ready is not None:
                on_ready()

    config = uvicorn.Config(
        app, log_config=None, access_log=False, loop=loop, http="httptools", lifespan="on", server_header=False
    )
    try:
        Server(config).run(sockets=[claimed])
    except KeyboardInterrupt:
        pass  # uvicorn raises the signal again after it has shut down
    finally:
        claimed.close()
