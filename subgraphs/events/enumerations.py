"""The closed lists of this room, in the order that the domain gives them (`domain.md` §7.3, regulation Nr. 190).

What comes in: nothing. What goes out: enumerations whose values describe themselves in English and Latvian.
"""

from __future__ import annotations

from subgraphs.room.enumerations import Described, Sex

__all__ = ["Sex"]  # from the shared ones


class EventKind(Described):
    """What sort of event it is: the three kinds of regulation Nr. 190.

    Notikuma veids.
    """

    CRIMINAL_OFFENCE = "CRIMINAL_OFFENCE", "Criminal offence.", "Noziedzīgs nodarījums."
    ADMINISTRATIVE_VIOLATION = "ADMINISTRATIVE_VIOLATION", "Administrative violation.", "Administratīvais pārkāpums."
    SAFETY_THREAT = (
        "SAFETY_THREAT",
        "Event that endangers personal or public safety.",
        "Personas vai sabiedrības drošību apdraudošs notikums.",
    )


class EventStatus(Described):
    """Where an event stands in its handling.

    Notikuma statuss.
    """

    REGISTERED = "REGISTERED", "Registered, nobody assigned yet.", "Reģistrēts."
    ASSIGNED = "ASSIGNED", "Assigned to a unit.", "Nodots izpildei."
    RESPONDING = "RESPONDING", "A patrol is on its way.", "Norīkots ekipāžai, ceļā."
    ON_SCENE = "ON_SCENE", "A patrol is at the scene.", "Ekipāža notikuma vietā."
    UNDER_REVIEW = "UNDER_REVIEW", "Being examined before a decision.", "Tiek izskatīts."
    DECIDED = "DECIDED", "A decision was taken.", "Pieņemts lēmums."
    TRANSFERRED = "TRANSFERRED", "Handed over to another agency.", "Nodots citai iestādei."
    CLOSED = "CLOSED", "Closed.", "Pabeigts."
    REOPENED = "REOPENED", "Opened again after it was closed.", "Atjaunots."
    UNFOUNDED = "UNFOUNDED", "Did not prove true.", "Neapstiprinājies."
    ANNULLED = "ANNULLED", "Registered by mistake and annulled.", "Anulēts."


class ResponseCategory(Described):
    """How fast the State Police has to arrive; municipal and port police have no category.

    Reaģēšanas kategorija.
    """

    A = "A", "Immediate action: danger to life, health, safety or property.", "Nepieciešama tūlītēja rīcība."
    B = "B", "The event is over, but traces or evidence may be lost.", "Notikums beidzies, var zust pēdas vai pierādījumi."
    C = "C", "The next class of urgency.", "Nākamā steidzamības pakāpe."
    D = "D", "All other events.", "Pārējie notikumi."
    NONE = "NONE", "No statutory reaction time.", "Reaģēšanas laiks nav noteikts."


class AssertionBasis(Described):
    """Whether something is a fact or an assessment (Directive (EU) 2016/680, Art. 7).

    Apgalvojuma pamats: fakts vai vērtējums.
    """

    FACT = "FACT", "Based on fact.", "Balstīts uz faktiem."
    ASSESSMENT = "ASSESSMENT", "Based on a personal assessment.", "Balstīts uz personisku vērtējumu."
    UNVERIFIED = "UNVERIFIED", "Stated by somebody and not checked.", "Nepārbaudīta ziņa."


class ReceiptForm(Described):
    """In which form the submission was received (regulation Nr. 190, point 3).

    Iesnieguma saņemšanas veids.
    """

    WRITTEN = "WRITTEN", "In writing.", "Rakstveidā."
    ELECTRONIC = "ELECTRONIC", "Electronically.", "Elektroniski."
    ORAL = "ORAL", "Orally.", "Mutvārdos."


class Channel(Described):
    """Through which channel the submission came in.

    Iesnieguma saņemšanas kanāls.
    """

    CALL_112 = "CALL_112", "Call to the emergency number 112.", "Zvans uz 112."
    CALL_110 = "CALL_110", "Call to the police number 110.", "Zvans uz 110."
    MOBILE_APP = "MOBILE_APP", "Mobile application.", "Mobilā lietotne."
    IN_PERSON = "IN_PERSON", "In person.", "Klātienē."
    PATROL = "PATROL", "Noticed by a patrol.", "Patruļas konstatēts."
    SENSOR = "SENSOR", "Camera, alarm or another sensor.", "Kamera, signalizācija vai cits sensors."
    OTHER_AGENCY = "OTHER_AGENCY", "Passed on by another agency.", "Citas iestādes nodots."


