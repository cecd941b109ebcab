"""An oracle for contracts that shares no line with `authz`: YAML by PyYAML, words expanded here, decisions by a plain Casbin.

    python -m tests.authz.oracle --decisions 1000000 --seed 7

Random contracts are written as YAML; the oracle puts each question to an `Enforcer` that holds every row of the contract for
the purpose, and the compiled mask must say the same. Prints how many decisions agreed; a difference ends it with the contract.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import casbin
import yaml
from graphql import GraphQLSchema, build_schema, parse

from authz.catalogue import catalogue_of
from authz.compile import compile_contract
from authz.document import read_contract_text
from tests.authz.small_world import SDL

# As `contracts.md` of the design has it; not imported, so that a change there does not change the judge too.
MODEL = """
[request_definition]
r = contract, resource, action, purpose
[policy_definition]
p = contract, resource, action, purpose, eft
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = r.resource == p.resource && r.action == p.action && r.purpose == p.purpose && r.contract == p.contract && p.contract != ""
"""
PURPOSES = ("FIRST", "SECOND", "THIRD")
OPERATORS = {
    "Person.familyName": ("eq", "in", "startsWith"),
    "Person.personalCode": ("eq", "in", "startsWith"),
    "Person.phone": ("eq", "in", "startsWith"),
    "Person.events": ("some", "role"),
    "Event.kind": ("eq", "in", "startsWith"),
    "Event.informant": ("some",),
    "Event.summary": ("within",),
}
SORTABLE = ("Person.familyName", "Person.personalCode", "Person.phone")
READABLE: tuple[str, ...] = tuple(
    f"{node.name.value}.{field.name.value}"
    for node in parse(SDL).definitions
    if node.kind == "object_type_definition"
    for field in node.fields  # type: ignore[attr-defined]  # an object type's
    if any(directive.name.value == "classified" for directive in field.directives or ())
)
COUNTING = ("PersonConnection.totalCount",)


@dataclass(frozen=True, slots=True)
class Question:
    """May the purpose use the right on the field?"""

    purpose: str
    field: str
    right: str


def everything() -> tuple[Question, ...]:
    """Every question about the small world, and some about what is not there."""
    rights = [(field, right) for field in READABLE for right in ("read", "subscribe", "trigger")]
    rights += [(field, "count") for field in COUNTING] + [(field, "sort") for field in SORTABLE]
    rights += [(field, f"filter:{operator}") for field, operators in OPERATORS.items() for operator in operators]
    rights += [("Person.nothing", "read"), ("Person.forgotten", "read"), ("Event.kind", "sort"), ("Event.kind", "filter:like")]
    return tuple(Question(purpose, field, right) for purpose in PURPOSES for field, right in rights)


def random_contract(rng: random.Random) -> str:
    """A contract that lint lets through, as YAML in one of the spellings that there are."""

    def some(universe: tuple[str, ...], most: int) -> list[str]:
        return rng.sample(universe, rng.randint(0, min(most, len(universe))))

    bundles = {f"b{i}": some(READABLE, 5) for i in range(3)}
    grants = [{"purposes": ["*"], "read": [rng.choice([f for f in READABLE if f.startswith("Query.")])]}]
    for _ in range(rng.randint(1, 4)):
        filters = {field: rng.sample(ops, rng.randint(1, len(ops))) for field, ops in OPERATORS.items() if rng.random() < 0.3}
        read = some(READABLE, 6) + [f"@{name}" for name in bundles if rng.random() < 0.3]
        if rng.random() < 0.3:
            read.append("Document.{title, number}")
        grant: dict[str, object] = {"purposes": rng.sample(PURPOSES, rng.randint(1, 3)), "read": read}
        grant |= {"filter": filters} if filters else {}
        grant |= {
            "sort": some(SORTABLE, 2),
            "count": some(COUNTING, 1),
            "subscribe": some(READABLE, 2),
            "trigger": some(READABLE, 2),
        }
        grants.append(grant)
    denies = [
        {
            "purposes": rng.choice([["*"], rng.sample(PURPOSES, 1)]),
            "resources": some(READABLE, 3) + rng.choice([[], ["Person.*"], ["@b0"]]),
        }
        for _ in range(rng.randint(0, 2))
    ]
    document = {
        "apiVersion": "sharing/v1",
        "kind": "CooperationAgreement",
        "metadata": {"id": f"C-{rng.randrange(10**6)}", "version": 1, "title": "Random"},
        "parties": {"provider": {"id": "LV-IC", "name": "IC"}, "consumer": {"id": "LV-X", "name": "X"}},
        "legal": {"basis": ["a law"]},
        "validity": {"not_before": "2026-01-01T00:00:00Z", "not_after": "2027-01-01T00:00:00Z"},
        "purposes": {name: {"requires": ["user"]} for name in PURPOSES},
        "bundles": bundles,
        "grants": grants,
        "denies": denies,
        "rows": {"Person": "all", "Event": "all"},
    }
    return yaml.safe_dump(document, sort_keys=False, default_flow_style=rng.choice([None, True, False]))


def rows_of(text: str, purpose: str) -> Iterator[tuple[str, str, str]]:
    """The contract's rows for a purpose, (field, right, effect), expanded without `authz`."""
    document = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # both are safe loaders
    bundles = document.get("bundles", {})
    for grant in document["grants"]:
        if {"*", purpose} & set(grant["purposes"]):
            for right in ("read", "sort", "count", "subscribe", "trigger"):
                yield from ((field, right, "allow") for field in spelled(grant.get(right, []), bundles))
            for name, operators in grant.get("filter", {}).items():
                yield from ((name, f"filter:{operator}", "allow") for operator in operators)
    for deny in document.get("denies", []):
        if {"*", purpose} & set(deny["purposes"]):
            for field in spelled(deny["resources"], bundles):
                rights = ["read", "sort", "count", "subscribe", "trigger", *(f"filter:{o}" for o in OPERATORS.get(field, ()))]
                yield from ((field, right, "deny") for right in rights)


