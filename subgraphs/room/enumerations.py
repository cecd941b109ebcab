"""Enumerations that the law closes, each value with its English and Latvian words.

What comes in: nothing. What goes out: `Described`, the base of every enumeration of the rooms, and those that several rooms
use. A value is a plain string equal to its name, so records, SQL and JSON hold the same word that GraphQL shows.
"""

from __future__ import annotations

from enum import StrEnum


class Described(StrEnum):
    """An enumeration whose values say what they mean, in English and in Latvian."""

    _value_: str
    english: str
    latvian: str

    def __new__(cls, code: str, english: str, latvian: str) -> Described:
        member = str.__new__(cls, code)
        member._value_ = code
        member.english = english
        member.latvian = latvian
        return member


class Classification(Described):
    """How far an item may be shown; the number of the level is the position, from 0.

    Pieejamības līmenis.
    """

    PUBLIC_STATISTICAL = "PUBLIC_STATISTICAL", "L0: statistical, names nobody.", "L0: statistikas dati."
    RESTRICTED = "RESTRICTED", "L1: restricted information.", "L1: ierobežotas pieejamības informācija."
    PERSONAL = "PERSONAL", "L2: personal data.", "L2: personas dati."
    SENSITIVE = "SENSITIVE", "L3: sensitive data, minors, protected victims.", "L3: īpašu kategoriju dati, nepilngadīgie."
    OPERATIONAL = "OPERATIONAL", "L4: operational data of running investigations.", "L4: operatīvā informācija."

    @property
    def level(self) -> int:
        """0 for L0 … 4 for L4: what row rules compare."""
        return _LEVELS[self]


_LEVELS = {member: level for level, member in enumerate(Classification)}


class Sex(Described):
    """A person's sex.

    Dzimums.
    """

    MALE = "MALE", "Male.", "Vīrietis."
    FEMALE = "FEMALE", "Female.", "Sieviete."
    UNKNOWN = "UNKNOWN", "Not known.", "Nav zināms."


class ProcedureKind(Described):
    """The procedure within which something is done.

    Procesa veids.
    """

    CRIMINAL = "CRIMINAL", "Criminal proceedings.", "Kriminālprocess."
    ADMINISTRATIVE_OFFENCE = (
        "ADMINISTRATIVE_OFFENCE",
        "Administrative offence proceedings.",
        "Administratīvā pārkāpuma process.",
    )
    OPERATIONAL = "OPERATIONAL", "Operational activity.", "Operatīvā darbība."
    DEPARTMENTAL_EXAMINATION = "DEPARTMENTAL_EXAMINATION", "Departmental examination.", "Resoriskā pārbaude."


class EntityKind(Described):
    """The four kinds of things that the registers hold and link.

    Reģistra objekta veids.
    """

    EVENT = "EVENT", "An event.", "Notikums."
    PERSON = "PERSON", "A natural person.", "Fiziska persona."
    VEHICLE = "VEHICLE", "A vehicle.", "Transportlīdzeklis."
    DOCUMENT = "DOCUMENT", "A document.", "Dokuments."
