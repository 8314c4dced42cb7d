# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""PostgreSQL, Redis, Solr and the portals' processes, run by supervisor.

Everything listens on loopback only and runs as an unprivileged account.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
import xmlrpc.client
from configparser import RawConfigParser
from pathlib import Path

from stack import solr_conf
from stack.settings import BIN, ROOT, STACK, Portal, Profile, folder, own, run_as, write_private


class StackError(Exception):
    """Something a person must mend; says what and how.

    Args:
        problem: One German sentence.
        remedy: What to do about it, in German.
    """

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(f"{problem}\nAbhilfe: {remedy}")


def run(args: list[str], *, stdin: str | None = None, env: dict | None = None) -> str:
    """Run a command as the unprivileged account and return what it printed.

    Args:
        args: Program and arguments.
        stdin: Text for its standard input.
        env: Variables to add to the environment.

    Raises:
        StackError: It failed; the message ends with its last lines.
    """
    account = run_as()
    extra = (
        {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
    )
    done = subprocess.run(
        args,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=environment() | (env or {}),
        **extra,
    )
    if done.returncode:
        tail = "\n".join((done.stderr or done.stdout).strip().splitlines()[-6:])
        raise StackError(f"»{' '.join(args[:4])}« ist fehlgeschlagen:\n{tail}", "make doctor")
    return done.stdout


def environment() -> dict[str, str]:
    """Return the environment of all processes: nothing but what they need."""
    home = folder(STACK / "home", 0o755)
    return {
        "PATH": f"{BIN}:/usr/local/bin:/usr/bin:/bin",
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


# -- PostgreSQL ---------------------------------------------------------------


def postgres_bin(name: str) -> str:
    """Return the path of a PostgreSQL program, newest version first."""
    found = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda p: int(p.parts[-3])
    )
    if found:
        return str(found[-1])
    raise StackError("PostgreSQL fehlt.", "bash stack/bootstrap.sh")


def prepare_postgres(profile: Profile) -> None:
    """Create the cluster; German sorting comes with each database (ICU de-DE)."""
    data = profile.folder / "postgres"
    if not (data / "PG_VERSION").exists() or not (data / "ready").exists():
        shutil.rmtree(data, ignore_errors=True)
        folder(data, 0o700)
        password = profile.folder / "postgres.password"
        write_private(password, profile.secrets["postgres"])
        run(
            [
                postgres_bin("initdb"),
                "-D",
                str(data),
                "-U",
                "postgres",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "--auth=scram-sha-256",
                f"--pwfile={password}",
                "--no-sync",
            ]
        )
        password.unlink()
        (data / "ready").touch()
        own(data / "ready")
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": profile.postgres_port,
        "unix_socket_directories": "",
        "max_connections": 200,
        "shared_buffers": "128MB",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_min_messages": "warning",
    }
    lines = "".join(f"{key} = '{value}'\n" for key, value in settings.items())
    conf = data / "postgresql.auto.conf"
    if not conf.exists() or conf.read_text() != lines:
        write_private(conf, lines)


def sql(profile: Profile, statement: str, database: str = "postgres") -> str:
    """Run SQL as the cluster's superuser and return rows, one a line."""
    return run(
        [
            postgres_bin("psql"),
            "-X",
            "-q",
            "-A",
            "-t",
            "-v",
            "ON_ERROR_STOP=1",
            "-h",
            "127.0.0.1",
            "-p",
            str(profile.postgres_port),
            "-U",
            "postgres",
            "-d",
            database,
        ],
        stdin=statement,
        env={"PGPASSWORD": profile.secrets["postgres"]},
    ).strip()


def create_databases(portal: Portal) -> None:
    """Create role, database and datastore of a portal unless they exist."""
    profile, name = portal.profile, portal.database
    password, read = profile.secrets[f"ckan_{portal.name}"], profile.secrets["datastore_read"]
    sql(
        profile,
        f"""
        SELECT 'CREATE ROLE {name} LOGIN' WHERE NOT EXISTS
            (SELECT FROM pg_roles WHERE rolname = '{name}') \\gexec
        SELECT 'CREATE ROLE datastore_read LOGIN' WHERE NOT EXISTS
            (SELECT FROM pg_roles WHERE rolname = 'datastore_read') \\gexec
        ALTER ROLE {name} PASSWORD '{password}';
        ALTER ROLE datastore_read PASSWORD '{read}';
    """,
    )
    german = "ENCODING ''UTF8'' LOCALE_PROVIDER icu ICU_LOCALE ''de-DE'' LOCALE ''C.UTF-8''"
    for database in (name, f"{name}_datastore"):
        sql(
            profile,
            f"""
            SELECT 'CREATE DATABASE {database} OWNER {name} TEMPLATE template0 {german}'
            WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{database}') \\gexec
        """,
        )
    # In a schema of its own and off the search path, because CKAN's `clean_db` drops
    # every table that it sees. Queries name it: postgis.ST_Intersects(...).
    sql(
        profile,
        """
        CREATE SCHEMA IF NOT EXISTS postgis;
        GRANT USAGE ON SCHEMA postgis TO PUBLIC;
        CREATE EXTENSION IF NOT EXISTS postgis SCHEMA postgis;
    """,
        name,
    )


