"""The rights vocabulary that every room writes into its schema, and that composition carries to the gateway.

What comes in: the class of a field, the field that an argument or order discloses, the attributes that row rules use. What goes
out: the directives `@classified`, `@public`, `@counts`, `@discloses`, `@rowattr`, linked and composed. A field, argument, input
field or order value that carries none of them is denied everywhere, and `tests/subgraphs/test_rights_marks.py` fails.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

import strawberry
from strawberry.federation.schema_directive import Location, schema_directive

RIGHTS_URL: Final = "https://saite.example/rights/v1.0"


class Level(Enum):
    """The class of a field (`domain.md` §7.5): statistical, restricted, personal, sensitive, operational."""

    L0 = "L0"
    L1 = "L1"
    L2 = "L2"
    L3 = "L3"
    L4 = "L4"


@schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="classified",
    description="The field's class; reading it needs the right `read` on it.",
    compose=True,
    import_url=RIGHTS_URL,
)
class Classified:
    """A field with a class of its own."""

    as_: str = strawberry.directive_field(name="as")


@schema_directive(
    locations=[
        Location.FIELD_DEFINITION,
        Location.ARGUMENT_DEFINITION,
        Location.INPUT_FIELD_DEFINITION,
        Location.ENUM_VALUE,
    ],
    name="public",
    description="Reveals nothing by itself: structure, paging, operators.",
    compose=True,
    import_url=RIGHTS_URL,
)
class Public:
    """Structure that needs no right of its own."""


@schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="counts",
    description="A count; reading it needs the right `count` on it.",
    compose=True,
    import_url=RIGHTS_URL,
)
class Counts:
    """A number of things that rows are counted for."""


@schema_directive(
    locations=[Location.ARGUMENT_DEFINITION, Location.INPUT_FIELD_DEFINITION, Location.ENUM_VALUE],
    name="discloses",
    description="Using it tells something about the named field: it needs the right `filter` (for an order, `sort`) on it.",
    compose=True,
    import_url=RIGHTS_URL,
)
class Discloses:
    """An argument, input field or order value, and the field (`Type.field`) that it tells something about."""

    field: str
    operator: str | None = strawberry.directive_field(name="operator", default=strawberry.UNSET)


@schema_directive(
    locations=[Location.OBJECT],
    name="rowattr",
    description="An attribute of this type's rows that row rules may use; `[String]` is a set of strings.",
    repeatable=True,
    compose=True,
    import_url=RIGHTS_URL,
)
class RowAttr:
    """An attribute for row rules."""

    name: str
    type: str


PUBLIC: Final = Public()
