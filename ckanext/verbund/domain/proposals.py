# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a form can fill in from an uploaded file.

Nobody should type what a file says about itself: title, format, size, encoding, columns,
rows, period, place. All of it is a proposal; a person looks at it.

Effort is bounded: of a large text file only beginning and end are read as a table, and
``propose_apart`` does it in a process of its own with limits on time and memory, so that
neither a zip bomb nor a library that fails takes a web process with it.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from ckanext.verbund.domain import file_kinds
from ckanext.verbund.domain.file_kinds import Recognised
from ckanext.verbund.domain.finding import Finding

_MB = 1024 * 1024
_TABLES = {"csv", "tsv", "tab", "txt", "xlsx", "xlsm", "xls", "ods", "geojson", "json"}
_WORKBOOKS = {"xlsx", "xlsm", "xls", "ods"}
_COLUMNS_KEPT = 200
_FINDINGS_KEPT = 20
# Years that data of a town are about; 31.12.9999 and 01.01.1900 stand for "unknown".
_FIRST_YEAR, _LAST_YEAR = 1901, 2100


@dataclass(frozen=True)
class Effort:
    """What reading one file may cost.

    Attributes:
        whole: Text files up to this size are read as a whole.
        head: Of a larger one, this many bytes of its beginning are read …
        tail: … and this many of its end.
        encoding: Up to this size the encoding is decided on the whole file.
        workbook: Unpacked size up to which a workbook is opened.
        seconds: Time for everything, when in a process of its own.
        memory: Address space of that process.
    """

    whole: int = 8 * _MB
    head: int = 4 * _MB
    tail: int = 256 * 1024
    encoding: int = 48 * _MB
    workbook: int = 40 * _MB
    seconds: float = 20.0
    memory: int = 3 * 1024 * _MB


@dataclass(frozen=True)
class Column:
    """A column: its header and a type of ``tables.values.PG_TYPES``."""

    name: str
    type: str


@dataclass(frozen=True)
class Period:
    """What time the data are about, and what says so.

    Attributes:
        start: First day, ISO.
        end: Last day, ISO.
        source: In German: the column, the header or the file name.
    """

    start: str
    end: str
    source: str


@dataclass(frozen=True)
class Proposals:
    """What a file says about itself; empty where it says nothing.

    Attributes:
        name: The file name, cleaned.
        title: A readable title, from the file name.
        format: IRI of the vocabulary ``file_type``.
        format_label: What people call the format.
        media_type: Media type.
        size: Bytes.
        encoding: Name of the encoding, of text files.
        delimiter: Name of the delimiter, of text tables.
        columns: The columns with their types.
        rows: Number of rows or objects.
        rows_exact: False: about that many, or at least, as ``rows_text`` says.
        rows_text: The number in words for people.
        period: What time the data are about.
        crs: Name and code of the coordinate system, of GeoJSON.
        bbox: West, south, east, north in degrees (WGS 84), of GeoJSON.
        findings: Warnings; an ``error`` means that the file is not taken.
    """

    name: str
    title: str
    format: str = ""
    format_label: str = ""
    media_type: str = ""
    size: int = 0
    encoding: str = ""
    delimiter: str = ""
    columns: tuple[Column, ...] = ()
    rows: int | None = None
    rows_exact: bool = True
    rows_text: str = ""
    period: Period | None = None
    crs: str = ""
    bbox: tuple[float, float, float, float] | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def refusal(self) -> Finding | None:
        """Return why the file is not taken, if it is not."""
        return next((f for f in self.findings if f.severity == "error"), None)

    def as_dict(self) -> dict[str, Any]:
        """Return everything as plain values."""
        return asdict(self)


@dataclass
class _Read:
    """What reading the content adds to name and kind."""

    encoding: str = ""
    delimiter: str = ""
    columns: list[Column] = field(default_factory=list)
    rows: int | None = None
    rows_exact: bool = True
    rows_text: str = ""
    period: Period | None = None
    crs: str = ""
    bbox: tuple[float, float, float, float] | None = None
    findings: list[Finding] = field(default_factory=list)


