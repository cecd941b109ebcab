"""The federation-gateway-audit through HTTP: real subgraphs, a real gateway, over each suite's given supergraph and over our
own composition of its subgraphs.

Compared as `FORMAT.md` says: data deeply equal with missing = null; when errors are expected, their presence must match.
Nothing is excepted: every case is answered, every suite composes.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

REQUEST_ID = "99999999999998"


def cases() -> Iterator[Any]:
    """Every case of every suite; none without the corpora (then the fixture `shared` says why)."""
    folder = Path(os.environ.get("SAITE_SHARED") or Path(__file__).resolve().parents[3] / "shared") / "corpora/audit"
    for path in sorted(folder.glob("*/tests.json")):
        for test in json.loads(path.read_text(encoding="utf-8")):
            yield pytest.param(path.parent.name, test, id=f"{path.parent.name}-{test['id']}")


def with_nulls_dropped(value: Any) -> Any:
    """Missing and null are one, as in the audit."""
    if isinstance(value, dict):
        return {key: with_nulls_dropped(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [with_nulls_dropped(item) for item in value]
    return value


def differences(expected: dict[str, Any], answer: dict[str, Any]) -> list[str]:
    found = []
    if with_nulls_dropped(answer.get("data")) != with_nulls_dropped(expected.get("data")):
        found.append(f"data\n  expected {expected.get('data')}\n  got      {answer.get('data')}")
    if "errors" in expected and bool(answer.get("errors")) is not bool(expected["errors"]):
        found.append(f"errors: expected {expected['errors']}")
    if found:
        found.append(f"errors in the answer: {answer.get('errors')}")
    return found


@pytest.mark.parametrize("composer", ["given", "own"])
@pytest.mark.parametrize(("suite", "case"), list(cases()))
def test_the_gateway_answers_as_the_audit_expects(gateway_for, suite, case, composer):
    fresh = json.loads(json.dumps(case).replace(REQUEST_ID, f"{secrets.randbelow(10**14):014d}"))
    found = differences(fresh["expected"], gateway_for(suite, composer).ask(fresh["query"]))
    assert not found, "\n".join([case["query"], *found])


def test_every_case_of_the_corpus_is_here(shared):
    index = json.loads((shared / "corpora/audit/index.json").read_text(encoding="utf-8"))
    assert len(list(cases())) == sum(suite["tests"] for suite in index)
