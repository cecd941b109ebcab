"""The forms of the command that others rely on, run as processes."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[3]
LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])'
PRODUCTS = f'{LINK} type Query {{ product: Product }} type Product @key(fields: "id") {{ id: ID! name: String }}'
REVIEWS = f'{LINK} type Product @key(fields: "id") {{ id: ID! stars: Int }}'
VERBS = """
demo, query, token, import, seed, compose, plan, serve gateway, serve subgraph, audit tail, audit verify, quarantine list,
quarantine correct, contract lint, contract show
"""


def saite(*words, stdin=None):
    command = [sys.executable, "-m", "saite", *map(str, words)]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=60, check=False, cwd=HOUSE)


@pytest.fixture
def config(tmp_path):
    (tmp_path / "products.graphql").write_text(PRODUCTS)
    (tmp_path / "reviews.graphql").write_text(REVIEWS)
    path = tmp_path / "supergraph.yaml"
    entry = "  {0}: {{routing_url: 'http://localhost/{0}', schema: {{file: ./{0}.graphql}}}}\n"
    path.write_text("subgraphs:\n" + "".join(entry.format(name) for name in ("products", "reviews")))
    return path


def test_compose_writes_the_supergraph_and_tells_it_as_json(config, tmp_path):
    ended = saite("compose", "--config", config, "--output", tmp_path / "out.graphql", "--format", "json")
    answer = json.loads(ended.stdout)
    assert ended.returncode == 0
    assert set(answer) == {"supergraph", "errors", "hints"}
    assert answer["supergraph"] == (tmp_path / "out.graphql").read_text()
    assert answer["errors"] == []


def test_compose_tells_every_error_with_its_code_and_subgraphs_and_exits_1(config, tmp_path):
    (tmp_path / "reviews.graphql").write_text(REVIEWS.replace("stars: Int", "stars: Int name: Int"))
    ended = saite("compose", "--config", config, "--format", "json")
    answer = json.loads(ended.stdout)
    assert ended.returncode == 1
    assert answer["supergraph"] is None
    assert {"code": "FIELD_TYPE_MISMATCH", "subgraphs": ["products", "reviews"]}.items() <= answer["errors"][0].items()
    assert saite("compose", "--config", config).stderr.startswith("error FIELD_TYPE_MISMATCH")


def test_compose_with_a_missing_file_is_one_clear_line_and_exits_2(config, tmp_path):
    (tmp_path / "reviews.graphql").unlink()
    ended = saite("compose", "--config", config)
    assert ended.returncode == 2
    assert len(ended.stderr.splitlines()) == 1
    assert "reviews.graphql" in ended.stderr


def test_plan_prints_the_shape_that_tools_draw(config, tmp_path):
    saite("compose", "--config", config, "--output", tmp_path / "out.graphql")
    words = ("plan", "--supergraph", tmp_path / "out.graphql", "--query", "-")
    plan = json.loads(saite(*words, "--format", "json", stdin="{ product { name stars } }").stdout)
    assert plan["kind"] == "QueryPlan"
    assert plan["node"]["kind"] == "Sequence"
    first, second = plan["node"]["nodes"]
    assert (first["kind"], first["serviceName"]) == ("Fetch", "products")
    assert (second["kind"], second["path"], second["node"]["serviceName"]) == ("Flatten", ["product"], "reviews")
    assert saite(*words, stdin="{ product { name stars } }").stdout.startswith("QueryPlan {")


def test_plan_of_an_operation_that_is_not_valid_says_so_and_exits_1(config, tmp_path):
    saite("compose", "--config", config, "--output", tmp_path / "out.graphql")
    ended = saite("plan", "--supergraph", tmp_path / "out.graphql", "--query", "-", stdin="{ nothing }")
    assert ended.returncode == 1
    assert "nothing" in ended.stderr


@pytest.mark.slow
def test_a_register_is_imported_once_and_known_the_second_time(tmp_path):
    journals = sorted((HOUSE / "examples" / "barcelona-2018").glob("*.csv.gz"))
    words = ("import", "--mapping", "barcelona-2018", "--data", tmp_path, "--format", "json", *journals)
    first, second = (json.loads(saite(*words).stdout) for _ in range(2))
    keys = {"read", "new", "changed", "same", "quarantined", "seconds"}
    assert keys <= set(first)
    assert (first["read"], first["new"] + first["same"]) == (9936, 9936)
    assert (second["new"], second["same"]) == (0, 9936)


def test_a_refused_row_is_listed_corrected_and_replayed(tmp_path):
    example = HOUSE / "examples" / "journal"
    (mapping,) = example.glob("*.yaml")
    (journal,) = example.glob("*.jsonl")
    imported = json.loads(saite("import", "--mapping", mapping, "--data", tmp_path, "--format", "json", journal).stdout)
    rows = json.loads(saite("quarantine", "list", "--data", tmp_path, "--format", "json").stdout)
    assert imported["quarantined"] == len({row["id"] for row in rows}) > 0
    assert all(row["file"] and row["line"] and row["reason"] for row in rows)
    latvian = json.loads(saite("quarantine", "list", "--data", tmp_path, "--format", "json", "--language", "lv").stdout)
    assert [row["id"] for row in latvian] == [row["id"] for row in rows]
    assert [row["reason"] for row in latvian] != [row["reason"] for row in rows]


def test_the_verification_of_the_audit_log_names_the_first_broken_record(tmp_path):
    example = HOUSE / "examples" / "journal"
    saite("import", "--mapping", *example.glob("*.yaml"), "--data", tmp_path, *example.glob("*.jsonl"))
    assert saite("audit", "verify", "--data", tmp_path).returncode == 0
    with closing(sqlite3.connect(tmp_path / "audit.sqlite3")) as log:
        for (trigger,) in log.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            log.execute(f"DROP TRIGGER {trigger}")  # who has the file can do this; the chain still tells
        log.execute("UPDATE record SET body = replace(body, 'importer', 'somebody') WHERE seq = 1")
        log.commit()
    ended = saite("audit", "verify", "--data", tmp_path, "--format", "json")
    broken = json.loads(ended.stdout)["broken"]
    assert ended.returncode == 1
    assert broken[0]["seq"] == 1


def test_every_shipped_contract_is_without_errors_and_compiles():
    assert saite("contract", "lint").returncode == 0
    compiled = json.loads(saite("contract", "compile", "--format", "json").stdout)
    assert compiled["refused"] == []
    assert {mask["agency"] for mask in compiled["masks"]} == {"LV-PROK", "LV-VP", "LV-PP-RIGA", "LV-OP-RIGA", "LV-STAT"}


def test_a_contract_is_shown_field_by_field():
    shown = json.loads(saite("contract", "show", "LV-STAT", "--format", "json").stdout)
    rights = shown["purposes"]["STATISTICS"]
    assert "Event.kind" in rights["read"]
    assert "Event.persons" not in rights["read"]
    assert saite("contract", "show", "LV-NOBODY").returncode == 1


def test_a_token_says_who_for_whom_and_why(tmp_path):
    words = ("token", "--agency", "LV-VP", "--user", "janis", "--purpose", "EVENT_RESPONSE", "--data", tmp_path)
    assert re.fullmatch(r"[\w-]+\.[\w-]+\.[\w-]+", saite(*words).stdout.strip())
    assert saite("token", "--agency", "no agency", "--user", "janis", "--data", tmp_path).returncode == 2


@pytest.mark.parametrize("verb", [verb.strip() for verb in VERBS.split(",")])
def test_the_help_of_every_verb_has_an_example(verb):
    ended = saite(*verb.split(), "--help")
    assert ended.returncode == 0
    assert "Example" in ended.stdout


def test_asking_where_nobody_answers_is_one_clear_line(tmp_path):
    ended = saite("query", "--url", "http://127.0.0.1:1/graphql", "--token", "x", "{ __typename }")
    assert ended.returncode == 2
    assert ended.stderr.startswith("Nobody answers")
