"""The only file that knows Casbin: rows of rights in, decisions out.

A plain `Enforcer` with the exact-match model of contracts; the rows are built in memory, no policy file is ever parsed.
Casbin walks every row of a policy for each decision, so a request is shown only the rows of its own contract, purpose and
resource: all others cannot match, because the model compares those three for equality (a test compares with one enforcer
that holds everything).

Casbin has ways to say yes to nobody in particular (switched off, empty strings on an empty policy, short rows that raise for
everybody, two distributions over each other). Each ends here in PolicyUnsound, never in a yes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import Final, Literal

import casbin

from authz.errors import PolicyUnsound

MODEL: Final = """
[request_definition]
r = contract, resource, action, purpose

[policy_definition]
p = contract, resource, action, purpose, eft

[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))

[matchers]
m = p.contract != "" && r.resource == p.resource && r.contract == p.contract && r.action == p.action && r.purpose == p.purpose
"""

Effect = Literal["allow", "deny"]

_WORD: Final = re.compile(r"\A[A-Za-z0-9_.:\-]{1,200}\Z")
_REWRITTEN: Final = re.compile(r"\A[rp]\.")
_LEAST_SIMPLEEVAL: Final = (1, 0, 5)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of policy: `Vehicle.plate`, `filter:eq`, purpose, allow. Raises PolicyUnsound when a word could be read
    otherwise.
    """

    contract: str
    resource: str
    action: str
    purpose: str
    effect: Effect

    def __post_init__(self) -> None:
        _check_words(self.contract, self.resource, self.action, self.purpose)
        if self.effect not in ("allow", "deny"):
            raise PolicyUnsound(f"A policy row for {self.resource} has the effect {self.effect!r}: only allow and deny exist.")


def _check_words(*words: str) -> None:
    for word in words:
        if not _WORD.match(word) or _REWRITTEN.match(word):
            raise PolicyUnsound(
                f"{word!r} cannot stand in a policy row or a request: letters, digits and _ . : - only, and not r.… or p.…"
            )


class Judge:
    """Decides (contract, resource, action, purpose) by Casbin over the given rows. Not for several threads at once."""

    def __init__(self, rows: Iterable[Row]) -> None:
        _refuse_unsound_installation()
        self._rows: dict[tuple[str, str, str], list[list[str]]] = {}
        for row in rows:
            line = [row.contract, row.resource, row.action, row.purpose, row.effect]
            self._rows.setdefault((row.contract, row.purpose, row.resource), []).append(line)
        self._enforcer = casbin.Enforcer(casbin.Enforcer.new_model(text=MODEL))
        # Casbin parses the matcher anew for every decision, which is half of its time; the model has one, and it calls nothing.
        parsed = lru_cache(maxsize=1)(casbin.Enforcer._get_expression)
        self._enforcer._get_expression = lambda text, _functions: parsed(text)
        self._shown: tuple[str, str, str] | None = None
        self._prove_sound()

    def allows(self, contract: str, resource: str, action: str, purpose: str) -> bool:
        """Whether the rows allow it and none denies it. Raises PolicyUnsound when Casbin cannot be relied upon."""
        _check_words(contract, resource, action, purpose)
        self._show((contract, purpose, resource))
        return self._ask(contract, resource, action, purpose)

    def written_about(self, contract: str, resource: str, purpose: str) -> tuple[tuple[str, str], ...]:
        """What the rows say about a resource for a purpose, as (action, effect), in order."""
        return tuple((line[2], line[4]) for line in self._rows.get((contract, purpose, resource), ()))

    def _show(self, key: tuple[str, str, str]) -> None:
        if key != self._shown:
            self._load(self._rows.get(key, []))
            self._shown = key

    def _load(self, lines: list[list[str]]) -> None:
        self._enforcer.clear_policy()
        self._enforcer.get_model().add_policies("p", "p", lines)

    def _ask(self, contract: str, resource: str, action: str, purpose: str) -> bool:
        if self._enforcer.enabled is not True:
            raise PolicyUnsound(
                "Casbin is switched off (enable_enforce(False)), which allows everything: nothing is decided until it is on."
            )
        try:
            answer = self._enforcer.enforce(contract, resource, action, purpose)
        except Exception as error:
            raise PolicyUnsound(f"Casbin failed on {resource} {action} {purpose}: {error!r}.") from error
        return answer is True

    def _prove_sound(self) -> None:
        """Ask three questions whose answers are known, before any whose answer matters."""
        probe = ["probe", "Probe.field", "read", "PROBE"]
        self._load([[*probe, "allow"]])
        allowed = self._ask(*probe)
        self._load([[*probe, "allow"], [*probe, "deny"]])
        denied = not self._ask(*probe)
        self._load([])
        empty = not self._ask(*probe)
        self._shown = None
        if not (allowed and denied and empty):
            raise PolicyUnsound(
                "Casbin gave a wrong answer to a question with a known one: the installation or its model is broken."
            )


def _refuse_unsound_installation() -> None:
    try:
        version("casbin")
    except PackageNotFoundError:
        pass
    else:
        raise PolicyUnsound(
            "The distributions `casbin` and `pycasbin` are both installed over one import name: remove `casbin`."
        )
    found = tuple(int(part) for part in re.findall(r"\d+", version("simpleeval"))[:3])
    if found < _LEAST_SIMPLEEVAL:
        raise PolicyUnsound(
            f"simpleeval {version('simpleeval')} is older than 1.0.5, which closed holes in Casbin's evaluator: upgrade it."
        )
