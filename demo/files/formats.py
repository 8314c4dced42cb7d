# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files as German towns have them: the same values always give the same bytes."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import xlsxwriter

NOTICE = "Demonstrationsdaten: alle Werte sind erfunden."
UTM32 = "urn:ogc:def:crs:EPSG::25832"

Row = Sequence[Any]
_EPOCH = (2026, 1, 2, 0, 0, 0)


def number(value: float | None, decimals: int = 0, *, thousands: bool = False) -> str:
    """Write a number the German way: decimal comma, thousands point if wanted."""
    if value is None:
        return ""
    text = f"{value:,.{decimals}f}" if thousands else f"{value:.{decimals}f}"
    return text.translate(str.maketrans(",.", ".,"))


def date(value: dt.date) -> str:
    """Write a date as 24.12.2025."""
    return f"{value:%d.%m.%Y}"


def moment(value: dt.datetime) -> str:
    """Write a moment as 24.12.2025 18:05."""
    return f"{value:%d.%m.%Y %H:%M}"


def csv_file(
    header: Row,
    rows: Iterable[Row],
    *,
    encoding: str = "utf-8-sig",
    title: str | None = None,
    delimiter: str = ";",
) -> bytes:
    """Write a CSV file, with a title line and an empty line above the header if wanted."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    if title:
        writer.writerow([f"{title} ({NOTICE})"])
        writer.writerow([])
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


def geojson_file(
    features: Iterable[Mapping[str, Any]], *, name: str, crs: str | None = None
) -> bytes:
    """Write a FeatureCollection; `crs` names the system when it is not WGS 84."""
    head: dict[str, Any] = {"type": "FeatureCollection", "name": name, "hinweis": NOTICE}
    if crs:
        head["crs"] = {"type": "name", "properties": {"name": crs}}
    head["features"] = list(features)
    return json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()


def feature(kind: str, coordinates: Any, **properties: Any) -> dict[str, Any]:
    """Return one GeoJSON feature."""
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def xlsx_file(sheets: Mapping[str, Sequence[Row]]) -> bytes:
    """Write a workbook; the first row of each sheet is its header."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "dd.mm.yyyy"})
    book.set_properties({"title": NOTICE, "created": dt.datetime(*_EPOCH[:3])})  # noqa: DTZ001
    bold = book.add_format({"bold": True})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for index, row in enumerate(rows):
            sheet.write_row(index, 0, row, bold if index == 0 else None)
    book.close()
    return out.getvalue()


def zip_file(files: Mapping[str, bytes]) -> bytes:
    """Write a ZIP archive whose entries carry a fixed date."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, date_time=_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return out.getvalue()
