# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""``ckan verbund vocab`` and ``ckan verbund musterdatensatz``."""

import pytest
from click.testing import CliRunner

from ckanext.verbund.base.cli import verbund


def run(*words: str):
    return CliRunner().invoke(verbund, [str(word) for word in words])


def test_all_vocabularies_are_listed():
    result = run("vocab", "list")
    assert result.exit_code == 0
    assert "license: 34 values; 20200715; AGPL-3.0-only" in result.output


def test_the_bundled_vocabularies_are_verified():
    result = run("vocab", "verify")
    assert (result.exit_code, result.output) == (0, "All lists are as the manifest says.\n")


def test_an_update_can_be_tried_without_writing(tmp_path):
    edition = tmp_path / "edition.ttl"
    base = "http://publications.europa.eu/resource/authority/access-right"
    codes = ("CONFIDENTIAL", "NON_PUBLIC", "NORMAL", "PUBLIC", "RESTRICTED")
    prefix = "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
    edition.write_text(prefix + "\n".join(f"<{base}/{c}> a skos:Concept ." for c in codes))
    result = run("vocab", "update", edition, "--dry-run")
    assert result.exit_code == 0, result.output
    assert "withdrawn: 1 SENSITIVE" in result.output
    assert "Nothing written." in result.output
    assert run("vocab", "verify").exit_code == 0


def test_a_wrong_file_is_refused_with_a_reason(tmp_path):
    wrong = tmp_path / "brief.txt"
    wrong.write_text("Sehr geehrte Damen und Herren;")
    result = run("vocab", "update", wrong)
    assert result.exit_code == 1
    assert "Error: the file is neither RDF/XML nor Turtle" in result.output


def test_proposals_are_judged_with_a_labelled_file(tmp_path):
    labelled = tmp_path / "labelled.csv"
    labelled.write_text(
        "musterdatensatz,title,description\n"
        "Abfallentsorgung - Container,Altglascontainer,Standorte\n"
        "Raumfahrt - Mondlandung,Apollo,\n",
        encoding="utf-8",
    )
    result = run("musterdatensatz", "evaluate", labelled)
    assert result.output.splitlines()[-1] == "n=2 top1=0.500 top3=0.500"
    assert "No entry of the Musterdatenkatalog: Raumfahrt - Mondlandung" in result.output


@pytest.mark.parametrize("head", ["titel;text", ""])
def test_a_file_without_the_columns_is_refused(tmp_path, head):
    labelled = tmp_path / "labelled.csv"
    labelled.write_text(head, encoding="utf-8")
    result = run("musterdatensatz", "evaluate", labelled)
    assert result.exit_code == 1
    assert "Columns are missing: musterdatensatz, title" in result.output
