"""What is made once for an operation under one contract, and kept: the parsed operation, the grant, the compiled plan, and
the client's form per set of Boolean variables.

In: a client's schema, the operation, the grant, the plan. Out: `Prepared`, the value of the pipeline's cache.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import Final

from graphql import FieldNode, GraphQLSchema

from gateway.access import Access, Grant
from gateway.execution import CompiledPlan
from gateway.operation import Operation, Variables
from gateway.response import Absence, Projection, introspect, introspection_fields

MAX_FORMS: Final = 16


class Prepared:
    """One operation, ready to be executed again and again."""

    def __init__(self, access: Access, operation: Operation, grant: Grant, plan: CompiledPlan) -> None:
        self.operation = operation
        self.grant = grant
        self.plan = plan
        self._schema: GraphQLSchema = access.schema
        self._audits = access.audits
        self._forms: OrderedDict[tuple[object, ...], _Form] = OrderedDict()

    def form(self, variables: Variables) -> tuple[Projection, Mapping[str, object]]:
        """The client's form under these variables, and the answers to its introspection fields."""
        key = variables.conditions(self.operation)
        form = self._forms.get(key)
        if form is None:
            form = self._forms[key] = self._made(variables)
            if len(self._forms) > MAX_FORMS:
                self._forms.popitem(last=False)
        return form.projection, self._introspected(form, variables)

    def _made(self, variables: Variables) -> _Form:
        projection = Projection(
            self._schema,
            self.operation.document,
            self.operation.node,
            variables.coerced,
            executed=self.grant.document if self._audits else None,
            withheld=self.grant.withheld,
            values=self.grant.values,
            absence=Absence(self.grant.entities, self.grant.unreadable),
        )
        return _Form(projection, introspection_fields(projection, self.operation.node))

    def _introspected(self, form: _Form, variables: Variables) -> Mapping[str, object]:
        if not form.fields:
            return {}
        if form.answer is not None:
            return form.answer
        operation = self.operation
        answer = introspect(self._schema, operation.document, operation.node, form.fields, variables.sent)
        if not operation.node.variable_definitions:
            form.answer = answer  # nothing in it depends on the request
        return answer


class _Form:
    __slots__ = ("answer", "fields", "projection")

    def __init__(self, projection: Projection, fields: tuple[FieldNode, ...]) -> None:
        self.projection = projection
        self.fields = fields
        self.answer: Mapping[str, object] | None = None