def spelled(words: list[str], bundles: dict[str, list[str]]) -> Iterator[str]:
    """The fields that the words stand for."""
    for word in words:
        braces = re.fullmatch(r"(\w+)\.\{(.*)\}", word)
        if word.startswith("@"):
            yield from spelled(bundles[word[1:]], {})
        elif braces:
            yield from (f"{braces[1]}.{name.strip()}" for name in braces[2].split(","))
        elif word.endswith(".*"):
            yield from (field for field in (*READABLE, *OPERATORS, *COUNTING) if field.split(".")[0] == word[:-2])
        else:
            yield word


def judge(text: str, purpose: str) -> casbin.Enforcer:
    """A plain Enforcer with every row of the contract for the purpose."""
    plain = casbin.Enforcer(casbin.Enforcer.new_model(text=MODEL))
    parsed = lru_cache(maxsize=1)(casbin.Enforcer._get_expression)  # or 60,000 decisions are 60,000 times the same parsing
    plain._get_expression = lambda matcher, _functions: parsed(matcher)
    contract = re.search(r"C-\d+", text)[0]
    rows = sorted(set(rows_of(text, purpose)))
    plain.get_model().add_policies("p", "p", [[contract, field, right, purpose, effect] for field, right, effect in rows])
    return plain


def differences(decisions: int, seed: int, schema: GraphQLSchema) -> tuple[int, int, list[tuple[str, Question]]]:
    """How many decisions were compared, how many of them were yes, and where the mask and Casbin differ."""
    rng, catalogue, universe = random.Random(seed), catalogue_of(schema), everything()
    compared = allowed = 0
    found: list[tuple[str, Question]] = []
    while compared < decisions:
        text = random_contract(rng)
        contract, findings = read_contract_text(text)
        assert contract is not None, (text, findings)
        masks = compile_contract(contract, catalogue).masks
        judges = {purpose: judge(text, purpose) for purpose in PURPOSES}
        for question in rng.sample(universe, min(len(universe), decisions - compared)):
            # Casbin walks every row; the first two words of the matcher tell most rows apart.
            says = judges[question.purpose].enforce(contract.id, question.field, question.right, question.purpose)
            compared += 1
            allowed += says
            if masks[question.purpose].permits(question.right, question.field) is not says:
                found.append((text, question))
    return compared, allowed, found


def main() -> int:
    """Compare as many decisions as asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--decisions", type=int, default=60_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    started = time.perf_counter()
    compared, allowed, found = differences(asked.decisions, asked.seed, build_schema(SDL))
    print(f"{compared} decisions, {allowed} of them yes, {len(found)} differences, {time.perf_counter() - started:.1f} s")  # noqa: T201
    for text, question in found[:1]:
        print(f"{question}\n{text}")  # noqa: T201
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
