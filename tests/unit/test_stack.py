# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The cluster runner: what a person meets when something is in the way."""

import socket
import stat
import subprocess
import sys
from configparser import RawConfigParser
from pathlib import Path

import pytest

from stack import services, settings, solr_conf
from stack.portals import write_ini
from stack.settings import Profile

ROOT = Path(__file__).parents[2]


@pytest.fixture
def profile(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "SHIFT", 0)
    monkeypatch.setattr(settings, "STACK", tmp_path)
    monkeypatch.setattr(services, "STACK", tmp_path)
    monkeypatch.setattr(settings, "run_as", lambda: None)
    monkeypatch.setattr(services, "run_as", lambda: None)
    profile = Profile("demo")
    profile.folder.mkdir()
    return profile


def test_the_demo_has_the_three_portals_of_the_network(profile):
    ports = {p.name: p.port for p in profile.portals}
    assert ports == {"kaiserslautern": 5001, "landau": 5002, "stwendel": 5003}
    assert len(Profile("demo", 1).portals) == 1


def test_unknown_portal_names_the_known_ones(profile):
    with pytest.raises(KeyError, match="kaiserslautern, landau, stwendel"):
        profile.portal("trier")


def test_profiles_share_no_port():
    seen = set()
    for name in ("demo", "test", "bench"):
        p = Profile(name)
        ports = {p.postgres_port, p.redis_port, p.solr_port, p.files_port}
        ports |= {portal.port for portal in p.portals}
        assert not seen & ports
        seen |= ports


def test_secrets_are_made_once_and_private(profile):
    first = profile.secrets
    assert Profile("demo").secrets == first
    assert len(set(first.values())) == len(first)
    assert min(len(s) for s in first.values()) >= 24
    assert stat.S_IMODE((profile.folder / "secrets.json").stat().st_mode) == 0o600


def test_a_taken_port_is_named_with_its_remedy(profile):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        profile.redis_port = other.getsockname()[1]
        # A running demonstration holds the others; nobody listens on port 1.
        profile.postgres_port = profile.solr_port = profile.files_port = 1
        profile.portals = []
        with pytest.raises(services.StackError) as caught:
            services.check_ports(profile)
    assert f"Port {profile.redis_port} (für Redis) ist belegt." in str(caught.value)
    assert "Abhilfe:" in str(caught.value)


def test_control_socket_fits_whatever_the_folder(profile, tmp_path):
    profile.folder = tmp_path / ("lang" * 40)
    assert len(str(profile.socket)) < 107


@pytest.fixture
def ini(profile):
    portal = profile.portals[0]
    write_ini(portal)
    parser = RawConfigParser()
    parser.read(portal.ini)
    return portal, parser["app:main"]


def test_ini_is_private_and_complete(ini):
    portal, values = ini
    assert stat.S_IMODE(portal.ini.stat().st_mode) == 0o600
    assert "{" not in "".join(values.values())
    assert values["ckan.locale_default"] == "de"
    assert values["ckan.gravatar_default"] == "disabled"


def test_every_service_is_on_loopback(profile, ini):
    _, values = ini
    for key in ("sqlalchemy.url", "ckan.redis.url", "solr_url", "ckan.datastore.read_url"):
        assert "127.0.0.1" in values[key], key
    services.prepare_redis(profile)
    assert "bind 127.0.0.1\n" in (profile.folder / "redis.conf").read_text()
    programs = services.portal_programs(profile.portals[0])
    assert "-b 127.0.0.1:5001" in programs["web-kaiserslautern"]["command"]


def test_portals_share_neither_database_nor_index_nor_redis(profile):
    inis = []
    for portal in profile.portals:
        write_ini(portal)
        parser = RawConfigParser()
        parser.read(portal.ini)
        inis.append(parser["app:main"])
    for key in (
        "sqlalchemy.url", "ckan.datastore.write_url", "solr_url", "ckan.redis.url",
        "ckan.storage_path", "SECRET_KEY", "ckan.site_id", "SESSION_COOKIE_NAME",
    ):  # fmt: skip
        assert len({ini[key] for ini in inis}) == 3, key


def test_solr_schema_knows_geometry_only_for_our_portals():
    assert 'name="minx"' in solr_conf.schema("verbund")
    assert 'name="minx"' not in solr_conf.schema("stock")


def test_wrong_command_ends_with_a_sentence_not_a_trace():
    done = subprocess.run(
        [sys.executable, "-m", "stack", "--profile", "demo", "ckan"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "Fehler: Welches Portal?" in done.stderr
    assert "Traceback" not in done.stderr
