"""The closed lists of this room, in the order that the domain gives them (`domain.md` §7.3, regulation Nr. 190).

What comes in: nothing. What goes out: enumerations whose values describe themselves in English and Latvian.
"""

from __future__ import annotations

from subgraphs.room.enumerations import Described, Sex

__all__ = ["Sex"]  # from the shared ones


class LegalStatus(Described):
    """The kind of a person's tie to a state.

    Valstiskās piederības veids.
    """

    CITIZEN = "CITIZEN", "Citizen of Latvia.", "Latvijas pilsonis."
    NON_CITIZEN = "NON_CITIZEN", "Non-citizen of Latvia.", "Latvijas nepilsonis."
    EU_CITIZEN = (
        "EU_CITIZEN",
        "Citizen of the European Union, EEA or Switzerland.",
        "Eiropas Savienības, EEZ vai Šveices pilsonis.",
    )
    THIRD_COUNTRY_NATIONAL = "THIRD_COUNTRY_NATIONAL", "Third-country national.", "Trešās valsts pilsonis."
    STATELESS = "STATELESS", "Stateless person.", "Bezvalstnieks."
    REFUGEE = "REFUGEE", "Refugee.", "Bēglis."
    ALTERNATIVE_STATUS = "ALTERNATIVE_STATUS", "Person with alternative status.", "Persona ar alternatīvo statusu."
    TEMPORARY_PROTECTION = "TEMPORARY_PROTECTION", "Person under temporary protection.", "Persona ar pagaidu aizsardzību."
    ASYLUM_SEEKER = "ASYLUM_SEEKER", "Asylum seeker.", "Patvēruma meklētājs."
    UNKNOWN = "UNKNOWN", "Not known.", "Nav zināms."


class AddressKind(Described):
    """What sort of address it is.

    Adreses veids.
    """

    DECLARED = "DECLARED", "Declared residence.", "Deklarētā adrese."
    REGISTERED = "REGISTERED", "Registered address.", "Reģistrētā adrese."
    STATED = "STATED", "Stated address.", "Norādītā adrese."
    ADDITIONAL = "ADDITIONAL", "Additional address.", "Papildu adrese."
    FOREIGN = "FOREIGN", "Address abroad.", "Adrese ārvalstī."


class PersonalCodeForm(Described):
    """The form of a personal code.

    Personas koda forma.
    """

    OLD = "OLD", "With the birth date, given until 30 June 2017.", "Ar dzimšanas datumu, piešķirts līdz 30.06.2017."
    NEW = "NEW", "Without the birth date, given since 1 July 2017.", "Bez dzimšanas datuma, piešķirts no 01.07.2017."


class ContactKind(Described):
    """What sort of contact it is.

    Saziņas veids.
    """

    PHONE = "PHONE", "Telephone.", "Tālrunis."
    EMAIL = "EMAIL", "E-mail.", "E-pasts."


class Verification(Described):
    """How sure the person's identity is.

    Identitātes pārbaudes pakāpe.
    """

    VERIFIED_FPR = "VERIFIED_FPR", "Verified against the register of natural persons.", "Pārbaudīta Fizisko personu reģistrā."
    DECLARED = "DECLARED", "Declared by the person, not verified.", "Personas norādīta, nav pārbaudīta."
    UNKNOWN_IDENTITY = "UNKNOWN_IDENTITY", "Identity not known.", "Identitāte nav zināma."


class MatchBasis(Described):
    """By what a registered person fits one who was named.

    Atbilstības pamats.
    """

    CODE = "CODE", "The personal code.", "Personas kods."
    FORMER_CODE = "FORMER_CODE", "A personal code that the person had before.", "Iepriekšējais personas kods."
    NAME_AND_BIRTH_DATE = "NAME_AND_BIRTH_DATE", "The whole name and the birth date.", "Vārds, uzvārds un dzimšanas datums."
    SIMILAR = "SIMILAR", "Similar names or birth date.", "Līdzīgs vārds, uzvārds vai dzimšanas datums."


class PersonAlertKind(Described):
    """Why a person is sought.

    Personas meklēšanas pamats.
    """

    ARREST_EVADING_MEASURE = (
        "ARREST_EVADING_MEASURE",
        "Evades a coercive measure with deprivation of liberty.",
        "Izvairās no drošības līdzekļa, kas saistīts ar brīvības atņemšanu.",
    )
    ARREST_EVADING_SENTENCE = (
        "ARREST_EVADING_SENTENCE",
        "Evades a custodial sentence.",
        "Izvairās no brīvības atņemšanas soda izciešanas.",
    )
    MEDICAL_MEASURE = (
        "MEDICAL_MEASURE",
        "Evades compulsory medical measures.",
        "Izvairās no medicīniska rakstura piespiedu līdzekļa.",
    )
    MISSING = "MISSING", "Missing.", "Bez vēsts pazudusi persona."
    BRING_TO_CARE = "BRING_TO_CARE", "To be brought to treatment or care.", "Nogādājama ārstniecības vai aprūpes iestādē."
    UNIDENTIFIED_LIVING = "UNIDENTIFIED_LIVING", "Unable to give data about self.", "Nespēj sniegt ziņas par sevi."
    UNIDENTIFIED_BODY = "UNIDENTIFIED_BODY", "Unidentified body.", "Neatpazīts līķis."
