# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The generator of synthetic catalogues: same seed, same bytes; any size, any format."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from bench import catalog
from bench.catalog import BASE, DIRT, FORMATS, Catalog, identifier, term

DATASET, TYPE = term("dcat:Dataset"), term("rdf:type")


def parsed(paths: list[Path], fmt: str) -> list[ox.Quad]:
    return [quad for path in paths for quad in ox.parse(path=str(path), format=FORMATS[fmt])]


def datasets(triples) -> list:
    return [t.subject for t in triples if t.predicate == TYPE and t.object == DATASET]


def values(triples, name: str) -> list:
    return [t.object for t in triples if t.predicate == term(name)]


def test_a_dataset_has_61_triples_on_average():
    head = len(list(Catalog(0).triples()))
    assert len(list(Catalog(600).triples())) - head == 61 * 600


def test_same_seed_same_bytes(tmp_path: Path):
    first, second = (Catalog(20).write(tmp_path / n)[0].read_bytes() for n in "ab")
    assert first == second


def test_another_seed_gives_another_catalogue():
    assert list(Catalog(3, seed=1).triples()) != list(Catalog(3, seed=2).triples())


def test_a_dataset_is_the_same_in_a_larger_catalogue():
    assert Catalog(5).dataset(4) == Catalog(500, page_size=10).dataset(4)


def test_all_formats_hold_the_same_graph(tmp_path: Path):
    graphs = []
    for fmt in FORMATS:
        graph = ox.Dataset(parsed(Catalog(25).write(tmp_path, fmt), fmt))
        graph.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        graphs.append(graph)
    assert len(graphs[0]) == len(set(Catalog(25).triples()))
    assert all(graph == graphs[0] for graph in graphs)


def test_triples_are_made_while_they_are_read():
    stream = Catalog(10**9).triples()
    assert next(stream).subject == ox.NamedNode(BASE)


def test_pages_hold_every_dataset_once(tmp_path: Path):
    paths = Catalog(25, page_size=10).write(tmp_path, "ttl")
    assert [p.name for p in paths] == ["catalog.ttl", "catalog-2.ttl", "catalog-3.ttl"]
    found = datasets(parsed(paths, "ttl"))
    assert len(found) == len(set(found)) == 25


def test_pages_lead_from_first_to_last(tmp_path: Path):
    url = "http://127.0.0.1:1/x"
    paths = Catalog(25, page_size=10, url=url).write(tmp_path, "nt")
    following = [values(parsed([p], "nt"), "hydra:next") for p in paths]
    assert following == [
        [ox.NamedNode(f"{url}/catalog-2.nt")],
        [ox.NamedNode(f"{url}/catalog-3.nt")],
        [],
    ]


def test_one_file_has_no_paging(tmp_path: Path):
    paths = Catalog(25).write(tmp_path, "nt")
    assert len(paths) == 1
    assert "hydra" not in paths[0].read_text()


def test_an_empty_catalogue_can_be_written(tmp_path: Path):
    assert datasets(parsed(Catalog(0, page_size=10).write(tmp_path, "rdf"), "rdf")) == []


# -- dirt -----------------------------------------------------------------------


def dirty(name: str) -> tuple[list, list]:
    """Return a clean dataset, and the same with a defect."""
    number = list(DIRT).index(name)
    return Catalog(7).dataset(number), Catalog(7, dirty=(name,)).dataset(number)


@pytest.mark.parametrize("name", DIRT)
@pytest.mark.parametrize("fmt", FORMATS)
def test_every_defect_can_be_written_in_every_format(name: str, fmt: str, tmp_path: Path):
    paths = Catalog(14, dirty=(name,)).write(tmp_path, fmt)
    assert len(datasets(parsed(paths, fmt))) == 14 + 2 * (name == "duplicate")


@pytest.mark.parametrize("name", DIRT)
def test_a_defect_touches_every_seventh_dataset_only(name: str):
    touched = [
        n for n in range(21) if Catalog(21).dataset(n) != Catalog(21, dirty=(name,)).dataset(n)
    ]
    position = list(DIRT).index(name)
    assert touched == [position, position + 7, position + 14]


def test_legacy_namespace():
    clean, bad = dirty("legacy-namespace")
    assert values(clean, "dcatde:contributorID")
    assert not values(bad, "dcatde:contributorID")
    assert len(clean) == len(bad)


def test_literal_where_an_iri_belongs_and_back():
    _, bad = dirty("literal-iri")
    assert all(isinstance(v, ox.Literal) for v in values(bad, "dct:license"))
    assert all(isinstance(v, ox.NamedNode) for v in values(bad, "dcat:keyword"))


def test_broken_dates_differ():
    name = "broken-date"
    numbers = range(list(DIRT).index(name), 70, 7)
    found = {values(Catalog(70, dirty=(name,)).dataset(n), "dct:issued")[0] for n in numbers}
    assert len(found) > 3


def test_a_blank_node_has_no_identifier():
    _, bad = dirty("blank-node")
    assert isinstance(datasets(bad)[0], ox.BlankNode)
    assert not values(bad, "dct:identifier")


def test_a_duplicate_has_another_address_and_the_same_identifier():
    _, bad = dirty("duplicate")
    first, second = datasets(bad)
    assert first != second
    number = list(DIRT).index("duplicate")
    assert values(bad, "dct:identifier") == [ox.Literal(identifier(number))] * 2


def test_nobody_publishes():
    _, bad = dirty("no-publisher")
    assert not values(bad, "dct:publisher")


def test_links_that_run_as_program():
    _, bad = dirty("javascript")
    assert values(bad, "dcat:landingPage")[0].value.startswith("javascript:")


def test_several_defects_at_once():
    assert Catalog(7, dirty=tuple(DIRT)).dataset(0) != Catalog(7).dataset(0)
    assert Catalog(7, dirty=("duplicate",)).dataset(0) == Catalog(7).dataset(0)


# -- command line ---------------------------------------------------------------


def test_command_line(tmp_path: Path, capsys: pytest.CaptureFixture):
    words = ["15", str(tmp_path), "--format", "all", "--page-size", "10", "--dirty", "all"]
    catalog.main(words)
    assert len(list(tmp_path.iterdir())) == 2 * len(FORMATS)
    assert "catalog-2.jsonld" in capsys.readouterr().out


def test_command_line_names_unknown_dirt(capsys: pytest.CaptureFixture):
    with pytest.raises(SystemExit):
        catalog.main(["1", "x", "--dirty", "mud"])
    assert "mud" in capsys.readouterr().err
