"""Small functions that complete a value by the shape of its type: list, nullable, non-null, and values that are known before.

In: the function for the type inside. Out: the function for the whole type.
Source: GraphQL specification, 6.4.3 "Value Completion".
"""

from __future__ import annotations

from collections.abc import Callable

from gateway.execution.raw import Json, Place
from gateway.response.filling import AbsentHere, Filling, NullHere
from gateway.response.leaves import Coerce, NotOfType
from kernel.errors import SaiteError

Complete = Callable[[Json, Place, Filling], Json]
ValueFilter = Callable[[Json], Json]


def list_of(item: Complete, field: str) -> Complete:
    """A list, item by item."""

    def complete(value: Json, place: Place, filling: Filling) -> Json:
        if type(value) is not list:
            filling.report(place, f"The value of {field} is not a list.", "INVALID_VALUE")
            raise NullHere
        return [item(element, (place, index), filling) for index, element in enumerate(value)]

    return complete


def nullable(inner: Complete) -> Complete:
    """Null stays null, and what cannot be shown becomes null here."""

    def complete(value: Json, place: Place, filling: Filling) -> Json:
        if value is None:
            return None
        try:
            return inner(value, place, filling)
        except NullHere:
            return None

    return complete


def non_null(inner: Complete, field: str) -> Complete:
    """A null here is an error, and the parent's matter."""

    def complete(value: Json, place: Place, filling: Filling) -> Json:
        if value is not None:
            try:
                return inner(value, place, filling)
            except AbsentHere:
                pass
        filling.report_null(place, f"Cannot return null for non-nullable field {field}.")
        raise NullHere

    return complete


def constant(value: str | None) -> Complete:
    """Always the same, whatever the data holds."""

    def complete(_value: Json, _place: Place, _filling: Filling) -> Json:
        return value

    return complete


def introspected(key: str) -> Complete:
    """The answer to an introspection field at the root."""

    def complete(_value: Json, _place: Place, filling: Filling) -> Json:
        return filling.introspected.get(key)

    return complete


def checked_list(items: Complete, check: ValueFilter, field: str) -> Complete:
    """A list that a contract shows in part, as a whole: what is no such part is not shown at all."""

    def complete(value: Json, place: Place, filling: Filling) -> Json:
        try:
            check(value)
        except SaiteError:
            filling.report(place, f"The value of {field} cannot be shown.", "INVALID_VALUE")
            raise NullHere from None
        return items(value, place, filling)

    return complete


def shown_in_part(coerce: Coerce, value_filter: ValueFilter | None) -> Coerce:
    """A contract may show a value in part. What its mask does not fit is not shown at all."""
    if value_filter is None:
        return coerce

    def shown(value: Json) -> Json:
        try:
            return value_filter(coerce(value))
        except SaiteError as error:
            raise NotOfType from error

    return shown