def propose(
    path: Path,
    name: str,
    accepted: Iterable[str] = file_kinds.DEFAULT_EXTENSIONS,
    effort: Effort | None = None,
) -> Proposals:
    """Return what a file says about itself.

    Args:
        path: The file.
        name: What it is called.
        accepted: Extensions that the portal takes.
        effort: What reading may cost.

    Returns:
        The proposals; a file that is not taken has a ``refusal``.
    """
    recognised = file_kinds.recognise(path, name, accepted)
    read = _Read()
    encrypted = any(f.id == "file.encrypted" for f in recognised.findings)
    if not recognised.refusal and recognised.extension in _TABLES and not encrypted:
        read = _read(path, recognised, effort or Effort())
    return _assemble(path, name, recognised, read)


def propose_apart(
    path: Path,
    name: str,
    accepted: Iterable[str] = file_kinds.DEFAULT_EXTENSIONS,
    effort: Effort | None = None,
) -> Proposals:
    """Do ``propose`` in a process of its own that may fail, hang or run out of memory.

    Args:
        path: The file.
        name: What it is called.
        accepted: Extensions that the portal takes.
        effort: What it may cost.

    Returns:
        The proposals; if reading failed, those from name and kind, with a hint.
    """
    effort = effort or Effort()
    recognised = file_kinds.recognise(path, name, accepted)
    if recognised.refusal or recognised.extension not in _TABLES:
        return _assemble(path, name, recognised, _Read())
    order = {"path": str(path), "name": name, "accepted": list(accepted), **asdict(effort)}
    # One thread: a second core makes one file hardly faster, and each costs memory.
    environment = {**os.environ, "POLARS_MAX_THREADS": "1", "RAYON_NUM_THREADS": "1"}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "ckanext.verbund.domain.proposals"],
            input=json.dumps(order),
            capture_output=True,
            timeout=effort.seconds,
            env=environment,
            check=True,
            text=True,
        )
        return _from_dict(json.loads(done.stdout))
    except (subprocess.SubprocessError, ValueError, OSError):
        return _assemble(path, name, recognised, _Read(findings=[_not_read()]))


def _assemble(path: Path, name: str, recognised: Recognised, read: _Read) -> Proposals:
    kind = recognised.kind
    findings = [*recognised.findings]
    # The recognition says it once; the readers would say it again.
    findings += [f for f in read.findings if f.id not in {"table.misnamed", "table.empty"}]
    period = read.period or _period_of_name(name)
    return Proposals(
        name=file_kinds.clean_name(name),
        title=title_of(name),
        format=kind.iri if kind else "",
        format_label=kind.name if kind else "",
        media_type=kind.media_type if kind else "",
        size=path.stat().st_size,
        encoding=read.encoding,
        delimiter=read.delimiter,
        columns=tuple(read.columns[:_COLUMNS_KEPT]),
        rows=read.rows,
        rows_exact=read.rows_exact,
        rows_text=read.rows_text,
        period=period,
        crs=read.crs,
        bbox=read.bbox,
        findings=tuple(findings[:_FINDINGS_KEPT]),
    )


def _from_dict(data: dict[str, Any]) -> Proposals:
    period, bbox = data["period"], data["bbox"]
    return Proposals(
        **{
            **data,
            "columns": tuple(Column(**c) for c in data["columns"]),
            "period": Period(**period) if period else None,
            "bbox": tuple(bbox) if bbox else None,
            "findings": tuple(Finding(**f) for f in data["findings"]),
        }
    )


def _not_read() -> Finding:
    return Finding(
        "proposals.not-read",
        "hint",
        message_de=(
            "Die Datei ist zu groß oder zu verschachtelt, um daraus weitere Angaben "
            "vorzuschlagen. Hochgeladen ist sie trotzdem."
        ),
        message_en="Too large or too deep to be read for proposals.",
        remedy_de="Tragen Sie die übrigen Angaben von Hand ein.",
    )


