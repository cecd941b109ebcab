"""Stage 5: plan → data.

`execute(plan, schema, variables, transports, call)` runs a plan's fetches and returns `Raw`: the merged data and every error
with its place in the client's answer. `compile_over` does what is the same for each request once.
`http_transport` is imported where it is used: the embedded mode needs no HTTP client.
"""

from gateway.execution.asgi_transport import AsgiTransport
from gateway.execution.compile import compile_over, compile_plan
from gateway.execution.execute import execute
from gateway.execution.raw import Consulted, Raw, RawError, ResponsePath
from gateway.execution.step import CompiledPlan
from gateway.execution.transport import Call, SubgraphAnswer, SubgraphRequest, Transport

__all__ = [
    "AsgiTransport",
    "Call",
    "CompiledPlan",
    "Consulted",
    "Raw",
    "RawError",
    "ResponsePath",
    "SubgraphAnswer",
    "SubgraphRequest",
    "Transport",
    "compile_over",
    "compile_plan",
    "execute",
]
