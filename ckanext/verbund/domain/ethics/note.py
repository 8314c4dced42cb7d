# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Vermerk: a decision as an accessible PDF for the file.

``Note`` is a pure value that holds everything; ``html`` and ``pdf`` only write it down. The
PDF is tagged, has language and title (PDF/UA-1), keeps for the archive (PDF/A-2a), and fetches
nothing: an address in a text stays text.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

import jinja2

from ckanext.verbund.domain import german

from .assess import Answer, Case, Recommendation, Verdict
from .catalogue import Catalogue, Effect
from .explain import explain
from .workflow import Action, Role, State, deviates

_HERE = files(__package__)
_FONTS = files("ckanext.verbund") / "theme" / "public" / "verbund" / "kern" / "fonts"
_FONT_NAMES = frozenset({"FiraSans-Regular", "FiraSans-SemiBold"})

DECISIONS: Mapping[State, str] = {
    State.DECIDED_OPEN: "Die Daten werden offen veröffentlicht.",
    State.DECIDED_RESTRICTED: "Die Daten werden eingeschränkt veröffentlicht.",
    State.DECIDED_NOT: "Die Daten werden nicht veröffentlicht.",
}
_ACTIONS = {
    State.DECIDED_OPEN: Action.DECIDE_OPEN,
    State.DECIDED_RESTRICTED: Action.DECIDE_RESTRICTED,
    State.DECIDED_NOT: Action.DECIDE_NOT,
}
ROLES: Mapping[Role, str] = {
    Role.EDITOR: "Redaktion",
    Role.REVIEWER: "Prüfung",
    Role.DECIDER: "Entscheidung",
    Role.DPO: "Datenschutz",
    Role.SECURITY: "Fachstelle Sicherheit",
    Role.STATISTICS: "Fachstelle Statistik",
    Role.LEGAL: "Fachstelle Recht",
    Role.ETHICS: "Fachstelle Datenethik",
    Role.LEITUNG: "Leitung",
}
VERDICTS: Mapping[Verdict, str] = {
    Verdict.NO_OBJECTION: "keine Einwände",
    Verdict.CONDITION: "mit Auflage",
    Verdict.OBJECTION: "Einwände",
}


@dataclass(frozen=True)
class Person:
    """Somebody who did something.

    Attributes:
        name: As it should stand in the file.
        role: What for.
        did: What, such as ``Entschieden``.
        at: When, with time zone.
        instead_of: Whom a deputy stood in for.
    """

    name: str
    role: Role
    did: str
    at: datetime
    instead_of: str = ""


@dataclass(frozen=True)
class Comment:
    """What a specialist said."""

    effect: Effect
    verdict: Verdict
    text: str
    person: str
    at: datetime


@dataclass(frozen=True)
class Found:
    """A finding of the automatic check, without values, and what somebody said of it."""

    what: str
    explained: str = ""


@dataclass(frozen=True)
class Note:
    """Everything that stands in a Vermerk.

    Attributes:
        number: Of the case.
        dataset: Title of the dataset.
        member: Name of the organisation.
        catalogue: The catalogue that the decision was made with.
        case: Answers, verdicts and findings.
        advice: The recommendation as it was when the decision was made.
        state: The decision, one of ``DECISIONS``.
        decided_at: When, with time zone.
        fingerprint: Of the content that was decided about.
        chain_hash: Of the decision's entry in the audit chain.
        office: Name of the office.
        place: Key of the Land and kind of the member; they choose the provisions.
        reason: The one reason of a Kurzprüfung.
        conditions: Text of the conditions.
        legal_ground: Ground of a refusal in spite of a duty to publish.
        deviation: Why the decision is another than the recommended one.
        comments: What specialists said.
        findings: What the automatic check found.
        check: State of the automatic check in words, if there are no findings.
        people: Who did what, in order.
        review_on: Day of the Wiedervorlage.
        valid_until: Last day of the publication, if one was set.
        dynamic: The decision covers later files of the same kind.
    """

    number: str
    dataset: str
    member: str
    catalogue: Catalogue
    case: Case
    advice: Recommendation
    state: State
    decided_at: datetime
    fingerprint: str
    chain_hash: str
    office: str = ""
    place: tuple[str, str] = ("", "")
    reason: str = ""
    conditions: str = ""
    legal_ground: str = ""
    deviation: str = ""
    comments: tuple[Comment, ...] = ()
    findings: tuple[Found, ...] = ()
    check: str = ""
    people: tuple[Person, ...] = ()
    review_on: date | None = None
    valid_until: date | None = None
    dynamic: bool = False


def html(note: Note) -> str:
    """Return a Vermerk as HTML, the source of the PDF.

    Raises:
        ValueError: The case is not decided.
    """
    if note.state not in DECISIONS:
        raise ValueError(f"{note.state.value} is no decision")
    heading = f"Vermerk zum Vorgang {note.number}"
    return _template().render(
        note=note,
        heading=heading,
        title=f"{heading}: {note.dataset}",
        created=note.decided_at.astimezone(german.BERLIN).date().isoformat(),
        decision=DECISIONS[note.state],
        facts=list(_facts(note)),
        texts=[
            (name, text)
            for name, text in (
                ("Auflagen", note.conditions),
                ("Rechtsgrund", note.legal_ground),
                ("Warum von der Empfehlung abgewichen wurde", note.deviation),
            )
            if text.strip()
        ],
        told=explain(note.catalogue, note.case, note.advice, "de", note.place),
        groups=list(_groups(note)),
        short=[_row(note, id, a) for id, a in _in_order(note) if a.short],
        effects=note.catalogue.effects,
        verdicts=VERDICTS,
        roles=ROLES,
        moment=german.date_time,
        proof=list(_proof(note)),
    )


