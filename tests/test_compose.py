"""compose.yaml, Dockerfile and nginx.conf agree with each other and with the program."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import click
import pytest

from crawler.store.place import database_url
from indexer.engines.opensearch.settings import settings_from
from jarshy import main

yaml = pytest.importorskip("yaml", reason="PyYAML is not installed: `make test` does it")

ROOT = Path(__file__).parent.parent
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
IMAGE = {name: told for name, told in SERVICES.items() if told["image"].startswith("jarshy:")}
MAKER = IMAGE["certificates"]
OURS = {name: told for name, told in IMAGE.items() if told is not MAKER}
NODES = {name: told for name, told in SERVICES.items() if "opensearch" in told["image"]}
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
NGINX = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def test_the_services_are_those_that_were_promised() -> None:
    images = [told["image"].partition(":")[0] for told in SERVICES.values()]
    assert images.count("opensearchproject/opensearch") == 3
    assert (images.count("postgres"), images.count("nginx")) == (1, 1)
    commands = [told["command"][0] for told in OURS.values()]
    assert sorted(commands) == ["index", "serve", "serve", "work", "work"]


@pytest.mark.parametrize("name", sorted(OURS))
def test_commands_and_options_are_the_programs_own(name: str) -> None:
    words = [str(word) for word in OURS[name]["command"]]
    context = click.Context(main)
    assert isinstance(main, click.Group)
    command = main.get_command(context, words[0])
    assert command is not None
    command.make_context(words[0], words[1:], parent=context).close()


@pytest.mark.parametrize("name", sorted(OURS))
def test_variables_are_read_by_the_program(name: str) -> None:
    folders = ("commands", "crawler", "indexer", "searchui")
    paths = [ROOT / "jarshy.py", *(one for f in folders for one in (ROOT / f).rglob("*.py"))]
    source = "".join(path.read_text("utf-8") for path in paths)
    told = {key: str(value) for key, value in OURS[name]["environment"].items()}
    for key in told:
        if key.startswith("JARSHY_") and not key.startswith("JARSHY_OPENSEARCH_"):
            assert f'"{key}"' in source, key
    assert told.pop("JARSHY_OPENSEARCH_CA") == "/certificates/ca.pem"
    settings = settings_from(told)
    assert settings.urls == tuple(f"https://{name}:9200" for name in NODES)
    assert (settings.user, "JARSHY_OPENSEARCH_PASSWORD:?" in settings.password) == ("jarshy", True)
    store = database_url(told["JARSHY_STORE"], "test")
    assert store.host in SERVICES
    assert store.query == {"sslmode": "verify-full", "sslrootcert": "/certificates/ca.pem"}
    assert "certificates:/certificates:ro" in OURS[name]["volumes"]
    assert told["JARSHY_ENGINE"] == "opensearch"


def test_workers_have_names_of_their_own_and_share_nothing_but_raw_pages() -> None:
    workers = [told for told in OURS.values() if told["command"][0] == "work"]
    assert len({told["command"][-1] for told in workers}) == 2
    folders = [{one.partition(":")[0] for one in told["volumes"]} for told in workers]
    assert folders[0] & folders[1] == {"warc", "certificates", "./config"}


def test_what_is_named_is_there() -> None:
    for name, told in SERVICES.items():
        for volume in told.get("volumes", ()):
            source = volume.partition(":")[0]
            there = (
                (ROOT / source).exists()
                if source.startswith("./")
                else source in COMPOSE["volumes"]
            )
            assert there, (name, volume)
        assert set(told.get("networks", ())) <= COMPOSE["networks"].keys()
        assert set(told.get("depends_on", ())) <= SERVICES.keys()
        if isinstance(told.get("depends_on"), dict):
            for other, until in told["depends_on"].items():
                healthy = until["condition"] == "service_healthy"
                assert ("healthcheck" in SERVICES[other]) == healthy, (name, other)


def test_containers_have_no_rights_and_images_are_pinned() -> None:
    for name, told in {**IMAGE, "nginx": SERVICES["nginx"]}.items():
        assert told["read_only"] is True, name
        assert told["cap_drop"] == ["ALL"], name
        assert told["security_opt"] == ["no-new-privileges:true"], name
    for told in SERVICES.values():
        assert re.search(r":\d+\.\d+", told["image"]), told["image"]
        assert "privileged" not in told
    assert [name for name, told in SERVICES.items() if "ports" in told] == ["nginx"]
    assert {told["image"] for told in IMAGE.values()} == {f"jarshy:{PROJECT['version']}"}


def test_every_server_has_a_certificate_and_only_one_container_the_authority() -> None:
    _, folder, *names = MAKER["command"]
    users = dict(name.split(":") for name in names)
    assert users.keys() == {*NODES, "postgres", "admin"}
    assert {users[name] for name in (*NODES, "admin")} == {"1000"}
    assert folder == "/certificates"
    assert (MAKER["cap_add"], MAKER["network_mode"]) == (["CHOWN"], "none")
    assert (ROOT / "deploy" / Path(MAKER["entrypoint"][-1]).name).exists()
    for name, told in SERVICES.items():
        assert any(one.startswith("authority:") for one in told.get("volumes", ())) == (
            told is MAKER
        ), name
    for name in (*NODES, "postgres"):
        until = SERVICES[name]["depends_on"]["certificates"]["condition"]
        assert until == "service_completed_successfully"


def test_nodes_want_tls_and_the_user_that_jarshy_is() -> None:
    config = "/usr/share/opensearch/config"
    told = yaml.safe_load((ROOT / "deploy/opensearch/opensearch.yml").read_text("utf-8"))
    assert told["plugins.security.ssl.http.enabled"] is True
    (pattern,) = told["plugins.security.nodes_dn"]
    for name, node in NODES.items():
        assert node["environment"]["node.name"] == name
        assert re.fullmatch(pattern.replace("*", ".*"), f"CN={name}")
        assert "DISABLE_SECURITY_PLUGIN" not in node["environment"]
        assert f"certificates:{config}/certificates:ro" in node["volumes"]
        assert f"./deploy/opensearch/opensearch.yml:{config}/opensearch.yml:ro" in node["volumes"]
        assert f"./deploy/opensearch/security:{config}/opensearch-security:ro" in node["volumes"]
    users = yaml.safe_load((ROOT / "deploy/opensearch/security/internal_users.yml").read_text())
    assert users.pop("_meta")
    assert {name: user["hash"] for name, user in users.items()} == {
        "jarshy": "${envbc.JARSHY_OPENSEARCH_PASSWORD}"
    }
    for node in NODES.values():
        wanted = node["environment"]["JARSHY_OPENSEARCH_PASSWORD"]
        assert wanted == OURS["web1"]["environment"]["JARSHY_OPENSEARCH_PASSWORD"]


def test_the_database_wants_tls_and_a_password_from_everybody_else() -> None:
    told = SERVICES["postgres"]
    options = dict(one.removeprefix("--").split("=") for one in told["command"][1:])
    assert options["ssl"] == "on"
    assert f"./deploy/pg_hba.conf:{options['hba_file']}:ro" in told["volumes"]
    lines = (ROOT / "deploy" / "pg_hba.conf").read_text("utf-8").splitlines()
    rules = [line.split() for line in lines if line and not line.startswith("#")]
    assert all(rule[0] in {"local", "hostssl"} for rule in rules)
    assert all(rule[-1] == "scram-sha-256" for rule in rules if rule[0] != "local")


def test_the_head_makes_every_password_that_is_asked_for() -> None:
    text = (ROOT / "compose.yaml").read_text("utf-8")
    (made,) = re.findall(r"for one in ([A-Z ]+); do", text)
    asked = set(re.findall(r"\$\{(JARSHY_[A-Z]+_PASSWORD):\?", text))
    assert {f"JARSHY_{one}_PASSWORD" for one in made.split()} == asked


def test_nginx_looks_for_web_servers_that_have_moved() -> None:
    servers = re.findall(r"server web\d:.*;", NGINX)
    assert servers
    assert all(" resolve " in one for one in servers), "else a new address is never found: 502"
    assert re.search(r"^\s+resolver 127\.0\.0\.11 ", NGINX, re.M), "Docker's name server"
    assert re.search(r"^\s+zone ", NGINX, re.M)


def test_nginx_asks_the_web_servers_where_they_listen() -> None:
    asked = dict(re.findall(r"server (web\d):(\d+)", NGINX))
    serving = {name: told for name, told in OURS.items() if told["command"][0] == "serve"}
    ports = {
        name: told["command"][told["command"].index("--port") + 1] for name, told in serving.items()
    }
    assert asked == ports
    listens = re.search(r"listen (\d+);", NGINX)
    assert listens is not None
    assert SERVICES["nginx"]["ports"] == [f"8080:{listens[1]}"]


def test_the_image_copies_what_is_there_and_nothing_else_is_sent() -> None:
    copied = [
        word
        for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.M)
        for word in line.split()[:-1]
    ]
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert "*" in ignored
    for word in copied:
        assert (ROOT / word).exists(), word
        pattern = "!requirements*.lock" if word.startswith("requirements") else f"!{word}"
        assert pattern in ignored, word
    assert {"data", ".git", "tests"}.isdisjoint(copied)
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "benchmarks"}
    assert packages <= set(copied)


def test_the_image_is_pinned_checked_and_without_rights() -> None:
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.M)
    assert len(set(bases)) == 1
    version = re.fullmatch(r"python:(\d+\.\d+)\.\d+-slim-bookworm", bases[0])
    assert version is not None
    assert PROJECT["requires-python"] == ">=3.11"
    installs = re.findall(r"pip install (.*?)(?:&&|$)", DOCKERFILE.replace("\\\n", ""), re.M)
    assert all("--require-hashes" in one or "--no-deps" in one for one in installs)
    assert re.findall(r"^USER (\S+)", DOCKERFILE, re.M) == ["10001:10001"]


def test_nginx_takes_its_configuration(tmp_path: Path) -> None:
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if nginx is None:
        pytest.skip("nginx is not installed")
    version = subprocess.run([nginx, "-v"], capture_output=True, text=True).stderr
    if tuple(map(int, re.findall(r"\d+", version)[:3])) < (1, 27, 3):
        pytest.skip(
            f"no `resolve` in {version.strip()}: needs 1.27.3, compose.yaml has a newer one"
        )
    told = re.sub(r"server web\d:", "server 127.0.0.1:", NGINX).replace("/tmp/", f"{tmp_path}/")
    (tmp_path / "nginx.conf").write_text(told)
    done = subprocess.run(
        [nginx, "-t", "-c", tmp_path / "nginx.conf", "-p", tmp_path], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
