# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keeping the controlled vocabularies: what there is, is it intact, a new edition.

A new edition comes as the file that the publisher offers (SKOS as RDF/XML or Turtle). Nothing
is fetched. A value that the publisher withdrew stays and is marked: data that carry it remain
readable, but nobody is offered it any more. Names and notes of ours stay as well where the
publisher has no German ones.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from rdflib import OWL, RDF, SKOS, Graph, URIRef

from ckanext.verbund.domain import vocab

__all__ = ["FOLDER", "Listed", "Update", "UpdateError", "overview", "read_update", "verify"]

FOLDER = Path(str(files("ckanext.verbund.schemas") / "vocab"))
_COLUMNS = ["code", "iri", "de", "en", "note", "deprecated"]
_ACCOUNT = ("source", "source_version", "retrieved", "license", "copyright", "note", "sha256")
_WITHDRAWN = {"DEPRECATED", "RETIRED", "WITHDRAWN"}
#: A new edition that loses more of its values than this is probably the wrong file.
MOST_LOST = 0.5


class UpdateError(ValueError):
    """A file that is no new edition of one of our lists; the message says why, in English."""


@dataclass(frozen=True)
class Listed:
    """One list at a glance."""

    name: str
    values: int
    deprecated: int
    version: str
    retrieved: str
    license: str
    source: str


