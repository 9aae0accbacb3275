"""What makes a test cluster one with TLS and users: the plugin, and the files of deploy/."""

from __future__ import annotations

import hashlib
import re
import shutil
import ssl
import subprocess
import sys
import zipfile
from base64 import b64encode
from collections.abc import Iterable, Mapping
from pathlib import Path

DEPLOY = Path(__file__).parents[2] / "deploy"
# Of the version in pom.xml; Maven Central has no sum beside it that Maven could compare.
SHA256 = "94a04f12ac6033902209fac1e4e512618d45beee604bbf0e42c3ed79c55220cf"
USER = "jarshy"
CA = "certificates/ca.pem"


class DamagedError(Exception):
    """What was fetched is not what was asked for."""


def unpack(folder: Path, class_path: str) -> str:
    """The class path of a node with the plugin; jars that the node has as well are left out."""
    (path,) = folder.glob("opensearch-security-*.zip")
    if hashlib.sha256(path.read_bytes()).hexdigest() != SHA256:
        raise DamagedError(f"{path.name} is not the file that is known; remove it from ~/.m2")
    has = {_artifact(Path(one).name) for one in class_path.split(":")}
    with zipfile.ZipFile(path) as packed:
        jars = [one for one in packed.namelist() if one.endswith(".jar")]
        wanted = [one for one in jars if _artifact(one) not in has]
        packed.extractall(folder, wanted)
    return ":".join([class_path, *(str(folder / one) for one in sorted(wanted))])


def _artifact(name: str) -> str:
    return re.sub(r"-\d[\w.-]*\.jar$", "", name)


def prepare(folder: Path, homes: Mapping[str, Path]) -> None:
    """Certificates of deploy/certificates.py, and a configuration for each node, by its name."""
    certify(folder, [*homes, "admin"])
    for home in homes.values():
        config = home / "config"
        if not config.exists():
            config.mkdir(parents=True)
            shutil.copy(DEPLOY / "opensearch" / "opensearch.yml", config)
            shutil.copytree(DEPLOY / "opensearch" / "security", config / "opensearch-security")
            (config / "certificates").symlink_to(folder / "certificates")


def certify(folder: Path, names: Iterable[str]) -> None:
    """Run the program that compose.yaml runs, with folders `authority` and `certificates`."""
    places = [folder / "authority", folder / "certificates"]
    for one in places:
        one.mkdir(exist_ok=True)
    command = [sys.executable, str(DEPLOY / "certificates.py"), *map(str, places), *names]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def trusting(folder: Path, name: str = "") -> ssl.SSLContext:
    """TLS that trusts the cluster's authority, and shows the certificate of that name if any."""
    context = ssl.create_default_context(cafile=folder / CA)
    if name:
        own = folder / "certificates" / name
        context.load_cert_chain(own.with_suffix(".pem"), own.with_suffix(".key"))
    return context


def credentials(password: str) -> dict[str, str]:
    """The header of the user."""
    return {"Authorization": f"Basic {b64encode(f'{USER}:{password}'.encode()).decode()}"}