# -- Content ---------------------------------------------------------------------------------


def _read(path: Path, recognised: Recognised, effort: Effort) -> _Read:
    """Open the file, or an extract of it, as a table."""
    from ckanext.verbund.domain.tables import geojson
    from ckanext.verbund.domain.tables.limits import TableError

    fmt = {"tab": "tsv", "txt": "csv"}.get(recognised.extension, recognised.extension)
    limits = _limits(effort)
    read = _Read()
    with tempfile.TemporaryDirectory(prefix="verbund-vorschlag-") as folder:
        extract = Path(folder) / "auszug"
        try:
            if fmt in {"geojson", "json"}:
                exact = path.stat().st_size <= effort.whole
                if not exact:
                    geojson.shortened(path, extract, effort.head)
                source = path if exact else extract
                _read_table(source, "geojson", limits, read, exact=exact)
                if not exact:
                    read.rows_text = f"mindestens {_number(read.rows)}"
                view = geojson.overview(source)
                read.crs = geojson.crs_label(view.crs)
                read.bbox = geojson.extent(source, view)
            elif fmt in _WORKBOOKS:
                _read_table(path, fmt, limits, read, exact=True)
            else:
                _read_text(path, extract, fmt, read, effort)
        except TableError as error:
            _note_failure(error.finding, recognised, read, path.stat().st_size > effort.whole)
    return read


def _limits(effort: Effort) -> Any:
    from ckanext.verbund.domain.tables.limits import Limits

    return Limits(max_sheet_bytes=effort.workbook, max_findings=_FINDINGS_KEPT)


def _read_table(path: Path, fmt: str, limits: Any, read: _Read, *, exact: bool) -> None:
    from ckanext.verbund.domain.tables import report
    from ckanext.verbund.domain.tables.opening import open_table

    with open_table(path, fmt, limits) as table:
        read.columns = [
            Column(c.name, c.type)
            for c in table.columns
            if not c.name.endswith(report.ORIGINAL_SUFFIX)
        ]
        read.rows, read.rows_exact = table.rows, exact
        read.rows_text = _number(table.rows)
        read.encoding = table.info.get("encoding", "")
        read.delimiter = table.info.get("delimiter_label", "")
        read.period = _period_of_table(table)
        # Of an extract, what is odd about rows is known only in part: leave it to loading.
        kept = [f for f in table.findings.kept if exact or not f.line]
        read.findings += [_as_warning(f) for f in kept if f.severity != "hint"]


def _read_text(path: Path, extract: Path, fmt: str, read: _Read, effort: Effort) -> None:
    """Read a text table; of a large one beginning and end, and count its lines."""
    from ckanext.verbund.domain.tables import encoding

    limits = _limits(effort)
    size = path.stat().st_size
    if size <= effort.whole:
        _read_table(path, fmt, limits, read, exact=True)
        return
    # Wide letters cannot be cut at a byte that looks like a line end.
    wide = encoding.detect(_beginning(path, extract), limits).name.startswith(
        ("utf-16", "utf-32")
    )
    lines = _extract_lines(path, extract, effort, both_ends=not wide)
    _read_table(extract, fmt, limits, read, exact=False)
    if size <= effort.encoding:
        read.encoding = encoding.detect(path, limits).label
    read.rows = max(read.rows or 0, _count_lines(path) - lines + (read.rows or 0))
    read.rows_text = f"etwa {_number(read.rows)}"


def _beginning(path: Path, target: Path) -> Path:
    with path.open("rb") as source:
        target.write_bytes(source.read(4096))
    return target


