from importlib.resources import files

import pytest

from subgraphs.room.code_lists import CodeValue, code_list, code_of

NAMES = sorted(
    path.name.removesuffix(".csv") for path in files("subgraphs.room.code_lists").iterdir() if path.name.endswith(".csv")
)


@pytest.mark.parametrize("name", NAMES)
def test_every_code_of_a_list_has_both_labels(name):
    assert all(value.label_lv and value.label_en for value in code_list(name).values())


def test_an_unknown_code_keeps_itself():
    assert code_of("country", "ZZ") == CodeValue("country", "ZZ", None, None)
    assert code_of("country", "LV").label_lv == "Latvija"
