# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The files of docker/ without an engine: each script runs here as in its container."""

import base64
import contextlib
import copy
import functools
import http.server
import importlib.util
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import jsonschema
import pytest
import requests
import yaml

ROOT = Path(__file__).parents[2]
DOCKER = ROOT / "docker"
INI = (ROOT / "stack" / "ckan.ini").read_text("utf-8")
NGINX = (DOCKER / "nginx" / "nginx.conf.in").read_text("utf-8")
SCRIPTS = sorted(DOCKER.rglob("*.sh"))
SECRETS = [
    "postgres_password",
    "ckan_password",
    "datastore_password",
    "redis_password",
    "solr_password",
    "secret_key",
]


def tool(name: str) -> str:
    """Return the path of a program, or skip."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:{ROOT}/.stack/venv/bin")
    if found is None:
        pytest.skip(f"{name} is not installed (stack/packages.txt, section test)")
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def running(command: list[str], env: dict[str, str]):
    process = subprocess.Popen(command, env=os.environ | env, stderr=subprocess.PIPE)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(10)


@functools.cache
def compose() -> dict:
    return yaml.safe_load((DOCKER / "compose.yaml").read_text(encoding="utf-8"))


def containers() -> list[str]:
    return sorted(compose()["services"])


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    folder = tmp_path / "secrets"
    subprocess.run([DOCKER / "make-secrets.sh", folder], check=True, capture_output=True)
    return folder


@pytest.fixture
def portal(tmp_path: Path, secrets: Path, monkeypatch: pytest.MonkeyPatch):
    """docker/portal.py as a module, in an environment as compose gives it."""
    monkeypatch.setenv("SECRETS_DIR", str(secrets))
    monkeypatch.setenv("STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("SETTINGS_FILE", str(tmp_path / "settings.ini"))
    monkeypatch.setenv("PORTAL_URL", "https://daten.musterstadt.example/")
    monkeypatch.setenv("PORTAL_TITLE", "Offene Daten Musterstadt")
    monkeypatch.setattr(sys, "path", [*sys.path])
    spec = importlib.util.spec_from_file_location("docker_portal", DOCKER / "portal.py")
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "docker_portal", module)
    spec.loader.exec_module(module)
    return module


# -- compose.yaml -----------------------------------------------------------------


def test_compose_is_valid_by_the_published_schema():
    schema = json.loads((DOCKER / "schema/compose-spec.json").read_text(encoding="utf-8"))
    validator = jsonschema.validators.validator_for(schema)(schema)
    assert [f"{list(e.path)}: {e.message}" for e in validator.iter_errors(compose())] == []


def test_compose_schema_finds_an_error():
    schema = json.loads((DOCKER / "schema/compose-spec.json").read_text(encoding="utf-8"))
    validator = jsonschema.validators.validator_for(schema)(schema)
    broken = copy.deepcopy(compose())
    broken["services"]["web"]["memlimit"] = "1g"
    assert list(validator.iter_errors(broken))


@pytest.mark.parametrize("name", containers())
def test_every_container_is_hardened_limited_and_watched(name: str):
    service = compose()["services"][name]
    once = service.get("restart") == "no"
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert service["mem_limit"]
    assert once or service["restart"] == "unless-stopped"
    assert ("disable" in service["healthcheck"]) if once else service["healthcheck"]["test"]
    assert not re.search(r":latest$", service["image"])
    assert ":" in service["image"]


def test_only_nginx_is_published_and_on_loopback_by_default():
    published = {n: s["ports"] for n, s in compose()["services"].items() if "ports" in s}
    assert list(published) == ["nginx"]
    assert all(p.startswith("${BIND:-127.0.0.1}:") for p in published["nginx"])


def test_databases_have_no_way_out():
    networks = compose()["networks"]
    assert networks["inner"]["internal"] is True
    for name in ("db", "redis", "solr", "solr-home"):
        assert compose()["services"][name]["networks"] == ["inner"]


def test_no_secret_travels_in_the_environment():
    for service in compose()["services"].values():
        for name, value in service.get("environment", {}).items():
            assert not re.search(r"PASSWORD|SECRET|KEY", name) or name.endswith("_FILE"), name
            assert "password" not in str(value) or str(value).startswith("/run/secrets/")


def test_every_secret_is_made_and_every_used_one_is_declared():
    declared = set(compose()["secrets"])
    used = {s for service in compose()["services"].values() for s in service.get("secrets", [])}
    assert declared == used == set(SECRETS)


def test_variables_of_compose_are_in_the_pattern():
    text = (DOCKER / "compose.yaml").read_text(encoding="utf-8")
    pattern = (DOCKER / "env.example").read_text(encoding="utf-8")
    known = set(re.findall(r"^([A-Z_]+)=", pattern, re.MULTILINE))
    assert set(re.findall(r"\$\{([A-Z_]+)", text)) - known == {"PORTAL_PLUGINS"}


# -- Dockerfile ---------------------------------------------------------------


def instructions() -> list[tuple[str, str]]:
    text = (DOCKER / "Dockerfile").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    joined = re.sub(r"\\\n\s*", " ", "\n".join(lines))
    return [tuple(line.split(None, 1)) for line in joined.splitlines()]


def stages() -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for word, rest in instructions():
        if word == "FROM":
            image, _, name = rest.partition(" AS ")
            assert re.fullmatch(r"[a-z]+:[0-9][\w.-]*", image), f"version missing: {image}"
            current = found.setdefault(name, [])
        else:
            current.append((word, rest))
    return found


def test_dockerfile_has_known_instructions_only():
    known = {"FROM", "RUN", "COPY", "WORKDIR", "ENV", "USER", "EXPOSE", "STOPSIGNAL"}
    known |= {"HEALTHCHECK", "SHELL", "CMD", "ENTRYPOINT"}
    assert {word for word, _ in instructions()} <= known


@pytest.mark.parametrize("name", ["portal", "solr"])
def test_images_run_unprivileged_and_watch_themselves(name: str):
    words = stages()[name]
    assert [rest for word, rest in words if word == "USER"] == ["10001:10001"]
    assert [word for word, _ in words if word == "HEALTHCHECK"]
    for word, rest in words:
        if word in {"CMD", "ENTRYPOINT"}:
            assert json.loads(rest)


def test_what_dockerfile_copies_exists_and_reaches_the_engine():
    allowed = {
        line[1:]
        for line in (DOCKER / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
        if line.startswith("!")
    }
    names = stages()
    for words in names.values():
        for word, rest in words:
            if word != "COPY":
                continue
            first, *sources = rest.split()[:-1]
            if first.startswith("--from="):
                assert first.removeprefix("--from=") in names
                continue
            for source in [first, *sources]:
                assert (ROOT / source).exists(), source
                assert any(source == a or source.startswith(f"{a}/") or a.startswith(source)
                           for a in allowed), f"not in the build context: {source}"  # fmt: skip


def test_everything_from_an_index_is_checked_by_hash():
    commands = [rest for word, rest in instructions() if word == "RUN" and "pip" in rest]
    for command in commands:
        for part in command.split("&&"):
            if "pip install" in part or "pip wheel" in part:
                assert "--require-hashes" in part or "--no-deps" in part, part


def test_targets_of_compose_exist():
    builds = [s["build"] for s in compose()["services"].values() if "build" in s]
    assert {b["target"] for b in builds} == {"portal", "solr"}
    assert {b["target"] for b in builds} <= set(stages())


def test_solr_comes_the_same_way_as_in_the_native_cluster():
    native = (ROOT / "stack/bootstrap.sh").read_text(encoding="utf-8")
    here = (DOCKER / "solr/build.sh").read_text(encoding="utf-8")
    for words in ("mvn -q -B -C -f", "dependency:copy-dependencies", "sha256sum -c --quiet"):
        assert words in native
        assert words in here


# -- scripts --------------------------------------------------------------------------


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda p: str(p.relative_to(DOCKER)))
def test_scripts_parse_and_may_be_executed(script: Path):
    shell = script.read_text(encoding="utf-8").splitlines()[0].split("/")[-1].split()[-1]
    subprocess.run([shell, "-n", script], check=True)
    assert os.access(script, os.X_OK)


def test_shellcheck_is_content():
    subprocess.run([tool("shellcheck"), *SCRIPTS], check=True)


def test_secrets_are_made_once(secrets: Path):
    first = {p.name: p.read_text() for p in secrets.iterdir()}
    assert sorted(first) == sorted(SECRETS)
    assert len(set(first.values())) == len(SECRETS)
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{48}", text) for text in first.values())
    assert secrets.stat().st_mode & 0o777 == 0o700
    (secrets / "redis_password").unlink()
    subprocess.run([DOCKER / "make-secrets.sh", secrets], check=True, capture_output=True)
    second = {p.name: p.read_text() for p in secrets.iterdir()}
    assert {n for n in SECRETS if first[n] != second[n]} == {"redis_password"}


def read_ini(path: Path) -> dict[str, str]:
    pairs = (line.split(" = ", 1) for line in path.read_text("utf-8").splitlines())
    return {pair[0]: pair[1] for pair in pairs if len(pair) == 2}


def test_ini_comes_from_environment_and_secrets(portal, tmp_path: Path, secrets: Path):
    (tmp_path / "settings.ini").write_text("# eigene\nckan.site_about = Über: 50 %\n", "utf-8")
    portal.main(["ini"])
    path = tmp_path / "state/portals/portal/ckan.ini"
    assert path.stat().st_mode & 0o777 == 0o600
    ini = read_ini(path)
    key = (secrets / "ckan_password").read_text()
    assert ini["sqlalchemy.url"] == f"postgresql://verbund_portal:{key}@db:5432/verbund_portal"
    assert ini["ckan.datastore.write_url"].endswith("@db:5432/verbund_portal_datastore")
    assert "datastore_read:" in ini["ckan.datastore.read_url"]
    assert re.fullmatch(r"redis://:[\w-]{48}@redis:6379/0", ini["ckan.redis.url"])
    assert ini["solr_url"] == "http://solr:8983/solr/portal"
    assert ini["solr_password"] == (secrets / "solr_password").read_text()
    assert ini["SECRET_KEY"] == (secrets / "secret_key").read_text()
    assert ini["ckan.site_url"] == "https://daten.musterstadt.example"
    assert ini["ckan.site_title"] == "Offene Daten Musterstadt"
    assert ini["SESSION_COOKIE_SECURE"] == ini["REMEMBER_COOKIE_SECURE"] == "true"
    assert ini["ckan.site_about"] == "Über: 50 %"
    assert "127.0.0.1" not in path.read_text("utf-8")
    assert "{" not in "".join(ini.values())


@pytest.mark.parametrize("text", ["", "kurz", "mit'Anführung-und-mehr", "pro%zent%pro%zent"])
def test_bad_secrets_are_refused_with_the_remedy(portal, secrets: Path, text: str):
    path = secrets / "ckan_password"
    path.chmod(0o600)
    path.write_text(text)
    with pytest.raises(SystemExit, match=r"make-secrets\.sh"):
        portal.main(["ini"])


def test_a_name_that_is_no_name_of_a_database_is_refused(portal, monkeypatch):
    monkeypatch.setenv("PORTAL_NAME", "Offene Daten")
    with pytest.raises(SystemExit, match="PORTAL_NAME"):
        portal.main(["ini"])


def test_solr_home_has_core_schema_and_password(portal, tmp_path: Path):
    portal.main(["solr"])
    home = tmp_path / "state/solr"
    assert (home / "portal/core.properties").read_text() == "name=portal\n"
    assert "minx" in (home / "portal/conf/schema.xml").read_text("utf-8")
    login = json.loads((home / "security.json").read_text())["authentication"]
    assert login["blockUnknown"] is True
    assert list(login["credentials"]) == ["ckan"]


@pytest.mark.parametrize("kind", ["web", "worker", "gather", "fetch"])
def test_processes_are_those_of_the_native_cluster(portal, kind: str):
    words = portal.command(kind)
    assert Path(words[0]).name == ("gunicorn" if kind == "web" else "ckan")
    ends = {"web": "*", "worker": "worker", "gather": "gather-consumer"}
    assert words[-1] == ends.get(kind, "fetch-consumer")
    assert ("0.0.0.0:5000" in words) == (kind == "web")


def test_a_process_without_setup_says_what_to_do(portal):
    with pytest.raises(SystemExit, match="setup"):
        portal.main(["web"])


def test_entry_point_explains_itself(tmp_path: Path):
    done = subprocess.run(
        [DOCKER / "entrypoint.sh", "unsinn"],
        env=os.environ | {"VERBUND_ROOT": str(ROOT), "STATE_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Aufruf: portal.py" in done.stderr


def test_health_of_a_dead_portal_is_bad(portal):
    with pytest.raises(SystemExit) as end:
        portal.main(["health", "nirgends"])
    assert end.value.code != 0


def test_redis_starts_with_its_password(tmp_path: Path, secrets: Path):
    tool("redis-server")
    data = tmp_path / "data"
    data.mkdir()
    env = {
        "SECRETS_DIR": str(secrets), "REDIS_CONF": str(tmp_path / "redis.conf"),
        "REDIS_DATA": str(data), "REDIS_BIND": "127.0.0.1", "REDIS_PORT": str(free_port()),
    }  # fmt: skip
    health = [DOCKER / "redis/health.sh"]
    assert subprocess.run(
        health, env=os.environ | env, capture_output=True, check=False
    ).returncode
    with running([str(DOCKER / "redis/start.sh")], env):
        for _ in range(50):
            done = subprocess.run(
                health, env=os.environ | env, capture_output=True, check=False
            )
            if done.returncode == 0:
                break
            time.sleep(0.1)
        assert done.returncode == 0
    assert (tmp_path / "redis.conf").stat().st_mode & 0o777 == 0o600


class _Solr(http.server.BaseHTTPRequestHandler):
    wanted = ""

    def do_GET(self):
        good = self.headers["Authorization"] == self.wanted and "/solr/portal/" in self.path
        self.send_response(200 if good else 401)
        self.end_headers()

    def log_message(self, *args):
        pass


def test_solr_health_asks_the_core_with_its_password(secrets: Path):
    word = f"ckan:{(secrets / 'solr_password').read_text()}"
    _Solr.wanted = "Basic " + base64.b64encode(word.encode()).decode()
    server = http.server.HTTPServer(("127.0.0.1", 0), _Solr)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    env = os.environ | {"SECRETS_DIR": str(secrets), "SOLR_PORT": str(server.server_port)}
    check = [DOCKER / "solr/health.sh"]
    try:
        assert subprocess.run(check, env=env, check=False).returncode == 0
        env["PORTAL_NAME"] = "other"
        assert subprocess.run(check, env=env, check=False).returncode != 0
    finally:
        server.shutdown()
        server.server_close()
    assert subprocess.run(check, env=env, capture_output=True, check=False).returncode != 0


def test_solr_without_its_home_says_what_to_do(tmp_path: Path):
    done = subprocess.run(
        [DOCKER / "solr/start.sh"],
        env=os.environ | {"SOLR_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "solr-home" in done.stderr


# -- nginx ---------------------------------------------------------------------------


@pytest.fixture
def nginx(tmp_path: Path) -> dict[str, str]:
    return {
        "TLS_DIR": str(tmp_path / "tls"),
        "NGINX_TMP": str(tmp_path),
        "ACME_DIR": str(tmp_path / "acme"),
        "WEB": "127.0.0.1:5000",
        "SERVER_NAME": "daten.musterstadt.example www.musterstadt.example",
        "LISTEN_HTTP": str(free_port()),
        "LISTEN_HTTPS": str(free_port()),
    }


def certificate(folder: Path) -> None:
    folder.mkdir()
    subprocess.run(
        [tool("openssl"), "req", "-x509", "-newkey", "ec",
         "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1",
         "-subj", "/CN=daten.musterstadt.example",
         "-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem"],
        check=True, capture_output=True,
    )  # fmt: skip


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "with certificate"])
def test_nginx_takes_its_configuration(tmp_path: Path, nginx: dict[str, str], tls: bool):
    program = tool("nginx")
    if tls:
        certificate(tmp_path / "tls")
    conf = tmp_path / "nginx.conf"
    subprocess.run([DOCKER / "nginx/start.sh", conf], env=os.environ | nginx, check=True)
    written = [conf, *tmp_path.glob("*.conf")]
    assert not [p for p in written if re.search(r"@[A-Z_]+@", p.read_text("utf-8"))]
    assert ("https.conf" in conf.read_text("utf-8")) is tls
    done = subprocess.run(
        [program, "-t", "-e", "stderr", "-c", conf], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "[warn]" not in done.stderr.replace('[warn] the "user"', "")


def test_nginx_takes_files_as_large_as_the_portal_does():
    portal = re.search(r"^ckan.max_resource_size = (\d+)$", INI, re.M)
    front = re.search(r"client_max_body_size (\d+)m;", NGINX)
    # Both count in MiB; the form around the file needs some room.
    assert int(front[1]) == int(portal[1]) + 1
    assert f"bis {portal[1]} MiB" in (DOCKER / "nginx/413.html").read_text("utf-8")


def test_nginx_says_in_german_that_a_file_is_too_large(tmp_path: Path, nginx: dict[str, str]):
    conf = tmp_path / "nginx.conf"
    subprocess.run([DOCKER / "nginx/start.sh", conf], env=os.environ | nginx, check=True)
    small = conf.read_text("utf-8").replace(
        "client_max_body_size 513m", "client_max_body_size 1k"
    )
    conf.write_text(small, "utf-8")
    address = f"http://127.0.0.1:{nginx['LISTEN_HTTP']}/dataset/new"
    with running([tool("nginx"), "-e", "stderr", "-c", str(conf), "-g", "daemon off;"], {}):
        for _ in range(50):
            try:
                answer = requests.post(address, data=b"x" * 5000, timeout=10)
                break
            except requests.ConnectionError:
                time.sleep(0.1)
    assert answer.status_code == 413
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "Diese Datei ist zu groß" in answer.content.decode("utf-8")


def test_nginx_refuses_configuration_in_a_name(tmp_path: Path, nginx: dict[str, str]):
    done = subprocess.run(
        [DOCKER / "nginx/start.sh", tmp_path / "nginx.conf"],
        env=os.environ | nginx | {"SERVER_NAME": "x; include /etc/passwd"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1