def _extract_lines(path: Path, target: Path, effort: Effort, *, both_ends: bool) -> int:
    """Copy whole lines of beginning and end; return how many line ends were copied."""
    with path.open("rb") as source, target.open("wb") as out:
        head = source.read(effort.head)
        head = head[: head.rfind(b"\n") + 1] or head
        out.write(head)
        lines = head.count(b"\n")
        if both_ends:
            source.seek(-effort.tail, os.SEEK_END)
            tail = source.read(effort.tail)
            tail = tail[tail.find(b"\n") + 1 :]
            out.write(tail)
            lines += tail.count(b"\n")
    return lines


def _count_lines(path: Path) -> int:
    with path.open("rb") as handle:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: handle.read(_MB), b""))


def _note_failure(
    finding: Finding, recognised: Recognised, read: _Read, is_large: bool
) -> None:
    """Say why no table could be read, as far as it matters for a file that is kept."""
    if finding.id in {"table.not-geojson"} and recognised.extension == "json":
        return  # any other JSON is fine
    if recognised.extension == "txt":
        return  # a text need not be a table
    cut = is_large and finding.id == "table.not-json"  # one object longer than the extract
    if cut or finding.id in {"table.workbook-too-large", "table.too-many-rows"}:
        read.findings.append(_not_read())
        return
    read.findings.append(_as_warning(finding))


def _as_warning(finding: Finding) -> Finding:
    """A file that makes a poor table is still a file to publish."""
    return replace(finding, severity="warning")


def _number(value: int | None) -> str:
    from ckanext.verbund.domain.german import number

    return number(value or 0)


# -- Period ----------------------------------------------------------------------------------

# Dates and years about the life of a thing, not about the time that data describe.
_NOT_THE_PERIOD = re.compile(
    r"bau(jahr|datum|beginn|ende)|baujahr|pflanz|geburt|gr(ü|ue)nd|erricht|erbaut|eintrag|"
    r"erfass|ge(ä|ae)ndert|(ä|ae)nderung|aktualis|update|stand\b|import|export|angelegt|"
    r"jahrgang|alter\b|einweih|er(ö|oe)ffn|g(ü|ue)ltig|pr(ü|ue)f|wartung|zulassung",
    re.IGNORECASE,
)
_YEAR_HEADER = re.compile(
    r"(^|[\s_-])(\w*jahr|year|haushaltsjahr|berichtsjahr|zeitraum|Tabellenblatt)\s*$",
    re.IGNORECASE,
)
_YEAR = re.compile(r"^(19\d\d|20\d\d)$")
_YEAR_IN_NAME = re.compile(r"(?<!\d)(19[5-9]\d|20[0-4]\d)(?!\d)")


def _period_of_table(table: Any) -> Period | None:
    """Return the time between the first and last date of a table.

    Columns of dates count first, then columns of years, then years as headers.
    """
    dated = [
        c.name
        for c in table.columns
        if c.type in {"date", "timestamp", "timestamptz"} and not _NOT_THE_PERIOD.search(c.name)
    ]
    yearly = [
        c.name
        for c in table.columns
        if c.type in {"integer", "text"}
        and _YEAR_HEADER.search(c.name)
        and not _NOT_THE_PERIOD.search(c.name)
    ]
    days, years = _extremes(table, dated, yearly)
    if days:
        return Period(min(days), max(days), _columns_named(dated))
    if years:
        return Period(f"{min(years)}-01-01", f"{max(years)}-12-31", _columns_named(yearly))
    heads = {y for c in table.columns for y in _YEAR_IN_NAME.findall(c.name)}
    if len(heads) > 1:
        return Period(f"{min(heads)}-01-01", f"{max(heads)}-12-31", "Überschriften der Spalten")
    return None


def _extremes(table: Any, dated: list[str], yearly: list[str]) -> tuple[list[str], list[str]]:
    days: list[str] = []
    years: list[str] = []
    if not dated and not yearly:
        return days, years
    for frame in table.batches():
        for name in dated:
            texts = frame[name].cast(str).str.slice(0, 10)
            real = texts.filter(texts.str.slice(0, 4).is_between(*map(str, _plausible())))
            days += [d for d in (real.min(), real.max()) if d and _is_day(d)]
        for name in yearly:
            texts = frame[name].cast(str)
            real = texts.filter(texts.str.contains(_YEAR.pattern).fill_null(value=False))
            # A column "Jahr" with other things in it is no column of years.
            if len(real) >= 0.9 * (len(texts) - texts.null_count()):
                years += [y for y in (real.min(), real.max()) if y]
    return days, years


