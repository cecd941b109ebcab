"""`saite audit prove` and `saite audit check`: proofs for people who do not have the log."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from saite.cli.audit.options import KeysOption, LogOption, keys_of, location_of
from saite.cli.output import DEFAULT_DATA, NO, DataOption, clear_errors, complain, stop


@clear_errors
def prove(
    record: Annotated[str | None, typer.Argument(help="The record's id: prove that it is in the log.")] = None,
    since: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Remembered heads: prove that the log only grew since then.")
    ] = None,
    writer: Annotated[str, typer.Option(help="With --since: whose chain.")] = "gateway-1",
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write to this file.")] = None,
    log: LogOption = None,
    data: DataOption = DEFAULT_DATA,
) -> None:
    """Write a proof (RFC 9162) that a record is in the log, or that the log begins with all of an older one.

    Example: `saite audit prove aud_0192f0c1d2e37abc8def0123456789ab --out proof.json`
    """
    from authz.audit import LogHeads
    from authz.audit.proving import Proof, prove_growth, prove_record, to_json
    from saite.folder import DataFolder

    location = location_of(log, DataFolder(data))
    if (record is None) == (since is None):
        stop("Name either a record's id or, with --since, a file of remembered heads.")
    proof: Proof
    if record is not None:
        proof = prove_record(location, record)
    else:
        assert since is not None
        old = LogHeads.from_json(since.read_bytes()).signed_of(writer)
        if old is None:
            stop(f"{since} holds no signed head of {writer}: `saite audit head` writes them once the log has signed one.")
        proof = prove_growth(location, old)
    if out is None:
        typer.echo(to_json(proof).decode())
    else:
        out.write_bytes(to_json(proof))


@clear_errors
def check(
    proof: Annotated[Path, typer.Argument(help="A file that `saite audit prove` wrote.")],
    keys: KeysOption = None,
    data: DataOption = DEFAULT_DATA,
) -> None:
    """Check a proof without the log: only the log's public keys are needed.

    Exit code 1 when it proves nothing.

    Example: `saite audit check proof.json --keys audit-heads.public.jwks`
    """
    from authz.audit.proving import InclusionProof, fault_of, read_proof
    from saite.folder import DataFolder

    public = keys_of(keys, DataFolder(data))
    if public is None:
        stop("The log's public keys are needed: give their file with --keys.")
    found = read_proof(proof.read_bytes())
    fault = fault_of(found, public)
    if fault is not None:
        complain(f"This proves nothing: {fault}.")
        raise typer.Exit(NO)
    head = found.head
    if isinstance(found, InclusionProof):
        content = found.content
        who = f"{content.entry.user} of {content.entry.agency}"
        typer.echo(f"Proven: {content.id} ({who}, {content.at.isoformat()}) is record {content.seq} of {head.writer}")
    else:
        typer.echo(
            f"Proven: the {head.size} records of {head.writer} begin with the {found.old.size} of {found.old.at.isoformat()}"
        )
    typer.echo(f"in log {head.log_id}, under the head signed at {head.at.isoformat()} with key {head.kid}.")
