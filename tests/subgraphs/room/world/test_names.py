"""Names of invented persons."""

from __future__ import annotations

from subgraphs.room.world.names import FAMILY, FOREIGNERS, GIVEN, TRADITIONS
from subgraphs.room.world.tables import rows

MASCULINE = ("s", "š", "is", "us")


def test_given_names_end_as_their_sex_does():
    for (sex, _, _), names in GIVEN.items():
        endings = {name[-1] for name in names}
        assert endings <= ({"s", "š", "a"} if sex == "MALE" else {"a", "e"}), (sex, endings)
    # the one man's name in -a that Latvian has from elsewhere
    assert {name for (sex, _, _), names in GIVEN.items() if sex == "MALE" for name in names if name.endswith("a")} == {
        "Ņikita",
        "Iļja",
    }


def test_a_surname_has_its_feminine_form_and_the_same_one_only_when_it_is_a_feminine_noun():
    for row in rows("surnames"):
        assert row["female"][-1] in "ae", row
        assert row["male"][-1] in "sš" or row["male"] == row["female"], row


def test_forms_change_as_latvian_grammar_has_it():
    pairs = {row["male"]: row["female"] for row in rows("surnames")}

    assert pairs["Bērziņš"] == "Bērziņa"
    assert pairs["Eglītis"] == "Eglīte"
    assert pairs["Jansons"] == "Jansone"
    assert pairs["Kozlovskis"] == "Kozlovska"
    assert pairs["Mūrnieks"] == "Mūrniece"
    assert pairs["Liepa"] == "Liepa"


def test_the_commonest_name_of_each_tradition_is_drawn_most():
    assert max(set(FAMILY["MALE", "LV"]), key=FAMILY["MALE", "LV"].count) == "Bērziņš"
    assert max(set(FAMILY["FEMALE", "SL"]), key=FAMILY["FEMALE", "SL"].count) == "Ivanova"
    assert max(set(GIVEN["MALE", "LV", "MID"]), key=GIVEN["MALE", "LV", "MID"].count) == "Jānis"


def test_there_is_a_wheel_for_everybody():
    assert all(
        GIVEN[sex, tradition, cohort]
        for sex in ("MALE", "FEMALE")
        for tradition in TRADITIONS
        for cohort in ("OLD", "MID", "YOUNG")
    )
    assert all(FOREIGNERS.values())
