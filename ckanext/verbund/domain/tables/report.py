# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The sentences in which the table builder says what it did to a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ckanext.verbund.domain.finding import Finding, excerpt
from ckanext.verbund.domain.tables.layout import Name
from ckanext.verbund.domain.tables.values import Decision

TYPE_LABELS = {
    "integer": "ganze Zahl",
    "decimal": "Dezimalzahl",
    "date": "Datum",
    "timestamp": "Datum mit Uhrzeit",
    "timestamptz": "Datum mit Uhrzeit und Zeitzone",
    "time": "Uhrzeit",
    "boolean": "ja/nein",
    "text": "Text",
}
ORIGINAL_SUFFIX = " (Originaltext)"


def column_findings(header: str, decision: Decision) -> Iterator[Finding]:
    """Explain the type of a column where it is not obvious."""
    label = TYPE_LABELS[decision.type]
    for note in decision.notes:
        if note in _NOTES:
            severity, german, english, remedy = _NOTES[note]
            yield Finding(
                f"table.{note}",
                severity,  # type: ignore[arg-type]
                subject=f"Spalte {header}",
                property=header,
                message_de=german,
                message_en=english,
                remedy_de=remedy,
            )
    if decision.nearly:
        yield Finding(
            "table.mixed-column",
            "warning",
            subject=f"Spalte {header}",
            property=header,
            message_de=(
                f"Die Spalte bleibt Text: {decision.misfits} Werte sind nicht vom Typ "
                f"„{TYPE_LABELS[decision.nearly]}“ wie die übrigen. Sie lässt sich so "
                "nicht als Zahl oder Datum sortieren."
            ),
            message_en=f"Stays text: {decision.misfits} values are no {decision.nearly}.",
            remedy_de="Bereinigen Sie die unten genannten Werte oder lassen Sie sie leer.",
        )
    if decision.unit:
        yield Finding(
            "table.unit",
            "hint",
            subject=f"Spalte {header}",
            property=header,
            value_excerpt=decision.unit,
            message_de=(
                f"Alle Werte tragen die Einheit „{decision.unit}“. Die Tabelle enthält die "
                "Zahl, die Spaltenbeschreibung die Einheit."
            ),
            message_en=f"The unit {decision.unit} moved to the description of the column.",
        )
    if decision.missing and decision.type != "text":
        yield Finding(
            "table.placeholder",
            "hint",
            subject=f"Spalte {header}",
            property=header,
            message_de=(
                f"{decision.missing} Platzhalter wie „-“ oder „k. A.“ sind in der Tabelle leer "
                f"(Spalte vom Typ „{label}“)."
            ),
            message_en=f"{decision.missing} placeholders are empty in the table.",
        )
    if decision.misfits and decision.type != "text":
        yield Finding(
            "table.misfits-kept",
            "warning",
            subject=f"Spalte {header}",
            property=header,
            message_de=(
                f"{decision.misfits} Werte passen nicht zum Typ „{label}“. Sie stehen im "
                f"Wortlaut in der zusätzlichen Spalte „{header}{ORIGINAL_SUFFIX}“."
            ),
            message_en=f"{decision.misfits} values do not fit and are kept in an extra column.",
            remedy_de="Bereinigen Sie die unten genannten Werte.",
        )


_NOTES = {
    "leading-zero": (
        "hint",
        (
            "Die Spalte enthält Werte mit führender Null (etwa Schlüssel oder Postleitzahlen) "
            "und bleibt deshalb Text."
        ),
        "Leading zeros: the column stays text.",
        "",
    ),
    "code-header": (
        "hint",
        "Die Spalte enthält dem Namen nach Kennziffern und bleibt deshalb Text.",
        "Named like a code: the column stays text.",
        "",
    ),
    "ambiguous-thousands": (
        "warning",
        (
            "Werte wie „1.234“ sind mehrdeutig; der Punkt wurde als Tausenderpunkt gelesen "
            "(1234)."
        ),
        'Values like "1.234" were read as thousands.',
        "Prüfen Sie die Spalte. Schreiben Sie Dezimalzahlen mit Komma.",
    ),
    "ambiguous-decimal": (
        "warning",
        (
            "Werte wie „1.234“ sind mehrdeutig; der Punkt wurde als Dezimalpunkt gelesen, "
            "wie es der Spaltenname oder die übrige Datei nahelegt."
        ),
        'Values like "1.234" were read as decimals.',
        "Prüfen Sie die Spalte. Schreiben Sie Dezimalzahlen mit Komma.",
    ),
    "dot-decimal": (
        "hint",
        (
            "Die Spalte schreibt Dezimalzahlen mit Punkt statt mit Komma; sie wurden als "
            "Zahlen gelesen."
        ),
        "Decimals are written with a point.",
        "Falls es Gliederungsnummern sind: Setzen Sie einen Buchstaben davor.",
    ),
    "short-year": (
        "hint",
        (
            "Jahreszahlen mit zwei Stellen: 00 bis 69 wurden als 2000 bis 2069 gelesen, "
            "70 bis 99 als 1970 bis 1999."
        ),
        "Two-digit years: 00-69 are 2000-2069, 70-99 are 1970-1999.",
        "Schreiben Sie Jahreszahlen mit vier Stellen.",
    ),
}


