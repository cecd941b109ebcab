"""A small schema with every kind of right, and a contract over it, for the tests of rights."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from graphql import GraphQLSchema, build_schema

import authz
from authz.book import ContractBook
from authz.document import Contract, read_contract_text
from authz.mask import Mask
from kernel.clock import FixedClock
from schema import text

DIRECTIVES = """
directive @classified(as: String!) on FIELD_DEFINITION
directive @public on FIELD_DEFINITION | ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION | ENUM_VALUE
directive @counts on FIELD_DEFINITION
directive @discloses(field: String!, operator: String) on ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION | ENUM_VALUE
directive @rowattr(name: String!, type: String!) repeatable on OBJECT
directive @declassifies on FIELD_DEFINITION
"""

SDL = (
    DIRECTIVES
    + """
interface Node { id: ID! }
interface Titled { title: String }

type Query {
  person(id: ID! @public): Person @classified(as: "L1")
  personByCode(code: String! @discloses(field: "Person.personalCode")): Person @classified(as: "L2")
  persons(
    where: PersonWhere @public
    orderBy: [PersonOrder!] @public
    first: Int @public
  ): PersonConnection @classified(as: "L1")
  events(where: EventWhere @public): [Event!] @classified(as: "L0")
  node(id: ID! @public): Node @classified(as: "L1")
  search(text: String! @public): [Found!] @classified(as: "L1")
  secrets: [Secret!] @classified(as: "L4")
  forgotten: String
}

union Found = Person | Document | Secret

type PersonConnection {
  nodes: [Person!]! @public
  totalCount: Int @counts
  pageInfo: PageInfo! @public
}
type PageInfo { hasNextPage: Boolean! @public }

type Person implements Node & Titled
  @rowattr(name: "territories", type: "[String]")
  @rowattr(name: "classification", type: "Int")
{
  id: ID! @classified(as: "L0")
  title: String @classified(as: "L1")
  familyName: String @classified(as: "L2")
  givenName: String @classified(as: "L2")
  personalCode: String @classified(as: "L2")
  phone: String @classified(as: "L2")
  address: Address @classified(as: "L2")
  warrants: [Warrant!] @classified(as: "L4")
  events(role: Role @discloses(field: "Person.events", operator: "role")): [Event!] @classified(as: "L1")
  documents: [Document!] @classified(as: "L2")
  riskScore: Int @classified(as: "L2")
  forgotten: String
}
enum Role { SUSPECT WITNESS }
type Address { text: String @classified(as: "L2") city: String @classified(as: "L1") }
type Warrant { kind: String! @classified(as: "L4") }

type Event implements Node
  @rowattr(name: "territory", type: "String")
  @rowattr(name: "sealed", type: "Boolean")
  @rowattr(name: "place", type: "Point")
{
  id: ID! @classified(as: "L0")
  kind: String! @classified(as: "L0")
  summary: String @classified(as: "L2")
  informant: Person @classified(as: "L3")
}

type Document implements Node & Titled {
  id: ID! @classified(as: "L0")
  title: String @classified(as: "L1")
  number: String @classified(as: "L2")
  body: String @classified(as: "L3")
}

type Secret { id: ID! @classified(as: "L4") word: String @classified(as: "L4") }

input PersonWhere {
  and: [PersonWhere!] @public
  or: [PersonWhere!] @public
  not: PersonWhere @public
  familyName: TextFilter @discloses(field: "Person.familyName")
  personalCode: TextFilter @discloses(field: "Person.personalCode")
  phone: TextFilter @discloses(field: "Person.phone")
  events: EventWhere @discloses(field: "Person.events")
  forgotten: TextFilter
}
input EventWhere {
  and: [EventWhere!] @public
  kind: TextFilter @discloses(field: "Event.kind")
  informant: PersonWhere @discloses(field: "Event.informant")
  near: PlaceFilter @discloses(field: "Event.summary")
}
input TextFilter { eq: String @public in: [String!] @public startsWith: String @public }
input PlaceFilter { within: Circle @public }
input Circle { lat: Float! @public lon: Float! @public metres: Float! @public }

