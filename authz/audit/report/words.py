"""What reports say, in both languages. A word that has no entry is shown as it stands in the record."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal
from zoneinfo import ZoneInfo

Language = Literal["lv", "en"]
ZONE: Final = ZoneInfo("Europe/Riga")

_PERSON_NOTE_LV: Final = (
    "Pārskats sagatavots no auditācijas pierakstiem. Tajā var nebūt iekļauta datu izmantošana, par kuru ziņot "
    "uz laiku ierobežo likums (Direktīvas (ES) 2016/680 15. pants); par to var vērsties Datu valsts inspekcijā."
)
_PERSON_NOTE_EN: Final = (
    "Made from the audit records. It may leave out uses that the law restricts telling about for a time "
    "(Directive (EU) 2016/680 Art. 15); the Data State Inspectorate can be asked about those."
)
_FULL_NOTE_LV: Final = (
    "Pilns pārskats inspektoram: ietver arī izmantošanu, par kuru datu subjektam ziņot ierobežo likums. "
    "Nav izsniedzams datu subjektam."
)
_FULL_NOTE_EN: Final = (
    "The inspector's full report: it includes uses that may not be told to the data subject. Not to be handed out."
)
_WORDS: Final[dict[str, tuple[str, str]]] = {
    # kinds of use
    "consultation": ("aplūkošana", "consultation"),
    "combination": ("datu apvienošana no vairākiem reģistriem", "combination from several registers"),
    "disclosure": ("izpaušana", "disclosure"),
    "alteration": ("labošana", "alteration"),
    "erasure": ("dzēšana", "erasure"),
    "subscription_event": ("paziņojums par izmaiņām", "notice of a change"),
    "denial": ("atteikums", "refusal"),
    "import": ("vākšana", "collection"),
    "authentication": ("pieteikšanās", "sign-in"),
    "break_glass": ("piekļuve ārkārtas gadījumā", "emergency access"),
    # purposes
    "EVENT_RESPONSE": ("reaģēšana uz notikumu", "response to an event"),
    "IDENTITY_CHECK": ("personas identitātes pārbaude", "identity check"),
    "CRIMINAL_PROCEEDING": ("kriminālprocess", "criminal proceeding"),
    "ADMIN_PROCEEDING": ("administratīvā pārkāpuma process", "administrative proceeding"),
    "DEPARTMENTAL_EXAMINATION": ("resoriskā pārbaude", "departmental examination"),
    "OPERATIONAL_ACTIVITY": ("operatīvā darbība", "operational activity"),
    "SEARCH_OF_PERSON": ("personas meklēšana", "search for a person"),
    "TRAFFIC_CONTROL": ("ceļu satiksmes uzraudzība", "traffic control"),
    "BORDER_CONTROL": ("robežkontrole", "border control"),
    "SENTENCE_EXECUTION": ("soda izpilde", "execution of a sentence"),
    "RESCUE": ("glābšana", "rescue"),
    "SUPERVISION": ("uzraudzība", "supervision"),
    "STATISTICS": ("statistika", "statistics"),
    "DATA_SUBJECT_REQUEST": ("datu subjekta pieprasījums", "request of a data subject"),
    # types
    "Person": ("personas dati", "personal data"),
    "Vehicle": ("transportlīdzeklis", "vehicle"),
    "Document": ("dokuments", "document"),
    "Event": ("notikums", "event"),
    # headings
    "at": ("laiks", "time"),
    "use": ("darbība", "use"),
    "agency": ("iestāde", "agency"),
    "user": ("lietotājs", "user"),
    "purpose": ("mērķis", "purpose"),
    "case": ("lietas numurs", "case"),
    "fields": ("kādi dati", "which data"),
    "contract": ("līgums", "contract"),
    "status": ("iznākums", "outcome"),
    "entities": ("objekti", "objects"),
    "record": ("ieraksts", "record"),
    "rule": ("pazīme", "sign"),
    "detail": ("kas noticis", "what happened"),
    "weight": ("svars", "weight"),
    "why": ("kāpēc tas ir svarīgi", "why it matters"),
    "count": ("skaits", "number"),
    "found": ("atrasts", "found"),
    "searched": ("meklēts pēc personas koda", "searched by personal code"),
    "ok": ("sniegts", "given"),
    "partial": ("sniegts daļēji", "given in part"),
    "denied": ("atteikts", "refused"),
    "failed": ("neizdevās", "failed"),
    "intended": ("iecerēts", "intended"),
    "none": ("nav", "none"),
    # texts
    "person title": ("Kas ir skatījis manus datus", "Who looked at my data"),
    "user title": ("Lietotāja darbības", "What a user did"),
    "misuse title": ("Iespējamas ļaunprātīgas izmantošanas pazīmes", "Signs of possible misuse"),
    "subject": ("datu subjekts", "data subject"),
    "made": ("sagatavots", "made"),
    "period": ("laikposms", "period"),
    "log": ("žurnāls", "log"),
    "consultations": ("Datu izmantošana", "Use of the data"),
    "by purpose": ("Pa mērķiem", "By purpose"),
    "requests": ("pieprasījumi", "requests"),
    "denials": ("atteikumi", "refusals"),
    "persons": ("dažādas personas", "different persons"),
    "without case": ("bez lietas numura", "without a case"),
    "findings": ("Pazīmes", "Signs"),
    "by user": ("Pa lietotājiem", "By user"),
    "rules": ("Ko nozīmē pazīmes", "What the signs mean"),
    "misuse note": (
        "Pazīme nav pierādījums: katru izvērtē cilvēks, uzklausot lietotāju.",
        "A sign is no proof: a human judges each one, and hears the user.",
    ),
    "person note": (_PERSON_NOTE_LV, _PERSON_NOTE_EN),
    "full note": (_FULL_NOTE_LV, _FULL_NOTE_EN),
}


def word(text: str, language: Language) -> str:
    """The word in this language."""
    found = _WORDS.get(text)
    if found is None:
        return text
    return found[0] if language == "lv" else found[1]


def local(at: datetime) -> str:
    """The instant in Riga's time, as people read it."""
    return at.astimezone(ZONE).strftime("%Y-%m-%d %H:%M:%S")
