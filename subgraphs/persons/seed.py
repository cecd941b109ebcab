"""Sows the invented persons of a world into the register of natural persons.

What comes in: a store and a world. What goes out: an `Outcome`; what an earlier run wrote is not written again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from subgraphs.persons.enumerations import AddressKind, ContactKind, LegalStatus, PersonAlertKind, Sex, Verification
from subgraphs.persons.model import Address, Contact, PersonalCode, PersonAlert, PersonRecord
from subgraphs.room.enumerations import Classification
from subgraphs.room.records import Involved, Outcome
from subgraphs.room.world import World
from subgraphs.room.world.calendar import moment
from subgraphs.room.world.people import Person, people
from subgraphs.room.world.seeding import Progress, Register, Soil, sow, words

_ADDRESS_KINDS: Final = words(AddressKind)
_ALERT_KINDS: Final = words(PersonAlertKind)
_SEXES: Final = words(Sex)
_STATUSES: Final = words(LegalStatus)


async def seed(store: Soil[PersonRecord], world: World, progress: Progress) -> Outcome:
    """Write the world's persons that the store lacks."""
    return await sow(store, world, REGISTER, progress)


def records(world: World, number: int) -> Sequence[PersonRecord]:
    """The persons of the community `number`."""
    return [_record(person) for person in people(world.community(number), world.links(number).persons)]


def _ids(world: World, number: int) -> Sequence[str]:
    return world.community(number).person_ids


REGISTER: Final = Register(_ids, records)


def _record(person: Person) -> PersonRecord:
    return PersonRecord(
        id=person.id,
        given_names=person.given,
        family_name=person.family,
        birth_family_name=person.birth_family,
        original_form=person.original,
        codes=tuple([PersonalCode(value=code.value, valid_from=code.since, valid_to=code.until) for code in person.codes]),
        birth_date=person.born,
        birth_place=person.birth_place,
        sex=_SEXES[person.sex],
        legal_status=_STATUSES[person.status],
        citizenship=person.citizenship,
        addresses=tuple(
            [
                Address(
                    kind=_ADDRESS_KINDS[home.kind],
                    text=home.text,
                    code=home.code,
                    atvk=home.atvk,
                    valid_from=home.since,
                    valid_to=home.until,
                )
                for home in person.homes
            ]
        ),
        contacts=_contacts(person),
        alerts=tuple(
            [
                PersonAlert(
                    kind=_ALERT_KINDS[alert.kind],
                    authority=alert.authority,
                    issued_at=moment(alert.issued),
                    reference=alert.reference,
                    valid_to=moment(alert.ended) if alert.ended is not None else None,
                )
                for alert in person.alerts
            ]
        ),
        verification=Verification.VERIFIED_FPR if person.verified else Verification.DECLARED,
        deceased_on=person.died,
        classification=Classification.SENSITIVE if person.is_minor else Classification.PERSONAL,
        involved=Involved(person.id, person.reach.territories, person.reach.agencies),
    )


def _contacts(person: Person) -> tuple[Contact, ...]:
    phone = (Contact(ContactKind.PHONE, person.phone),) if person.phone is not None else ()
    return (*phone, Contact(ContactKind.EMAIL, person.email)) if person.email is not None else phone
