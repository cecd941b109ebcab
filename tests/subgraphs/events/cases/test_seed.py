from subgraphs.events.cases.seed import records, seed
from subgraphs.events.seed import records as event_records
from subgraphs.room.world import World


async def test_a_case_has_the_events_whose_decisions_name_it_and_stays_as_it_is_when_sown_again(office):
    world = World(2)
    events = [event for number in range(2) for event in event_records(world, number)]
    cases = records(events)
    by_id = {event.id: event for event in events}
    assert cases
    for case in cases:
        assert any(decision.case_number == case.number for decision in by_id[case.events[0].event_id].decisions)
    await seed(office.room.store.cases, world)
    closed = await office.room.store.cases.put_many(cases[:1])
    assert closed.same == 1
    await seed(office.room.store.cases, world)
    found = await office.room.store.cases.by_ids([case.id for case in cases], {})
    assert {kept.version for kept in found.values()} == {1}
