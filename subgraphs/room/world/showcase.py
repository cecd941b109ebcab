"""The example that the demo's printed queries ask for: the car of the story that every world tells.

What comes in: a world. What goes out: `Showcase`, natural keys and ids that lead to many linked records.
"""

from __future__ import annotations

from dataclasses import dataclass

from subgraphs.room.world.fleet import fleet
from subgraphs.room.world.incidents import incidents
from subgraphs.room.world.papers import documents
from subgraphs.room.world.people import people
from subgraphs.room.world.story import CAST, OWNER, RIGA, SCENES, THEFT
from subgraphs.room.world.world import World


@dataclass(frozen=True, slots=True)
class Showcase:
    """Natural keys to ask for, all of one story in Rīga.

    The vehicle came up in `events` events, in the city and in the port (`zone` PORT-RIGA, owner LV-OP-RIGA). The person owns
    it, took part in all of them and has the document. The event is a theft whose suspect is that person. `case_number` is the
    criminal case of that theft, or another one where none was opened yet: it has the form that contracts ask for.
    """

    territory: str
    plate: str
    vehicle_id: str
    person_code: str
    person_id: str
    document_kind: str
    document_number: str
    document_id: str
    event_number: str
    event_id: str
    case_number: str
    events: int


def showcase(world: World) -> Showcase:
    """The world's example. The same for every size of a world from one seed."""
    community, links = world.community(0), world.links(0)
    owner = len(community.residents) - len(CAST) + OWNER
    number = next(number for number, car in enumerate(community.cars) if car.owner == owner)
    vehicle = list(fleet(community, links.cars))[number]
    person = list(people(community, links.persons))[owner]
    document = next(paper for paper in documents(community, links.papers) if paper.holder == owner)
    theft = list(incidents(community))[SCENES[THEFT].at]
    return Showcase(
        territory=RIGA,
        plate=vehicle.plate,
        vehicle_id=vehicle.id,
        person_code=person.codes[-1].value,
        person_id=person.id,
        document_kind=document.kind,
        document_number=document.number,
        document_id=document.id,
        event_number=theft.number,
        event_id=theft.id,
        case_number=(theft.decided and theft.decided.case) or _case(world),
        events=len(SCENES),
    )


def _case(world: World) -> str:
    """The first criminal case of the world. Raises LookupError for a world without one."""
    for number in range(world.communities):
        for incident in incidents(world.community(number)):
            if incident.decided is not None and incident.decided.case is not None:
                return incident.decided.case
    raise LookupError(f"no criminal case in {world.communities} communities: take a larger world")