# -- Redis and Solr -----------------------------------------------------------


def prepare_redis(profile: Profile) -> None:
    """Write Redis' configuration: loopback, password, kept on disk."""
    data = folder(profile.folder / "redis", 0o700)
    write_private(
        profile.folder / "redis.conf",
        f"bind 127.0.0.1\nport {profile.redis_port}\nrequirepass {profile.secrets['redis']}\n"
        f"dir {data}\nappendonly yes\ndatabases 16\nsave 300 1\nloglevel warning\n",
    )


def prepare_solr(profile: Profile) -> None:
    """Lay out Solr's home: one core per portal, a password for all of them.

    A running Solr reads its configuration at start only, so it is stopped when a file changed.
    An index under another schema is of no use: it is thrown away (`portals.reindex` makes it
    anew).
    """
    home = folder(profile.folder / "solr", 0o700)
    files = {home / "solr.xml": (ROOT / "stack/solr/solr.xml").read_text()}
    for portal in profile.portals:
        conf = folder(folder(home / portal.name) / "conf")
        files[home / portal.name / "core.properties"] = f"name={portal.name}\n"
        for name, text in solr_conf.files(portal.solr_schema).items():
            files[conf / name] = text
    files[home / "security.json"] = _solr_security(profile.secrets["solr"])
    changed = [
        path for path, text in files.items() if not path.exists() or path.read_text() != text
    ]
    if changed and (proxy := supervisor(profile)):
        with contextlib.suppress(xmlrpc.client.Fault):
            proxy.supervisor.stopProcess("solr")
    for path in changed:
        if path.name == "schema.xml":
            shutil.rmtree(path.parents[1] / "data", ignore_errors=True)
        write_private(path, files[path])


def _solr_security(password: str) -> str:
    # Solr's Sha256AuthenticationProvider: base64(sha256(sha256(salt + password))) + salt.
    salt = hashlib.sha256(b"salt" + password.encode()).digest()
    digest = hashlib.sha256(hashlib.sha256(salt + password.encode()).digest()).digest()
    both = " ".join(base64.b64encode(part).decode() for part in (digest, salt))
    return (
        '{"authentication":{"class":"solr.BasicAuthPlugin","blockUnknown":true,'
        f'"forwardCredentials":false,"credentials":{{"ckan":"{both}"}}}}}}'
    )


# -- supervisor ---------------------------------------------------------------


def write_supervisor(profile: Profile) -> None:
    """Write supervisor's configuration with every program of the profile."""
    conf = RawConfigParser()
    log = folder(profile.log)
    sock = str(profile.socket)
    conf["unix_http_server"] = {"file": sock, "chmod": "0700"}
    conf["supervisord"] = {
        "logfile": f"{log}/supervisor.log",
        "logfile_maxbytes": "5MB",
        "loglevel": "warn",
        "pidfile": f"{profile.folder}/supervisor.pid",
        "childlogdir": str(log),
        "nodaemon": "false",
        "minfds": "1024",
    } | ({"user": "root"} if os.geteuid() == 0 else {})
    conf["rpcinterface:supervisor"] = {
        "supervisor.rpcinterface_factory": "supervisor.rpcinterface:make_main_rpcinterface"
    }
    conf["supervisorctl"] = {"serverurl": f"unix://{sock}"}
    for name, program in _programs(profile).items():
        conf[f"program:{name}"] = program
    path = profile.folder / "supervisord.conf"
    new = path.with_suffix(".new")
    with new.open("w") as file:
        conf.write(file)
    new.chmod(0o600)
    new.replace(path)