class DecisionKind(Described):
    """What was decided on an event.

    Pieņemtā lēmuma veids.
    """

    CRIMINAL_PROCEEDING_STARTED = "CRIMINAL_PROCEEDING_STARTED", "Criminal proceedings started.", "Uzsākts kriminālprocess."
    CRIMINAL_PROCEEDING_REFUSED = (
        "CRIMINAL_PROCEEDING_REFUSED",
        "Criminal proceedings refused.",
        "Atteikts uzsākt kriminālprocesu.",
    )
    ADMIN_PROCEEDING_STARTED = (
        "ADMIN_PROCEEDING_STARTED",
        "Administrative offence proceedings started.",
        "Uzsākts administratīvā pārkāpuma process.",
    )
    ADMIN_PROCEEDING_REFUSED = (
        "ADMIN_PROCEEDING_REFUSED",
        "Administrative offence proceedings refused.",
        "Atteikts uzsākt administratīvā pārkāpuma procesu.",
    )
    DEPARTMENTAL_EXAMINATION = "DEPARTMENTAL_EXAMINATION", "Departmental examination.", "Resoriskā pārbaude."
    VERBAL_WARNING = "VERBAL_WARNING", "Verbal warning.", "Mutisks aizrādījums."
    PROTECTION_ORDER = "PROTECTION_ORDER", "Decision on separation.", "Lēmums par nošķiršanu."
    TRANSFERRED_TO_AGENCY = "TRANSFERRED_TO_AGENCY", "Handed over to another agency.", "Nodots citai iestādei."
    NO_ACTION = "NO_ACTION", "No action.", "Bez turpmākas rīcības."


class DataSubjectCategory(Described):
    """The categories of data subjects of Directive (EU) 2016/680, Art. 6, and staff.

    Datu subjekta kategorija.
    """

    SUSPECT = "SUSPECT", "(a) Suspected of an offence.", "(a) Aizdomās turētās personas."
    CONVICTED = "CONVICTED", "(b) Convicted of an offence.", "(b) Notiesātās personas."
    VICTIM = "VICTIM", "(c) Victim, or presumed victim.", "(c) Cietušie."
    OTHER = (
        "OTHER",
        "(d) Other party: witness, informant, contact.",
        "(d) Citas personas: liecinieki, informācijas sniedzēji, saistītās personas.",
    )
    STAFF = "STAFF", "Official on duty; outside Art. 6.", "Amatpersona; ārpus 6. panta."


class PersonRole(Described):
    """In which role a person is involved in an event.

    Personas loma notikumā.
    """

    SUSPECT = "SUSPECT", "Suspect.", "Aizdomās turētais."
    DETAINED = "DETAINED", "Detained person.", "Aizturētais."
    PERSON_AGAINST_WHOM_PROCEEDING = (
        "PERSON_AGAINST_WHOM_PROCEEDING",
        "Person against whom criminal proceedings were started.",
        "Persona, pret kuru uzsākts kriminālprocess.",
    )
    ACCUSED = "ACCUSED", "Accused person.", "Apsūdzētais."
    HELD_LIABLE = "HELD_LIABLE", "Person held administratively liable.", "Pie administratīvās atbildības saucamā persona."
    CONVICTED = "CONVICTED", "Convicted person.", "Notiesātais."
    VICTIM = "VICTIM", "Victim.", "Cietušais."
    DECEASED = "DECEASED", "Person who died in the event.", "Bojāgājušais."
    MISSING = "MISSING", "Missing person.", "Bez vēsts pazudušais."
    APPLICANT = "APPLICANT", "Applicant, who made the submission.", "Iesniedzējs."
    WITNESS = "WITNESS", "Witness.", "Liecinieks."
    DRIVER = "DRIVER", "Driver.", "Vadītājs."
    PASSENGER = "PASSENGER", "Passenger.", "Pasažieris."
    PEDESTRIAN = "PEDESTRIAN", "Pedestrian.", "Gājējs."
    OWNER = "OWNER", "Owner.", "Īpašnieks."
    HOLDER = "HOLDER", "Holder.", "Turētājs."
    LEGAL_REPRESENTATIVE = "LEGAL_REPRESENTATIVE", "Legal representative.", "Likumiskais pārstāvis."
    CONTACT = "CONTACT", "Contact or associate.", "Saistītā persona."
    FINDER = "FINDER", "Finder.", "Atradējs."
    OFFICER = "OFFICER", "Official on duty.", "Amatpersona."


