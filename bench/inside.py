# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Runs inside CKAN, in a process of its own: one measured piece of work.

``python -m bench.inside INI COMMAND < arguments.json`` prints a JSON object as its last
line. It needs nothing but CKAN, because the stock loader of tables runs in another
environment than the rest.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk

_PAGE = os.sysconf("SC_PAGE_SIZE")
ORGANIZATION = "bench"
SOURCE = "bench-source"
TABLE = "bench-table"


# -- memory ---------------------------------------------------------------------


def resident(pid: int | str = "self") -> int:
    """Return the resident memory of a process in bytes, 0 if it is gone."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0


def _children() -> list[str]:
    return [
        child
        for task in Path("/proc/self/task").iterdir()
        for child in (task / "children").read_text().split()
    ]


class Gauge:
    """Time and memory of a piece of work.

    Attributes:
        seconds: How long it took.
        growth: Largest resident memory of this process above what it had before, in MB.
        children: Largest resident memory of all child processes together, in MB.
    """

    seconds = growth = children = 0.0

    @contextmanager
    def watch(self) -> Iterator[None]:
        """Measure the body of a ``with`` statement."""
        gc.collect()
        idle, peak, others = resident(), 0, 0
        done = threading.Event()

        def look() -> None:
            nonlocal peak, others
            while True:
                last = done.wait(0.02)
                peak = max(peak, resident())
                with suppress(OSError):
                    others = max(others, sum(map(resident, _children())))
                if last:
                    return

        watcher = threading.Thread(target=look, daemon=True)
        watcher.start()
        begin = time.monotonic()
        try:
            yield
        finally:
            self.seconds = time.monotonic() - begin
            done.set()
            watcher.join()
            self.growth = max(0, peak - idle) / 2**20
            self.children = others / 2**20

    def report(self) -> dict[str, float]:
        """Return the figures."""
        return {
            "seconds": round(self.seconds, 4),
            "growth_mb": round(self.growth, 1),
            "children_mb": round(self.children, 1),
        }


# -- harvest --------------------------------------------------------------------


def repair_stock() -> None:
    """Make the second run of a stock harvest source possible; declared in the docs.

    ckanext-harvest 1.6.3 stores an unvalidated source in the index, so that the next run
    of it ends with ``KeyError: 'source_type'``. Call before CKAN loads its plugins.
    """
    from ckan.logic import index_update_package
    from ckanext.harvest.logic.action import update

    def harvest_source_reindex(context: dict, data_dict: dict) -> bool:
        index_update_package(context, data_dict["id"], context.get("defer_commit", False))
        return True

    # The plugin takes only functions that say they are of this module.
    harvest_source_reindex.__module__ = update.__name__
    update.harvest_source_reindex = harvest_source_reindex


def _action(name: str, /, **values: object) -> Any:
    site = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    return tk.get_action(name)({"user": site, "ignore_auth": True}, values)


def _organization() -> str:
    try:
        return _action("organization_show", id=ORGANIZATION)["id"]
    except tk.ObjectNotFound:
        return _action("organization_create", name=ORGANIZATION, title="Messungen")["id"]


def _source(url: str, source_type: str, config: dict) -> str:
    try:
        return _action("harvest_source_show", id=SOURCE)["id"]
    except tk.ObjectNotFound:
        return _action(
            "harvest_source_create",
            name=SOURCE,
            title="Messungen",
            url=url,
            source_type=source_type,
            owner_org=_organization(),
            config=json.dumps(config),
        )["id"]


def _drain(consumer: Any, callback: Callable[..., object]) -> None:
    """Do what the queue's own endless loop does, and end when the queue is empty."""
    from ckanext.harvest import queue

    while body := consumer.redis.lpop(consumer.routing_key):
        now = str(datetime.now())  # noqa: DTZ005 - as the queue writes it
        consumer.redis.set(consumer.persistance_key(body), now)
        callback(consumer, queue.FakeMethod(body), None, body)


def harvest(url: str, source_type: str, config: dict, **_: object) -> dict:
    """Harvest a catalogue once, from the queued job to the finished one.

    Gather, fetch and import run one after the other in this process, through the real
    queue in Redis and with the functions that the consumers call.
    """
    from ckanext.harvest import queue
    from ckanext.harvest.model import HarvestJob, HarvestObject

    source = _source(url, source_type, config)
    gather, fetch = queue.get_gather_consumer(), queue.get_fetch_consumer()
    gauge, gathered = Gauge(), 0.0
    with gauge.watch():
        begin = time.monotonic()
        job = _action("harvest_job_create", source_id=source)["id"]
        _drain(gather, queue.gather_callback)
        gathered = time.monotonic() - begin
        _drain(fetch, queue.fetch_callback)
        _action("harvest_jobs_run", source_id=source)
    run = HarvestJob.get(job)
    objects = HarvestObject.Session.query(HarvestObject).filter_by(harvest_job_id=job)
    return gauge.report() | {
        "status": run.status,
        "gather_seconds": round(gathered, 2),
        "objects": dict(Counter(o.report_status for o in objects)),
        "gather_errors": [str(e.message)[:300] for e in run.gather_errors[:3]],
        "object_errors": [str(e.message)[:300] for o in objects for e in o.errors][:3],
        "datasets": _action("package_search", fq="dataset_type:dataset", rows=0)["count"],
    }


