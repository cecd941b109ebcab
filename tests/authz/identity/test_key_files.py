"""Keys and secrets in the data folder."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from authz.identity.errors import KeyFileUnusable
from authz.identity.key_files import create_once, public_keys, public_path, secret, signing_key

_MAKE_A_KEY = """
import sys
from pathlib import Path
from authz.identity.key_files import signing_key
print("ready", flush=True)
sys.stdin.read()
print(signing_key(Path(sys.argv[1])).kid)
"""


def test_a_key_is_made_once_and_found_again(tmp_path: Path):
    first = signing_key(tmp_path / "keys" / "issuer.jwk")
    assert signing_key(tmp_path / "keys" / "issuer.jwk").as_dict(private=True) == first.as_dict(private=True)


def test_a_private_key_is_readable_by_its_owner_only(tmp_path: Path):
    signing_key(tmp_path / "keys" / "issuer.jwk")
    assert (tmp_path / "keys" / "issuer.jwk").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700


def test_the_public_half_holds_no_secret(tmp_path: Path):
    key = signing_key(tmp_path / "issuer.jwk")
    published = json.loads(public_path(tmp_path / "issuer.jwk").read_bytes())
    assert "d" not in published["keys"][0]
    assert [public.kid for public in public_keys(public_path(tmp_path / "issuer.jwk"))] == [key.kid]


def test_processes_that_start_together_agree_on_one_key(tmp_path: Path):
    path = str(tmp_path / "issuer.jwk")
    started = [
        subprocess.Popen([sys.executable, "-c", _MAKE_A_KEY, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in started:  # all have imported and wait: let them go at once
        assert process.stdin is not None
        process.stdin.close()
        process.stdin = None
    kids = {process.communicate(timeout=60)[0].strip() for process in started}
    assert kids == {signing_key(tmp_path / "issuer.jwk").kid}
    assert sorted(file.name for file in tmp_path.iterdir()) == ["issuer.jwk", "issuer.public.jwks"]


@pytest.mark.parametrize("mode", [0o604, 0o620, 0o644, 0o666, 0o777])
def test_a_private_key_that_others_can_reach_is_refused(tmp_path: Path, mode: int):
    signing_key(tmp_path / "issuer.jwk")
    (tmp_path / "issuer.jwk").chmod(mode)
    with pytest.raises(KeyFileUnusable, match="chmod 600"):
        signing_key(tmp_path / "issuer.jwk")


@pytest.mark.parametrize(
    "content",
    [b"", b"not json", b"[]", b"{}", b'{"kty":"oct","k":"c2VjcmV0"}', b'{"kty":"OKP","crv":"Ed25519","x":"AAAA","kid":"a"}'],
)
def test_a_damaged_key_file_is_named_and_never_replaced(tmp_path: Path, content: bytes):
    path = tmp_path / "issuer.jwk"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(KeyFileUnusable, match=r"issuer\.jwk"):
        signing_key(path)
    assert path.read_bytes() == content


def test_a_public_half_of_another_key_is_refused(tmp_path: Path):
    signing_key(tmp_path / "one.jwk")
    signing_key(tmp_path / "other.jwk")
    public_path(tmp_path / "other.jwk").replace(public_path(tmp_path / "one.jwk"))
    with pytest.raises(KeyFileUnusable, match="does not belong"):
        signing_key(tmp_path / "one.jwk")


def test_a_private_key_in_place_of_the_public_one_is_refused(tmp_path: Path):
    key = signing_key(tmp_path / "issuer.jwk")
    leaked = tmp_path / "leaked.jwks"
    leaked.write_text(json.dumps({"keys": [key.as_dict(private=True)]}))
    with pytest.raises(KeyFileUnusable, match="private key where public"):
        public_keys(leaked)


def test_a_secret_has_32_bytes_and_stays(tmp_path: Path):
    first = secret(tmp_path / "a.key")
    assert len(first) == 32
    assert secret(tmp_path / "a.key") == first
    assert secret(tmp_path / "b.key") != first


def test_a_cut_off_secret_is_refused(tmp_path: Path):
    create_once(tmp_path / "a.key", lambda: b"short")
    with pytest.raises(KeyFileUnusable, match="5 bytes"):
        secret(tmp_path / "a.key")


def test_a_folder_that_cannot_be_made_gets_one_clear_line(tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(KeyFileUnusable, match="name a folder that you own"):
        signing_key(tmp_path / "file" / "issuer.jwk")


def test_a_failed_write_leaves_nothing_behind(tmp_path: Path):
    def fails() -> bytes:
        raise RuntimeError("no entropy")

    with pytest.raises(RuntimeError):
        create_once(tmp_path / "a.key", fails)
    assert list(tmp_path.iterdir()) == []
