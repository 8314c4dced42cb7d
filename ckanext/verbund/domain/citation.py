# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How to name a dataset: attribution for the licence, citation for papers.

The attribution holds what the Datenlizenz Deutschland (by-2-0) and CC BY 4.0 (3(a)(1)) ask
for: who, what, the licence with the address of its text, the address of the data. The citation
follows DataCite's recommendation: creator (year): title. publisher. address.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from ckanext.verbund.domain import german
from ckanext.verbund.domain.licence import Licence

__all__ = ["Source", "attribution", "bibtex", "citation", "ris"]

# What BibTeX takes for a command.
_BIBTEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\{",
        "}": r"\}",
        "%": r"\%",
        "&": r"\&",
        "#": r"\#",
        "$": r"\$",
        "_": r"\_",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
    }
)


@dataclass(frozen=True)
class Source:
    """A dataset as others name it.

    Attributes:
        publisher: Who publishes it.
        title: Its title.
        url: Its page.
        changed: Day of its last change, if known.
        credit: The words in which the publisher wants to be named, or empty.
        kind: What it is, in German, as it stands in brackets.
    """

    publisher: str
    title: str
    url: str
    changed: date | None = None
    credit: str = ""
    kind: str = "Datensatz"


def attribution(source: Source, licence: Licence | None) -> str:
    """Return the text to put beside a use of the data.

    Args:
        source: The dataset.
        licence: Its licence, if it is of the list.
    """
    parts = [_plain(source.credit) or _plain(source.publisher), f"„{_plain(source.title)}“"]
    if licence:
        where = f" ({licence.url})" if licence.url else ""
        parts.append(f"{licence.short}{where}")
    return ", ".join(part for part in [*parts, source.url] if part)


def citation(source: Source, today: date) -> str:
    """Return the citation of a dataset in a list of sources.

    Args:
        source: The dataset.
        today: The day of access.
    """
    head = (
        f"{_plain(source.publisher)} ({_year(source)}): {_plain(source.title)} [{source.kind}]."
    )
    state = f" Stand {german.short_date(source.changed)}." if source.changed else ""
    return f"{head}{state} {source.url} (abgerufen am {german.short_date(today)})."


def bibtex(source: Source, key: str, today: date) -> str:
    """Return an entry for BibTeX.

    Args:
        source: The dataset.
        key: Name of the entry; letters, digits and hyphens of it are used.
        today: The day of access.
    """
    fields = {
        "author": "{" + _plain(source.publisher).translate(_BIBTEX) + "}",
        "title": _plain(source.title).translate(_BIBTEX),
        "year": _year(source),
        "howpublished": "Datensatz",
        "url": source.url,
        "urldate": today.isoformat(),
    }
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return f"@misc{{{re.sub('[^A-Za-z0-9-]', '', key) or 'datensatz'},\n{lines}\n}}\n"


def ris(source: Source, today: date) -> str:
    """Return an entry for reference managers (RIS, type DATA).

    Args:
        source: The dataset.
        today: The day of access.
    """
    fields = [
        ("TY", "DATA"),
        ("AU", _plain(source.publisher)),
        ("TI", _plain(source.title)),
        ("PY", _year(source)),
        ("PB", _plain(source.publisher)),
        ("UR", source.url),
        ("Y2", today.strftime("%Y/%m/%d")),
    ]
    lines = [f"{tag}  - {value}" for tag, value in fields if value not in {"", "o. J."}]
    return "\r\n".join([*lines, "ER  - ", ""])


def _year(source: Source) -> str:
    """Return the year of the data, or "o. J." (without year)."""
    return str(source.changed.year) if source.changed else "o. J."


def _plain(text: str) -> str:
    """Put a text on one line: a line break would begin a new field in RIS."""
    return " ".join(text.split())