def _program(profile: Profile, name: str, command: str, priority: int, **more: str) -> dict:
    account = run_as()
    variables = ",".join(f'{k}="{v}"' for k, v in environment().items())
    if extra := more.pop("variables", ""):
        variables += "," + extra
    return (
        {
            "command": command.replace("%", "%%"),
            "directory": str(ROOT),
            "environment": variables.replace("%", "%%"),
            "priority": str(priority),
            "autostart": "false",
            "autorestart": "true",
            "startretries": "5",
            "stopasgroup": "true",
            "killasgroup": "true",
            "stopwaitsecs": "20",
            "redirect_stderr": "true",
            "stdout_logfile": f"{profile.log}/{name}.log",
            "stdout_logfile_maxbytes": "10MB",
            "stdout_logfile_backups": "2",
        }
        | ({"user": account.pw_name} if account else {})
        | more
    )


def _programs(profile: Profile) -> dict[str, dict]:
    solr = profile.folder / "solr"
    programs = {
        "postgres": _program(
            profile,
            "postgres",
            f"{postgres_bin('postgres')} -D {profile.folder}/postgres",
            10,
            stopsignal="INT",
            stopasgroup="false",
        ),
        "redis": _program(profile, "redis", f"redis-server {profile.folder}/redis.conf", 10),
        "solr": _program(
            profile,
            "solr",
            f"java -Xms256m -Xmx512m -Dsolr.log.dir={profile.log} -Dlog4j2.level=WARN "
            f"-Djava.net.preferIPv4Stack=true -cp {STACK}/solr:{STACK}/solr/lib/* "
            f"SolrServer {solr} 127.0.0.1 {profile.solr_port}",
            10,
        ),
    }
    if profile.name != "bench":
        programs["files"] = _program(
            profile,
            "files",
            f"{BIN}/python -m http.server {profile.files_port} --bind 127.0.0.1 "
            f"--directory {profile.folder}/files",
            20,
        )
    for portal in profile.portals:
        if portal.serves:
            programs |= portal_programs(portal)
    return programs


def _state(portal: Portal) -> str:
    digest = hashlib.sha256(portal.ini.read_bytes() if portal.ini.exists() else b"")
    for part in ("ckanext", "schemas", "requirements", "stack/wsgi.py"):
        path = ROOT / part
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and file.suffix != ".pyc":
                digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def portal_programs(portal: Portal) -> dict[str, dict]:
    """Return the processes of one portal: web, worker with scheduler, harvest consumers.

    Their environment carries the state of code and settings: whoever runs `make demo` after a
    change gets processes that know it, because supervisor restarts what is configured anew.
    """
    profile, name, ini = portal.profile, portal.name, portal.ini
    state = _state(portal)
    ckan = f"{BIN}/ckan -c {ini}"
    worker = "verbund worker" if "verbund" in portal.plugins.split() else "jobs worker"
    commands = {
        "web": f"{BIN}/gunicorn stack.wsgi:application -b 127.0.0.1:{portal.port} "
        "-w 2 -k gthread --threads 4 --timeout 120 --worker-tmp-dir /dev/shm",
        "worker": f"{ckan} {worker}",
        "gather": f"{ckan} harvester gather-consumer",
        "fetch": f"{ckan} harvester fetch-consumer",
    }
    return {
        f"{kind}-{name}": _program(
            profile,
            f"{kind}-{name}",
            command,
            30 if kind == "web" else 40,
            variables=f'CKAN_INI="{ini}",VERBUND_STATE="{state}"',
        )
        for kind, command in commands.items()
    }


class _UnixTransport(xmlrpc.client.Transport):
    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path

    def make_connection(self, host: object) -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection("localhost", timeout=120)
        connection.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.sock.connect(str(self.path))
        return connection


def supervisor(profile: Profile) -> xmlrpc.client.ServerProxy | None:
    """Return the door to the running supervisor, or None when it does not run."""
    proxy = xmlrpc.client.ServerProxy("http://localhost", _UnixTransport(profile.socket))
    try:
        proxy.supervisor.getState()
    except (OSError, xmlrpc.client.Error, http.client.HTTPException):
        return None
    return proxy


def start_supervisor(profile: Profile) -> xmlrpc.client.ServerProxy:
    """Start supervisor, or make the running one read its configuration again.

    Raises:
        StackError: It does not start, or a port of ours is taken.
    """
    write_supervisor(profile)
    if proxy := supervisor(profile):
        added, changed, removed = proxy.supervisor.reloadConfig()[0]
        for name in removed + changed:
            proxy.supervisor.stopProcessGroup(name)
            proxy.supervisor.removeProcessGroup(name)
        for name in added + changed:
            proxy.supervisor.addProcessGroup(name)
        return proxy
    check_ports(profile)
    profile.socket.unlink(missing_ok=True)
    # A detached daemon of its own session: Ctrl-C at the terminal must not reach it.
    done = subprocess.run(
        [str(BIN / "supervisord"), "-c", str(profile.folder / "supervisord.conf")],
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
        env=environment(),
        cwd=ROOT,
    )
    for _ in range(100):
        if proxy := supervisor(profile):
            return proxy
        time.sleep(0.1)
    raise StackError(
        f"Supervisor startet nicht: {(done.stderr or done.stdout).strip()[-300:]}",
        f"Protokoll lesen: {profile.log}/supervisor.log",
    )


