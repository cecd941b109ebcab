from pathlib import Path

import subgraphs
from subgraphs.events.cases.model import CaseStatus
from subgraphs.events.cases.transitions import OPEN, TRANSITIONS, CaseAction, diagram, next_status, possible


def test_the_documentation_draws_the_table_that_the_code_obeys():
    page = (Path(subgraphs.__file__).parents[1] / "docs" / "cases.md").read_text("utf-8")
    drawn = page.split("```mermaid\n")[1].split("```")[0]
    assert drawn == diagram()


def test_every_action_has_a_row_and_every_status_can_be_reached():
    assert set(TRANSITIONS) == set(CaseAction)
    reached = {CaseStatus.OPENED}
    while more := {next_status(action, status) for action in CaseAction for status in reached} - {None} - reached:
        reached |= more
    assert reached == set(CaseStatus)


def test_only_an_open_case_is_worked_on_and_only_a_closed_one_is_opened_again():
    assert possible(CaseStatus.CLOSED) == ("reopenCase",)
    assert all("reopenCase" not in possible(status) and "addEventToCase" in possible(status) for status in OPEN)
