"""`saite plan`, with and without words."""

from __future__ import annotations

import json

from typer.testing import CliRunner

from saite.cli.main import app

QUERY = "{ products { name shipping } }"


def plan(config, *words):
    return CliRunner().invoke(app, ["plan", "--config", str(config), "--query", QUERY, *words])


def test_explain_says_in_words_why_each_request_is_there(config):
    ended = plan(config, "--explain")
    assert ended.exit_code == 0
    assert "It sends { weight } along, which Product.shipping requires." in ended.stdout
    assert "QueryPlan" not in ended.stdout


def test_explain_as_json_is_one_object(config):
    made = json.loads(plan(config, "--explain", "--format", "json").stdout)
    assert [one["subgraph"] for one in made["fetches"]] == ["products", "inventory"]
    assert made["fetches"][1]["places"][0]["entries"] == [
        {"type": "Product", "key": "id", "requires": {"Product.shipping": "weight"}, "sentAs": None}
    ]


def test_without_explain_it_is_the_plan(config):
    assert plan(config).stdout.startswith("QueryPlan {")
    assert json.loads(plan(config, "--format", "json").stdout)["kind"] == "QueryPlan"
