# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Harvesting without loss: the hooks of ckanext-dcat's RDF harvester.

The harvester downloads, tells runs apart, makes and deletes packages. What a document says is
read here, in a process of its own, and what packages cannot hold is stored beside them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckanext.dcat.processors import RDFParser
from ckanext.harvest.model import HarvestJob, HarvestObject

from ckanext.verbund.base import convert
from ckanext.verbund.dcat import importing
from ckanext.verbund.dcat.model import Kept, SourceCatalog
from ckanext.verbund.domain.dcatde import child, graph, parse

__all__ = ["HarvestHooks"]

# What rdflib gets in the place of the document, by its form: it would fetch remote contexts,
# and a document that was read once need not be read again.
_STAND_IN = {
    "rdf": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>',
    "ttl": "# read elsewhere",
    "jsonld": "[]",
}


class _Page:
    """What the harvester asks of a parser."""

    def __init__(self, catalogue: importing.Catalogue):
        self._catalogue = catalogue

    def datasets(self) -> Iterator[dict[str, Any]]:
        return self._catalogue.packages()

    def next_page(self) -> str | None:
        return self._catalogue.next_page


class HarvestHooks:
    """Reads with our mapping what ckanext-dcat harvests; mixed into the plugin."""

    # One gather consumer works through one page after the other.
    _address = ""
    _read: importing.Catalogue | None = None

    def before_download(self, url: str, harvest_job: HarvestJob) -> tuple[str, list[str]]:
        """Remember where the page comes from: relative addresses are completed by it."""
        self._address = url
        return url, []

    def after_download(
        self, content: str | None, harvest_job: HarvestJob
    ) -> tuple[str | None, list[str]]:
        """Read the document; a page without any entry stops the run.

        The harvester deletes whatever is missing, so an empty answer would empty the source.
        """
        self._read = None
        if not content:
            return content, []
        data = content.encode()
        try:
            found = importing.Catalogue.of(child.read(data, self._address))
        except graph.RefusedError as error:
            return None, [f"{error.finding.message_de} {error.finding.remedy_de}"]
        if not found.reading.entries:
            return None, [tk._("The catalogue is empty; nothing was changed.")]
        self._read = found
        return _STAND_IN[parse.form_of(data)], []

    def after_parsing(
        self, rdf_parser: RDFParser, harvest_job: HarvestJob
    ) -> tuple[RDFParser | _Page, list[str]]:
        """Hand over what was read, and keep what the catalogue says about itself."""
        found, self._read = self._read, None
        if found is None:
            return rdf_parser, []
        _keep_catalogue(found, harvest_job)
        return _Page(found), []

    def before_create(
        self, harvest_object: HarvestObject, dataset_dict: dict[str, Any], temp_dict: dict
    ) -> None:
        """Store what the package cannot hold, in the transaction that makes it."""
        _keep(harvest_object, dataset_dict, temp_dict)

    before_update = before_create

    def after_create(
        self, harvest_object: HarvestObject, dataset_dict: dict[str, Any], temp_dict: dict
    ) -> None:
        """Note where the stored package differs from what was sent."""
        _settle(dataset_dict, temp_dict)

    after_update = after_create


def _keep_catalogue(found: importing.Catalogue, job: HarvestJob) -> None:
    row = model.Session.get(SourceCatalog, job.source_id)
    if row is None:
        row = SourceCatalog(source_id=job.source_id, job_id="", lines=[], repairs=[])
        model.Session.add(row)
    lines, repairs = found.own_lines(), found.own_repairs()
    if row.job_id == job.id:
        # A further page of the same run: most of it says what the first one said.
        lines = list(dict.fromkeys([*row.lines, *lines]))
        repairs = [*row.repairs, *(one for one in repairs if one not in row.repairs)]
    row.job_id, row.lines, row.repairs = job.id, lines, repairs


def _keep(harvest_object: HarvestObject, package: dict[str, Any], temp: dict) -> None:
    kept = package.pop(importing.KEPT, None)
    if kept is None:
        return
    row = model.Session.get(Kept, package["id"])
    if row is None:
        row = Kept(package_id=package["id"])
        model.Session.add(row)
    row.source_id = harvest_object.harvest_source_id
    row.leftover, row.listed, row.repairs = kept["leftover"], kept["listed"], kept["repairs"]
    leftover = convert.Leftover.loads(row.leftover)
    said = {**package, "title": ""} if kept["untitled"] else package
    temp[importing.KEPT] = (convert.from_package(said, leftover=leftover), leftover)


def _settle(package: dict[str, Any], temp: dict) -> None:
    if importing.KEPT not in temp:
        return
    value, leftover = temp.pop(importing.KEPT)
    stored = tk.get_action("package_show")({"ignore_auth": True}, {"id": package["id"]})
    row = model.Session.get(Kept, package["id"])
    row.leftover = convert.settled(value, leftover, stored).dumps()
