from pathlib import Path

import subgraphs
from schema import ROOMS

ROOT = Path(subgraphs.__file__).parent
OWN = {"documents": {"store_mongodb.py"}}  # a database that this room alone can be kept in


def test_every_room_has_the_same_files():
    # Folders are what one room does beyond the others: registration and its clock are the events' own.
    sets = {
        room: sorted(path.name for path in (ROOT / room).iterdir() if path.is_file() and path.name not in OWN.get(room, ()))
        for room in ROOMS
    }
    assert all(files == sets["events"] for files in sets.values()), sets
    assert {"app.py", "schema.py", "store.py", "model.py", "loaders.py", "seed.py", "settings.py", "errors.py"} <= set(
        sets["events"]
    )


def test_a_room_is_described_on_a_page_of_its_own():
    docs = ROOT.parent / "docs"
    assert all((docs / f"{name}.md").is_file() for name in (*ROOMS, "rooms"))