def _plausible() -> tuple[int, int]:
    return _FIRST_YEAR, _LAST_YEAR


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _columns_named(names: list[str]) -> str:
    quoted = ", ".join(f"„{n}“" for n in names[:3])
    return f"Spalte {quoted}" if len(names) == 1 else f"Spalten {quoted}"


def _period_of_name(name: str) -> Period | None:
    """Return the years that a file name names: ``haushalt_2025-2026.csv``."""
    years = [y for y in _YEAR_IN_NAME.findall(re.sub(r"\d{8,}", " ", name)) if y]
    if not years:
        return None
    return Period(f"{min(years)}-01-01", f"{max(years)}-12-31", "Dateiname")


# -- Title -----------------------------------------------------------------------------------

# Where ae, oe, ue stand for an umlaut in words of town halls. A rule would turn "Steuer",
# "aktuell" and "neue" into nonsense, so these are named.
_UMLAUTS = re.compile(
    r"(?:(?<=b)ae(?=um)|(?<=pl)ae(?=tz)|(?<=geb)ae(?=ud)|(?<=z)ae(?=hl)|(?<=f)ae(?=ll)|"
    r"(?<=h)ae(?=us)|(?<=gew)ae(?=sser)|(?<=l)ae(?=nd)|(?<=l)ae(?=rm)|(?<=k)ae(?=mm)|"
    r"(?<=st)ae(?=dt)|(?<=st)ae(?=tt)|(?<=fl)ae(?=ch)|(?<=sch)ae(?=d)|(?<=w)ae(?=ld)|"
    r"(?<=w)ae(?=hl)|(?<=w)ae(?=rm)|(?<=pr)ae(?=s)|(?<=vertr)ae(?=g)|(?<=beitr)ae(?=g)|"
    r"(?<=antr)ae(?=g)|(?<=zuschl)ae(?=g)|(?<=beh)ae(?=lt)|(?<=fahrr)ae(?=d)|(?<=r)ae(?=um)|"
    r"(?<=t)ae(?=t)|(?<=tr)ae(?=ger)|(?<=j)ae(?=hr)|(?<=qualit)ae|(?<=sp)ae(?=t)|(?<=g)ae(?=rt)|(?<=m)ae(?=rkt)|(?<=g)ae(?=st)|(?<=l)ue(?=ck)|(?<=s)ae(?=ul)|"
    r"oe(?=ff)|(?<=f)oe(?=rd)|(?<=h)oe(?=he)|(?<=gr)oe(?=(?:ss|ß))|(?<=k)oe(?=rp)|"
    r"(?<=l)oe(?=sch)|(?<=r)oe(?=hr)|(?<=v)oe(?=lker)|(?<=geh)oe(?=lz)|(?<=beh)oe(?=rd)|"
    r"(?<=st)oe(?=r)|\boe(?=kolog)|(?<=d)oe(?=rf)|(?<=m)oe(?=bel)|"
    r"(?<=geb)ue(?=hr)|(?<=gr)ue(?=n)|(?<=m)ue(?=ll)|(?<=b)ue(?=rg)|(?<=b)ue(?=cher)|"
    r"(?<=sch)ue(?=l)|(?<=f)ue(?=r\b)|(?<=f)ue(?=hr)|\bue(?=ber)|(?<=st)ue(?=tz)|"
    r"(?<=br)ue(?=ck)|(?<=k)ue(?=nst)|(?<=zusch)ue(?=ss)|(?<=m)ue(?=hl)|(?<=pr)ue(?=f)|"
    r"(?<=t)ue(?=r\b)|(?<=g)ue(?=ter)|(?<=fl)ue(?=ss)|(?<=fl)ue(?=cht)|(?<=st)ue(?=ck)|"
    r"(?<=w)ue(?=rz)|(?<=schl)ue(?=ssel)|(?<=geb)ue(?=sch)|(?<=k)ue(?=rz))",
    re.IGNORECASE,
)
_UMLAUT = {"ae": "ä", "oe": "ö", "ue": "ü"}
_SHARP_S = re.compile(r"(?<=stra)ss(?=e)", re.IGNORECASE)
_SMALL = {
    *(
        "und",
        "oder",
        "der",
        "die",
        "das",
        "des",
        "dem",
        "den",
        "ein",
        "eine",
        "in",
        "im",
        "ins",
    ),
    *(
        "am",
        "an",
        "auf",
        "aus",
        "bei",
        "bis",
        "für",
        "mit",
        "nach",
        "nicht",
        "ohne",
        "pro",
        "je",
    ),
    *("seit", "über", "um", "unter", "vom", "von", "vor", "zu", "zum", "zur", "als"),
}
_LEFTOVERS = re.compile(
    r"\b(?:kopie(?: von)?|copy(?: of)?|final|endfassung|entwurf|neu|neueste|aktuell|v\d+|"
    r"version ?\d+|bereinigt|export|download|utf[- ]?8|cp1252|ansi|iso[- ]?8859\S*|bom|"
    r"wgs ?84|utm ?3[23]n?|epsg[: ]?\d+)\b|\(\d+\)",
    re.IGNORECASE,
)
_STAMP = re.compile(r"(?<!\d)(?:20\d{6}(?:[-_T]?\d{4,6})?)(?!\d)")


