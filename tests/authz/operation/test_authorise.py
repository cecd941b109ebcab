from __future__ import annotations

import pytest
from graphql import GraphQLSchema, parse, print_ast, validate

from authz.errors import NotInSchema, OperationTooLarge, Unauthorized
from authz.mask import Mask
from authz.operation import Permit, Withheld, authorise, recheck
from tests.authz.small_world import CONTRACT, SCHEMA, mask_of

MASK = mask_of()
STATISTICS = mask_of("STATISTICS")


def permit_of(text: str, mask: Mask = MASK, *, audit_keys: bool = False) -> Permit:
    permit = authorise(SCHEMA, parse(text), None, mask, audit_keys=audit_keys)
    assert validate(SCHEMA, permit.document) == []
    return permit


def left_of(text: str, mask: Mask = MASK, *, audit_keys: bool = False) -> str:
    """What may run, on one line."""
    return " ".join(print_ast(permit_of(text, mask, audit_keys=audit_keys).document).split())


def test_what_is_granted_runs_as_it_was_asked() -> None:
    text = "{ persons(first: 2) { nodes { familyName events { kind } } pageInfo { hasNextPage } } }"
    permit = permit_of(text)
    assert left_of(text) == text
    assert permit.withheld == ()
    assert permit.fields == {"Query.persons", "Person.familyName", "Person.events", "Event.kind"}


def test_a_listed_field_is_withheld_and_the_rest_stays() -> None:
    permit = permit_of("{ persons { nodes { personalCode familyName } } }")
    assert "personalCode" not in print_ast(permit.document)
    assert permit.withheld == (Withheld(("persons", "nodes", "personalCode"), "Person.personalCode", "read", "NOT_GRANTED"),)
    assert "Person.personalCode" not in permit.fields


def test_a_hidden_field_is_as_one_that_does_not_exist() -> None:
    with pytest.raises(NotInSchema) as hidden:
        permit_of("{ persons { nodes { phone } } }")
    with pytest.raises(NotInSchema) as absent:
        permit_of("{ persons { nodes { phono } } }")
    assert hidden.value.message.replace("phone", "phono") == absent.value.message


def test_a_field_without_a_mark_is_denied_to_everybody() -> None:
    for text in ("{ forgotten }", "{ persons { nodes { forgotten } } }"):
        with pytest.raises(NotInSchema):
            permit_of(text)


def test_a_withheld_composite_is_one_entry_for_all_below_it() -> None:
    permit = permit_of("{ persons { nodes { id warrants { kind } } } }")
    assert [entry.path for entry in permit.withheld] == [("persons", "nodes", "warrants")]


def test_a_selection_that_is_emptied_asks_for_the_type_name_only() -> None:
    assert left_of("{ persons { nodes { personalCode } } }") == "{ persons { nodes { __typename } } }"


def test_an_operation_that_is_emptied_is_still_an_operation() -> None:
    text = CONTRACT.replace("listed: [", "listed: [Query.secrets, Secret.word, ")
    assert left_of("{ secrets { word } }", mask_of(document=text)) == "{ __typename }"


def test_counts_need_the_right_to_count() -> None:
    permit = permit_of("{ persons { totalCount } }")
    assert permit.withheld[0].right == "count"
    assert permit.withheld[0].reason == "OTHER_PURPOSE"
    allowed = permit_of("{ persons { totalCount } }", STATISTICS)
    assert allowed.withheld == ()
    assert allowed.counts == {"PersonConnection.totalCount"}


def test_an_alias_is_no_disguise_and_its_key_is_the_path() -> None:
    permit = permit_of("{ people: persons { list: nodes { id: personalCode familyName } } }")
    assert permit.withheld[0].path == ("people", "list", "id")
    assert permit.withheld[0].field == "Person.personalCode"


def test_fragments_are_decided_where_they_are_spread() -> None:
    text = """
    query { persons { nodes { ...Outer } } person(id: "x") { ...Outer } }
    fragment Outer on Person { ...Inner familyName }
    fragment Inner on Titled { title ... on Person { personalCode } }
    """
    permit = permit_of(text)
    assert [entry.path for entry in permit.withheld] == [
        ("person", "personalCode"),
        ("person", "title"),
        ("persons", "nodes", "personalCode"),
        ("persons", "nodes", "title"),
    ]
    assert "fragment" not in print_ast(permit.document)
    assert permit.document.definitions[1:] == ()


def test_a_fragment_in_itself_is_refused() -> None:
    with pytest.raises(NotInSchema, match="within itself"):
        authorise(SCHEMA, parse("{ persons { nodes { ...A } } } fragment A on Person { id ...A }"), None, MASK)


def test_a_fragment_bomb_is_refused_quickly() -> None:
    bombs = "\n".join(f"fragment F{n} on Person {{ a: id ...F{n + 1} ...F{n + 1} }}" for n in range(40))
    text = f"{{ persons {{ nodes {{ ...F0 }} }} }} {bombs} fragment F40 on Person {{ id }}"
    with pytest.raises(OperationTooLarge):
        authorise(SCHEMA, parse(text), None, MASK)


def test_an_endless_nesting_is_refused() -> None:
    text = "{ persons { nodes { " + "documents { ...on Node { ...on Document { " * 60 + "id" + " } } }" * 60 + " } } }"
    with pytest.raises((OperationTooLarge, NotInSchema)):
        authorise(SCHEMA, parse(text), None, MASK)


def test_an_interface_that_some_types_deny_becomes_fragments_of_the_others() -> None:
    text = '{ node(id: "x") { id } }'
    assert left_of(text) == '{ node(id: "x") { ... on Event { id } ... on Person { id } } }'


