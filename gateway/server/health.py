"""`/health/live` and `/health/ready`: what an orchestrator asks.

Live: the event loop turns; nothing else is looked at, or a broken subgraph would restart every gateway. Ready: the schema is
loaded and the gateway is not closing.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route


class Health:
    """Whether this process wants requests."""

    def __init__(self) -> None:
        self.is_ready = False

    def routes(self) -> list[Route]:
        return [Route("/health/live", self._live), Route("/health/ready", self._ready)]

    async def _live(self, _request: Request) -> Response:
        return JSONResponse({"status": "live"})

    async def _ready(self, _request: Request) -> Response:
        if self.is_ready:
            return JSONResponse({"status": "ready"})
        return JSONResponse({"status": "not ready"}, status_code=503)
