"""How long contracts take to load: 100 contracts that each name 300 fields, read, linted, compiled by Casbin, canaries run.

    python bench/contracts.py [--contracts 100] [--fields 300] [--thorough]

The schema has exactly that many fields that need a right; each contract grants 270 of them for one purpose and 180 for another,
filters and sorts by a tenth, and denies ten. `--thorough` puts every single question to Casbin. Prints one line of JSON.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime

from graphql import GraphQLSchema, build_schema

from authz.catalogue import Catalogue, catalogue_of
from authz.compile import compile_contract
from authz.document import read_contract_text

TYPES = 10
DIRECTIVES = """
directive @classified(as: String!) on FIELD_DEFINITION
directive @public on ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION
directive @discloses(field: String!) on INPUT_FIELD_DEFINITION | ENUM_VALUE
directive @rowattr(name: String!, type: String!) repeatable on OBJECT
"""


def schema_with(fields: int) -> GraphQLSchema:
    """A schema with so many fields that need a right, a tenth of them to filter and sort by."""
    names = [(f"T{number % TYPES}", f"f{number}") for number in range(fields - TYPES)]
    parts = [DIRECTIVES, "input TextFilter { eq: String @public in: [String!] @public }", "type Query {"]
    arguments = "(where: W{0} @public, orderBy: O{0} @public)"
    parts += [f't{i}{arguments.format(i)}: T{i} @classified(as: "L1")' for i in range(TYPES)] + ["}"]
    for i in range(TYPES):
        own = [name for type_name, name in names if type_name == f"T{i}"]
        parts.append(f'type T{i} @rowattr(name: "territory", type: "String") {{')
        parts += [f'{name}: String @classified(as: "L2")' for name in own] + ["}", f"input W{i} {{"]
        parts += [f'{name}: TextFilter @discloses(field: "T{i}.{name}")' for name in own[::10]] + ["}", f"enum O{i} {{"]
        parts += [f'{name.upper()} @discloses(field: "T{i}.{name}")' for name in own[::10]] + ["}"]
    return build_schema("\n".join(parts))


def contract_text(number: int, catalogue: Catalogue) -> str:
    """One contract over that schema, in the manner of those that ship: bundles, two purposes, denies, rows, canaries."""
    queries = [name for name in catalogue.fields if name.startswith("Query.")]
    others = [name for name in catalogue.fields if not name.startswith("Query.")]
    filtered, sorted_by = sorted(catalogue.operators), sorted(catalogue.sortable)
    return f"""
apiVersion: sharing/v1
kind: CooperationAgreement
metadata: {{id: C-{number}, version: 1, title: "Agency {number}"}}
parties:
  provider: {{id: LV-IC, name: Information Centre, controller: true}}
  consumer: {{id: LV-{number}, name: Agency {number}}}
legal: {{basis: [a law]}}
validity: {{not_before: 2026-01-01T00:00:00Z, not_after: 2027-01-01T00:00:00Z}}
purposes: {{FIRST: {{requires: [user]}}, SECOND: {{requires: [user]}}}}
bundles:
  wide: {json.dumps(others[10 : len(others) - 10])}
  narrow: {json.dumps(others[10 : len(others) * 6 // 10])}
grants:
  - purposes: [FIRST]
    read: {json.dumps([*queries, "@wide"])}
    filter: {{{", ".join(f"{name}: [eq, in]" for name in filtered)}}}
    sort: {json.dumps(sorted_by)}
  - {{purposes: [SECOND], read: {json.dumps([*queries, "@narrow"])}}}
denies:
  - {{purposes: ["*"], resources: {json.dumps(others[:10])}}}
rows: {{{", ".join(f"T{i}: {{in: [territory, $consumer.territories]}}" for i in range(TYPES))}}}
context: {{consumer: {{territories: ["{number:07}"]}}}}
tests:
  must_allow: [[FIRST, read, {others[20]}]]
  must_deny: [[FIRST, read, {others[0]}], [SECOND, "filter:eq", {filtered[0]}]]
"""


def seconds_for(texts: Iterator[str], catalogue: Catalogue, *, thorough: bool) -> tuple[float, float, int]:
    """How long it takes to read and compile the texts, by the clock and of the processor, and how many masks there are then."""
    started, worked = time.perf_counter(), time.process_time()
    masks = 0
    for text in texts:
        contract, findings = read_contract_text(text)
        assert contract is not None, findings
        masks += len(compile_contract(contract, catalogue, thorough=thorough).masks)
    return time.perf_counter() - started, time.process_time() - worked, masks


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--contracts", type=int, default=100)
    parser.add_argument("--fields", type=int, default=300)
    parser.add_argument("--thorough", action="store_true")
    asked = parser.parse_args()
    catalogue = catalogue_of(schema_with(asked.fields))
    texts = [contract_text(number, catalogue) for number in range(asked.contracts)]
    seconds, worked, masks = seconds_for(iter(texts), catalogue, thorough=asked.thorough)
    print(
        json.dumps(
            {
                "at": datetime.now(UTC).isoformat(timespec="seconds"),
                "contracts": asked.contracts,
                "fields": len(catalogue.fields),
                "masks": masks,
                "thorough": asked.thorough,
                "seconds": round(seconds, 2),
                "cpu_seconds": round(worked, 2),
                "ms_per_contract": round(seconds / asked.contracts * 1000, 1),
            }
        )
    )


if __name__ == "__main__":
    main()