@dataclass
class Update:
    """What a new edition changes.

    Attributes:
        name: The list.
        version: The edition, as the file says.
        added: Codes that are new.
        renamed: Codes whose names changed.
        withdrawn: Codes that are no longer on offer but stay readable.
        rows: The whole new table.
    """

    name: str
    version: str
    added: list[str] = field(default_factory=list)
    renamed: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    rows: list[dict[str, str]] = field(default_factory=list)

    def write(self, today: date, folder: Path = FOLDER) -> None:
        """Replace the table and its lines in the manifest.

        Args:
            today: The day of retrieval for the manifest.
            folder: Where the lists lie.

        Raises:
            OSError: The folder cannot be written, as in an installed package.
        """
        out = io.StringIO()
        writer = csv.DictWriter(out, list(self.rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(self.rows)
        content = out.getvalue().encode()
        manifest = folder / "manifest.yaml"
        text = manifest.read_text(encoding="utf-8")
        new = {
            "source_version": f'"{self.version}"',
            "retrieved": today.isoformat(),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        (folder / f"{self.name}.csv").write_bytes(content)
        manifest.write_text(_with(text, f"{self.name}.csv", new), encoding="utf-8")


def overview(folder: Path = FOLDER) -> list[Listed]:
    """Return all lists with number of values, edition and licence."""
    found = []
    for name, entry in sorted(_manifest(folder).items()):
        rows = _rows(folder / name)
        found.append(
            Listed(
                name.removesuffix(".csv"), len(rows),
                sum(row["deprecated"] == "yes" for row in rows), str(entry["source_version"]),
                str(entry["retrieved"]), entry["license"], entry["source"],
            )
        )  # fmt: skip
    return found


def verify(folder: Path = FOLDER) -> list[str]:
    """Return what is wrong with the lists, in English; empty when all is well."""
    manifest = _manifest(folder)
    present = {path.name for path in folder.glob("*.csv")}
    problems = [f"{name}: not in the manifest" for name in sorted(present - set(manifest))]
    problems += [f"{name}: missing" for name in sorted(set(manifest) - present)]
    for name in sorted(present & set(manifest)):
        problems += [f"{name}: {problem}" for problem in _faults(folder / name, manifest[name])]
    return problems


def _faults(path: Path, entry: dict[str, Any]) -> Iterator[str]:
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != entry.get("sha256"):
        yield "the file is not the one of the manifest (SHA-256)"
    for key in _ACCOUNT:
        if not entry.get(key):
            yield f"the manifest says nothing on {key}"
    rows = _rows(path)
    if not rows or list(rows[0])[: len(_COLUMNS)] != _COLUMNS:
        yield f"columns must begin with {', '.join(_COLUMNS)}"
        return
    for column in ("code", "iri"):
        values = [row[column] for row in rows]
        double = sorted({value for value in values if values.count(value) > 1})
        if double:
            yield f"{column} twice: {', '.join(double[:3])}"
    unnamed = [row["code"] for row in rows if not (row["de"] and row["en"])]
    if unnamed:
        yield f"no German or English name: {', '.join(unnamed[:3])}"


def read_update(content: bytes, folder: Path = FOLDER) -> Update:
    """Read a new edition and compare it with the list that we have.

    Args:
        content: SKOS as RDF/XML or Turtle.
        folder: Where the lists lie.

    Raises:
        UpdateError: No SKOS, no list of ours, or values are missing in numbers.
    """
    graph = _parsed(content)
    concepts = {str(node): node for node in graph.subjects(RDF.type, SKOS.Concept)}
    if not concepts:
        raise UpdateError("the file holds no skos:Concept")
    name = _list_of(concepts)
    old = {row["iri"]: row for row in _rows(folder / f"{name}.csv")}
    kept = old.keys() & concepts.keys()
    if len(kept) < len(old) * MOST_LOST:
        raise UpdateError(
            f"only {len(kept)} of {len(old)} values of the list {name} are in the file"
        )
    update = Update(name, _version(graph))
    for iri, row in old.items():
        update.rows.append(_merged(graph, concepts.get(iri), row, update))
    base = _base(old)
    for iri in sorted(concepts.keys() - old.keys()):
        if iri.startswith(base) and not _is_withdrawn(graph, concepts[iri]):
            update.rows.append(_new(graph, concepts[iri], iri.removeprefix(base)))
            update.added.append(iri.removeprefix(base))
    columns = list(next(iter(old.values())))
    update.rows = [{c: row.get(c, "") for c in columns} for row in update.rows]
    return update


def _parsed(content: bytes) -> Graph:
    for form in ("xml", "turtle"):
        try:
            return Graph().parse(data=content, format=form)
        except Exception:  # noqa: S112 (parsers raise whatever their libraries raise)
            continue
    raise UpdateError("the file is neither RDF/XML nor Turtle")


def _list_of(concepts: dict[str, URIRef]) -> str:
    """Return the list that most values of a file belong to."""
    votes = {
        name: sum(c.iri in concepts for c in vocab.load(name).concepts)
        for name in vocab.names()
    }
    best = max(votes, key=votes.__getitem__)
    if not votes[best]:
        raise UpdateError("no value of the file is in one of our lists")
    return best


def _merged(
    graph: Graph, node: URIRef | None, row: dict[str, str], update: Update
) -> dict[str, str]:
    """Return a known value as the new edition has it; ours stays where that is silent."""
    gone = node is None or _is_withdrawn(graph, node)
    new = {**row, "deprecated": "yes" if gone else row["deprecated"]}
    if node is not None:
        names = _names(graph, node)
        new |= {lang: names[lang] for lang in vocab.LANGUAGES if names.get(lang)}
    if gone and row["deprecated"] != "yes":
        update.withdrawn.append(row["code"])
    if any(new[lang] != row[lang] for lang in vocab.LANGUAGES):
        update.renamed.append(row["code"])
    return new


def _new(graph: Graph, node: URIRef, code: str) -> dict[str, str]:
    names = _names(graph, node)
    any_name = next(iter(names.values()), code)
    english = names.get("en", any_name)
    return {
        "code": code, "iri": str(node), "de": names.get("de", english), "en": english,
        "note": "", "deprecated": "no",
    }  # fmt: skip


def _names(graph: Graph, node: URIRef) -> dict[str, str]:
    return {
        label.language or "": " ".join(str(label).split())
        for label in graph.objects(node, SKOS.prefLabel)
    }


def _is_withdrawn(graph: Graph, node: URIRef) -> bool:
    """Whether a publisher marks a value: owl:deprecated, or a status of the EU's lists."""
    if any(value.toPython() is True for value in graph.objects(node, OWL.deprecated)):
        return True
    status = re.compile(r"[/#](?:status|op\.deprecated|deprecated)$", re.IGNORECASE)
    return any(
        str(value).rpartition("/")[2].upper() in _WITHDRAWN
        or (str(p).endswith("deprecated") and str(value).lower() == "true")
        for p, value in graph.predicate_objects(node)
        if status.search(str(p))
    )


def _version(graph: Graph) -> str:
    for scheme in graph.subjects(RDF.type, SKOS.ConceptScheme):
        for predicate, value in graph.predicate_objects(scheme):
            if predicate == OWL.versionInfo or str(predicate).endswith("version.number"):
                return str(value)
    return "not stated"


def _base(rows: dict[str, dict[str, str]]) -> str:
    """Return what all addresses of a list begin with."""
    iri, row = next(iter(rows.items()))
    return iri.removesuffix(row["code"])


def _with(text: str, name: str, new: dict[str, str]) -> str:
    """Return a manifest with other values for one list; comments stay."""
    begin = re.search(rf"^{re.escape(name)}:$", text, re.MULTILINE)
    if not begin:
        raise UpdateError(f"{name} is not in the manifest")
    end = re.compile(r"^\S", re.MULTILINE).search(text, begin.end())
    part = text[begin.end() : end.start() if end else len(text)]
    for key, value in new.items():
        part = re.sub(rf"^(  {key}:).*$", rf"\g<1> {value}", part, flags=re.MULTILINE)
    return text[: begin.end()] + part + (text[end.start() :] if end else "")


def _manifest(folder: Path) -> dict[str, dict[str, Any]]:
    return yaml.safe_load((folder / "manifest.yaml").read_text(encoding="utf-8"))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))
