"""`saite contract sign|verify`: two parties, Ed25519 over the canonical document."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from saite.cli.contract.reading import document
from saite.cli.output import DEFAULT_DATA, NO, DataOption, Format, FormatOption, clear_errors, complain, print_json, stop

KeysOption = Annotated[
    Path | None,
    typer.Option(
        "--keys",
        metavar="DIR",
        file_okay=False,
        help="The folder of the parties' keys; otherwise keys/parties in the data folder.",
    ),
]


@clear_errors
def sign(
    file: Annotated[Path, typer.Argument(dir_okay=False, help="The contract document; the signature is written into it.")],
    as_: Annotated[str, typer.Option("--as", metavar="PARTY", help="Which party signs: an id under `parties`.")],
    keys: KeysOption = None,
    data: DataOption = DEFAULT_DATA,
) -> None:
    """Sign a contract as one of its two parties.

    The private key is `PARTY.jwk` in the folder of keys, readable by its owner alone, and made on first use; its public half
    `PARTY.public.jwks` goes to everybody who verifies. What is signed is the meaning of the document (RFC 8785), so that layout and remarks
    may change afterwards, and nothing else. Each party signs where its own key is: the file travels, the keys do not.

    Example: `saite contract sign LV-HM.yaml --as LV-IC`
    """
    from authz.document import read_contract_text
    from authz.lint import findings_of
    from authz.signatures import party_key, sign_contract, with_signature

    contract = document(file)
    errors = [finding for finding in findings_of(contract, None) if finding.level == "error" and finding.code != "SIGNATURE"]
    if errors:
        stop("Not signed: it has errors.\n" + "\n".join(map(str, errors)), NO)
    roles = {contract.parties.consumer.id: "data-consumer", contract.parties.provider.id: "data-owner"}
    if as_ not in roles:
        stop(f"{as_} is no party of {contract.id}: {' and '.join(sorted(roles))} are.")
    role = roles[as_]
    signature = sign_contract(
        contract, "data-owner" if role == "data-owner" else "data-consumer", party_key(_folder(keys, data), as_)
    )
    text = with_signature(file.read_text(encoding="utf-8"), contract.signatures, signature)
    again, _ = read_contract_text(text, str(file))
    assert again is not None
    assert again.digest == contract.digest
    file.write_text(text, encoding="utf-8")
    complain(
        f"{as_} signed {contract.id} version {contract.version} ({contract.digest}) as {role}, with the key {signature.kid}."
    )


@clear_errors
def verify(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Contract documents.")],
    keys: KeysOption = None,
    data: DataOption = DEFAULT_DATA,
    format_: FormatOption = Format.TEXT,
) -> None:
    """Verify that both parties signed contracts as they stand.

    Only public halves are needed: `PARTY.public.jwks`, one file for each party; the file's name says whose keys are in it. Exit code 1
    when a signature is missing or does not hold.

    Example: `saite contract verify LV-HM.yaml --keys parties/`
    """
    from authz.signatures import PartyKeys, check_signatures

    known = PartyKeys(_folder(keys, data))
    found = [(contract, checked) for contract in map(document, files) for checked in check_signatures(contract, known)]
    if format_ is Format.JSON:
        print_json(
            [
                {
                    "file": contract.file,
                    "contract": contract.id,
                    "version": contract.version,
                    "digest": contract.digest,
                    "role": checked.role,
                    "by": checked.by,
                    "kid": checked.kid,
                    "holds": checked.holds,
                    "reason": checked.reason,
                }
                for contract, checked in found
            ]
        )
    else:
        for contract, checked in found:
            said = f"signed by {checked.by} ({checked.kid})" if checked.holds else checked.reason
            typer.echo(f"{'holds' if checked.holds else 'NO   '} {contract.file}: {checked.role}: {said}")
    if not all(checked.holds for _, checked in found):
        raise typer.Exit(NO)


def _folder(keys: Path | None, data: Path) -> Path:
    from saite.folder import DataFolder

    return keys or DataFolder(data).keys / "parties"