enum PersonOrder {
  FAMILY_NAME_ASC @discloses(field: "Person.familyName")
  PERSONAL_CODE_ASC @discloses(field: "Person.personalCode")
  PHONE_ASC @discloses(field: "Person.phone")
  ID_ASC @public
}
"""
)

CONTRACT = """
apiVersion: sharing/v1
kind: CooperationAgreement
metadata: {id: C-1, version: 1, title: A contract for tests}
parties:
  provider: {id: LV-IC, name: Information Centre, controller: true}
  consumer: {id: LV-TEST, name: An agency for tests}
  onward_transfer: forbidden
legal:
  basis: ["Directive (EU) 2016/680 Art. 8"]
validity: {not_before: 2026-01-01T00:00:00Z, not_after: 2027-01-01T00:00:00Z}
purposes:
  INVESTIGATION: {requires: [user, case_ref], case_ref_pattern: "\\\\d{2}-\\\\d{5}"}
  STATISTICS: {requires: [user]}
visibility:
  default: hidden
  listed: [Person.personalCode, Person.warrants, Warrant.kind, Person.title, PersonConnection.totalCount]
bundles:
  person-basic: ["Person.{id, familyName, givenName, events, documents}"]
grants:
  - purposes: [INVESTIGATION]
    read:
      - "@person-basic"
      - Query.{person, persons, events, node, search}
      - Event.{id, kind, summary}
      - Document.{title, number}
    filter:
      Person.familyName: [eq, in]
      Person.events: [some, role]
      Event.kind: [eq]
    sort: [Person.familyName]
  - purposes: [STATISTICS]
    read: ["Query.{events, persons}", Event.kind, Person.id]
    count: [PersonConnection.totalCount]
denies:
  - {purposes: ["*"], resources: [Person.phone]}
rows:
  Person: {overlaps: [territories, $consumer.territories]}
  Event: {all: [{in: [territory, $consumer.territories]}, {not: {eq: [sealed, true]}}]}
context: {consumer: {territories: ["0001000"]}}
aggregates: {min_cell: 5}
tests:
  must_allow: [[INVESTIGATION, read, Person.familyName], [INVESTIGATION, "filter:eq", Person.familyName]]
  must_deny:
    - [INVESTIGATION, read, Person.phone]
    - [STATISTICS, read, Person.familyName]
    - [INVESTIGATION, sort, Person.personalCode]
"""

CLOCK = FixedClock(datetime(2026, 6, 1, tzinfo=UTC))
SCHEMA: GraphQLSchema = build_schema(SDL)


def contract_of(document: str = CONTRACT) -> Contract:
    """The contract in a text, which must be right."""
    contract, findings = read_contract_text(document)
    assert contract is not None, "\n".join(map(str, findings))
    return contract


def book_of(document: str = CONTRACT) -> ContractBook:
    return ContractBook.of([contract_of(document)], SCHEMA, CLOCK)


def mask_of(purpose: str = "INVESTIGATION", document: str = CONTRACT) -> Mask:
    """The mask of the contract for tests."""
    contract = contract_of(document)
    mask = book_of(document).mask(contract.id, contract.version, purpose)
    assert mask is not None
    return mask


@lru_cache(maxsize=1)
def api_schema() -> GraphQLSchema:
    """The API schema that ships: what the contracts are written for."""
    return build_schema(text("api"))


@lru_cache(maxsize=1)
def shipped_book() -> ContractBook:
    """The five contracts that ship."""
    return ContractBook.load(Path(authz.__file__).parent / "contracts", api_schema(), CLOCK)


@lru_cache(maxsize=1)
def masks_of_agencies() -> dict[tuple[str, str], Mask]:
    """The masks of the shipped contracts by (agency, purpose)."""
    book = shipped_book()
    return {
        (compiled.agency, purpose): mask for compiled in book.contracts.values() for purpose, mask in compiled.masks.items()
    }
