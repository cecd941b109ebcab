"""The closed lists of this room, in the order that the domain gives them (`domain.md` §7.3, regulation Nr. 190).

What comes in: nothing. What goes out: enumerations whose values describe themselves in English and Latvian.
"""

from __future__ import annotations

from subgraphs.room.enumerations import Described


class DocumentKind(Described):
    """What sort of document it is.

    Dokumenta veids.
    """

    PASSPORT = "PASSPORT", "Passport.", "Pase."
    ID_CARD = "ID_CARD", "Identity card.", "Personas apliecība."
    RETURN_CERTIFICATE = "RETURN_CERTIFICATE", "Return certificate.", "Atgriešanās apliecība."
    TEMPORARY_TRAVEL = "TEMPORARY_TRAVEL", "Temporary travel document.", "Pagaidu ceļošanas dokuments."
    DRIVING_LICENCE = "DRIVING_LICENCE", "Driving licence.", "Transportlīdzekļa vadītāja apliecība."
    SEAFARER_BOOK = "SEAFARER_BOOK", "Seafarer's book.", "Jūrnieka grāmatiņa."
    BLANK_FORM = "BLANK_FORM", "Blank form of a document.", "Dokumenta veidlapa."
    RESIDENCE_PERMIT = "RESIDENCE_PERMIT", "Residence permit.", "Uzturēšanās atļauja."
    VEHICLE_CERTIFICATE = (
        "VEHICLE_CERTIFICATE",
        "Vehicle registration certificate.",
        "Transportlīdzekļa reģistrācijas apliecība.",
    )
    WEAPON_PERMIT = "WEAPON_PERMIT", "Weapon permit.", "Ieroča atļauja."


class DocumentStatus(Described):
    """Whether a document is valid, as far as this register knows; one that it does not hold is not valid by that.

    Dokumenta statuss.
    """

    VALID = "VALID", "Valid.", "Derīgs."
    INVALID = "INVALID", "Invalid.", "Nederīgs."
    UNDETERMINED = "UNDETERMINED", "Undetermined: take further steps to verify the holder.", "Nav noteikts."
    NOT_LISTED = (
        "NOT_LISTED",
        "Not in the register of invalid documents; says nothing of validity.",
        "Nav Nederīgo dokumentu reģistrā.",
    )


class DocumentFact(Described):
    """A fact that changes the status of a document.

    Dokumenta statusu mainošs fakts.
    """

    STOLEN = "STOLEN", "Stolen.", "Nozagts."
    LOST = "LOST", "Lost.", "Nozaudēts."
    DESTROYED = "DESTROYED", "Destroyed.", "Gājis bojā."
    NOT_RETURNED = "NOT_RETURNED", "Not handed in after a change of data or status.", "Nav nodots pēc datu vai statusa maiņas."
    HOLDER_DIED = "HOLDER_DIED", "The holder died.", "Turētājs miris."
    ANNULLED = "ANNULLED", "Annulled for other reasons.", "Anulēts citu iemeslu dēļ."
    FOUND = "FOUND", "Found.", "Atrasts."


class ScanKind(Described):
    """What a scan shows of its document.

    Skenējuma veids.
    """

    WHOLE = "WHOLE", "The whole document.", "Viss dokuments."
    DATA_PAGE = "DATA_PAGE", "The page with the holder's data.", "Datu lapa."
    ATTACHMENT = "ATTACHMENT", "Something that was attached.", "Pielikums."