def title_of(name: str) -> str:
    """Return a title that people read, from a file name.

    Example:
        >>> title_of("verkehrszaehlung_fahrraeder_2026-Q1_final(2).csv")
        'Verkehrszählung Fahrräder 2026 Q1'
    """
    text = file_kinds.clean_name(name)
    while (end := file_kinds.extension(text)) and end in {*file_kinds.KINDS, "bz2", "xz"}:
        text = text[: -len(end) - 1]
    text = _STAMP.sub(" ", text)
    text = re.sub(r"(?<=[a-zäöüß])(?=[A-ZÄÖÜ][a-zäöüß])", " ", text)
    text = re.sub(r"[_+.]|(?<=\w)-(?=\d)|(?<=\d)-(?=\w)|\s-\s|--+", " ", text)
    years = re.search(r"(?<!\d)((?:19|20)\d\d) ((?:19|20)\d\d)(?!\d)", text)
    if years:
        text = text.replace(years[0], f"{years[1]} bis {years[2]}")
    if "-" in text and " " not in text.strip():
        text = text.replace("-", " ")
    bare = " ".join(_LEFTOVERS.sub(" ", text).split())
    text = bare or " ".join(text.split())
    text = _SHARP_S.sub("ß", _UMLAUTS.sub(_umlaut, text))
    words = text.split()
    if all(w.islower() for w in words if w.isalpha()):
        text = " ".join(w if w in _SMALL else w[:1].upper() + w[1:] for w in words)
    return text[:1].upper() + text[1:]


def _umlaut(match: re.Match[str]) -> str:
    letter = _UMLAUT[match[0].lower()]
    return letter.upper() if match[0][0].isupper() else letter


# -- The process of its own ------------------------------------------------------------------


def _main() -> Iterator[str]:
    """Read the order from standard input, keep to its limits, answer in JSON."""
    order = json.load(sys.stdin)
    path, name, accepted = Path(order.pop("path")), order.pop("name"), order.pop("accepted")
    effort = Effort(**order)
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        seconds = int(effort.seconds) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (effort.memory, effort.memory))
    yield json.dumps(propose(path, name, accepted, effort).as_dict())


if __name__ == "__main__":
    sys.stdout.writelines(_main())