def value_finding(line: int, header: str, value: str, wanted: str, unit: str) -> Finding:
    """Report one value that does not fit its column."""
    return Finding(
        "table.value-misfit",
        "warning",
        subject=f"{unit} {line}",
        line=line,
        property=header,
        value_excerpt=excerpt(value),
        message_de=f"„{excerpt(value)}“ ist kein Wert vom Typ „{TYPE_LABELS[wanted]}“.",
        message_en=f'"{excerpt(value)}" is not of type {wanted}.',
    )


def name_finding(name: Name) -> Finding | None:
    """Report a header that could not stay as it is."""
    reasons = {
        "empty": "Die Spalte hat keine Überschrift",
        "duplicate": "Die Überschrift kommt mehrfach vor",
        "long": "Die Überschrift ist länger als 63 Byte",
        "character": "Die Überschrift enthält Zeichen, die als Spaltenname nicht möglich sind",
    }
    if not name.reason:
        return None
    return Finding(
        f"table.header-{name.reason}",
        "warning" if name.reason in {"empty", "duplicate"} else "hint",
        subject="Kopfzeile",
        property=name.name,
        value_excerpt=excerpt(name.header),
        message_de=f"{reasons[name.reason]}; die Spalte heißt „{name.name}“.",
        message_en=f'Header {name.reason}: the column is called "{name.name}".',
        remedy_de="Geben Sie jeder Spalte eine eigene, kurze Überschrift.",
    )


def title_finding(titles: Sequence[str], line: int) -> Finding:
    """Report lines above the header."""
    return Finding(
        "table.title-lines",
        "hint",
        subject="Zeile 1" if line == 2 else f"Zeilen 1 bis {line - 1}",
        line=1,
        value_excerpt=excerpt(" / ".join(titles)),
        message_de="Über der Kopfzeile steht Text; er gehört nicht zur Tabelle.",
        message_en="Text above the header is not part of the table.",
        remedy_de="Tragen Sie ihn als Titel oder Beschreibung der Ressource ein.",
    )


def no_header_finding() -> Finding:
    """Report a file without a header."""
    return Finding(
        "table.no-header",
        "warning",
        subject="Zeile 1",
        line=1,
        message_de="Die Datei hat keine Kopfzeile; die Spalten heißen „Spalte 1“, „Spalte 2“ …",
        message_en="No header; columns are numbered.",
        remedy_de="Fügen Sie eine Kopfzeile mit den Spaltennamen ein.",
    )


def empty_column_finding(header: str) -> Finding:
    """Report a column without header or without any value."""
    return Finding(
        "table.empty-column",
        "hint",
        subject="Kopfzeile",
        property=header,
        message_de="Eine Spalte ohne Überschrift und ohne Werte wurde weggelassen.",
        message_en="A column without header and values was left out.",
    )


def surplus_finding(line: int, cells: Sequence[str], width: int, unit: str) -> Finding:
    """Report a row with more fields than columns; it is not in the table."""
    return Finding(
        "table.too-many-fields",
        "error",
        subject=f"{unit} {line}",
        line=line,
        value_excerpt=excerpt(" | ".join(cells), 200),
        message_de=(
            f"Die Zeile hat {len(cells)} statt {width} Felder und steht nicht in der Tabelle."
        ),
        message_en=f"{len(cells)} fields instead of {width}: not in the table.",
        remedy_de="Setzen Sie Felder, die das Trennzeichen enthalten, in Anführungszeichen.",
    )


def short_finding(line: int, cells: Sequence[str], width: int, unit: str) -> Finding:
    """Report a row with fewer fields than columns; the rest is empty."""
    return Finding(
        "table.too-few-fields",
        "warning",
        subject=f"{unit} {line}",
        line=line,
        value_excerpt=excerpt(" | ".join(cells)),
        message_de=f"Die Zeile hat {len(cells)} statt {width} Felder; die übrigen sind leer.",
        message_en=f"{len(cells)} fields instead of {width}; the others are empty.",
    )


def below_finding(line: int, cells: Sequence[str], kind: str) -> Finding:
    """Report a note or a sum below the table."""
    what = "Eine Summenzeile" if kind == "sum" else "Ein Vermerk"
    return Finding(
        f"table.{kind}-line",
        "warning" if kind == "sum" else "hint",
        subject=f"Zeile {line}",
        line=line,
        value_excerpt=excerpt(" | ".join(c for c in cells if c.strip())),
        message_de=f"{what} unter der Tabelle gehört nicht zu den Daten und wurde weggelassen.",
        message_en=f"A {kind} below the table was left out.",
    )
