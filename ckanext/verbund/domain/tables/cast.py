# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Write values so that PostgreSQL reads them as numbers, days and times."""

from __future__ import annotations

import polars as pl

from ckanext.verbund.domain.tables.values import Decision, pattern, to_date


def stripped(column: str) -> pl.Expr:
    """Return a column without blanks around its values; blank ones are null."""
    text = pl.col(column).str.strip_chars()
    return pl.when(text != "").then(text)


def blank_as_null(column: str) -> pl.Expr:
    """Return a text column as it stands, blank values as null."""
    return pl.when(pl.col(column).str.strip_chars() != "").then(pl.col(column))


def cast(column: str, decision: Decision) -> pl.Expr:
    """Return the values of a column as PostgreSQL reads them; what does not fit is null."""
    if decision.type == "text":
        return blank_as_null(column)
    text = stripped(column)
    value = _CASTS[decision.type](text, decision)
    return pl.when(text.str.contains(pattern(decision.classes))).then(value)


def _number(text: pl.Expr, decision: Decision) -> pl.Expr:
    text = text.str.replace("−", "-", literal=True).str.strip_prefix("+")
    if decision.reading == "en":
        return text
    if decision.unit:
        text = text.str.replace(r"\s?(?:%|€|EUR|Euro)$", "")
    return text.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)


def _integer(text: pl.Expr, decision: Decision) -> pl.Expr:
    if "thousand" not in decision.classes:
        return text.str.replace("−", "-", literal=True).str.strip_prefix("+")
    return _number(text, decision)


def _clock(text: pl.Expr) -> pl.Expr:
    return (
        text.str.replace(r"\s?Uhr$", "")
        .str.replace(r"^(\d\d?)\.(\d\d)$", "${1}:${2}")
        .str.replace(",", ".", literal=True)
    )


def _date(text: pl.Expr, _decision: Decision) -> pl.Expr:
    return to_date(text)


def _timestamp(text: pl.Expr, _decision: Decision) -> pl.Expr:
    day = to_date(text.str.extract(r"^(\d{4}-\d\d-\d\d|\d\d?\.\s?\d\d?\.\s?\d+)"))
    clock = text.str.extract(r"(?:T|,|\s)\s?(\d\d?[:.]\d\d(?:[:.,+\-Z\d]|\s?Uhr|\s?[+-Z])*)$")
    clock = _clock(clock)
    return pl.when(clock.is_null()).then(day).otherwise(day + pl.lit(" ") + clock)


def _boolean(text: pl.Expr, _decision: Decision) -> pl.Expr:
    yes = text.str.contains("^(?i:ja|wahr|true)$")
    return pl.when(yes).then(pl.lit("true")).otherwise(pl.lit("false"))


_CASTS = {
    "integer": _integer,
    "decimal": _number,
    "date": _date,
    "time": lambda text, _decision: _clock(text),
    "timestamp": _timestamp,
    "timestamptz": _timestamp,
    "boolean": _boolean,
}
