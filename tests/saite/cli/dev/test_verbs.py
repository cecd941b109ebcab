"""Each verb of `saite dev` shows its stage; wrong input ends it with one clear line and the right exit code."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from saite.cli.main import app

QUERY = "{ products { name shipping price } }"
VERBS = ["schema", "graph", "normalize", "paths", "fetch-graph", "plan", "execute", "compare-plans"]


@pytest.mark.parametrize("verb", VERBS)
def test_the_help_of_every_verb_has_an_example(verb):
    ended = CliRunner().invoke(app, ["dev", verb, "--help"])
    assert ended.exit_code == 0
    assert f"saite dev {verb}" in ended.stdout


def test_schema_tells_for_each_field_which_subgraph_holds_it_and_how(dev, dev_json):
    (product,) = dev_json("schema", "--type", "Product")["types"]
    fields = {field["name"]: field["subgraphs"] for field in product["fields"]}
    assert fields["weight"] == {"inventory": "external", "products": "resolves"}
    assert fields["shipping"] == {"inventory": "requires { weight }"}
    assert "overrides inventory" in fields["rating"]["sales"]
    text = dev("schema").stdout
    assert "products  http://products.test/graphql" in text
    assert text.index("What clients see") < text.rindex("type Product {")


def test_schema_prints_what_clients_see_or_what_a_fetch_may_contain(dev):
    assert "join__" not in dev("schema", "--api").stdout
    assert "_entities" in dev("schema", "--subgraph", "sales").stdout
    assert dev("schema", "--subgraph", "none").exit_code == 2


def test_graph_is_restricted_to_one_type_and_drawn_for_both_tools(dev):
    assert "found by its key { id } as Product in sales" in dev("graph", "--type", "Product").stdout
    assert dev("graph", "--format", "dot").stdout.startswith('digraph "query graph" {')
    assert dev("graph", "--format", "mermaid").stdout.startswith("flowchart LR")
    wrong = dev("graph", "--type", "Produkt")
    assert wrong.exit_code == 2
    assert "Did you mean 'Product'?" in wrong.stderr


def test_normalize_shows_what_each_pass_changes(dev, dev_json):
    query = "query($a: Boolean!) { products { id ...F } products @include(if: $a) { name } } fragment F on Product { id }"
    made = dev_json("normalize", "--query", query, "--passes")
    names = [one["pass"] for one in made]
    assert (names[0], names[-1]) == ("read_operation", "supply_contexts")
    assert {"drop_introspection", "gather_conditions"} <= set(names)
    text = dev("normalize", "--query", query, "--passes").stdout
    assert "# drop_introspection changes nothing" in text
    assert "name @include(if: $a)" in dev("normalize", "--query", "-", stdin=query).stdout


def test_paths_lists_every_candidate_of_a_leaf_and_marks_the_chosen_one(dev):
    text = dev("paths", "--query", QUERY).stdout
    assert text.splitlines()[3:6] == [
        "products.shipping  (Product.shipping)",
        "  * 2 requests, cost 2004: ⇒ products → products@products ⇒ inventory by { id } with { weight } → shipping@inventory",
        "",
    ]
    price = text[text.index("products.price") :].splitlines()
    assert price[1] == "  * 1 request, cost 1002: ⇒ products → products@products → price@products"
    assert price[2] == "    2 requests, cost 2004: ⇒ products → products@products ⇒ sales by { id } → price@sales"


def test_paths_are_cut_at_the_limit_and_what_is_left_out_is_counted(dev):
    text = dev("paths", "--query", "{ products { price } }", "--limit", "1").stdout
    assert text.splitlines()[2] == "    and 1 more (see --limit)"


def test_paths_depend_on_the_labels_that_are_on(dev):
    assert "rating@inventory" in dev("paths", "--query", "{ products { rating } }").stdout
    assert "rating@sales" in dev("paths", "--query", "{ products { rating } }", "--label", "percent(50)").stdout
    unknown = dev("paths", "--query", "{ products { rating } }", "--label", "percent(5)")
    assert (unknown.exit_code, "percent(50)" in unknown.stderr) == (2, True)


def test_fetch_graph_shows_the_requests_as_built_and_after_each_pass(dev, dev_json):
    made = dev_json("fetch-graph", "--query", QUERY)
    assert (made[0]["after"], made[-1]["after"]) == ("as built", "reduce_dependencies")
    assert [step["subgraph"] for step in made[-1]["steps"]] == ["products", "inventory"]
    assert made[-1]["steps"][1]["waitsFor"] == [0]
    end = dev("fetch-graph", "--query", QUERY, "--after", "end").stdout
    assert "step 1: inventory at products.@, waits for 0" in end
    assert "sends Product { __typename id weight }" in end
    assert dev("fetch-graph", "--query", QUERY, "--after", "built", "--format", "dot").stdout.strip().startswith("// as built")
    assert "flowchart LR" in dev("fetch-graph", "--query", QUERY, "--after", "end", "--format", "mermaid").stdout
    wrong = dev("fetch-graph", "--query", QUERY, "--after", "nothing")
    assert (wrong.exit_code, "merge_siblings" in wrong.stderr) == (2, True)


def test_plan_is_printed_and_checked(dev, dev_json):
    assert dev("plan", "--query", QUERY).stdout.startswith("QueryPlan {")
    made = dev_json("plan", "--query", QUERY)
    assert (made["kind"], made["faults"]) == ("QueryPlan", [])


@pytest.mark.parametrize("verb", ["normalize", "paths", "fetch-graph", "plan"])
def test_variables_are_checked_by_every_verb_that_takes_an_operation(dev, verb):
    query = "query($id: ID!) { product(id: $id) { name } }"
    assert dev(verb, "--query", query, "--variables", '{"id": 1}').exit_code == 0
    wrong = dev(verb, "--query", query, "--variables", "{}")
    assert (wrong.exit_code, "The variables do not fit the operation" in wrong.stderr) == (1, True)
    assert dev(verb, "--query", query, "--variables", "[1]").exit_code == 2


def test_an_operation_that_is_not_valid_ends_with_1_and_a_missing_file_with_2(dev):
    wrong = dev("plan", "--query", "{ product { nam } }")
    assert wrong.exit_code == 1
    assert "nam" in wrong.stderr
    assert dev("plan", "--query", "nowhere.graphql").exit_code == 2


def test_subgraphs_that_do_not_compose_are_told_as_the_first_stage_that_goes_wrong(dev, config):
    file = config.parent / "sales.graphql"
    file.write_text(file.read_text().replace("price: Int", "price: Boolean"))
    ended = dev("plan", "--query", QUERY)
    assert ended.exit_code == 1
    assert "FIELD_TYPE_MISMATCH" in ended.stderr
    assert "the first stage that goes wrong is composition" in ended.stderr


def test_a_document_that_is_no_supergraph_is_one_clear_line(tmp_path):
    (tmp_path / "sdl.graphql").write_text("type Query { a: Int }")
    ended = CliRunner().invoke(app, ["dev", "graph", "--supergraph", str(tmp_path / "sdl.graphql")])
    assert (ended.exit_code, len(ended.stderr.splitlines())) == (2, 1)
    assert ended.stderr.startswith("INVALID_FEDERATION_SUPERGRAPH: ")


def test_exactly_one_of_supergraph_and_config_is_wanted():
    ended = CliRunner().invoke(app, ["dev", "graph"])
    assert (ended.exit_code, "--supergraph FILE or --config FILE" in ended.stderr) == (2, True)
