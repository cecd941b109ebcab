"""Rooms mask; the gateway looks whether what came can be the result of a mask. What cannot is not shown, and is an alarm."""

from __future__ import annotations

import msgspec
from graphql import OperationDefinitionNode, build_schema, parse

from authz.document.model import MaskRule
from authz.values import ValueMask, grid_line
from gateway.access.grant import _checks
from gateway.execution import Raw
from gateway.response import Projection, open_mask, render

SCHEMA = build_schema("""
    type Query { event: Event }
    type Event { place: Place alerts: [Alert!] names: [String!] }
    type Place { point: GeoPoint door: GeoPoint }
    type GeoPoint { lat: Float! lon: Float! }
    type Alert { kind: String }
""")
MASKS = {
    "Place.point": ValueMask(MaskRule("grid", 0, "*", 1000)),
    "Event.alerts": ValueMask(MaskRule("hit", 0, "*")),
    "Event.names": ValueMask(MaskRule("initials", 0, "*")),
}
CELL = {"lat": grid_line(56.95, 1000, "lat"), "lon": grid_line(24.1, 1000, "lon")}


def shown(query, event):
    document = parse(query)
    (operation,) = (node for node in document.definitions if isinstance(node, OperationDefinitionNode))
    projection = Projection(SCHEMA, document, operation, {}, values=dict(_checks(MASKS)))
    rendered = render(Raw({"event": event}, ()), projection, open_mask())
    return msgspec.json.decode(rendered.data)["event"], [error["extensions"]["code"] for error in rendered.errors]


def test_a_masked_point_passes_and_an_exact_one_does_not(caplog):
    query = "{ event { place { point { latitude: lat lon } } } }"
    whole = {"place": {"point": {"latitude": CELL["lat"], "lon": CELL["lon"]}}}
    assert shown(query, whole) == (whole, [])
    assert not caplog.records
    exact = {"place": {"point": {"latitude": 56.9512, "lon": CELL["lon"]}}}
    assert shown(query, exact) == ({"place": {"point": None}}, ["INVALID_VALUE"])
    assert [(record.msg, record.field) for record in caplog.records] == [
        ("a value came unmasked and is not shown", "Place.point")
    ]
    assert "56.9512" not in caplog.text


def test_one_coordinate_alone_is_looked_at_too():
    assert shown("{ event { place { point { lon } } } }", {"place": {"point": {"lon": 24.1001}}})[1] == ["INVALID_VALUE"]


def test_a_point_that_is_not_masked_is_shown_as_it_is():
    event = {"place": {"door": {"lat": 56.9512, "lon": 24.1}}}
    assert shown("{ event { place { door { lat lon } } } }", event) == (event, [])


def test_of_hits_one_is_shown_and_several_are_not():
    assert shown("{ event { alerts { __typename } } }", {"alerts": [{}]}) == ({"alerts": [{"__typename": "Alert"}]}, [])
    assert shown("{ event { alerts { __typename } } }", {"alerts": [{}, {}]}) == ({"alerts": None}, ["INVALID_VALUE"])


def test_one_unmasked_item_withholds_the_list():
    assert shown("{ event { names } }", {"names": ["A. B.", "C."]}) == ({"names": ["A. B.", "C."]}, [])
    assert shown("{ event { names } }", {"names": ["A. B.", "Anna"]}) == ({"names": None}, ["INVALID_VALUE"])


async def test_a_room_that_does_not_mask_shows_nothing(protected, caplog):
    token = protected.token("LV-OP-RIGA", "EVENT_RESPONSE")
    answered = await protected.ask('{ personByCode(code: "309901-00017") { familyName personalCode } }', token)
    answer = msgspec.json.decode(answered.body)
    assert answer["data"] == {"personByCode": {"familyName": "a value", "personalCode": None}}
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["INVALID_VALUE"]
    assert "a value came unmasked" in caplog.text
