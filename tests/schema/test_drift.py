from schema import NAMES, ROOMS, text
from schema.generate import generate


def test_the_committed_texts_are_what_the_code_says():
    generated = generate()
    assert set(generated) == set(NAMES)
    differing = [name for name in NAMES if text(name) != generated[name]]
    assert not differing, f"run scripts/generate-schema: {differing}"


def test_every_room_has_a_text():
    assert ROOMS == ("events", "persons", "vehicles", "documents")
    assert all(text(room).strip() for room in ROOMS)
