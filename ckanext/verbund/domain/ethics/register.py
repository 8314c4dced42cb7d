# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the public register tells of a decision, and what it keeps (publish-or-not, 5.6).

An ``Entry`` has no place for a name of staff, a file, an internal reason or a finding, so that
none can slip in. Free texts are looked through besides: one that names somebody, a file or an
address is left out. Sealed decisions have no entry at all.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from statistics import median

from ckanext.verbund.domain import german, spreadsheet

from .catalogue import Catalogue, Texts
from .workflow import State

LEAST = 3  # smaller totals are not shown; publish-or-not, section 5.6
#: Decisions by what the register calls them.
OUTCOMES: Mapping[State, str] = {
    State.DECIDED_OPEN: "open",
    State.DECIDED_RESTRICTED: "restricted",
    State.DECIDED_NOT: "refused",
}
OUTCOME_TEXTS: Mapping[str, Texts] = {
    "open": {"de": "offen", "en": "open"},
    "restricted": {"de": "eingeschränkt", "en": "restricted"},
    "refused": {"de": "nicht veröffentlicht", "en": "not published"},
}


@dataclass(frozen=True)
class Decided:
    """A decision with what its case tells; not public as it stands.

    Attributes:
        id: Of the decision. It must not be a running number: a gap would tell of a sealed one.
        hash: Of its entry in the audit chain.
        member: Name of the organisation.
        office: Name of the office, a body and not a person; empty: the member itself.
        state: What was decided, one of ``OUTCOMES``.
        submitted_on: Day on which the case was sent.
        decided_on: Day of the decision.
        questions: IDs of the questions whose effects stood.
        grounds: Further codes of grounds, such as the legal ground of a refusal.
        title: Title for the register.
        description: Description for the register.
        reviewed: Somebody other than its author looked through title and description.
        reason: Short public reason.
        measures: What was done, as codes of the catalogue.
        conditions: Text of the conditions.
        review_on: Day of the Wiedervorlage.
        valid_until: Last day of the publication, if one was set.
        ended_on: Day on which it was revoked, if it was.
        catalogue: Version and hash of the catalogue that it was made with.
        contact: Mailbox of the office.
        land: Key of the Land.
        sealed: Somebody sealed it, as E2 allows. E3 is sealed by the catalogue.
        kind: Code of the Musterdatensatz of a dataset that everybody can read; else empty.
        themes: Codes of its themes, likewise.
    """

    id: str
    hash: str
    member: str
    office: str
    state: State
    submitted_on: date
    decided_on: date
    questions: tuple[str, ...] = ()
    grounds: tuple[str, ...] = ()
    title: str = ""
    description: str = ""
    reviewed: bool = False
    reason: str = ""
    measures: tuple[str, ...] = ()
    conditions: str = ""
    review_on: date | None = None
    valid_until: date | None = None
    ended_on: date | None = None
    catalogue: tuple[int, str] = (0, "")
    contact: str = ""
    land: str = ""
    sealed: bool = False
    kind: str = ""
    themes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    """What everybody may read of a decision."""

    id: str
    hash: str
    member: str
    office: str
    outcome: str
    decided_on: date
    title: str
    description: str = ""
    grounds: tuple[str, ...] = ()
    reason: str = ""
    measures: tuple[str, ...] = ()
    conditions: str = ""
    review_on: date | None = None
    valid_until: date | None = None
    ended_on: date | None = None
    catalogue_version: int = 0
    catalogue_hash: str = ""
    contact: str = ""
    land: str = ""
    kind: str = ""
    themes: tuple[str, ...] = ()


# -- One decision -----------------------------------------------------------------------------


def grounds(catalogue: Catalogue, decided: Decided) -> tuple[str, ...]:
    """Return the codes of the grounds of a decision, in the order of the catalogue."""
    found = {catalogue[id].ground for id in decided.questions} | set(decided.grounds)
    return tuple(code for code in catalogue.grounds if code in found)


def is_sealed(catalogue: Catalogue, decided: Decided) -> bool:
    """Return whether a decision has no entry and counts in totals only.

    A case is sealed as a whole: naming its other grounds would tell that there is one.
    """
    return (
        decided.sealed
        or any(catalogue[id].sealed for id in decided.questions)
        or bool(catalogue.sealed_grounds & set(grounds(catalogue, decided)))
    )


