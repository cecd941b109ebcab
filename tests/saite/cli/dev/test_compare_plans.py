from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from saite.cli.dev.reference import chain_length, request_count
from saite.cli.main import app

ONE = 'QueryPlan { Fetch(service: "a") { { products { name } } } }'
THREE = f'QueryPlan {{ Sequence {{ {ONE[12:-2]}, Flatten(path: "products") {{ {ONE[12:-2]} }}, {ONE[12:-2]} }} }}'


@pytest.fixture
def corpus(config, tmp_path):
    """The shop's supergraph, and operations whose reference plans are what a test wants."""
    CliRunner().invoke(app, ["compose", "--config", str(config), "--output", str(tmp_path / "shop.graphql")])

    def write(**cases: tuple[str, str]):
        rows = [
            {"test": name, "supergraph": "shop.graphql", "query": query, "plan": text} for name, (query, text) in cases.items()
        ]
        (tmp_path / "plans.json").write_text(json.dumps(rows))
        return lambda *words: CliRunner().invoke(app, ["dev", "compare-plans", str(tmp_path), *words])

    return write


def test_each_operation_is_better_worse_or_the_same(corpus):
    compare = corpus(
        same=("{ products { name } }", ONE),
        better=("{ products { shipping } }", THREE),
        worse=("{ products { shipping } }", ONE),
        broken=("{ products { nothing", ONE),
    )
    ended = compare("--format", "json")
    made = json.loads(ended.stdout)
    assert {one["name"]: one["verdict"] for one in made["operations"]} == {
        "same": "same",
        "better": "better",
        "worse": "worse",
        "broken": "worse",
    }
    assert (made["better"], made["same"], made["worse"]) == (1, 1, 2)
    assert ended.exit_code == 1
    text = compare()
    assert "better\t2\t3\t2\t3\tbetter" in text.stdout
    assert "4 operations: 1 better, 1 same, 2 worse" in text.stdout
    assert "broken has no plan: " in text.stderr


def test_nothing_worse_ends_with_0(corpus):
    assert corpus(same=("{ products { name } }", ONE))().exit_code == 0


def test_a_folder_without_a_readable_corpus_ends_with_2(corpus, tmp_path):
    compare = corpus()
    (tmp_path / "plans.json").write_text('[{"test": "x"}]')
    assert compare().exit_code == 2
    (tmp_path / "plans.json").unlink()
    assert compare().exit_code == 2


def test_the_reference_plans_are_read_as_they_are_meant():
    text = """
    QueryPlan { Sequence { Fetch(service: "a") { { x } }, Parallel {
      Include(if: $b) { Sequence { Flatten(path: "x") { Fetch(service: "b") { { y } } }, BatchFetch(service: "c") { { z } } } },
      Fetch(service: "d") { { w } } } } }
    """
    assert (request_count(text), chain_length(text)) == (4, 3)
    assert (request_count(""), chain_length("")) == (0, 0)


def test_no_operation_of_the_shared_corpus_is_planned_worse(shared):
    ended = CliRunner().invoke(app, ["dev", "compare-plans", str(shared / "corpora/plans"), "--format", "json"])
    assert json.loads(ended.stdout)["worse"] == 0
    assert ended.exit_code == 0
