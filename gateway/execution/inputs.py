"""Whether a request may be sent with the client's values: not with what its subgraph does not know.

In: a step and the variables. Out: the fault that stands in for the answer, or None.
"""

from __future__ import annotations

from collections.abc import Mapping

from gateway.execution.errors import InputNotKnown
from gateway.execution.step import Step


def unknown_input(step: Step, variables: Mapping[str, object]) -> InputNotKnown | None:
    """The first value of a variable that the step's subgraph does not know."""
    for one in step.limits:
        found = one.limits.unknown_in(variables.get(one.variable))
        if found is not None:
            return InputNotKnown(
                f"subgraph {step.service!r} does not know {found}, which ${one.variable} holds: it was not asked"
            )
    return None