def public(
    catalogue: Catalogue, decided: Decided, secrets: Collection[str] = ()
) -> Entry | None:
    """Return what the register shows of a decision, or None for a sealed one.

    Args:
        catalogue: The questions in force.
        decided: The decision.
        secrets: What must not appear: names of everybody who had to do with the case, names
            of files, and the title of the dataset unless the reviewed one is the same.

    Raises:
        ValueError: It is no decision.
    """
    if decided.state not in OUTCOMES:
        raise ValueError(f"{decided.state.value} is no decision")
    if is_sealed(catalogue, decided):
        return None

    def clean(text: str, *, address: bool = False) -> str:
        return "" if _leak(text, secrets, address=address) else text.strip()

    office = clean(decided.office) or decided.member
    title = clean(decided.title) if decided.reviewed else ""
    return Entry(
        id=decided.id,
        hash=decided.hash,
        member=decided.member,
        office=office,
        outcome=OUTCOMES[decided.state],
        decided_on=decided.decided_on,
        title=title or f"Daten aus der Stelle „{office}“",
        description=clean(decided.description) if decided.reviewed else "",
        grounds=grounds(catalogue, decided),
        reason=clean(decided.reason),
        measures=decided.measures,
        conditions=clean(decided.conditions),
        review_on=decided.review_on,
        valid_until=decided.valid_until,
        ended_on=decided.ended_on,
        catalogue_version=decided.catalogue[0],
        catalogue_hash=decided.catalogue[1],
        contact=clean(decided.contact, address=True),
        land=decided.land,
        kind=decided.kind,
        themes=decided.themes,
    )


@dataclass(frozen=True)
class Objection:
    """A text that the register would leave out, for the person who writes it."""

    field: str
    texts: Texts


_FIELDS: Mapping[str, Texts] = {
    "office": {"de": "Stelle", "en": "Office"},
    "title": {"de": "Titel im Register", "en": "Title in the register"},
    "description": {"de": "Beschreibung im Register", "en": "Description in the register"},
    "reason": {"de": "Öffentlicher Grund", "en": "Public reason"},
    "conditions": {"de": "Auflagen", "en": "Conditions"},
    "contact": {"de": "Kontakt", "en": "Contact"},
}
_LEAKS: Mapping[str, Texts] = {
    "secret": {
        "de": "nennt eine Person, eine Datei oder den ungeprüften Titel. Schreiben Sie es "
        "ohne.",
        "en": "names a person, a file or the unreviewed title. Write it without.",
    },
    "address": {
        "de": "enthält eine Adresse im Netz. Lassen Sie sie weg.",
        "en": "holds an address on the net. Leave it out.",
    },
    "file": {
        "de": "enthält einen Dateinamen. Lassen Sie ihn weg.",
        "en": "holds the name of a file. Leave it out.",
    },
}


def objections(decided: Decided, secrets: Collection[str] = ()) -> list[Objection]:
    """Return what to rewrite before a decision is signed, field by field."""
    found = []
    for name, label in _FIELDS.items():
        leak = _leak(getattr(decided, name), secrets, address=name == "contact")
        if leak:
            texts = {lang: f"„{text}“ {_LEAKS[leak][lang]}" for lang, text in label.items()}
            found.append(Objection(name, texts))
    return found


_ADDRESS = re.compile(r"(?i)\b(?:https?|ftp)://|\bwww\.|[\w.+-]+@[\w-]+\.\w")
_FILE = re.compile(
    r"(?i)\b[\w-]+\.(?:csv|tsv|xlsx?|ods|json|geojson|xml|gml|kml|zip|pdf|docx?|shp|gpkg|txt)\b"
)


def _leak(text: str, secrets: Collection[str], *, address: bool) -> str:
    """Return what is wrong with a text: secret, address, file, or nothing."""
    words = _words(text)
    if any(secret and f" {secret} " in f" {words} " for secret in map(_words, secrets)):
        return "secret"
    if not address and _ADDRESS.search(text):
        return "address"
    return "file" if _FILE.search(text) else ""


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


