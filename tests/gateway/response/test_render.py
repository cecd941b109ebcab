"""`render`: the client's shape, null propagation, coercion, errors in the client's words."""

from __future__ import annotations

import msgspec
import pytest
from graphql import build_schema, graphql_sync, parse
from hypothesis import given
from hypothesis import strategies as st

from gateway.execution import Raw, RawError
from gateway.response import Projection, Withheld, introspect, introspection_fields, open_mask, protected_mask, render

API = build_schema(
    """
    type Query {
      user: User must: User! users: [User!] strict: [User!]!
      node: Node nodes: [Node] any: [Anything] grid: [[Int!]]
    }
    interface Node { id: ID! }
    interface Named implements Node { id: ID! name: String }
    type User implements Named & Node {
      id: ID! name: String age: Int! score: Float active: Boolean role: Role extra: Json
      friend: User boss: User!
    }
    type Robot implements Node { id: ID! model: String! }
    union Anything = User | Robot
    enum Role { ADMIN GUEST }
    scalar Json
    """
)


def rendered(query, data, errors=(), variables=None, mask=None, **more):
    document = parse(query)
    projection = Projection(API, document, document.definitions[0], variables or {}, **more)
    return render(Raw(data, tuple(errors)), projection, mask or open_mask())


def data_of(query, data, errors=(), variables=None, **more):
    return msgspec.json.decode(rendered(query, data, errors, variables, **more).data)


def error(message="broken", path=None, origin=1, **more):
    return RawError(message, path, more.pop("code", "BROKEN"), "room", origin, from_subgraph=True, **more)


def test_fields_stand_in_the_order_of_the_client_under_its_aliases_and_nothing_else_is_shown():
    answer = rendered("{ user { name first: name id } }", {"user": {"id": 7, "name": "Anna", "first": "Anna", "_key": "x"}})
    assert answer.data == b'{"user":{"name":"Anna","first":"Anna","id":"7"}}'


def test_fragments_show_by_the_type_of_each_object():
    query = "{ nodes { ... on Robot { model } ...N __typename } } fragment N on Named { name }"
    nodes = [{"__typename": "Robot", "model": "R2", "name": "no"}, {"__typename": "User", "name": "Anna"}]
    assert data_of(query, {"nodes": nodes}) == {
        "nodes": [{"model": "R2", "__typename": "Robot"}, {"name": "Anna", "__typename": "User"}]
    }


@pytest.mark.parametrize("wanted", [True, False])
def test_skip_and_include_follow_the_variables(wanted):
    query = "query($v: Boolean!) { user { id @include(if: $v) name @skip(if: $v) ... @include(if: $v) { age } } }"
    answer = data_of(query, {"user": {"id": "1", "name": "Anna", "age": 3}}, variables={"v": wanted})
    assert answer == {"user": {"id": "1", "age": 3} if wanted else {"name": "Anna"}}


def test_fields_of_one_response_key_are_merged():
    query = "{ user { friend { id } ... on User { friend { name } } } }"
    assert data_of(query, {"user": {"friend": {"id": "2", "name": "Juris"}}}) == {
        "user": {"friend": {"id": "2", "name": "Juris"}}
    }


def test_a_missing_non_null_value_makes_the_nearest_nullable_parent_null_and_is_told_once():
    answer = rendered("{ user { id age } }", {"user": {"id": "1"}})
    assert answer.data == b'{"user":null}'
    assert [(one["path"], one["extensions"]["code"]) for one in answer.errors] == [(["user", "age"], "NULL_FOR_NON_NULL")]


def test_a_null_that_an_error_explains_is_not_told_twice():
    answer = rendered("{ user { id age } }", {"user": {"id": "1", "age": None}}, [error(path=("user", "age"))])
    assert answer.data == b'{"user":null}'
    assert [one["message"] for one in answer.errors] == ["broken"]


def test_a_null_reaches_the_root_through_non_null_parents():
    assert rendered("{ must { age } }", {"must": {}}).data == b"null"


