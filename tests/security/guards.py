"""The guards that `mutants.py` takes out: where each stands, what replaces it, which tests have to notice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SELECTIONS: Final = "authz/operation/selections.py"
ARGUMENTS: Final = "authz/operation/arguments.py"
VERIFIER: Final = "authz/signed_context/verifier.py"
VALIDATOR: Final = "authz/identity/validator.py"
GATE: Final = "authz/gate.py"
GUARD: Final = "subgraphs/room/guard.py"


@dataclass(frozen=True, slots=True)
class Guard:
    """`piece` stands once in `file`; with `without` in its place the guard is gone, and one of `tests` has to fail."""

    case: str
    name: str
    file: str
    piece: str
    without: str
    tests: tuple[str, ...]


def _of(case: str, name: str, file: str, piece: str, without: str, *tests: str) -> Guard:
    return Guard(case, name, file, piece, without, tuple(f"tests/{test}" for test in tests))


READ: Final = "if entry.mark.classification is not None and coordinate not in self._mask.read:"
WITHOUT_READ: Final = "if False:"

GUARDS: Final = (
    *(
        _of(case, "the right to read, by type and field", SELECTIONS, READ, WITHOUT_READ, f"security/{test}")
        for case, test in (
            ("S-01", "test_s01_alias_mask.py"),
            ("S-02", "test_s02_fragment_nest.py"),
            ("S-03", "test_s03_interface_inline.py"),
            ("S-05", "test_s05_interface_vs_object.py"),
            ("S-06", "test_s06_union_shared_key.py"),
            ("S-11", "test_s11_include_flip.py"),
            ("S-34", "test_s34_mutation_payload.py"),
        )
    ),
    _of(
        "S-04",
        "an interface's field for its permitted types alone",
        SELECTIONS,
        "if len(allowed) == len(scope):",
        "if allowed:",
        "security/test_s04_interface_and.py",
    ),
    _of(
        "S-07",
        "row rules in statements",
        "subgraphs/room/sql.py",
        "    return to_sql(rows.get(scope.type_name, EVERY_ROW), scope.row_attributes)",
        "    return sa.true()",
        "security/test_s07_all_dimensions.py",
    ),
    _of(
        "S-07",
        "each dimension of a rule",
        "authz/rows/to_sql.py",
        "return sa.and_(sa.true(), *(_condition(",
        "return sa.or_(sa.false(), *(_condition(",
        "security/test_s07_all_dimensions.py",
        "authz/rows/test_to_sql.py",
    ),
    _of(
        "S-08",
        "closure over what fields require",
        "authz/compile.py",
        "        if not broken:\n            return read",
        "        return read",
        "security/test_s08_requires_transitive.py",
    ),
    _of(
        "S-09",
        "keys are fetched and not shown",
        "authz/operation/authorise.py",
        'if (node.name.value, key) != ("id", "id"):',
        "if False:",
        "security/test_s09_key_strip.py",
        "security/test_s04_interface_and.py",
        "authz/operation/test_authorise.py",
    ),
    _of(
        "S-10",
        "a schema without rights is refused",
        "authz/catalogue.py",
        "if not any(entry.mark.classification is not None for entry in fields.values()):",
        "if False:",
        "security/test_s10_directive_rename.py",
    ),
    _of(
        "S-12",
        "a union without a readable member",
        SELECTIONS,
        "if is_abstract and not any(self._is_readable(type_name) for type_name in scope):",
        "if False:",
        "security/test_s12_typename_oracle.py",
    ),
    _of(
        "S-13",
        "a context is for one body",
        VERIFIER,
        "if not hmac.compare_digest(claims.req_hash.encode(), to_base64url(sha256(body).digest())):",
        "if False:",
        "security/test_s13_entities_direct.py",
    ),
    _of(
        "S-13",
        "a context is for one room",
        VERIFIER,
        "if claims.aud != self._audience:",
        "if False:",
        "security/test_s13_entities_direct.py",
    ),
    _of(
        "S-13",
        "a context is signed",
        VERIFIER,
        "            key.verify(from_base64url(signature), signed.encode())",
        "            pass",
        "security/test_s13_entities_direct.py",
    ),
    _of(
        "S-13",
        "a context is used once",
        VERIFIER,
        "if not is_first_use:",
        "if False:",
        "security/test_s13_entities_direct.py",
        "authz/signed_context/test_replay.py",
    ),
    *(
        _of(
            case,
            "the right to filter",
            ARGUMENTS,
            "if operator not in self._mask.filter.get(mark.discloses, ()):",
            "if False:",
            f"security/{test}",
        )
        for case, test in (("S-16", "test_s16_filter_op.py"), ("S-17", "test_s17_filter_relation.py"))
    ),
    _of(
        "S-14",
        "a field that has no filter right at all",
        ARGUMENTS,
        '                self._refuse(mark.discloses, "filter", unknown)',
        "                pass",
        "security/test_s29_hidden_equals_absent.py",
        "security/test_s14_filter_literal.py",
    ),
    _of(
        "S-15",
        "variables are walked for every request",
        "authz/operation/permit.py",
        "            if use.name in variables:",
        "            if False:",
        "security/test_s15_filter_variable.py",
    ),
    _of(
        "S-15",
        "defaults of variables are walked",
        ARGUMENTS,
        "            self.value(taken, _plain(self._defaults[name]), mark)",
        "            pass",
        "security/test_s15_filter_variable.py",
    ),
    _of(
        "S-18",
        "quotas of different values",
        "gateway/pipeline.py",
        "            await access.afford(prepared.grant, variables.sent)\n",
        "",
        "security/test_s18_masked_search.py",
    ),
    _of(
        "S-18",
        "values shown in part, in the room",
        "subgraphs/room/answer.py",
        "    if not mask.values:\n",
        "    if True:\n",
        "subgraphs/test_second_enforcement.py",
    ),
    _of(
        "S-18",
        "values shown in part, checked at the gateway",
        "gateway/access/grant.py",
        "dict(_checks(values))",
        "{}",
        "gateway/access/test_value_masks.py",
    ),
    _of(
        "S-19",
        "the right to sort",
        ARGUMENTS,
        "if mark.discloses not in self._mask.sort:",
        "if False:",
        "security/test_s19_sort_oracle.py",
    ),
    _of(
        "S-20",
        "a cursor belongs to one list",
        "subgraphs/room/narrowing.py",
        '    scope = f"{mask.contract_id}/{mask.contract_version}/{mask.purpose}/{hashlib.sha256(asked).hexdigest()}"',
        '    scope = hashlib.sha256(b"").hexdigest()',
        "security/test_s20_cursor_leak.py",
    ),
    _of(
        "S-21",
        "small counts are suppressed",
        "authz/aggregates/publishing.py",
        "    if aggregates.min_cell > 1 and count < aggregates.min_cell:",
        "    if False:",
        "security/test_s21_count_small.py",
    ),
    _of(
        "S-22",
        "counts are held against those before",
        "subgraphs/room/publishing.py",
        "        return await self._guard.admit(text_of(where), found, _Rows(self._store, rows))",
        "        return found",
        "security/test_s22_count_difference.py",
    ),
    _of(
        "S-23",
        "counts of visible rows",
        "subgraphs/room/reading.py",
        "statement = statement.where(condition(where, scope, rows), visible(scope, rows))",
        "statement = statement.where(condition(where, scope, rows))",
        "security/test_s23_counter_restricted.py",
    ),
    _of(
        "S-24",
        "the right to count, in the view",
        "authz/visibility.py",
        "granted = granted and (not mark.counts or coordinate in self._mask.count)",
        "granted = granted",
        "security/test_s24_aggregate_types.py",
    ),
    _of(
        "S-26",
        "row rules by id",
        "subgraphs/room/reading.py",
        ".where(found, visible(register.scope, rows))",
        ".where(found)",
        "security/test_s26_node_global.py",
    ),
    _of(
        "S-27",
        "a room's words are replaced",
        "gateway/response/masking.py",
        "            message = MASKED_MESSAGE\n",
        "            pass\n",
        "security/test_s27_error_leak.py",
        "gateway/access/test_contract.py",
    ),
    _of(
        "S-27",
        "an unknown error becomes an id",
        "subgraphs/room/answer.py",
        "        shown |= hidden(cause)",
        "        pass",
        "security/test_s27_error_leak.py",
    ),
    _of(
        "S-27",
        "no suggestions",
        "gateway/access/contract.py",
        "    hide_suggestions = True",
        "    hide_suggestions = False",
        "security/test_s27_error_leak.py",
    ),
    _of(
        "S-27",
        "errors of databases without values",
        "subgraphs/room/sqlite.py",
        "            hide_parameters=True,  # or an error's text, which is logged, holds what was asked for\n",
        "",
        "security/test_s27_error_leak.py",
    ),
    _of(
        "S-27",
        "no debug log of the driver",
        "subgraphs/room/sqlite.py",
        'logging.getLogger("aiosqlite").setLevel(logging.INFO)',
        "",
        "security/test_s27_error_leak.py",
    ),
    _of(
        "S-28",
        "the contract's own view",
        "authz/visibility.py",
        "            if coordinate not in self._mask.listed:\n                return False",
        "            if False:\n                return False",
        "security/test_s28_introspection_view.py",
    ),
    _of(
        "S-29",
        "what is hidden is told as unknown",
        ARGUMENTS,
        "        if unknown is not None and not is_known:",
        "        if False:",
        "security/test_s29_hidden_equals_absent.py",
    ),
    _of(
        "S-30",
        "a count without its right is withheld",
        SELECTIONS,
        "elif entry.mark.counts and coordinate not in self._mask.count:",
        "elif False:",
        "security/test_s30_withheld_marked.py",
    ),
    _of(
        "S-30",
        "what is withheld is told",
        "authz/operation/selections.py",
        "            return Pruned((), frozenset((verdict,)), 1)",
        "            return Pruned((), _NOTHING, 1)",
        "security/test_s30_withheld_marked.py",
    ),
    _of(
        "S-33",
        "a stale strict contract is refused",
        GATE,
        "    if now - book.confirmation.at > duration_of(longest):",
        "    if False:",
        "security/test_s33_revoke_latency.py",
    ),
    _of(
        "S-35",
        "the cache knows whose plan it is",
        "gateway/pipeline.py",
        "key = (asked.query, asked.operation_name, access.digest, labels)",
        'key = (asked.query, asked.operation_name, "", labels)',
        "security/test_s35_cache_cross.py",
    ),
    _of(
        "S-36",
        "no document, no answer",
        "gateway/server/requests.py",
        "    if not isinstance(query, str) or not query:",
        "    if query is None:\n        query = '{ __typename }'\n    if False:",
        "security/test_s36_persisted_cross.py",
    ),
    _of(
        "S-37",
        "entities are counted",
        "gateway/access/contract.py",
        "        if not self._mask.quotas or rendered is None:",
        "        if True:",
        "security/test_s37_batch_quota.py",
    ),
    _of(
        "S-37",
        "no batches",
        "gateway/server/requests.py",
        "    if isinstance(content, list):\n",
        "    if isinstance(content, list):\n        content = content[0]\n    if False:\n",
        "security/test_s37_batch_quota.py",
    ),
    *(
        _of("S-38", name, VALIDATOR, piece, without, "security/test_s38_token_attacks.py", "authz/identity/test_validator.py")
        for name, piece, without in (
            ("a token ends", "if at >= accepted.claims.exp + self._leeway:", "if False:"),
            ("a token has its issuer's algorithm", "if header.alg not in trust.algorithms:", "if False:"),
            (
                "a token is for us",
                "self._audience not in (claims.aud if isinstance(claims.aud, list) else ()):",
                "False:",
            ),
            (
                "a bound token needs its certificate",
                '        if certificate is None:\n            raise Refused("certificate_missing")\n        if not hmac',
                "        if certificate is None:\n            return\n        if not hmac",
            ),
            ("an issuer speaks for its agencies", "agency not in accepted.trust.agencies)", "False)"),
        )
    ),
    _of(
        "S-39",
        "Casbin is switched on",
        "authz/enforcer.py",
        "        if self._enforcer.enabled is not True:",
        "        if False:",
        "security/test_s39_casbin_fail_open.py",
    ),
    _of(
        "S-39",
        "yes is True and nothing else",
        "authz/enforcer.py",
        "        return answer is True",
        "        return bool(answer)",
        "security/test_s39_casbin_fail_open.py",
    ),
    _of(
        "S-39",
        "first questions with known answers",
        "authz/enforcer.py",
        "        if not (allowed and denied and empty):",
        "        if False:",
        "security/test_s39_casbin_fail_open.py",
    ),
    _of(
        "S-40",
        "a record is what its hash was made of",
        "authz/audit/verify.py",
        "    if hash_of(row.body) != row.hash:",
        "    if False:",
        "security/test_s40_audit_tamper.py",
    ),
    _of(
        "S-40",
        "records follow each other",
        "authz/audit/verify.py",
        "    if row.seq != expected:",
        "    if False:",
        "security/test_s40_audit_tamper.py",
    ),
    _of(
        "S-41",
        "a change is recorded before it is sent",
        "gateway/pipeline.py",
        "        if not prepared.operation.is_query:\n            await access.record",
        "        if False:\n            await access.record",
        "security/test_s41_no_deed_without_record.py",
    ),
    _of(
        "S-42",
        "values have an end",
        ARGUMENTS,
        "        if self._nesting > MAX_VALUE_NESTING:",
        "        if False:",
        "security/test_s42_values_without_end.py",
    ),
    _of(
        "S-43",
        "an entity without its id is not there",
        "gateway/response/projection.py",
        "        if fields.needs_id and get(fields.id_key) is None:",
        "        if False:",
        "security/test_s43_denied_row_equals_absent.py",
    ),
    _of(
        "S-43",
        "also where the view has no id",
        "gateway/response/projection.py",
        "        is_named = key_field is None or ",
        "        is_named = key_field is not None and ",
        "security/test_s43_denied_row_equals_absent.py",
    ),
    _of(
        "second",
        "a room decides again",
        "subgraphs/room/operation.py",
        "        permit.check_variables(variables)\n",
        "",
        "security/test_every_transport.py",
        "subgraphs/test_second_enforcement.py",
    ),
    _of(
        "second",
        "a room knows the same mask",
        GUARD,
        "        if mask.digest != context.mask_digest:",
        "        if False:",
        "security/test_second_enforcement.py",
    ),
    _of(
        "second",
        "a room withholds nothing silently",
        "authz/operation/authorise.py",
        "    if permit.withheld:",
        "    if False:",
        "security/test_second_enforcement.py",
    ),
    _of(
        "canaries",
        "row rules, by the search",
        "subgraphs/room/sql.py",
        "    return to_sql(rows.get(scope.type_name, EVERY_ROW), scope.row_attributes)",
        "    return sa.true()",
        "security/test_canaries.py",
    ),
    _of(
        "canaries",
        "a value of a register is no entity",
        "gateway/response/projection.py",
        'str(key_field.type).rstrip("!") == "ID"',
        "True",
        "security/test_audit_holds_no_values.py",
    ),
    _of(
        "non-int.",
        "row rules, by two worlds",
        "subgraphs/room/reading.py",
        "        .where(condition(listing.where, scope, listing.rows), visible(scope, listing.rows))",
        "        .where(condition(listing.where, scope, listing.rows))",
        "security/test_non_interference.py",
    ),
)
