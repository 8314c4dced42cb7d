# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Synthetic DCAT-AP.de catalogues of any size, for benchmarks and hard tests.

A dataset depends on seed and number only, so the same one looks the same in a small
and in a large catalogue, in one file and in pages. Files are written as a stream.

Example:
    $ python -m bench.catalog 1000 /tmp/catalog --format rdf --page-size 100
    $ python -m bench.catalog 70 /tmp/ugly --format ttl --dirty all
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

BASE = "https://daten.musterkreis.example"
PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dcatde": "http://dcat-ap.de/def/dcatde/",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "hydra": "http://www.w3.org/ns/hydra/core#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
FORMATS = {
    "nt": ox.RdfFormat.N_TRIPLES,
    "ttl": ox.RdfFormat.TURTLE,
    "rdf": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}
ORGANIZATIONS = 25

_EU = "http://publications.europa.eu/resource/authority/"
_IANA = "https://www.iana.org/assignments/media-types/"
_LEGACY = "https://www.dcat-ap.de/def/dcatde/1.1/"
_VOCABULARY = """
    Abfall Bäume Bebauungsplan Bevölkerung Bücherei Energie Ergebnis Fahrgäste Gemeinde
    Gewässer Haushalt Kataster Kita Kreis Lärm Luft Messwert Öffnungszeiten Parkraum Radweg
    Schule Sporthalle Statistik Straße Verkehr Wahl Wasser Zählstelle
"""
_CODES = "AGRI ECON EDUC ENER ENVI GOVE HEAL INTR JUST REGI SOCI TECH TRAN"
_WORDS, _THEMES = _VOCABULARY.split(), _CODES.split()
_TYPES = (
    ("CSV", "text/csv"),
    ("GEOJSON", "application/geo+json"),
    ("JSON", "application/json"),
    ("PDF", "application/pdf"),
    ("XML", "application/xml"),
    ("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
)
_LICENCES = ("dl-by-de/2.0", "dl-zero-de/2.0", "cc-by/4.0")

Triples = list[ox.Triple]


def term(name: str) -> ox.NamedNode:
    """Return the IRI of a prefixed name such as ``dct:title``."""
    prefix, _, local = name.partition(":")
    return ox.NamedNode(PREFIXES[prefix] + local)


_TYPE = term("rdf:type")


class _Writer:
    """Collects the triples of one subject after the other."""

    def __init__(self) -> None:
        self.triples: Triples = []

    def about(
        self, subject: ox.NamedNode | ox.BlankNode, kind: str, **values: object
    ) -> ox.NamedNode | ox.BlankNode:
        """Describe a subject; ``dct_title=…`` stands for ``dct:title``, lists for several."""
        self.add(subject, _TYPE, term(kind))
        for name, value in values.items():
            for one in value if isinstance(value, list) else [value]:
                self.add(subject, term(name.replace("_", ":", 1)), one)
        return subject

    def add(self, subject: object, predicate: ox.NamedNode, value: object) -> None:
        """Add one triple."""
        self.triples.append(ox.Triple(subject, predicate, value))


def _german(text: str) -> ox.Literal:
    return ox.Literal(text, language="de")


def _typed(text: str, kind: str) -> ox.Literal:
    return ox.Literal(text, datatype=term(f"xsd:{kind}"))


def _bbox(rng: random.Random) -> ox.Literal:
    west, south = round(6 + rng.random() * 8, 4), round(47 + rng.random() * 7, 4)
    east, north = round(west + 0.1, 4), round(south + 0.1, 4)
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return ox.Literal(
        json.dumps({"type": "Polygon", "coordinates": [ring]}),
        datatype=ox.NamedNode(_IANA + "application/vnd.geo+json"),
    )


def identifier(number: int) -> str:
    """Return the identifier of a dataset."""
    return f"{number:08x}-0000-4000-8000-000000000000"


def dataset(number: int, seed: int = 1) -> Triples:
    """Return the triples of a clean dataset, 60 on average.

    Args:
        number: Which one; the first is 0.
        seed: Seed of the catalogue.
    """
    rng = random.Random(f"{seed}:{number}")
    w, own = _Writer(), f"{BASE}/dataset/{identifier(number)}"
    node = ox.NamedNode(own)

    def words(count: int) -> str:
        return " ".join(rng.choices(_WORDS, k=count))

    contact = w.about(
        ox.BlankNode(f"c{number}"),
        "vcard:Organization",
        vcard_fn=ox.Literal("Open-Data-Stelle"),
        vcard_hasEmail=ox.NamedNode("mailto:opendata@musterkreis.example"),
    )
    w.about(
        node,
        "dcat:Dataset",
        dct_title=_german(f"{words(4)} {number}"),
        dct_description=_german(words(40)),
        dct_identifier=ox.Literal(identifier(number)),
        dct_issued=_typed("2021-03-01T00:00:00", "dateTime"),
        dct_modified=_typed(
            f"2025-{1 + number % 12:02d}-{1 + number % 28:02d}T10:00:00", "dateTime"
        ),
        dct_publisher=_organization(number),
        dcatde_contributorID=ox.NamedNode("http://dcat-ap.de/def/contributors/musterkreis"),
        dcatde_politicalGeocodingLevelURI=ox.NamedNode(
            "http://dcat-ap.de/def/politicalGeocoding/Level/municipality"
        ),
        dcatde_politicalGeocodingURI=ox.NamedNode(
            "http://dcat-ap.de/def/politicalGeocoding/municipalityKey/"
            f"{7300000 + number % ORGANIZATIONS:08d}"
        ),
        dcatap_availability=ox.NamedNode(_EU + "planned-availability/STABLE"),
        dcat_keyword=[_german(word) for word in rng.sample(_WORDS, 4)],
        dcat_theme=[ox.NamedNode(f"{_EU}data-theme/{t}") for t in rng.sample(_THEMES, 2)],
        dct_accrualPeriodicity=ox.NamedNode(_EU + "frequency/ANNUAL"),
        dct_language=ox.NamedNode(_EU + "language/DEU"),
        dcat_landingPage=ox.NamedNode(f"{BASE}/seite/{number}"),
        dcat_contactPoint=contact,
    )
    if number % 2 == 0:
        period = w.about(
            ox.BlankNode(f"t{number}"),
            "dct:PeriodOfTime",
            dcat_startDate=_typed("2020-01-01", "date"),
            dcat_endDate=_typed("2020-12-31", "date"),
        )
        w.add(node, term("dct:temporal"), period)
    if number % 3 == 0:
        place = w.about(ox.BlankNode(f"s{number}"), "dct:Location", dcat_bbox=_bbox(rng))
        w.add(node, term("dct:spatial"), place)
    for index in range(3):
        kind, media = rng.choice(_TYPES)
        file = ox.NamedNode(f"{BASE}/download/{number}/{index}.{kind.lower()}")
        distribution = w.about(
            ox.NamedNode(f"{own}/resource/{index}"),
            "dcat:Distribution",
            dct_title=_german(f"{words(2)} {kind}"),
            dcat_accessURL=file,
            dcat_downloadURL=file,
            dct_format=ox.NamedNode(f"{_EU}file-type/{kind}"),
            dcat_mediaType=ox.NamedNode(_IANA + media),
            dct_license=ox.NamedNode(f"http://dcat-ap.de/def/licenses/{rng.choice(_LICENCES)}"),
            dcatde_licenseAttributionByText=ox.Literal("Musterkreis"),
            dcat_byteSize=_typed(str(rng.randrange(1000, 10**7)), "nonNegativeInteger"),
            dct_modified=_typed("2025-01-01T00:00:00", "dateTime"),
        )
        w.add(node, term("dcat:distribution"), distribution)
    return w.triples


def _organization(number: int) -> ox.NamedNode:
    return ox.NamedNode(f"{BASE}/organization/{number % ORGANIZATIONS}")


# -- dirt -----------------------------------------------------------------------


def _swap(triples: Triples, name: str, change: Callable[[object], list[object]]) -> Triples:
    predicate = term(name)
    result = []
    for t in triples:
        if t.predicate == predicate:
            result += [ox.Triple(t.subject, predicate, value) for value in change(t.object)]
        else:
            result.append(t)
    return result


def _rename(triples: Triples, old: object, new: object) -> Triples:
    return [
        ox.Triple(
            new if t.subject == old else t.subject,
            t.predicate,
            new if t.object == old else t.object,
        )
        for t in triples
    ]


def _node(number: int) -> ox.NamedNode:
    return ox.NamedNode(f"{BASE}/dataset/{identifier(number)}")


def _legacy(triples: Triples, _number: int) -> Triples:
    """DCAT-AP.de 1.1: old namespace, old licence addresses, http instead of https."""
    result = []
    for t in triples:
        predicate, value = t.predicate, t.object
        if predicate.value.startswith(PREFIXES["dcatde"]):
            predicate = ox.NamedNode(predicate.value.replace(PREFIXES["dcatde"], _LEGACY, 1))
        if isinstance(value, ox.NamedNode):
            value = ox.NamedNode(
                value.value.replace("http://dcat-ap.de/def/", "https://www.dcat-ap.de/def/", 1)
            )
        result.append(ox.Triple(t.subject, predicate, value))
    return result


def _mixed_up(triples: Triples, _number: int) -> Triples:
    """Literals where IRIs belong and the other way round."""
    for name in ("dct:license", "dcat:theme", "dct:language", "dcat:accessURL"):
        triples = _swap(triples, name, lambda v: [ox.Literal(v.value)])
    return _swap(
        triples,
        "dcat:keyword",
        lambda v: [ox.NamedNode(f"{BASE}/schlagwort/{v.value}")],
    )


_BAD_DATES = ("31.12.2024", "2024-13-45T99:00:00", "demnächst", "", "0000-00-00")


def _broken_dates(triples: Triples, number: int) -> Triples:
    """Dates that no parser takes."""
    bad = _typed(_BAD_DATES[number % len(_BAD_DATES)], "dateTime")
    for name in ("dct:modified", "dct:issued", "dcat:startDate"):
        triples = _swap(triples, name, lambda _: [bad])
    return triples


def _anonymous(triples: Triples, number: int) -> Triples:
    """A blank node without identifier: nothing tells the dataset in the next run."""
    triples = _swap(triples, "dct:identifier", lambda _: [])
    return _rename(triples, _node(number), ox.BlankNode(f"d{number}"))


def _duplicate(triples: Triples, number: int) -> Triples:
    """The same dataset once more under another address."""
    twin = ox.NamedNode(f"{_node(number).value}-kopie")
    return triples + [t for t in _rename(triples, _node(number), twin) if t.subject == twin]


def _nobody(triples: Triples, _number: int) -> Triples:
    """No publisher, no contact."""
    triples = _swap(triples, "dct:publisher", lambda _: [])
    return _swap(triples, "dcat:contactPoint", lambda _: [])


def _scripts(triples: Triples, _number: int) -> Triples:
    """Addresses that run as program in a careless browser page."""
    script = ox.NamedNode("javascript:alert(document.domain)")
    for name in ("dcat:landingPage", "dcat:accessURL", "vcard:hasEmail"):
        triples = _swap(triples, name, lambda _: [script])
    return triples


#: Every dataset has at most one defect: number modulo seven says which.
DIRT: dict[str, Callable[[Triples, int], Triples]] = {
    "legacy-namespace": _legacy,
    "literal-iri": _mixed_up,
    "broken-date": _broken_dates,
    "blank-node": _anonymous,
    "duplicate": _duplicate,
    "no-publisher": _nobody,
    "javascript": _scripts,
}


# -- catalogues -----------------------------------------------------------------


@dataclass(frozen=True)
class Catalog:
    """A catalogue that can be written.

    Args:
        count: Number of datasets.
        seed: The same seed gives the same catalogue.
        dirty: Names from ``DIRT``; empty for a clean catalogue.
        page_size: Datasets per page; 0 for one file.
        url: Address of the folder that a server will show, for the links between pages.
    """

    count: int
    seed: int = 1
    dirty: tuple[str, ...] = ()
    page_size: int = 0
    url: str = "http://127.0.0.1:8000"

    @property
    def pages(self) -> list[range]:
        """The dataset numbers of each page; one page if not paged."""
        size = self.page_size or max(self.count, 1)
        starts = range(0, max(self.count, 1), size)
        return [range(s, min(s + size, self.count)) for s in starts]

    def dataset(self, number: int) -> Triples:
        """Return one dataset, with its defect if it has one."""
        triples = dataset(number, self.seed)
        names = list(DIRT)
        name = names[number % len(names)]
        return DIRT[name](triples, number) if name in self.dirty else triples

    def triples(self, numbers: Iterable[int] | None = None) -> Iterator[ox.Triple]:
        """Yield the catalogue, its publishers and the datasets of a page, or of all."""
        numbers = range(self.count) if numbers is None else numbers
        yield from self._head()
        catalog, has = ox.NamedNode(BASE), term("dcat:dataset")
        kind = term("dcat:Dataset")
        for number in numbers:
            triples = self.dataset(number)
            for t in triples:
                if t.predicate == _TYPE and t.object == kind:
                    yield ox.Triple(catalog, has, t.subject)
            yield from triples

    def _head(self) -> Triples:
        w = _Writer()
        w.about(
            ox.NamedNode(BASE),
            "dcat:Catalog",
            dct_title=_german("Offene Daten Musterkreis"),
            dct_description=_german("Erzeugter Katalog für Messungen und Prüfungen"),
            dct_publisher=_organization(0),
            foaf_homepage=ox.NamedNode(BASE),
            dct_modified=_typed("2025-05-01T00:00:00", "dateTime"),
        )
        for index in range(ORGANIZATIONS):
            w.about(
                _organization(index),
                "foaf:Organization",
                foaf_name=ox.Literal(f"Gemeinde Musterstadt {index}"),
                dct_type=ox.NamedNode("http://purl.org/adms/publishertype/LocalAuthority"),
                foaf_homepage=ox.NamedNode(f"https://musterstadt{index}.example/"),
            )
        return w.triples

    def file_name(self, page: int, fmt: str) -> str:
        """Return the file name of a page; the first is 1."""
        return f"catalog.{fmt}" if page == 1 else f"catalog-{page}.{fmt}"

    def _paging(self, page: int, fmt: str) -> Triples:
        def address(number: int) -> ox.NamedNode:
            return ox.NamedNode(f"{self.url}/{self.file_name(number, fmt)}")

        w, last = _Writer(), len(self.pages)
        links = {"hydra_first": address(1), "hydra_last": address(last)}
        if page > 1:
            links["hydra_previous"] = address(page - 1)
        if page < last:
            links["hydra_next"] = address(page + 1)
        total = _typed(str(self.count), "integer")
        w.about(address(page), "hydra:PartialCollectionView", hydra_totalItems=total, **links)
        return w.triples

    def write(self, folder: Path, fmt: str = "rdf") -> list[Path]:
        """Write the catalogue, page by page, and return the files.

        Args:
            folder: Where to; made if missing.
            fmt: One of ``FORMATS``.
        """
        folder.mkdir(parents=True, exist_ok=True)
        return [
            self._write_page(folder, page, numbers, fmt)
            for page, numbers in enumerate(self.pages, 1)
        ]

    def _write_page(self, folder: Path, page: int, numbers: range, fmt: str) -> Path:
        def stream() -> Iterator[ox.Triple]:
            if self.page_size:
                yield from self._paging(page, fmt)
            yield from self.triples(numbers)

        path = folder / self.file_name(page, fmt)
        ox.serialize(
            stream(), str(path), FORMATS[fmt], prefixes=None if fmt == "nt" else PREFIXES
        )
        return path


def _dirt(text: str) -> tuple[str, ...]:
    names = tuple(DIRT) if text == "all" else tuple(filter(None, text.split(",")))
    if unknown := set(names) - set(DIRT):
        raise argparse.ArgumentTypeError(
            f"{', '.join(sorted(unknown))}; known: all, {', '.join(DIRT)}"
        )
    return names


def main(arguments: list[str] | None = None) -> None:
    """Write a catalogue as the command line says."""
    parser = argparse.ArgumentParser(prog="bench.catalog", description=__doc__.split("\n")[0])
    parser.add_argument("count", type=int, help="number of datasets")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--dirty", type=_dirt, default=(), help="all, or names with commas")
    parser.add_argument(
        "--format", default="rdf", choices=[*FORMATS, "all"], help="default: rdf"
    )
    parser.add_argument("--page-size", type=int, default=0, help="hydra pages of this size")
    parser.add_argument("--url", default=Catalog.url, help="where the pages will be served")
    args = parser.parse_args(arguments)
    catalog = Catalog(args.count, args.seed, args.dirty, args.page_size, args.url)
    for fmt in FORMATS if args.format == "all" else [args.format]:
        for path in catalog.write(args.folder, fmt):
            print(f"{path.stat().st_size:>12,}  {path}")


if __name__ == "__main__":
    main()