# -- tables ---------------------------------------------------------------------


def make_resource(**_: object) -> dict:
    """Make the resource whose table will be loaded; without any file."""
    try:
        package = _action("package_show", id=TABLE)
    except tk.ObjectNotFound:
        package = _action(
            "package_create",
            name=TABLE,
            type="bench",  # of no schema, so that no required field is missing
            title="Messung",
            owner_org=_organization(),
            resources=[{"name": "Tabelle", "url": "https://daten.example/t", "format": "x"}],
        )
    return {"resource": package["resources"][0]["id"]}


def load_ours(path: str, resource: str, **_: object) -> dict:
    """Load a CSV file into the datastore with our loader."""
    from ckanext.datastore.backend.postgres import DatastorePostgresqlBackend

    from ckanext.verbund.tables.loading import load_file

    gauge = Gauge()
    with gauge.watch():
        table = load_file(path, resource, "csv")
        backend = DatastorePostgresqlBackend.get_active_backend()
        backend.calculate_record_count(resource)
    return gauge.report() | {"rows": table.rows} | _table(resource)


def load_stock(path: str, resource: str, **_: object) -> dict:
    """Load a CSV file with ckanext-xloader, in the steps of its job."""
    import logging

    from ckanext.xloader import loader

    log, gauge = logging.getLogger("bench"), Gauge()
    with gauge.watch():
        fields = loader.load_csv(path, resource, mimetype="text/csv", logger=log)
        loader.calculate_record_count(resource_id=resource, logger=log)
        loader.create_column_indexes(fields=fields, resource_id=resource, logger=log)
    return gauge.report() | _table(resource)


def _table(resource: str) -> dict:
    found = _action("datastore_search", resource_id=resource, limit=1)
    kinds = Counter(f["type"] for f in found["fields"] if f["id"] != "_id")
    return {"rows": found["total"], "types": dict(kinds)}


# -- one graph ------------------------------------------------------------------


def _cpu() -> float:
    """Return the seconds of CPU time of this process and its ended children."""
    return sum(os.times()[:4])


def graph_stock(path: str, **_: object) -> dict:
    """Read a catalogue into packages and write them, with the profile that is set."""
    from ckanext.dcat.processors import RDFParser, RDFSerializer

    content, begin = Path(path).read_text(), _cpu()
    parser = RDFParser()
    parser.parse(content, _format="xml")
    packages = list(parser.datasets())
    read = _cpu() - begin
    for number, package in enumerate(packages):
        package |= {"id": str(number), "name": f"d{number}", "type": "dataset"}
    del parser
    begin = _cpu()
    written = RDFSerializer().serialize_catalog({}, packages, _format="ttl")
    return _graph(packages, written, read, _cpu() - begin)


def graph_ours(path: str, **_: object) -> dict:
    """Likewise with our mapping, as harvesting and ``/catalog.ttl`` do it."""
    from ckanext.verbund.dcat import describe, importing
    from ckanext.verbund.domain.dcatde import child, graph

    content, begin = Path(path).read_text(), _cpu()
    packages = list(importing.Catalogue.of(child.read(content.encode())).packages())
    read = _cpu() - begin
    for number, package in enumerate(packages):
        package |= {"id": str(number), "name": f"d{number}"}
    begin = _cpu()
    describer = describe.Describer({"user": ""})
    values = describer.values(packages)
    catalog = describe.catalog(describer, values, None, "")
    written = graph.write(describer.statements(catalog, *values), "ttl")
    return _graph(packages, written, read, _cpu() - begin)


def _graph(packages: list, written: str | bytes, read: float, wrote: float) -> dict:
    return {
        "datasets": len(packages),
        "bytes": len(written),
        "parse-dataset": read,
        "serialize-dataset": wrote,
    }


def check_graph(path: str, **_: object) -> dict:
    """Check a catalogue by all rules, from the bytes to the findings."""
    from ckanext.verbund.domain.dcatde import check, child

    check.check(())  # compiles the shapes, once for each process
    gauge, begin = Gauge(), _cpu()
    with gauge.watch():
        found = check.check(child.read(Path(path).read_bytes()))
    return gauge.report() | {"cpu": _cpu() - begin, "findings": len(found)}


# -- search ---------------------------------------------------------------------


def search(rows: list, queries: list, repeat: int, **_: object) -> dict:
    """Index rows as datasets and ask for them; see ``bench.search``."""
    from bench import asked

    asked.index(rows, _organization())
    return asked.ask(queries, repeat)


COMMANDS = {
    "harvest": harvest,
    "make-resource": make_resource,
    "search": search,
    "load-ours": load_ours,
    "load-stock": load_stock,
    "graph-stock": graph_stock,
    "graph-ours": graph_ours,
    "check-graph": check_graph,
}


def main() -> None:
    """Start CKAN, run one command, print its result."""
    from ckan.cli import load_config
    from ckan.config.middleware import make_app

    ini, command = sys.argv[1:]
    arguments = json.load(sys.stdin)
    if arguments.pop("repair", False):
        repair_stock()
    app = make_app(load_config(ini))
    with app._wsgi_app.test_request_context():
        result = COMMANDS[command](**arguments)
    print(json.dumps(result))
    # Whatever else a plugin started must not keep the measurement waiting.
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
