"""What lists of persons may be narrowed and ordered by. Each input field and each order says which field it discloses."""

from __future__ import annotations

from enum import Enum
from typing import Optional

import strawberry

from subgraphs.persons.enumerations import Sex, Verification
from subgraphs.room.fields import filters, graphql_enum, operator, order_enum, words
from subgraphs.room.filters import DateFilter, ExactFilter, Filter, TextFilter
from subgraphs.room.where import Sort

graphql_enum(Sex)
graphql_enum(Verification)


@strawberry.input(description=words("Which persons; all conditions hold together.", "Kuras personas; visi nosacījumi kopā."))
class PersonWhere:
    """Conditions on persons."""

    and_: list[PersonWhere] | None = operator("All of these hold.", "Visi šie nosacījumi.", name="and")
    or_: list[PersonWhere] | None = operator("At least one of these holds.", "Vismaz viens no šiem.", name="or")
    not_: Optional[PersonWhere] = operator("This does not hold.", "Šis nav spēkā.", name="not")  # noqa: UP045  # a lazy name
    personal_code: ExactFilter | None = filters("Person.personalCode", "The personal code, now or before.", "Personas kods.")
    family_name: TextFilter | None = filters(
        "Person.familyName", "The family name; diacritics and case do not matter.", "Uzvārds, neievērojot garumzīmes."
    )
    given_names: TextFilter | None = filters(
        "Person.givenNames", "The given names; diacritics and case do not matter.", "Vārdi, neievērojot garumzīmes."
    )
    birth_date: DateFilter | None = filters("Person.birthDate", "The birth date.", "Dzimšanas datums.")
    sex: Filter[Sex] | None = filters("Person.sex", "The sex.", "Dzimums.")
    citizenship: ExactFilter | None = filters("Person.citizenship", "The citizenship (code).", "Valstiskā piederība (kods).")
    verification: Filter[Verification] | None = filters(
        "Person.verification", "How sure the identity is.", "Identitātes pakāpe."
    )


class PersonOrder(Enum):
    """Orders of persons."""

    FAMILY_NAME_ASC = "FAMILY_NAME_ASC"
    FAMILY_NAME_DESC = "FAMILY_NAME_DESC"
    BIRTH_DATE_ASC = "BIRTH_DATE_ASC"
    BIRTH_DATE_DESC = "BIRTH_DATE_DESC"


order_enum(
    PersonOrder,
    "How persons are ordered; the id breaks ties.",
    "Personu kārtošana.",
    {"FAMILY_NAME": "Person.familyName", "BIRTH_DATE": "Person.birthDate"},
)

DEFAULT_ORDER = (Sort("id"),)
