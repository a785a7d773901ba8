"""Without the extra `secure` what needs it says so; keys and roles do without."""

import sys
from pathlib import Path

import pytest

from solver.access.certificates import CertificateFiles, read_certificates
from solver.access.keys import has_digest, make_key
from solver.access.signed import read_keys
from solver.errors import XunyuanError


def test_signed_tokens_without_their_library_are_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "jwt", None)
    with pytest.raises(XunyuanError, match=r"pip install 'pyjwt\[crypto\]'"):
        read_keys(tmp_path / "keys.json")


def test_tls_without_its_library_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "cryptography", None)
    with pytest.raises(XunyuanError, match="pip install cryptography"):
        read_certificates(CertificateFiles(certificate=tmp_path / "a", key=tmp_path / "b"))


def test_keys_need_neither(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("jwt", "cryptography"):
        monkeypatch.setitem(sys.modules, name, None)
    made = make_key()
    assert has_digest(made.token, made.digest)