#: Where somebody turns who wants the data all the same, by key of the Land.
REDRESS: Mapping[str, Texts] = {
    "07": {
        "de": "Sie können die Daten nach dem Landestransparenzgesetz beantragen. Bei Streit "
        "hilft "
        "die oder der Landesbeauftragte für den Datenschutz und die Informationsfreiheit "
        "Rheinland-Pfalz.",
        "en": "You may request the data under the Landestransparenzgesetz. In a dispute the "
        "commissioner for data protection and freedom of information of Rhineland-Palatinate "
        "helps.",
    },
    "10": {
        "de": "Sie können die Daten nach dem Saarländischen Informationsfreiheitsgesetz "
        "beantragen. Bei Streit hilft das Unabhängige Datenschutzzentrum Saarland.",
        "en": "You may request the data under the Saarländisches Informationsfreiheitsgesetz. "
        "In a dispute the Unabhängiges Datenschutzzentrum Saarland helps.",
    },
}
_REDRESS_ELSEWHERE: Texts = {
    "de": "Fragen Sie die genannte Stelle, nach welchem Gesetz Sie die Daten beantragen "
    "können.",
    "en": "Ask the office named here under which law you may request the data.",
}


def redress(entry: Entry, lang: str = "de") -> str:
    """Return where somebody turns who wants the data all the same; empty for open data."""
    if entry.outcome == "open" and entry.ended_on is None:
        return ""
    return redress_in(entry.land, lang)


def redress_in(land: str, lang: str = "de") -> str:
    """Return where somebody turns in a Land who wants data all the same.

    Args:
        land: Key of the Land; an unknown one names no law.
        lang: ``de`` or ``en``.
    """
    return REDRESS.get(land, _REDRESS_ELSEWHERE)[lang]


# -- As JSON, CSV, feed -----------------------------------------------------------------------


def as_json(catalogue: Catalogue, entry: Entry, lang: str = "de") -> dict[str, object]:
    """Return an entry as JSON: codes for programs, texts beside them for people."""
    return {
        "id": entry.id,
        "hash": entry.hash,
        "member": entry.member,
        "office": entry.office,
        "outcome": entry.outcome,
        "outcome_text": OUTCOME_TEXTS[entry.outcome][lang],
        "decided_on": entry.decided_on.isoformat(),
        "title": entry.title,
        "description": entry.description,
        "grounds": list(entry.grounds),
        "ground_texts": [catalogue.grounds[code][lang] for code in entry.grounds],
        "reason": entry.reason,
        "measures": list(entry.measures),
        "measure_texts": [catalogue.measures[code][lang] for code in entry.measures],
        "conditions": entry.conditions,
        "review_on": _iso(entry.review_on),
        "valid_until": _iso(entry.valid_until),
        "ended_on": _iso(entry.ended_on),
        "catalogue_version": entry.catalogue_version,
        "catalogue_hash": entry.catalogue_hash,
        "kind": entry.kind,
        "themes": list(entry.themes),
        "contact": entry.contact,
        "redress": redress(entry, lang),
    }


#: Columns of the CSV: key of ``as_json`` and heading.
COLUMNS: Mapping[str, Texts] = {
    "id": {"de": "Entscheidung", "en": "Decision"},
    "member": {"de": "Mitglied", "en": "Member"},
    "office": {"de": "Stelle", "en": "Office"},
    "title": {"de": "Titel", "en": "Title"},
    "description": {"de": "Beschreibung", "en": "Description"},
    "outcome_text": {"de": "Ergebnis", "en": "Outcome"},
    "decided_on": {"de": "Entschieden am", "en": "Decided on"},
    "ground_texts": {"de": "Gründe", "en": "Grounds"},
    "reason": {"de": "Begründung", "en": "Reason"},
    "measure_texts": {"de": "Maßnahmen", "en": "Measures"},
    "conditions": {"de": "Auflagen", "en": "Conditions"},
    "review_on": {"de": "Wiedervorlage", "en": "Review"},
    "valid_until": {"de": "Gültig bis", "en": "Valid until"},
    "ended_on": {"de": "Beendet am", "en": "Ended on"},
    "catalogue_version": {"de": "Fragenkatalog", "en": "Catalogue"},
    "contact": {"de": "Kontakt", "en": "Contact"},
    "redress": {"de": "Was Sie tun können", "en": "What you can do"},
    "hash": {"de": "Prüfsumme", "en": "Hash"},
}


