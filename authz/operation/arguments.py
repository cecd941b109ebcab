"""Arguments disclose: what they filter or sort by needs a right of its own.

In: argument values, as literals of the document or as one request's variables. Out: the rights that they use, or a refusal.
How a value is judged (`docs/contracts.md`, "Arguments"):

    a plain value            `filter` with the operator that the directive names, else `eq`
    an operator object       `filter` with each operator that is present
    a relation               `filter:some` on the edge, and whatever its leaves need
    and / or / not           whatever their parts need
    an order value           `sort`
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from graphql import (
    EnumValueNode,
    FieldNode,
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    ValueNode,
    VariableNode,
    get_named_type,
)

from authz.catalogue import Catalogue
from authz.errors import NotInSchema, OperationTooLarge, Unauthorized
from authz.mask import Mask
from authz.vocabulary import UNMARKED, Mark

MAX_VALUE_NESTING: Final = 100


@dataclass(frozen=True, slots=True)
class Judged:
    """By what values are judged."""

    catalogue: Catalogue
    mask: Mask


@dataclass(frozen=True, slots=True)
class VariableUse:
    """A variable whose value decides which rights are used: where it stands, and what that place discloses."""

    name: str
    taken: GraphQLInputType
    mark: Mark | None


@dataclass(frozen=True, slots=True)
class _Variable:
    name: str
    default: object = None


class ArgumentWalk:
    """Collects the rights that values use; the first missing one raises Unauthorized, or NotInSchema where the view hides
    it.
    """

    def __init__(self, judged: Judged, defaults: Mapping[str, ValueNode] | None = None) -> None:
        self._catalogue = judged.catalogue
        self._mask = judged.mask
        self._defaults = defaults or {}
        self._nesting = 0
        self._uses: dict[tuple[str, str, str, str | None], VariableUse] = {}
        self.filters: set[str] = set()
        self.sorts: set[str] = set()
        self.lookups: list[tuple[str, object]] = []

    @property
    def uses(self) -> tuple[VariableUse, ...]:
        """The variables whose values must be walked for every request."""
        return tuple(self._uses.values())

    def field(self, type_name: str, node: FieldNode, arguments: Mapping[str, GraphQLArgument]) -> None:
        """Judge the arguments of one selection on a concrete type."""
        for given in node.arguments or ():
            name = given.name.value
            definition = arguments.get(name)
            mark = self._catalogue.arguments.get(f"{type_name}.{node.name.value}({name})", UNMARKED)
            unknown = f'Unknown argument "{name}" on field "{type_name}.{node.name.value}".'
            if definition is None or not mark.is_marked:
                raise NotInSchema(unknown)
            self._position(definition.type, _plain(given.value), mark, unknown)
        given_names = {given.name.value for given in node.arguments or () if not self._may_be_missing(given.value)}
        for name, definition in arguments.items():
            if name not in given_names:
                mark = self._catalogue.arguments.get(f"{type_name}.{node.name.value}({name})", UNMARKED)
                self._default(definition, mark, f'Cannot query field "{node.name.value}" on type "{type_name}".')

    def value(self, taken: GraphQLInputType, value: object, mark: Mark | None) -> None:
        """Judge a value where a type is taken; `mark` is what the place discloses, None where it is structure."""
        if isinstance(value, _Variable):
            self._variable(taken, value.name, mark)
            return
        self._nesting += 1
        if self._nesting > MAX_VALUE_NESTING:
            raise _too_deep()
        try:
            self._value(taken, value, mark)
        finally:
            self._nesting -= 1

    def _value(self, taken: GraphQLInputType, value: object, mark: Mark | None) -> None:
        inner = taken.of_type if isinstance(taken, GraphQLNonNull) else taken
        if isinstance(inner, GraphQLList) or isinstance(value, list | tuple):
            item_type = inner.of_type if isinstance(inner, GraphQLList) else inner
            for item in value if isinstance(value, list | tuple) else (value,):
                self.value(item_type, item, mark)
            return
        named = get_named_type(inner)
        if value is None:
            if mark is not None and isinstance(named, GraphQLInputObjectType):
                self._filter(mark, "some" if named.name in self._catalogue.where_types else mark.operator or "eq", None)
        elif isinstance(named, GraphQLInputObjectType) and isinstance(value, Mapping):
            self._object(named, value, mark)
        elif isinstance(named, GraphQLEnumType) and named.name in self._catalogue.order_enums:
            self._order(named, str(value))

    def _position(self, taken: GraphQLInputType, value: object, mark: Mark, unknown: str) -> None:
        """A marked argument or input field that is used."""
        named = get_named_type(taken)
        if mark.discloses is None:
            self.value(taken, value, None)
        elif isinstance(named, GraphQLInputObjectType):
            if not self._mask.filter.get(mark.discloses):
                self._refuse(mark.discloses, "filter", unknown)
            self.value(taken, value, mark)
        else:
            # The right does not depend on the value, so a variable needs no second look.
            self._filter(mark, mark.operator or "eq", unknown)
            self._look_up(mark, value)
            self.value(taken, value, None)

    def _object(self, named: GraphQLInputObjectType, value: Mapping[str, object], mark: Mark | None) -> None:
        is_relation = named.name in self._catalogue.where_types
        if mark is not None and (is_relation or not value):
            self._filter(mark, "some" if is_relation else mark.operator or "eq", None)
        for key, inner in value.items():
            unknown = f'Field "{key}" is not defined by type "{named.name}".'
            inner_mark = self._catalogue.inputs.get(f"{named.name}.{key}", UNMARKED)
            definition = named.fields.get(key)
            if definition is None or not inner_mark.is_marked:
                raise NotInSchema(unknown)
            if mark is not None and not is_relation and inner_mark.public:
                self._filter(mark, key, None)
                self._look_up(mark, inner)
            self._position(definition.type, inner, inner_mark, unknown)
        for key, definition in named.fields.items():
            inner_mark = self._catalogue.inputs.get(f"{named.name}.{key}", UNMARKED)
            if key not in value or self._may_be_missing(value[key]):
                self._default(definition, inner_mark, f'Type "{named.name}" cannot be used here.')

    def _default(self, definition: GraphQLArgument | GraphQLInputField, mark: Mark, unknown: str) -> None:
        """What is left out takes the schema's own default, and that is a value like any other."""
        node = definition.ast_node.default_value if definition.ast_node is not None else None
        if node is not None:
            self._position(definition.type, _plain(node), mark, unknown)

    def _may_be_missing(self, value: object) -> bool:
        """Whether the value is a variable that a request may leave out, so that the place's own default applies."""
        name = value.name.value if isinstance(value, VariableNode) else value.name if isinstance(value, _Variable) else None
        return name is not None and name not in self._defaults

    def _variable(self, taken: GraphQLInputType, name: str, mark: Mark | None) -> None:
        named = get_named_type(taken)
        decides = isinstance(named, GraphQLInputObjectType) or named.name in self._catalogue.order_enums
        if not decides:
            return
        self._uses[name, str(taken), mark.discloses or "" if mark else "", mark.operator if mark else None] = VariableUse(
            name, taken, mark
        )
        if name in self._defaults:
            self.value(taken, _plain(self._defaults[name]), mark)

    def _order(self, named: GraphQLEnumType, value: str) -> None:
        unknown = f'Value "{value}" does not exist in "{named.name}" enum.'
        mark = self._catalogue.order_values.get(f"{named.name}.{value}", UNMARKED)
        if not mark.is_marked:
            raise NotInSchema(unknown)
        if mark.discloses is None:
            return
        if mark.discloses not in self._mask.sort:
            self._refuse(mark.discloses, "sort", unknown)
        self.sorts.add(mark.discloses)

    def _filter(self, mark: Mark, operator: str, unknown: str | None) -> None:
        assert mark.discloses is not None
        if operator not in self._mask.filter.get(mark.discloses, ()):
            self._refuse(mark.discloses, f"filter:{operator}", unknown)
        self.filters.add(f"{mark.discloses}:{operator}")

    def _look_up(self, mark: Mark, value: object) -> None:
        """Note what the field is looked up by; a variable's value is known with the request."""
        assert mark.discloses is not None
        if isinstance(value, _Variable) and value.name in self._defaults:
            value = replace(value, default=_plain(self._defaults[value.name]))
        self.lookups.append((mark.discloses, value))

    def _refuse(self, field: str, right: str, unknown: str | None) -> None:
        """Say no: as to something unknown where the view hides it, plainly where the agency may know of it."""
        is_known = field in self._mask.listed or (right.startswith("filter") and bool(self._mask.filter.get(field)))
        if unknown is not None and not is_known:
            raise NotInSchema(unknown)
        raise Unauthorized(
            f"Your contract does not grant `{right}` on {field} for the purpose {self._mask.purpose}: "
            "leave it out of the operation, or ask for another purpose.",
            extensions={"field": field, "right": right},
        )


def filled_in(value: object, variables: Mapping[str, object]) -> object:
    """A value of a document with the values of one request's variables in it."""
    match value:
        case _Variable(name, default):
            return variables.get(name, default)
        case list():
            return [filled_in(item, variables) for item in value]
        case dict():
            return {key: filled_in(item, variables) for key, item in value.items()}
        case _:
            return value


def _too_deep() -> OperationTooLarge:
    return OperationTooLarge(f"A value nests deeper than {MAX_VALUE_NESTING} levels: ask in several operations.")


def _plain(node: ValueNode, nesting: int = 0) -> object:
    """The literal as JSON values, with variables left standing."""
    if nesting > MAX_VALUE_NESTING:
        raise _too_deep()
    match node:
        case VariableNode():
            return _Variable(node.name.value)
        case ObjectValueNode():
            return {item.name.value: _plain(item.value, nesting + 1) for item in node.fields or ()}
        case ListValueNode():
            return [_plain(item, nesting + 1) for item in node.values or ()]
        case NullValueNode():
            return None
        case EnumValueNode():
            return node.value
        case _:
            return getattr(node, "value", None)
