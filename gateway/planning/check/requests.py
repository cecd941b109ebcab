"""Each request by itself: is it valid in its subgraph, and are its variables the client's?

What comes in: deliveries, the client's operation. What goes out: faults.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from graphql import OperationDefinitionNode, VariableDefinitionNode, print_ast

from gateway.planning.check.delivery import Delivery, Request
from gateway.planning.check.fault import FaultKind, Faults
from gateway.planning.check.service import Services

REPRESENTATIONS = "[_Any!]!"


def check_requests(
    services: Services, operation: OperationDefinitionNode, deliveries: Iterable[Delivery], faults: Faults
) -> None:
    """Reports what is wrong with the text of each request."""
    client = {one.variable.name.value: one for one in operation.variable_definitions or ()}
    inputs: dict[int, list[Delivery]] = {}
    for delivery in deliveries:
        inputs.setdefault(delivery.id, []).append(delivery)
    for own in inputs.values():
        request = own[0].request
        if request.service not in services:
            faults.add(FaultKind.INVALID, request.id, "", f"there is no subgraph {request.service}")
            continue
        for why in services.refusals(request.service, request.document, request.text):
            faults.add(FaultKind.INVALID, request.id, "", f"{request.service} refuses it: {why}")
        _check_variables(request, client, own, faults)


def _check_variables(
    request: Request, client: Mapping[str, VariableDefinitionNode], deliveries: list[Delivery], faults: Faults
) -> None:
    if request.operation.operation.value != request.kind:
        faults.add(FaultKind.INVALID, request.id, "", f"it is sent as a {request.kind}, its text is another operation")
    declared = {one.variable.name.value: one for one in request.operation.variable_definitions or ()}
    for name in sorted({str(one.variable) for one in deliveries if one.requires}):
        definition = declared.pop(name, None)
        if definition is None or print_ast(definition.type) != REPRESENTATIONS:
            faults.add(FaultKind.INVALID, request.id, "", f"${name} is not declared as {REPRESENTATIONS}")
    for one in {one.variable: one for delivery in deliveries for one in delivery.contexts}.values():
        definition = declared.pop(one.variable, None)
        if definition is None or print_ast(definition.type) != one.type or one.variable in client:
            faults.add(FaultKind.INVALID, request.id, "", f"${one.variable} is not declared as {one.type}, or the client's")
    if tuple(sorted(declared)) != tuple(request.variables):
        named = ", ".join(request.variables) or "none"
        faults.add(FaultKind.INVALID, request.id, "", f"its text declares {sorted(declared)}, it is sent with {named}")
    for name, definition in declared.items():
        if name not in client:
            faults.add(FaultKind.INVALID, request.id, "", f"the operation has no variable ${name}")
        elif not _same(client[name], definition):
            theirs, ours = print_ast(client[name]), print_ast(definition)
            faults.add(FaultKind.INVALID, request.id, "", f"it declares {ours}, the client {theirs}")


def _same(client: VariableDefinitionNode, sent: VariableDefinitionNode) -> bool:
    """The same type and default; a Boolean of `@skip` or `@include` may be made non-null."""
    defaults = [print_ast(one.default_value) if one.default_value else None for one in (client, sent)]
    theirs, ours = print_ast(client.type), print_ast(sent.type)
    return defaults[0] == defaults[1] and (theirs == ours or (theirs == "Boolean" and ours == "Boolean!"))