def test_a_null_item_of_a_non_null_list_takes_the_list():
    assert data_of("{ users { id } }", {"users": [{"id": "1"}, None]}) == {"users": None}
    assert data_of("{ grid }", {"grid": [[1, 2], [None], None]}) == {"grid": [[1, 2], None, None]}


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("age", 2147483647, 2147483647),
        ("age", 3.0, 3),
        ("score", 3, 3),
        ("score", 0.5, 0.5),
        ("id", 12, "12"),
        ("role", "ADMIN", "ADMIN"),
        ("active", False, False),
        ("extra", {"any": [1, "x", None]}, {"any": [1, "x", None]}),
        ("extra", 123456789012345678901234567890, 123456789012345678901234567890),
    ],
)
def test_leaves_are_coerced_as_the_specification_says(field, value, shown):
    query = "{ user { %s } }" % field  # noqa: UP031 - braces
    assert data_of(query, {"user": {field: value}}) == {"user": {field: shown}}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", {"a": 1}),
        ("score", "much"),
        ("score", []),
        ("active", "yes"),
        ("role", "SECRET_ROLE"),
        ("role", 1),
        ("friend", "someone"),
        ("friend", [{"id": "1"}]),
    ],
)
def test_a_value_that_is_none_of_its_type_is_null_with_an_error_that_does_not_show_it(field, value):
    selection = "friend { id }" if field == "friend" else field
    answer = rendered("{ user { %s } }" % selection, {"user": {field: value}})  # noqa: UP031 - braces
    assert msgspec.json.decode(answer.data) == {"user": {field: None}}
    assert [(one["path"], one["extensions"]["code"]) for one in answer.errors] == [(["user", field], "INVALID_VALUE")]
    assert "SECRET" not in answer.errors[0]["message"]


@pytest.mark.parametrize("value", [2147483648, 1.5, "x", None])
def test_an_int_out_of_range_is_an_error(value):
    assert rendered("{ user { age } }", {"user": {"age": value}}).data == b'{"user":null}'


def test_a_type_that_the_client_may_not_see_here_is_null_with_an_error():
    answer = rendered("{ node { id } }", {"node": {"__typename": "ProtectedWitness", "id": "1"}})
    assert answer.data == b'{"node":null}'
    assert "Protected" not in answer.errors[0]["message"]


def test_an_interface_whose_fields_are_the_same_for_all_needs_no_type_name():
    assert data_of("{ node { id } }", {"node": {"id": "1"}}) == {"node": {"id": "1"}}
    assert data_of("{ node { __typename id } }", {"node": {"id": "1"}}) == {"node": None}


def test_names_of_python_objects_are_data_like_any():
    query = "{ __class__: user { __init__: name __dict__: id } }"
    assert data_of(query, {"__class__": {"__init__": "a", "__dict__": "b"}}) == {
        "__class__": {"__init__": "a", "__dict__": "b"}
    }


def test_an_error_at_an_internal_field_is_shown_at_the_field_that_waited_for_it():
    errors = [error(path=("user", "_key"), origin=5), error(path=("user", "name"), origin=5)]
    answer = rendered("{ user { name } }", {"user": {"_key": None}}, errors)
    assert [one["path"] for one in answer.errors] == [["user", "name"]]


@pytest.mark.parametrize("inner", [{"_key": None}, {"_key": {"deep": None}}, {"_key": [{"deep": 1}, None]}, {}])
def test_an_error_at_an_internal_field_for_which_nothing_visible_waited_is_not_shown(inner):
    path = ("user", "_key", 1, "deep") if isinstance(inner.get("_key"), list) else ("user", "_key", "deep")
    assert rendered("{ user { name } }", {"user": {"name": "x", **inner}}, [error(path=path)]).errors == ()


@pytest.mark.parametrize("data", [{"user": None}, {}, {"user": {"name": "x", "_key": {"deep": 1}}}, {"user": "no object"}])
def test_an_error_at_an_internal_field_is_shown_above_it_when_it_cannot_be_said_who_waited(data):
    answer = rendered("{ user { name } }", data, [error(path=("user", "_key", "deep"))])
    assert answer.errors[0]["path"] == ["user"]


def test_the_errors_of_one_answer_are_bounded_and_say_so():
    errors = [error(path=("users", index, "name"), origin=index) for index in range(250)]
    answer = rendered("{ users { name } }", {"users": [{"name": None}] * 250}, errors)
    assert len(answer.errors) == 100
    assert "151 further errors" in answer.errors[-1]["message"]


def test_the_open_mask_lets_messages_and_extensions_pass():
    answer = rendered(
        "{ user { name } }", {"user": {}}, [error(path=("user", "name"), extensions={"code": "BROKEN", "more": 1})]
    )
    extensions = answer.errors[0]["extensions"]
    assert answer.errors[0]["message"] == "broken"
    assert (extensions["code"], extensions["more"], extensions["service"]) == ("BROKEN", 1, "room")


def test_the_protected_mask_hides_a_subgraph_message_under_an_id_that_the_log_has(caplog):
    errors = [error("duplicate key 30990000000", ("user", "name"), extensions={"sql": "…"})]
    answer = rendered("{ user { name } }", {"user": {}}, errors, mask=protected_mask())
    assert "30990000000" not in str(answer.errors)
    assert "room" not in str(answer.errors)
    shown = answer.errors[0]["extensions"]
    assert set(shown) == {"code", "errorId"}
    assert [(record.error_id, record.detail) for record in caplog.records] == [(shown["errorId"], "duplicate key 30990000000")]