def check_ports(profile: Profile) -> None:
    """Refuse to start when somebody else listens on a port of ours.

    Raises:
        StackError: Names the port, what it is for and the remedy.
    """
    ports = {
        profile.postgres_port: "PostgreSQL",
        profile.redis_port: "Redis",
        profile.solr_port: "Solr",
    }
    if profile.name != "bench":
        ports[profile.files_port] = "die Beispielkataloge"
    ports |= {p.port: f"das Portal {p.title}" for p in profile.portals if p.serves}
    for port, purpose in ports.items():
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                raise StackError(
                    f"Port {port} (für {purpose}) ist belegt.",
                    f"Das andere Programm beenden (ss -ltnp 'sport = :{port}' zeigt es). "
                    "Läuft dort ein Verbund aus einem anderen Ordner: dort make stop.",
                ) from None


def start(proxy: xmlrpc.client.ServerProxy, names: list[str]) -> None:
    """Start the programs that do not run yet."""
    states = {p["name"]: p["statename"] for p in proxy.supervisor.getAllProcessInfo()}
    for name in names:
        if states.get(name) not in {"RUNNING", "STARTING"}:
            try:
                proxy.supervisor.startProcess(name, False)
            except xmlrpc.client.Fault as fault:
                raise StackError(
                    f"»{name}« startet nicht: {fault.faultString}", "make logs"
                ) from None


def wait_for(what: str, check: object, seconds: float, log: Path) -> None:
    """Wait until a check succeeds.

    Raises:
        StackError: It did not within the time; shows the end of the log.
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if check():  # type: ignore[operator]
                return
        except (OSError, StackError, http.client.HTTPException):
            pass
        time.sleep(0.2)
    tail = ""
    if log.exists():
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-5:])
    raise StackError(
        f"{what} antwortet nach {seconds:.0f} s nicht.\n{tail}", f"Protokoll lesen: {log}"
    )


def http_ok(url: str, user: str = "", password: str = "") -> bool:
    """Return whether a local address answers 200."""
    host, _, path = url.removeprefix("http://").partition("/")
    connection = http.client.HTTPConnection(host, timeout=30)
    headers = {}
    if user:
        headers["Authorization"] = (
            "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
        )
    try:
        connection.request("GET", "/" + path, headers=headers)
        return connection.getresponse().status == 200
    finally:
        connection.close()


def start_services(profile: Profile) -> xmlrpc.client.ServerProxy:
    """Start PostgreSQL, Redis and Solr and wait until each answers."""
    proxy = start_supervisor(profile)
    names = ["postgres", "redis", "solr"] + (["files"] if profile.name != "bench" else [])
    start(proxy, names)
    log = profile.log
    wait_for("PostgreSQL", lambda: sql(profile, "SELECT 1") == "1", 60, log / "postgres.log")
    wait_for("Redis", lambda: _redis_ok(profile), 30, log / "redis.log")
    for portal in profile.portals:
        url = f"http://127.0.0.1:{profile.solr_port}/solr/{portal.name}/select?q=*:*&rows=0"
        wait_for(
            "Solr",
            lambda u=url: http_ok(u, "ckan", profile.secrets["solr"]),
            90,
            log / "solr.log",
        )
    return proxy


def _redis_ok(profile: Profile) -> bool:
    from redis import Redis, RedisError

    try:
        return Redis(port=profile.redis_port, password=profile.secrets["redis"]).ping()
    except RedisError:
        return False


def stop(profile: Profile) -> bool:
    """Stop everything of a profile.

    Returns:
        Whether anything ran.
    """
    proxy = supervisor(profile)
    if proxy is None:
        return False
    pid = proxy.supervisor.getPID()
    proxy.supervisor.shutdown()
    for _ in range(600):
        if not Path(f"/proc/{pid}").exists():
            return True
        time.sleep(0.1)
    print("Supervisor beendet sich nicht; es wird erzwungen.", file=sys.stderr)
    os.kill(pid, 9)
    return True