def to_csv(catalogue: Catalogue, entries: Iterable[Entry], lang: str = "de") -> bytes:
    """Return entries as a CSV that a German Excel opens, one line each."""
    rows = []
    for entry in entries:
        values = as_json(catalogue, entry, lang)
        rows.append([_cell(values[key]) for key in COLUMNS])
    return spreadsheet.to_csv([texts[lang] for texts in COLUMNS.values()], rows)


@dataclass(frozen=True)
class FeedItem:
    """An entry as Atom wants it (RFC 4287): unique address, title, moment, text."""

    id: str
    title: str
    updated: str
    summary: str


def feed_item(catalogue: Catalogue, entry: Entry, base: str, lang: str = "de") -> FeedItem:
    """Return an entry for the feed of the register.

    Args:
        catalogue: For the words of the grounds.
        entry: The entry.
        base: Address of the register.
        lang: Language of the texts.
    """
    changed = entry.ended_on or entry.decided_on
    moment = datetime.combine(changed, time(), german.BERLIN)
    parts = [OUTCOME_TEXTS[entry.outcome][lang]]
    parts += [catalogue.grounds[code][lang] for code in entry.grounds]
    text = "; ".join(parts)
    return FeedItem(
        id=f"{base.rstrip('/')}/{entry.id}",
        title=f"{entry.office}: {entry.title}",
        updated=moment.isoformat(),
        summary=f"{text}. {entry.reason}".strip(),
    )


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _cell(value: object) -> object:
    return "; ".join(str(v) for v in value) if isinstance(value, list) else value


# -- Figures of a year ------------------------------------------------------------------------


@dataclass(frozen=True)
class OfficeFigures:
    """How an office decided; figures exist per office, never per person.

    Attributes:
        office: Its name.
        decisions: How many, None if below ``LEAST``.
        median_days: Median of the days from sending to decision, None likewise.
    """

    office: str
    decisions: int | None
    median_days: float | None


@dataclass(frozen=True)
class Year:
    """Figures of one year; None stands for a total below ``LEAST``, zero included."""

    year: int
    total: int | None
    outcomes: Mapping[str, int | None]
    grounds: Mapping[str, int | None]
    offices: tuple[OfficeFigures, ...]


def yearly(catalogue: Catalogue, decisions: Iterable[Decided], year: int) -> Year:
    """Count the decisions of a year.

    Small totals are not told apart from none, and sealed decisions are counted only where
    ``LEAST`` of them share an outcome; else the difference between a total and the entries
    would give them away. They are in no figure of an office.

    Args:
        catalogue: The questions in force.
        decisions: All decisions of a member or portal.
        year: The year of the decision.
    """
    of_year = [d for d in decisions if d.decided_on.year == year and d.state in OUTCOMES]
    shown: list[Decided] = []
    sealed: list[Decided] = []
    for one in of_year:
        (sealed if is_sealed(catalogue, one) else shown).append(one)
    hidden = Counter(d.state for d in sealed)
    counted = shown + [d for d in sealed if hidden[d.state] >= LEAST]
    outcomes = Counter(OUTCOMES[d.state] for d in counted)
    reasons = Counter(code for d in counted for code in grounds(catalogue, d))
    offices: dict[str, list[int]] = {}
    for one in shown:
        days = max(0, (one.decided_on - one.submitted_on).days)
        offices.setdefault(one.office or one.member, []).append(days)
    return Year(
        year=year,
        total=_told(len(counted)),
        outcomes={name: _told(outcomes[name]) for name in OUTCOMES.values()},
        grounds={code: _told(reasons[code]) for code in catalogue.grounds},
        offices=tuple(
            OfficeFigures(
                name, _told(len(days)), float(median(days)) if len(days) >= LEAST else None
            )
            for name, days in sorted(offices.items())
        ),
    )


def figure(count: float | None, lang: str = "de") -> str:
    """Return a total as it is shown."""
    if count is None:
        return {"de": "weniger als drei", "en": "fewer than three"}[lang]
    return german.number(count, 0) if lang == "de" else f"{count:,.0f}"


def _told(count: int) -> int | None:
    return count if count >= LEAST else None
