"""Where somebody or something came up: the projection of events onto persons, vehicles and documents that row rules use.

What comes in: a community. What goes out: for each person, vehicle and document the territories and owners of the events that
it is linked to, directly or one step away: a person through vehicles and documents that it has, a vehicle or document through
those who have it, and a vehicle and its certificate through each other. An officer who may see a person of his territory may
thus see that person's documents.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from subgraphs.room.world.community import UNKNOWN, Community
from subgraphs.room.world.places import SETTLEMENTS


class Reach(NamedTuple):
    """ATVK codes and agency ids, both sorted."""

    territories: tuple[str, ...]
    agencies: tuple[str, ...]


class Links(NamedTuple):
    """The reach of each person, vehicle and document of a community."""

    persons: list[Reach]
    cars: list[Reach]
    papers: list[Reach]


_SPOTS: Final = tuple((settlement.atvk, settlement.owner) for settlement in SETTLEMENTS)
_SINGLE: Final = {spot: Reach((spot[0],), (spot[1],)) for spot in _SPOTS}
_NOWHERE: Final = Reach((), ())

Spots = set[tuple[str, str]]


def links_of(community: Community) -> Links:
    """The projection of the community's events."""
    persons: list[Spots] = [set() for _ in community.residents]
    cars: list[Spots] = [set() for _ in community.cars]
    papers: list[Spots] = [set() for _ in community.papers]
    for event in community.events:
        spot = _SPOTS[event.settlement]
        for part in event.persons:
            if part.person != UNKNOWN:
                persons[part.person].add(spot)
        for seen in event.vehicles:
            if seen.car != UNKNOWN:
                cars[seen.car].add(spot)
    for shown in community.shown:
        papers[shown.paper].add(_SPOTS[community.events[shown.event].settlement])
    return _one_step(community, persons, cars, papers)


def _one_step(community: Community, persons: list[Spots], cars: list[Spots], papers: list[Spots]) -> Links:
    wide_persons = [spots.copy() for spots in persons]
    wide_cars = cars.copy()
    wide_papers = papers.copy()
    for number, car in enumerate(community.cars):
        for person in (car.owner, car.holder):
            if person != UNKNOWN:
                wide_persons[person] |= cars[number]
                wide_cars[number] = wide_cars[number] | persons[person]
    for number, paper in enumerate(community.papers):
        if paper.holder != UNKNOWN:
            wide_persons[paper.holder] |= papers[number]
            wide_papers[number] = wide_papers[number] | persons[paper.holder]
        if paper.car != UNKNOWN:
            wide_papers[number] = wide_papers[number] | cars[paper.car]
            wide_cars[paper.car] = wide_cars[paper.car] | papers[number]
    return Links(*([_reach(spots) for spots in group] for group in (wide_persons, wide_cars, wide_papers)))


def _reach(spots: Spots) -> Reach:
    if len(spots) == 1:
        (spot,) = spots
        return _SINGLE[spot]
    if not spots:
        return _NOWHERE
    return Reach(tuple(sorted({atvk for atvk, _ in spots})), tuple(sorted({owner for _, owner in spots})))