def test_a_field_that_one_type_withholds_is_named_with_that_type() -> None:
    permit = permit_of('{ node(id: "x") { ... on Titled { title } } }')
    assert [entry.field for entry in permit.withheld] == ["Person.title"]
    assert permit.fields == {"Query.node", "Document.title"}


def test_a_union_is_decided_member_by_member() -> None:
    text = '{ search(text: "x") { ... on Document { title } ... on Person { title familyName } } }'
    permit = permit_of(text)
    assert [entry.field for entry in permit.withheld] == ["Person.title"]
    assert left_of(text) == '{ search(text: "x") { ... on Document { title } ... on Person { familyName } } }'


def test_the_type_name_of_a_union_is_told_for_readable_members_only() -> None:
    text = '{ search(text: "x") { __typename } }'
    assert left_of(text) == '{ search(text: "x") { ... on Document { __typename } ... on Person { __typename } } }'


def test_introspection_is_left_for_the_view_to_answer() -> None:
    assert left_of("{ __typename __schema { queryType { name } } }") == "{ __typename __schema { queryType { name } } }"


def test_variables_of_withheld_parts_disappear_with_them() -> None:
    text = "query ($a: Boolean!, $b: Int) { persons(first: $b) { nodes { id personalCode @include(if: $a) } } }"
    assert left_of(text) == "query ($b: Int) { persons(first: $b) { nodes { id } } }"


def test_a_directive_changes_no_decision() -> None:
    for directive in ("", "@include(if: false)", "@skip(if: true)", "@include(if: $x)"):
        head = "query ($x: Boolean!) " if "$x" in directive else "query "
        permit = permit_of(f"{head} {{ persons {{ nodes {{ id personalCode {directive} }} }} }}")
        assert [entry.field for entry in permit.withheld] == ["Person.personalCode"]


def test_the_named_operation_is_the_one_that_is_decided() -> None:
    document = parse("query A { persons { nodes { personalCode } } } query B { events { kind } }")
    assert authorise(SCHEMA, document, "B", MASK).withheld == ()
    assert len(authorise(SCHEMA, document, "A", MASK).withheld) == 1
    with pytest.raises(NotInSchema):
        authorise(SCHEMA, document, None, MASK)
    with pytest.raises(NotInSchema):
        authorise(SCHEMA, parse("mutation { x }"), None, MASK)


def test_a_contract_may_refuse_instead_of_withholding() -> None:
    mask = mask_of(document=CONTRACT.replace("grants:\n", "schema: {on_denied: reject}\ngrants:\n"))
    with pytest.raises(Unauthorized, match=r"Person\.personalCode"):
        authorise(SCHEMA, parse("{ persons { nodes { personalCode } } }"), None, mask)


# the ids that the audit needs


def test_entities_get_their_id_for_the_audit() -> None:
    text = "{ persons { nodes { familyName events { kind } } } }"
    assert left_of(text, audit_keys=True) == "{ persons { nodes { familyName events { kind id } id } } }"
    assert "Event.id" not in permit_of(text, audit_keys=True).fields


def test_an_id_that_is_asked_for_is_not_added_again() -> None:
    assert left_of("{ persons { nodes { id } } }", audit_keys=True) == "{ persons { nodes { id } } }"


def test_the_audit_takes_another_response_key_when_id_is_taken() -> None:
    permit = permit_of(
        '{ persons { nodes { id: familyName } } person(id: "x") { ...F } } fragment F on Person { givenName }', audit_keys=True
    )
    assert permit.audit_key == "_id1"
    assert "_id1: id" in print_ast(permit.document)


def test_an_added_id_never_stands_where_an_id_is_denied() -> None:
    permit = permit_of('{ node(id: "x") { id } }', audit_keys=True)
    assert permit.audit_key == "_id1"
    kept = " ".join(print_ast(permit.document).split())
    assert kept == '{ node(id: "x") { ... on Event { id } ... on Person { id } _id1: id } }'


def test_types_of_which_nothing_may_be_read_are_not_named_to_the_audit_either() -> None:
    assert "Secret" not in left_of('{ search(text: "x") { __typename } }', audit_keys=True)


# inside a room


def test_a_room_refuses_what_is_withheld_from_the_gateway() -> None:
    with pytest.raises(Unauthorized):
        recheck(SCHEMA, parse("{ persons { nodes { personalCode } } }"), None, MASK, {}, exempt=frozenset())


def test_a_room_lets_keys_pass() -> None:
    exempt = frozenset({"Document.id"})
    permit = recheck(SCHEMA, parse('{ node(id: "x") { __typename id } }'), None, MASK, {}, exempt=exempt)
    assert permit.fields == {"Query.node", "Person.id", "Event.id"}


def test_a_room_walks_variables() -> None:
    document = parse("query ($w: PersonWhere) { persons(where: $w) { nodes { id } } }")
    recheck(SCHEMA, document, None, MASK, {"w": {"familyName": {"eq": "x"}}}, exempt=frozenset())
    with pytest.raises(NotInSchema):
        recheck(SCHEMA, document, None, MASK, {"w": {"phone": {"eq": "x"}}}, exempt=frozenset())


def test_the_same_document_is_decided_differently_under_another_purpose() -> None:
    schema: GraphQLSchema = SCHEMA
    document = parse("{ events { kind } persons { nodes { id } totalCount } }")
    assert authorise(schema, document, None, MASK).withheld != authorise(schema, document, None, STATISTICS).withheld