def pdf(note: Note) -> bytes:
    """Return a Vermerk as tagged PDF for people and archives (PDF/UA-1 and PDF/A-2a).

    Raises:
        ValueError: The case is not decided.
        OSError: Pango is not installed (``stack/packages.txt``).
    """
    # Loads Pango: a portal that writes no Vermerk does not need it.
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    fonts, fetcher = FontConfiguration(), _fetcher()
    style = CSS(
        string=(_HERE / "note.css").read_text(encoding="utf-8"),
        font_config=fonts,
        url_fetcher=fetcher,
    )
    page = HTML(string=html(note), url_fetcher=fetcher)
    return page.write_pdf(
        stylesheets=[style], font_config=fonts, pdf_variant="pdf/a-2a", finisher=_name_both
    )


#: PDF/UA identification, and the description of it that PDF/A asks for (ISO 19005-2, 6.6.2.3).
_UA = b"""
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"
 pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>PDF/UA version identifier</pdfaProperty:description>
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>"""


def _name_both(_document: Any, paper: Any) -> None:
    """Say that the paper is PDF/UA too: WeasyPrint names one standard only."""
    number = int(paper.catalog["Metadata"].split()[0])
    metadata = paper.objects[number]
    metadata.stream = [part.replace(b"</rdf:RDF>", _UA) for part in metadata.stream]


def _fetcher() -> Any:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OurFonts(URLFetcher):
        """Give our fonts and nothing else: neither net nor files of the machine."""

        def fetch(self, url: str, headers: object = None) -> Any:
            name = url.removeprefix("font:")
            if name not in _FONT_NAMES or name == url:
                raise ValueError("a Vermerk fetches nothing")
            return URLFetcherResponse(url, _font(name))

    return OurFonts()


@cache
def _font(name: str) -> bytes:
    # Unpacked once: WeasyPrint would do it anew for every paper, which takes most of a second.
    from fontTools.ttLib import woff2

    unpacked = io.BytesIO()
    woff2.decompress(io.BytesIO((_FONTS / f"{name}.woff2").read_bytes()), unpacked)
    return unpacked.getvalue()


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True
    )
    return environment.from_string((_HERE / "note.html").read_text(encoding="utf-8"))


def _facts(note: Note) -> Iterator[tuple[str, str]]:
    yield "Entschieden am", german.date_time(note.decided_at)
    differs = deviates(_ACTIONS[note.state], note.advice.outcome)
    follows = "anders entschieden als empfohlen" if differs else "wie empfohlen entschieden"
    yield "Empfehlung", follows
    if note.dynamic:
        yield "Gilt für", "diese und spätere Dateien mit gleichen Spalten, Quelle und Umfang"
    else:
        yield "Gilt für", "genau diese Fassung der Daten"
    if note.review_on:
        yield "Wiedervorlage", f"{german.long_date(note.review_on)} (erinnert nur)"
    if note.valid_until:
        yield (
            "Gültig bis",
            f"{german.long_date(note.valid_until)}, danach nicht mehr öffentlich",
        )


def _proof(note: Note) -> Iterator[tuple[str, str]]:
    yield "Fragenkatalog", f"Version {note.catalogue.version}"
    yield "Prüfsumme des Katalogs", _spaced(note.catalogue.hash)
    yield "Fingerabdruck der Daten", _spaced(note.fingerprint)
    yield "Prüfsumme im Protokoll", _spaced(note.chain_hash)


def _spaced(digest: str) -> str:
    # People compare a checksum in pieces; a line of 64 signs fits no column.
    return " ".join(digest[n : n + 8] for n in range(0, len(digest), 8))


@dataclass(frozen=True)
class _Row:
    id: str
    asked: str
    answered: str
    reason: str
    measures: tuple[str, ...]
    refs: tuple[str, ...]


@dataclass(frozen=True)
class _Group:
    name: str
    rows: tuple[_Row, ...]


def _groups(note: Note) -> Iterator[_Group]:
    """Yield what was answered in the long form, by group."""
    for letter, names in note.catalogue.groups.items():
        rows = tuple(
            _row(note, id, answer)
            for id, answer in _in_order(note)
            if id[0] == letter and not answer.short
        )
        if rows:
            yield _Group(f"{letter} · {names['de']}", rows)


def _in_order(note: Note) -> Iterator[tuple[str, Answer]]:
    for question in note.catalogue.questions:
        if question.id in note.case.answers:
            yield question.id, note.case.answers[question.id]


def _row(note: Note, id: str, answer: Answer) -> _Row:
    catalogue = note.catalogue
    references = catalogue.references_for(catalogue[id], *note.place)
    measures = (m for key, m in catalogue.measures.items() if key in answer.measures)
    return _Row(
        id=id,
        asked=catalogue[id].texts["de"],
        answered=f"{catalogue.answers[answer.value]['de']}.",
        reason=answer.reason,
        measures=tuple(measure["de"] for measure in measures),
        refs=tuple(reference.cite for reference in references),
    )
