"""deploy/certificates.py: what it makes, that it leaves it alone, and when it makes it again."""

from __future__ import annotations

import importlib.util
import os
import socket
import ssl
import threading
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).parents[1] / "deploy" / "certificates.py"


@pytest.fixture
def program() -> Any:
    spec = importlib.util.spec_from_file_location("certificates", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


@pytest.fixture
def folders(tmp_path: Path) -> list[str]:
    made = [tmp_path / "authority", tmp_path / "certificates"]
    for one in made:
        one.mkdir()
    return [str(one) for one in made]


def contents(folders: list[str]) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for one in folders for path in Path(one).iterdir()}


def shaken(folder: str, name: str, asked: str) -> str | None:
    """The version of TLS when who trusts the authority asks a server with that certificate."""
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(Path(folder, f"{name}.pem"), Path(folder, f"{name}.key"))
    trusting = ssl.create_default_context(cafile=Path(folder, "ca.pem"))
    trusting.verify_flags |= ssl.VerifyFlags.VERIFY_X509_STRICT
    here, there = socket.socketpair()

    def serve() -> None:
        try:
            serving.wrap_socket(there, server_side=True).close()
        except ssl.SSLError:
            there.close()

    server = threading.Thread(target=serve)
    server.start()
    try:
        with trusting.wrap_socket(here, server_hostname=asked) as line:
            return line.version()
    finally:
        here.close()
        server.join()


def test_each_server_is_trusted_by_its_own_name(program: Any, folders: list[str]) -> None:
    assert program.main([*folders, "search1", "postgres"]) == 0
    for asked in ("postgres", "localhost", "127.0.0.1"):
        assert shaken(folders[1], "postgres", asked) == "TLSv1.3"
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        shaken(folders[1], "search1", "postgres")


def test_keys_are_for_one_user_and_the_authority_s_lies_apart(
    program: Any, folders: list[str]
) -> None:
    own = f"search1:{os.getuid()}"
    assert program.main([*folders, own]) == 0
    modes = {
        path.name: path.stat().st_mode & 0o777 for one in folders for path in Path(one).iterdir()
    }
    assert modes == {"ca.key": 0o600, "ca.pem": 0o644, "search1.key": 0o600, "search1.pem": 0o644}
    assert not Path(folders[1], "ca.key").exists()


def test_what_is_good_stays(
    program: Any, folders: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    program.main([*folders, "search1"])
    before = contents(folders)
    capsys.readouterr()
    program.main([*folders, "search1"])
    assert (contents(folders), capsys.readouterr().out) == (before, "")
    program.main([*folders, "search1", "search2"])
    after = contents(folders)
    assert {name: after[name] for name in before} == before
    assert shaken(folders[1], "search2", "search2")


def test_what_ends_soon_or_is_in_pieces_is_made_again(
    program: Any, folders: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    program.main([*folders, "search1", "search2"])
    before = contents(folders)
    Path(folders[1], "search2.key").unlink()
    program.main([*folders, "search1", "search2"])
    mended = contents(folders)
    assert mended["search1.pem"] == before["search1.pem"]
    assert shaken(folders[1], "search2", "search2")
    monkeypatch.setattr(program, "RENEWED_YEARS", program.CERTIFICATE_YEARS)
    program.main([*folders, "search1"])
    renewed = contents(folders)
    assert renewed["search1.pem"] != before["search1.pem"]
    assert renewed["ca.pem"] == before["ca.pem"]


def test_an_authority_that_would_end_before_what_it_signs_is_replaced_with_all(
    program: Any, folders: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(program, "AUTHORITY_YEARS", 4)
    program.main([*folders, "search1"])
    before = contents(folders)
    monkeypatch.undo()
    program.main([*folders, "search1"])
    after = contents(folders)
    assert all(after[name] != before[name] for name in before)
    assert shaken(folders[1], "search1", "search1")


def test_no_name_is_an_error(program: Any, folders: list[str]) -> None:
    assert program.main(folders) == 2
