"""The form as JSON Schema, for editors and for whoever checks documents elsewhere.

    python -m authz.document.json_schema [--check]      writes authz/contract.schema.json, or says whether it is current

Draft 7, which the YAML language server knows best. A document begins with `# yaml-language-server: $schema=…`, the path of that
file from where the document lies.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Final

from authz.document.form import FORM
from authz.document.kinds import (
    DURATION,
    FIELD,
    CanaryLine,
    Choice,
    Day,
    Duration,
    Either,
    FieldName,
    Flag,
    FormWord,
    Group,
    Instant,
    Kind,
    ListOf,
    Named,
    RowRule,
    Share,
    Text,
    Value,
    Whole,
    described,
)
from authz.document.row_rules import FARTHEST

FILE: Final = Path(__file__).parents[1] / "contract.schema.json"
EDITOR_LINE: Final = "# yaml-language-server: $schema="

_INSTANT: Final = r"^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?([Zz]|[+-]\d{2}:\d{2})$"
_DAY: Final = r"^\d{4}-\d{2}-\d{2}$"
_ATTRIBUTE: Final[dict[str, object]] = {"type": "string", "pattern": r"^[A-Za-z_]\w*$"}
_REFERENCE: Final[dict[str, object]] = {"type": "string", "pattern": r"^\$consumer\."}
_SCALAR: Final[dict[str, object]] = {"type": ["string", "number", "boolean"]}
_VALUES: Final[dict[str, object]] = {"anyOf": [{"type": "array", "items": _SCALAR}, _REFERENCE]}
_NUMBER: Final[dict[str, object]] = {"anyOf": [{"type": "number"}, _REFERENCE]}
_CIRCLE: Final[dict[str, object]] = {
    "type": "object",
    "properties": {
        "lat": {"type": "number", "minimum": -90, "maximum": 90},
        "lon": {"type": "number", "minimum": -180, "maximum": 180},
        "metres": {"type": "number", "exclusiveMinimum": 0, "maximum": FARTHEST},
    },
    "required": ["lat", "lon", "metres"],
    "additionalProperties": False,
}


def json_schema() -> dict[str, object]:
    """The schema of the whole document."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Cooperation agreement (sharing/v1)",
        **_schema(FORM),
        "definitions": {"row_rule": _row_rule()},
    }


def text() -> str:
    """The schema as the file has it."""
    return json.dumps(json_schema(), ensure_ascii=False, indent=1) + "\n"


def _schema(kind: Kind) -> dict[str, object]:
    match kind:
        case Group(words):
            required = [word.name for word in words if word.required]
            found: dict[str, object] = {"type": "object", "properties": {word.name: _word(word) for word in words}}
            return {**found, **({"required": required} if required else {}), "additionalProperties": False}
        case Named(item):
            return {"type": "object", "additionalProperties": _schema(item)}
        case ListOf(item, least):
            return {"type": "array", "items": _schema(item), **({"minItems": least} if least else {})}
        case Either(choice, other):
            return {"anyOf": [_schema(choice), _schema(other)]}
        case RowRule():
            return {"$ref": "#/definitions/row_rule"}
        case CanaryLine():
            purpose, right, field = ({"type": "string"}, {"type": "string", "pattern": _RIGHT}, {"type": "string"})
            return {"type": "array", "items": [purpose, right, field], "minItems": 3, "maxItems": 3}
        case Value():
            return {"anyOf": [_SCALAR, {"type": "array", "items": _SCALAR}]}
        case _:
            return _scalar(kind)


_RIGHT: Final = r"^(read|count|sort|subscribe|trigger|filter:\w+)$"


def _word(word: FormWord) -> dict[str, object]:
    return {"description": word.help, **_schema(word.kind)}


def _scalar(kind: Kind) -> dict[str, object]:
    match kind:
        case Text(pattern):
            return {"type": "string", "minLength": 1, **({"pattern": f"^({pattern})$"} if pattern else {})}
        case Whole(least):
            return {"type": "integer", "minimum": least}
        case Share():
            return {"type": "number", "minimum": 0, "maximum": 1}
        case Flag():
            return {"type": "boolean"}
        case Choice(choices):
            return {"enum": list(choices)}
        case Duration():
            return {"type": "string", "pattern": _as_pattern(DURATION.pattern), "examples": ["60s", "8h", "1d", "1y"]}
        case Instant():
            return {"type": "string", "pattern": _INSTANT, "examples": ["2026-01-01T00:00:00Z"]}
        case Day():
            return {"type": "string", "pattern": _DAY, "examples": ["2026-07-01"]}
        case FieldName():
            return {"type": "string", "pattern": _as_pattern(FIELD.pattern)}
        case _:
            raise TypeError(f"{described(kind)} has no schema")


def _as_pattern(expression: str) -> str:
    r"""JavaScript has no \A and \Z."""
    return expression.replace(r"\A", "^").replace(r"\Z", "$")


def _row_rule() -> dict[str, object]:
    rule: dict[str, object] = {"$ref": "#/definitions/row_rule"}
    words: dict[str, dict[str, object]] = {
        "all": {"type": "array", "items": rule, "minItems": 1},
        "any": {"type": "array", "items": rule, "minItems": 1},
        "not": rule,
        "exists": _ATTRIBUTE,
        "eq": _pair({"anyOf": [_SCALAR]}),
        "in": _pair(_VALUES),
        "overlaps": _pair(_VALUES),
        "lte": _pair(_NUMBER),
        "gte": _pair(_NUMBER),
        "geo_within": _pair(_CIRCLE),
    }
    return {
        "description": "`all`, `none`, or one expression over the type's row attributes.",
        "anyOf": [
            {"enum": ["all", "none"]},
            {"type": "object", "properties": words, "minProperties": 1, "maxProperties": 1, "additionalProperties": False},
        ],
    }


def _pair(second: dict[str, object]) -> dict[str, object]:
    return {"type": "array", "items": [_ATTRIBUTE, second], "minItems": 2, "maxItems": 2}


def main() -> int:
    """Write the file when it changed; with `--check` only say so."""
    current = FILE.read_text(encoding="utf-8") if FILE.exists() else ""
    if current == text():
        return 0
    if "--check" not in sys.argv[1:]:
        FILE.write_text(text(), encoding="utf-8")
    sys.stdout.write(f"{FILE.name} {'is not current' if '--check' in sys.argv[1:] else 'written'}\n")
    return 1 if "--check" in sys.argv[1:] else 0


if __name__ == "__main__":
    sys.exit(main())