def test_a_message_written_for_clients_passes_the_protected_mask():
    errors = [error("The page is too large.", ("user", "name"), code="BAD_PAGE")]
    answer = rendered("{ user { name } }", {"user": {}}, errors, mask=protected_mask())
    assert answer.errors[0] == {
        "message": "The page is too large.",
        "path": ["user", "name"],
        "extensions": {"code": "BAD_PAGE"},
    }


def test_what_is_withheld_is_null_whatever_the_data_holds_under_its_key():
    query = "{ user { id: name } node { ... on User { id: name } ... on Robot { id } } }"
    data = {"user": {"id": "per_1"}, "node": {"__typename": "User", "id": "per_1"}}
    withheld = [Withheld(("user", "id"), "User.name"), Withheld(("node", "id"), "User.name")]
    assert data_of(query, data, withheld=withheld) == {"user": {"id": None}, "node": {"id": None}}


def test_entities_are_seen_under_the_key_that_the_executed_operation_gave_their_id():
    executed = parse("{ users { name _id: id } nodes { ... on Robot { model id } } }")
    data = {
        "users": [{"name": "a", "_id": "u1"}, {"name": "b", "_id": "u1"}],
        "nodes": [{"__typename": "Robot", "model": "x", "id": "r1"}],
    }
    answer = rendered("{ users { name } nodes { ... on Robot { model } } }", data, executed=executed)
    assert answer.entities == {"User": ("u1",), "Robot": ("r1",)}


def test_introspection_stands_beside_data_in_the_client_order():
    query = """
        query { a: __typename s: __schema { queryType { name } } user { name } ...F }
        fragment F on Query { t: __type(name: "Role") { name } }
    """
    document = parse(query)
    operation = document.definitions[0]
    projection = Projection(API, document, operation, {})
    answers = introspect(API, document, operation, introspection_fields(projection, operation), {})
    answer = render(Raw({"user": {"name": "x"}}), projection, open_mask(), introspected=answers)
    assert answer.data == b'{"a":"Query","s":{"queryType":{"name":"Query"}},"user":{"name":"x"},"t":{"name":"Role"}}'


def test_the_body_has_only_the_parts_there_are():
    answer = rendered("{ user { id } }", {"user": None})
    assert answer.body() == b'{"data":{"user":null}}'
    assert answer.body({"purpose": "P"}) == b'{"data":{"user":null},"extensions":{"purpose":"P"}}'


leaf = st.none() | st.integers(-5, 5) | st.sampled_from(["x", "ADMIN", "1", True, False, 0.5, 2**40])
user = st.deferred(
    lambda: st.fixed_dictionaries(
        {"__typename": st.just("User")},
        optional={
            "id": leaf,
            "name": leaf,
            "age": leaf,
            "score": leaf,
            "active": leaf,
            "role": leaf,
            "friend": user | st.none(),
            "boss": user | st.none(),
        },
    )
)
robot = st.fixed_dictionaries({"__typename": st.just("Robot")}, optional={"id": leaf, "model": leaf})
node = user | robot | st.none()
root = st.fixed_dictionaries(
    {},
    optional={
        "user": user | st.none(),
        "must": user | st.none(),
        "users": st.lists(user | st.none(), max_size=3) | st.none(),
        "strict": st.lists(user | st.none(), max_size=3) | st.none(),
        "nodes": st.lists(node, max_size=3),
        "any": st.lists(node, max_size=3),
        "grid": st.lists(st.lists(leaf, max_size=2) | st.none(), max_size=2),
    },
)
EVERYTHING = """
    query { user { ...U boss { age friend { id } } } users { ...U } nodes { __typename id ... on Robot { model } ...U }
      any { ... on Named { name } ... on Robot { model } ... on User { friend { ...U } boss { name } } } grid %s }
    fragment U on User { id name age score active role }
"""


@pytest.mark.parametrize("more", ["", "must { ...U }", "strict { id friend { boss { id } } }"])
@given(data=root)
def test_the_form_is_filled_as_graphql_core_would(more, data):
    """The oracle: the same data behind graphql-core's own executor gives the same answer and the same error places."""
    query = EVERYTHING % more
    oracle = graphql_sync(API, query, data)
    answer = rendered(query, data)
    assert msgspec.json.decode(answer.data) == oracle.data
    assert sorted(str(one["path"]) for one in answer.errors) == sorted(str(one.path) for one in oracle.errors or ())
