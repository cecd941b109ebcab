"""A shop of three subgraphs, and `saite dev` run in this process."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from saite.cli.main import app

IMPORTS = '"@key", "@external", "@requires", "@override", "@shareable"'
LINK = f'extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: [{IMPORTS}])'
SUBGRAPHS = {
    "products": """
        type Query { products: [Product] product(id: ID!): Product }
        type Product @key(fields: "id") { id: ID! name: String weight: Int price: Int @shareable }""",
    "inventory": """
        type Product @key(fields: "id") {
          id: ID! weight: Int @external rating: Int inStock: Boolean shipping: Int @requires(fields: "weight") }""",
    "sales": """
        type Product @key(fields: "id") {
          id: ID! price: Int @shareable rating: Int @override(from: "inventory", label: "percent(50)") }""",
}


@pytest.fixture
def config(tmp_path: Path) -> Path:
    lines = ["subgraphs:"]
    for name, sdl in SUBGRAPHS.items():
        (tmp_path / f"{name}.graphql").write_text(LINK + sdl)
        lines.append(f"  {name}: {{routing_url: 'http://{name}.test/graphql', schema: {{file: ./{name}.graphql}}}}")
    path = tmp_path / "supergraph.yaml"
    path.write_text("\n".join(lines))
    return path


Dev = Callable[..., Result]


@pytest.fixture
def dev(config: Path) -> Dev:
    """`saite dev WORDS --config …`; a last word of `json` asks for JSON."""

    def run(verb: str, *words: str, stdin: str | None = None) -> Result:
        return CliRunner().invoke(app, ["dev", verb, "--config", str(config), *words], input=stdin)

    return run


@pytest.fixture
def dev_json(dev: Dev) -> Callable[..., Any]:
    def run(verb: str, *words: str) -> Any:
        ended = dev(verb, *words, "--format", "json")
        assert ended.exit_code == 0, ended.output
        return json.loads(ended.stdout)

    return run