class VehicleRole(Described):
    """In which role a vehicle is involved in an event.

    Transportlīdzekļa loma notikumā.
    """

    USED_IN_OFFENCE = "USED_IN_OFFENCE", "Used in an offence.", "Izmantots pārkāpumā."
    STOLEN = "STOLEN", "Stolen.", "Nozagts."
    DAMAGED = "DAMAGED", "Damaged.", "Bojāts."
    INVOLVED_IN_ACCIDENT = "INVOLVED_IN_ACCIDENT", "Involved in a road accident.", "Iesaistīts ceļu satiksmes negadījumā."
    STOPPED = "STOPPED", "Stopped for a check.", "Apturēts pārbaudei."
    EVACUATED = "EVACUATED", "Towed away.", "Evakuēts."
    PARKED_IN_VIOLATION = "PARKED_IN_VIOLATION", "Parked against the rules.", "Novietots, pārkāpjot noteikumus."
    SEEN = "SEEN", "Seen.", "Redzēts."
    POLICE_VEHICLE = "POLICE_VEHICLE", "Police vehicle.", "Policijas transportlīdzeklis."


class DocumentRole(Described):
    """In which role a document is involved in an event.

    Dokumenta loma notikumā.
    """

    PRESENTED = "PRESENTED", "Presented.", "Uzrādīts."
    STOLEN = "STOLEN", "Stolen.", "Nozagts."
    LOST = "LOST", "Lost.", "Nozaudēts."
    DESTROYED = "DESTROYED", "Destroyed.", "Gājis bojā."
    FOUND = "FOUND", "Found.", "Atrasts."
    SEIZED = "SEIZED", "Seized.", "Izņemts."
    FORGED = "FORGED", "Forged.", "Viltots."


class ItemRole(Described):
    """In which role an item is involved in an event.

    Mantas loma notikumā.
    """

    STOLEN = "STOLEN", "Stolen.", "Nozagta."
    RECOVERED = "RECOVERED", "Recovered.", "Atgūta."
    SEIZED = "SEIZED", "Seized.", "Izņemta."
    DAMAGED = "DAMAGED", "Damaged.", "Bojāta."
    FOUND = "FOUND", "Found.", "Atrasta."
    LOST = "LOST", "Lost.", "Nozaudēta."
    EVIDENCE = "EVIDENCE", "Evidence.", "Lietisks pierādījums."


class ItemKind(Described):
    """What sort of item it is.

    Mantas veids.
    """

    MONEY = "MONEY", "Money.", "Nauda."
    PHONE = "PHONE", "Telephone.", "Tālrunis."
    BICYCLE = "BICYCLE", "Bicycle.", "Velosipēds."
    TOOL = "TOOL", "Tool.", "Instruments."
    JEWELLERY = "JEWELLERY", "Jewellery.", "Juvelierizstrādājums."
    WEAPON = "WEAPON", "Weapon.", "Ierocis."
    AMMUNITION = "AMMUNITION", "Ammunition.", "Munīcija."
    DRUGS = "DRUGS", "Drugs.", "Narkotiskās vielas."
    ALCOHOL = "ALCOHOL", "Alcohol.", "Alkohols."
    TOBACCO = "TOBACCO", "Tobacco.", "Tabaka."
    ELECTRONICS = "ELECTRONICS", "Electronics.", "Elektronika."
    PLATE = "PLATE", "Number plate.", "Numura zīme."
    KEY = "KEY", "Key.", "Atslēga."
    ANIMAL = "ANIMAL", "Animal.", "Dzīvnieks."
    OTHER = "OTHER", "Other.", "Cits."


CATEGORY_OF_ROLE = {
    PersonRole.SUSPECT: DataSubjectCategory.SUSPECT,
    PersonRole.DETAINED: DataSubjectCategory.SUSPECT,
    PersonRole.PERSON_AGAINST_WHOM_PROCEEDING: DataSubjectCategory.SUSPECT,
    PersonRole.ACCUSED: DataSubjectCategory.SUSPECT,
    PersonRole.HELD_LIABLE: DataSubjectCategory.SUSPECT,
    PersonRole.CONVICTED: DataSubjectCategory.CONVICTED,
    PersonRole.VICTIM: DataSubjectCategory.VICTIM,
    PersonRole.DECEASED: DataSubjectCategory.VICTIM,
    PersonRole.MISSING: DataSubjectCategory.VICTIM,
    PersonRole.APPLICANT: DataSubjectCategory.OTHER,
    PersonRole.WITNESS: DataSubjectCategory.OTHER,
    PersonRole.DRIVER: DataSubjectCategory.OTHER,
    PersonRole.PASSENGER: DataSubjectCategory.OTHER,
    PersonRole.PEDESTRIAN: DataSubjectCategory.OTHER,
    PersonRole.OWNER: DataSubjectCategory.OTHER,
    PersonRole.HOLDER: DataSubjectCategory.OTHER,
    PersonRole.LEGAL_REPRESENTATIVE: DataSubjectCategory.OTHER,
    PersonRole.CONTACT: DataSubjectCategory.OTHER,
    PersonRole.FINDER: DataSubjectCategory.OTHER,
    PersonRole.OFFICER: DataSubjectCategory.STAFF,
}
"""The category that a role has until somebody decides otherwise; an involvement stores its own (`domain.md` §7.3)."""
