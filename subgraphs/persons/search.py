"""Searching persons: which fields, what the index holds of a record, and the root field `searchPersons`.

What comes in: a text. What goes out: hits. The rest is `subgraphs.room.search`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar, Final

import strawberry
from strawberry import UNSET

from kernel.natural_keys import normal_personal_code
from search.document import SearchDocument, values
from search.finding import Hit
from search.kinds import FacetField, FieldKind, SearchedField, SearchedType
from search.query import Conditions
from subgraphs.persons.enumerations import Sex, Verification
from subgraphs.persons.model import PersonRecord
from subgraphs.persons.objects import Info
from subgraphs.room.fields import filters, open_argument, searches, words
from subgraphs.room.filters import DateFilter, ExactFilter, Filter
from subgraphs.room.paging_arguments import After, First
from subgraphs.room.records import Involved, Kept
from subgraphs.room.search import Found, Text, at_home, facet, searched, seconds, span_of

TYPE: Final = SearchedType(
    "Person",
    fields=(
        SearchedField("Person.familyName", "pf", FieldKind.NAME),
        SearchedField("Person.givenNames", "pg", FieldKind.NAME),
        SearchedField("Person.birthFamilyName", "pb", FieldKind.NAME),
        SearchedField("Person.originalForm", "po", FieldKind.NAME),
        SearchedField("Person.historicalForm", "ph", FieldKind.NAME),
        SearchedField("Person.personalCode", "pc", FieldKind.IDENTIFIER, normal_personal_code),
    ),
    facets=(FacetField("Person.sex"), FacetField("Person.citizenship"), FacetField("Person.verification")),
    rows={"classification": "one", "verification": "one", "involvedTerritories": "many", "involvedAgencies": "many"},
)


def document_of(kept: Kept[PersonRecord], involved: Involved | None, position: int) -> SearchDocument:
    """What the index holds of a person."""
    record = kept.record
    return SearchDocument(
        type="Person",
        id=record.id,
        version=position,
        values={
            "Person.familyName": values(record.family_name),
            "Person.givenNames": values(record.given_names),
            "Person.birthFamilyName": values(record.birth_family_name),
            "Person.originalForm": values(record.original_form),
            "Person.historicalForm": values(record.historical_form),
            "Person.personalCode": values(*(code.value for code in record.codes)),
        },
        facets={
            "Person.sex": (record.sex.value,),
            "Person.citizenship": values(record.citizenship),
            "Person.verification": (record.verification.value,),
        },
        at=None if record.birth_date is None else seconds(record.birth_date),
        rows={
            "classification": record.classification.level,
            "verification": record.verification.value,
            "involvedTerritories": involved.territories if involved else (),
            "involvedAgencies": involved.agencies if involved else (),
        },
    )


@strawberry.input(description=words("In which fields of persons the text is looked for.", "Kuros personas laukos meklēt."))
class PersonSearchFields:
    """Fields of persons."""

    FIELDS: ClassVar[Mapping[str, str]] = {
        "family_name": "Person.familyName",
        "given_names": "Person.givenNames",
        "birth_family_name": "Person.birthFamilyName",
        "original_form": "Person.originalForm",
        "historical_form": "Person.historicalForm",
        "personal_code": "Person.personalCode",
    }

    family_name: bool | None = searches("Person.familyName", "In the family name.", "Uzvārdā.")
    given_names: bool | None = searches("Person.givenNames", "In the given names.", "Vārdos.")
    birth_family_name: bool | None = searches("Person.birthFamilyName", "In the family name at birth.", "Dzimtajā uzvārdā.")
    original_form: bool | None = searches("Person.originalForm", "In the original form of the name.", "Vārda oriģinālformā.")
    historical_form: bool | None = searches(
        "Person.historicalForm", "In the historical form of the name.", "Vēsturiskajā formā."
    )
    personal_code: bool | None = searches("Person.personalCode", "In the personal codes.", "Personas kodos.")


@strawberry.input(description=words("What has to hold besides the text; all together.", "Papildu nosacījumi; visi kopā."))
class PersonSearchWhere:
    """Conditions on persons that are searched."""

    birth_date: DateFilter | None = filters("Person.birthDate", "The birth date.", "Dzimšanas datums.")
    sex: Filter[Sex] | None = filters("Person.sex", "The sex.", "Dzimums.")
    citizenship: ExactFilter | None = filters("Person.citizenship", "The citizenship (code).", "Valstiskā piederība (kods).")
    verification: Filter[Verification] | None = filters(
        "Person.verification", "How sure the identity is.", "Identitātes pakāpe."
    )


FieldsArgument = Annotated[PersonSearchFields | None, open_argument("In which fields; in all without it.", "Kuros laukos.")]
WhereArgument = Annotated[PersonSearchWhere | None, open_argument("What has to hold besides.", "Papildu nosacījumi.")]


def _conditions(where: PersonSearchWhere | None) -> Conditions:
    if where is None or where is UNSET:
        return Conditions()
    since, until = span_of(where.birth_date)
    facets = (
        *facet("Person.sex", where.sex),
        *facet("Person.citizenship", where.citizenship),
        *facet("Person.verification", where.verification),
    )
    return Conditions(facets, since, until)


async def search_persons(
    info: Info,
    text: Text,
    fields: FieldsArgument = UNSET,
    where: WhereArgument = UNSET,
    first: First = UNSET,
    after: After = UNSET,
) -> Found:
    """The resolver of `searchPersons`."""
    call = info.context

    async def resolve(hits: Sequence[Hit]) -> Sequence[object | None]:
        return await at_home(call, hits)

    return await searched(
        call, ("Person",), text, resolve, fields=fields, conditions=_conditions(where), first=first, after=after
    )
