"""The edge: HTTP in, bytes out. `build_gateway` and `build_open_gateway` make the ASGI application."""

from gateway.server.application import build_gateway, build_open_gateway, http_transports
from gateway.server.exchange import ExchangeEndpoint
from gateway.server.settings import ServerSettings

__all__ = ["ExchangeEndpoint", "ServerSettings", "build_gateway", "build_open_gateway", "http_transports"]
