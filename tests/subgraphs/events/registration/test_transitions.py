from pathlib import Path

import pytest

import subgraphs
from subgraphs.events.enumerations import EventStatus
from subgraphs.events.registration.transitions import OPEN, TRANSITIONS, Action, diagram, next_status, possible


def test_the_documentation_draws_the_table_that_the_code_obeys():
    page = (Path(subgraphs.__file__).parents[1] / "docs" / "registration.md").read_text("utf-8")
    drawn = page.split("```mermaid\n")[1].split("```")[0]
    assert drawn == diagram()


def test_every_action_has_a_row_and_every_status_can_be_reached():
    assert set(TRANSITIONS) == set(Action)
    reached = {EventStatus.REGISTERED}
    while more := {next_status(action, status) for action in Action for status in reached} - {None} - reached:
        reached |= more
    assert reached == set(EventStatus)


def test_only_an_annulled_event_is_at_its_end_for_ever():
    assert [status for status in EventStatus if not possible(status)] == [EventStatus.ANNULLED]


@pytest.mark.parametrize("status", OPEN)
def test_an_event_in_handling_can_be_amended_decided_and_handed_over(status):
    assert {"amendEvent", "recordDecision", "transferToAgency"} <= set(possible(status))


@pytest.mark.parametrize("status", [EventStatus.CLOSED, EventStatus.UNFOUNDED])
def test_what_ended_can_only_be_reopened(status):
    assert possible(status) == ("reopen",)
