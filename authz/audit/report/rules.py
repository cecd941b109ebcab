"""The rules of misuse: data in, typed rules out. And who is related to whom, which only the agencies know.

In: YAML (`misuse.yaml` beside this file, or an agency's own), CSV. Out: `MisuseRules`, `Relation`s. Raises UnreadableRules.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import msgspec
import yaml

from authz.audit.errors import UnreadableRules

Check = Literal["without_case", "out_of_hours", "related", "repeated_denials", "many_persons", "same_person", "emergency"]
_LENGTH: Final = re.compile(r"\A([1-9]\d{0,3})([mhd])\Z")
_UNITS: Final = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The same in both languages."""

    lv: str
    en: str


class MisuseRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, rename={"from_": "from"}):
    """One sign. Which numbers a check reads is said in `checks.py`; `days` are ISO weekdays, or a number of days."""

    id: str
    check: Check
    weight: Annotated[int, msgspec.Meta(ge=1, le=10)]
    title: Words
    why: Words
    purposes: frozenset[str] = frozenset()
    except_purposes: frozenset[str] = frozenset()
    at_least: Annotated[int, msgspec.Meta(ge=1)] = 1
    within: str = "1h"
    from_: str = "07:00"
    to: str = "20:00"
    days: frozenset[int] | int = 1

    @property
    def window(self) -> timedelta:
        """`within` as a length of time. Raises UnreadableRules."""
        found = _LENGTH.match(self.within)
        if found is None:
            raise UnreadableRules(f"Rule {self.id}: {self.within!r} is no length of time; write 30m, 1h or 30d.")
        return int(found[1]) * _UNITS[found[2]]

    @property
    def hours(self) -> tuple[time, time]:
        """From when until when work is done. Raises UnreadableRules."""
        try:
            return time.fromisoformat(self.from_), time.fromisoformat(self.to)
        except ValueError:
            raise UnreadableRules(f"Rule {self.id}: {self.from_!r} to {self.to!r} are no times; write 07:00.") from None


class MisuseRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All rules; `not_told` are purposes of which a data subject is not told."""

    version: Literal[1]
    rules: tuple[MisuseRule, ...]
    not_told: frozenset[str] = frozenset()

    @classmethod
    def read(cls, path: Path | None = None) -> MisuseRules:
        """The rules in a file, or those that come with Saite. Raises UnreadableRules."""
        source = path or Path(__file__).with_name("misuse.yaml")
        try:
            content: Any = yaml.safe_load(source.read_text(encoding="utf-8"))
            found = msgspec.convert(content, cls)
        except (OSError, UnicodeDecodeError, yaml.YAMLError, msgspec.ValidationError) as error:
            raise UnreadableRules(f"{source} holds no rules of misuse that can be read: {error}.") from error
        for rule in found.rules:
            _ = rule.window, rule.hours
        return found


@dataclass(frozen=True, slots=True)
class Relation:
    """A user and a person's id who stands close to them; `how` is `self`, `spouse`, `child`…"""

    agency: str
    user: str
    person: str
    how: str


def read_relations(path: Path) -> tuple[Relation, ...]:
    """The relations in a CSV file with the columns agency, user, person, relation. Raises UnreadableRules."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return tuple(
                Relation(row["agency"].strip(), row["user"].strip(), row["person"].strip(), row["relation"].strip())
                for row in csv.DictReader(file, strict=True)
            )
    except (OSError, UnicodeDecodeError, csv.Error, KeyError, AttributeError) as error:
        raise UnreadableRules(f"{path} is no table with the columns agency, user, person, relation ({error!r}).") from error
