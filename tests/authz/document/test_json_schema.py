"""The schema for editors is the form: generated, shipped, and accepted by what ships."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

import authz
from authz.document import read_contract_text
from authz.document.json_schema import EDITOR_LINE, FILE, json_schema, text
from tests.authz.small_world import CONTRACT

CONTRACTS = sorted((Path(authz.__file__).parent / "contracts").glob("*.yaml"))


class PlainLoader(yaml.SafeLoader):
    """As YAML 1.2 reads it, like editors: no dates, no octal numbers."""


PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag.rsplit(":", 1)[1] not in ("timestamp", "int")]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
PlainLoader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^[-+]?(0|[1-9]\d*)$"), list("-+0123456789"))


def fits(value: Any, schema: dict[str, Any]) -> bool:  # JSON Schema, as far as ours goes
    if "$ref" in schema:
        return fits(value, json_schema()["definitions"]["row_rule"])  # type: ignore[index]
    if "anyOf" in schema:
        return any(fits(value, each) for each in schema["anyOf"])
    if "enum" in schema and value not in schema["enum"]:
        return False
    kinds = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "number": (int, float)}
    wanted = schema.get("type", [])
    wanted = [wanted] if isinstance(wanted, str) else wanted
    if wanted and not any(isinstance(value, kinds[k]) and (k == "boolean" or not isinstance(value, bool)) for k in wanted):
        return False
    match value:
        case dict():
            known, rest = schema.get("properties", {}), schema.get("additionalProperties", True)
            return (
                set(schema.get("required", ())) <= set(value)
                and len(value) >= schema.get("minProperties", 0)
                and len(value) <= schema.get("maxProperties", 99)
                and all(fits(v, known[k]) if k in known else rest and (rest is True or fits(v, rest)) for k, v in value.items())
            )
        case list():
            items = schema.get("items", {})
            pairs = zip(value, items if isinstance(items, list) else [items] * len(value), strict=False)
            return (
                len(value) >= schema.get("minItems", 0)
                and len(value) <= schema.get("maxItems", 999)
                and all(fits(v, s) for v, s in pairs)
            )
        case str():
            return len(value) >= schema.get("minLength", 0) and re.search(schema.get("pattern", ""), value) is not None
        case int() | float() if not isinstance(value, bool):
            return schema.get("minimum", value) <= value <= schema.get("maximum", value)
    return True


def test_the_shipped_schema_is_what_the_form_says() -> None:
    assert FILE.read_text(encoding="utf-8") == text(), "python -m authz.document.json_schema"


@pytest.mark.parametrize("path", CONTRACTS, ids=lambda path: path.stem)
def test_a_shipped_contract_fits_the_schema_and_tells_its_editor_where_it_is(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith(EDITOR_LINE)
    assert (path.parent / first.removeprefix(EDITOR_LINE)).resolve() == FILE
    assert fits(yaml.load(path.read_text(encoding="utf-8"), PlainLoader), json_schema())  # a SafeLoader


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("min_cell: 5", "min_cel: 5"),
        ("min_cell: 5", "min_cell: 0"),
        ("min_cell: 5", "min_cell: five"),
        ("kind: CooperationAgreement", "kind: Friendship"),
        ("version: 1", "version: 0"),
        ("title: A contract for tests", "titel: A contract for tests"),
        ("2027-01-01T00:00:00Z", "2027-01-01"),
        ("requires: [user]", "requires: [mood]"),
        ("eq: [sealed, true]", "equals: [sealed, true]"),
        ("eq: [sealed, true]", "eq: [sealed]"),
        ("Event.kind: [eq]", "Event.kind: []"),
        ("[INVESTIGATION, read, Person.familyName]", "[INVESTIGATION, read]"),
        ('basis: ["Directive (EU) 2016/680 Art. 8"]', "basis: []"),
        ("onward_transfer: forbidden", "onward_transfer: sometimes"),
        ("sort: [Person.familyName]", "sort: Person.familyName"),
        ("purposes: [STATISTICS]", "purposes: [STATISTICS]\n    raed: [Person.id]"),
    ],
)
def test_the_schema_and_the_reading_refuse_the_same(old: str, new: str) -> None:
    assert old in CONTRACT
    text = CONTRACT.replace(old, new)
    assert read_contract_text(text)[0] is None
    assert not fits(yaml.load(text, PlainLoader), json_schema())
    assert fits(yaml.load(CONTRACT, PlainLoader), json_schema())
