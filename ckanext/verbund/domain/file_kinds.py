# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an uploaded file is, by its content, and whether a portal may offer it.

Names lie: a workbook is called ``.csv``, a log-in page is saved as ``.xlsx``, a program is
called ``.pdf``. So the content decides, and the name is only compared with it. Nothing a
browser or a computer would run is taken. Light: web processes import this.
"""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ckanext.verbund.domain import vocab
from ckanext.verbund.domain.finding import Finding, excerpt

NAME_LENGTH = 100
_HEAD = 1 << 16
_OLE_SEARCHED = 4 << 20
_SVG_SEARCHED = 8 << 20
_ZIP_ENTRIES = 20_000


@dataclass(frozen=True)
class Kind:
    """A kind of file.

    Attributes:
        code: Its code in the vocabulary ``file_type``.
        media_type: What a server says about it.
        shape: What its bytes look like: ``text``, ``json``, ``xml``, ``zip``, … or ``""``
            where bytes do not tell.
        label: What people call it.
    """

    code: str
    media_type: str
    shape: str
    label: str = ""

    @property
    def iri(self) -> str:
        """Return the value that is stored."""
        concept = vocab.load("file_type").get(self.code)
        return concept.iri if concept else ""

    @property
    def name(self) -> str:
        """Return the name in a sentence."""
        return self.label or vocab.load("file_type").label(self.code)


_OFFICE = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."

# By extension: every kind of file that towns publish, and no other.
KINDS: dict[str, Kind] = {
    "csv": Kind("CSV", "text/csv", "text"),
    "tsv": Kind("TSV", "text/tab-separated-values", "text"),
    "tab": Kind("TSV", "text/tab-separated-values", "text"),
    "txt": Kind("TXT", "text/plain", "text"),
    "asc": Kind("GRID_ASCII", "text/plain", "text"),
    "xyz": Kind("TXT", "text/plain", "text"),
    "md": Kind("TXT", "text/markdown", "text"),
    "ics": Kind("ICS", "text/calendar", "text"),
    "yaml": Kind("YAML", "application/yaml", "text"),
    "yml": Kind("YAML", "application/yaml", "text"),
    "ttl": Kind("RDF_TURTLE", "text/turtle", "text"),
    "nt": Kind("RDF_N_TRIPLES", "application/n-triples", "text"),
    "dxf": Kind("DXF", "image/vnd.dxf", "text"),
    "ifc": Kind("TXT", "text/plain", "text", "IFC"),
    "json": Kind("JSON", "application/json", "json"),
    "jsonld": Kind("JSON_LD", "application/ld+json", "json"),
    "geojson": Kind("GEOJSON", "application/geo+json", "json"),
    "xml": Kind("XML", "application/xml", "xml"),
    "gml": Kind("GML", "application/gml+xml", "xml"),
    "kml": Kind("KML", "application/vnd.google-earth.kml+xml", "xml"),
    "gpx": Kind("XML", "application/xml", "xml", "GPX"),
    "rdf": Kind("RDF_XML", "application/rdf+xml", "xml"),
    "xsd": Kind("SCHEMA_XML", "application/xml", "xml"),
    "svg": Kind("SVG", "image/svg+xml", "svg"),
    "xlsx": Kind("XLSX", f"{_OFFICE}spreadsheetml.sheet", "xlsx"),
    "xlsm": Kind("XLSM", "application/vnd.ms-excel.sheet.macroEnabled.12", "xlsx"),
    "xls": Kind("XLS", "application/vnd.ms-excel", "ole"),
    "ods": Kind("ODS", f"{_ODF}spreadsheet", "ods"),
    "docx": Kind("DOCX", f"{_OFFICE}wordprocessingml.document", "docx"),
    "doc": Kind("DOC", "application/msword", "ole"),
    "odt": Kind("ODT", f"{_ODF}text", "odt"),
    "pptx": Kind("PPTX", f"{_OFFICE}presentationml.presentation", "pptx"),
    "odp": Kind("ODP", f"{_ODF}presentation", "odp"),
    "pdf": Kind("PDF", "application/pdf", "pdf"),
    "png": Kind("PNG", "image/png", "png"),
    "jpg": Kind("JPEG", "image/jpeg", "jpeg"),
    "jpeg": Kind("JPEG", "image/jpeg", "jpeg"),
    "gif": Kind("GIF", "image/gif", "gif"),
    "webp": Kind("WEBP", "image/webp", "webp"),
    "tif": Kind("TIFF", "image/tiff", "tiff"),
    "tiff": Kind("TIFF", "image/tiff", "tiff"),
    "jp2": Kind("JPEG2000", "image/jp2", ""),
    "zip": Kind("ZIP", "application/zip", "zip"),
    "gtfs": Kind("GTFS", "application/zip", "zip"),
    "kmz": Kind("KMZ", "application/vnd.google-earth.kmz", "zip"),
    "7z": Kind("7Z", "application/x-7z-compressed", "7z"),
    "gz": Kind("GZIP", "application/gzip", "gzip"),
    "tar": Kind("TAR", "application/x-tar", ""),
    "gpkg": Kind("GPKG", "application/geopackage+sqlite3", "sqlite"),
    "sqlite": Kind("OCTET", "application/vnd.sqlite3", "sqlite", "SQLite-Datenbank"),
    "parquet": Kind("PARQUET", "application/vnd.apache.parquet", "parquet"),
    "nc": Kind("NETCDF", "application/netcdf", ""),
    "las": Kind("LAS", "application/vnd.las", "las"),
    "laz": Kind("LAZ", "application/vnd.laszip", "las"),
    "dwg": Kind("DWG", "image/vnd.dwg", "dwg"),
    "dbf": Kind("DBF", "application/vnd.dbf", ""),
    "mp3": Kind("MP3", "audio/mpeg", ""),
    "mp4": Kind("MPEG4", "video/mp4", ""),
}
_USUAL = ("csv", "xlsx", "ods", "geojson", "pdf", "zip")
DEFAULT_EXTENSIONS = tuple(sorted(KINDS))

# What stands in for a kind where only the content is known.
_BY_SHAPE = {
    "text": "txt",
    "json": "json",
    "xml": "xml",
    "svg": "svg",
    "zip": "zip",
    "ole": "xls",
    "sqlite": "sqlite",
    "jpeg": "jpg",
    "tiff": "tif",
    "gzip": "gz",
    **{
        shape: shape
        for shape in (
            *("xlsx", "ods", "docx", "odt", "pptx", "odp", "pdf", "png", "gif", "webp"),
            *("7z", "parquet", "las", "dwg"),
        )
    },
}
_TEXTS = {"text", "json", "xml"}

_MAGIC = [
    (b"%PDF", "pdf"),
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF8", "gif"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"II+\0", "tiff"),
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf", "7z"),
    (b"Rar!", "rar"),
    (b"SQLite format 3", "sqlite"),
    (b"PAR1", "parquet"),
    (b"LASF", "las"),
    (b"AC10", "dwg"),
]
_PROGRAMS = [
    b"MZ",
    b"\x7fELF",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"dex\n",
    b"L\0\0\0\x01\x14\x02\0",
    b"#!",
]
# What a browser takes for a web page, wherever a file may come from.
_PAGE = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|script|iframe|frameset|meta\s|object\s|embed\s|"
    rb"form\s|link\s|style|img\s|table\b)",
    re.IGNORECASE,
)
_PROLOGUE = re.compile(rb"\s*(?:<\?xml.*?\?>|<\?xml-stylesheet.*?\?>|<!--.*?-->)", re.DOTALL)
_XHTML = re.compile(rb"http://www\.w3\.org/1999/xhtml", re.IGNORECASE)
_SVG = re.compile(
    rb"(?:<!doctype\s+svg[^>\[]*(?:\[.*?\])?\s*>)?\s*<(?:\w+:)?svg\b", re.I | re.S
)
# Whatever runs or fetches in a picture that somebody opens by itself.
_ACTIVE = re.compile(
    rb"<(?:\w+:)?script|\son\w+\s*=|javascript:|<(?:\w+:)?foreignObject|<!ENTITY|"
    rb"<(?:\w+:)?(?:iframe|embed|object|handler)\b|data:text/html|xml-stylesheet",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Recognised:
    """What a file is.

    Attributes:
        kind: Its kind; of the content where the name says something else.
        extension: The key in ``KINDS``.
        shape: What its bytes look like.
        findings: What was odd; an ``error`` means that it is not taken.
    """

    kind: Kind | None
    extension: str
    shape: str
    findings: tuple[Finding, ...] = ()

    @property
    def refusal(self) -> Finding | None:
        """Return why the file is not taken, if it is not."""
        return next((f for f in self.findings if f.severity == "error"), None)


def clean_name(name: str) -> str:
    """Return a file name that is only a name: no path, no control characters, not endless.

    Args:
        name: The name as a browser sent it.

    Returns:
        At most ``NAME_LENGTH`` characters; the extension stays.
    """
    name = unicodedata.normalize("NFC", str(name)).replace("\\", "/").rsplit("/", 1)[-1]
    # Control and direction marks: "rechnung\u202Efdp.exe" shows as "rechnungexe.pdf".
    name = "".join(c for c in name if unicodedata.category(c)[0] != "C")
    name = re.sub(r'[<>:"|?*%]', "_", name).strip(" .")
    stem, dot, end = name.rpartition(".")
    if dot and stem and len(end) <= 10:
        return stem[: NAME_LENGTH - len(end) - 1].strip() + dot + end
    return name[:NAME_LENGTH].strip() or "datei"


def extension(name: str) -> str:
    """Return the extension of a file name in small letters, without its point."""
    return PurePosixPath(name.replace("\\", "/")).suffix.lstrip(".").lower()


def recognise(
    path: Path, name: str, accepted: Iterable[str] = DEFAULT_EXTENSIONS
) -> Recognised:
    """Say what a file is and whether it is taken.

    Args:
        path: The file.
        name: What it is called.
        accepted: Extensions that the portal takes.

    Returns:
        Its kind and what is odd about it.
    """
    accepted = set(accepted) & set(KINDS)
    end = extension(name)
    with path.open("rb") as handle:
        head = handle.read(_HEAD)
    if not head:
        return Recognised(KINDS.get(end), end, "", (_empty(),))
    shape = _shape(path, head)
    if refusal := _refused_content(path, shape, head):
        return Recognised(None, end, shape, (refusal,))
    if end not in accepted:
        return Recognised(None, end, shape, (_not_accepted(end, accepted),))
    kind = KINDS[end]
    if _agree(kind.shape, shape):
        return Recognised(kind, end, shape, tuple(_hints(path, kind, shape)))
    really = _BY_SHAPE.get(shape, "")
    if really not in accepted:
        return Recognised(None, end, shape, (_other_content(end, shape),))
    found = KINDS[really]
    findings = (_misnamed(end, found), *_hints(path, found, shape))
    return Recognised(found, really, shape, findings)


def _agree(said: str, shape: str) -> bool:
    """Tell whether the content may be what the extension says."""
    if said == shape:
        return True
    if said == "":
        return shape in {"binary", "text"}
    if said == "text":
        return shape in _TEXTS
    if said in {"xlsx", "docx", "pptx"}:
        return shape == "ole-encrypted"
    if said == "ole":
        return shape in {"ole-encrypted", "ole-macro"}
    return said == "zip" and shape in {"xlsx", "ods", "docx", "odt", "pptx", "odp"}


def _shape(path: Path, head: bytes) -> str:
    if any(head.startswith(magic) for magic in _PROGRAMS):
        return "program"
    for magic, shape in _MAGIC:
        if head.startswith(magic):
            return shape
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return _ole(path)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _archive(path)
    return _text(head)


def _text(head: bytes) -> str:
    if codec := _wide(head):
        head = head[: len(head) // 4 * 4].decode(codec, "replace").encode()
    text = head.removeprefix(b"\xef\xbb\xbf")
    while found := _PROLOGUE.match(text):
        text = text[found.end() :]
    text = text.lstrip()
    if text.startswith(b"<"):
        if _SVG.match(text):
            return "svg"
        # The first tags decide; a table may well quote a tag in its text further down.
        if _PAGE.match(text) or _XHTML.search(text[:2000]):
            return "page"
        return "xml"
    control = len(text) - len(text.translate(None, bytes(range(9)) + bytes(range(14, 26))))
    if control > len(text) * 0.02 + 8:
        return "binary"
    return "json" if text[:1] in (b"{", b"[") else "text"


def _wide(head: bytes) -> str:
    """Return the codec of text whose letters take two bytes: every other one is zero."""
    if head.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return "utf-32"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    even, odd, half = head[0::2].count(0), head[1::2].count(0), len(head) / 2
    if odd > half * 0.7 and even < half * 0.1:
        return "utf-16-le"
    return "utf-16-be" if even > half * 0.7 and odd < half * 0.1 else ""


def _archive(path: Path) -> str:
    """Tell office files from other archives by the names inside; nothing is unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = [entry.filename for entry in archive.infolist()[:_ZIP_ENTRIES]]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return "zip-broken"
    known = set(names)
    if "AndroidManifest.xml" in known or any(n.endswith(".class") for n in names):
        return "program"
    if "[Content_Types].xml" in known:
        for folder, shape in (("xl/", "xlsx"), ("word/", "docx"), ("ppt/", "pptx")):
            if any(n.startswith(folder) for n in names):
                return shape
    if "content.xml" in known and "mimetype" in known:
        with zipfile.ZipFile(path) as archive, archive.open("mimetype") as entry:
            said = entry.read(100)
        return {b"spreadsheet": "ods", b"presentation": "odp"}.get(
            said.rsplit(b".", 1)[-1].strip(), "odt"
        )
    return "zip"


def _ole(path: Path) -> str:
    """Tell encrypted and macro files by the names of their streams (UTF-16)."""
    with path.open("rb") as handle:
        data = handle.read(_OLE_SEARCHED)
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "ole-encrypted"
    return "ole-macro" if "_VBA_PROJECT".encode("utf-16-le") in data else "ole"


def _has_macros(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        return any(n.endswith("vbaProject.bin") for n in archive.namelist())


def _is_active(path: Path) -> bool:
    """Tell whether a picture runs something; too large to be read is not trusted."""
    with path.open("rb") as handle:
        data = handle.read(_SVG_SEARCHED + 1)
    # Encoded twice as wide, each letter has a zero beside it.
    return len(data) > _SVG_SEARCHED or bool(_ACTIVE.search(data.replace(b"\0", b"")))


def _refused_content(path: Path, shape: str, head: bytes) -> Finding | None:
    if shape == "program":
        return Finding(
            "file.program",
            "error",
            message_de="Die Datei ist ein Programm. Programme nimmt das Portal nicht an.",
            message_en="The file is a program.",
            remedy_de="Laden Sie die Daten selbst hoch, etwa als CSV.",
        )
    if shape == "page":
        return Finding(
            "file.page",
            "error",
            value_excerpt=excerpt(head.decode(errors="replace")),
            message_de=(
                "Die Datei ist eine Webseite (HTML), keine Datendatei. Das passiert, wenn beim "
                "Herunterladen eine Anmelde- oder Fehlerseite gespeichert wurde."
            ),
            message_en="The file is a web page.",
            remedy_de=(
                "Öffnen Sie die Datei zur Probe. Speichern Sie die Daten noch einmal, oder "
                "geben Sie statt einer Datei die Adresse der Seite an."
            ),
        )
    if shape == "svg" and _is_active(path):
        return Finding(
            "file.svg-active",
            "error",
            message_de="Das Bild (SVG) enthält ein Skript oder lädt Fremdes nach.",
            message_en="The SVG runs or fetches something.",
            remedy_de="Speichern Sie das Bild als „einfaches SVG“ oder als PNG.",
        )
    if shape == "zip-broken":
        return Finding(
            "file.broken-archive",
            "error",
            message_de="Die Datei ist beschädigt: Sie lässt sich nicht öffnen.",
            message_en="The archive is damaged.",
            remedy_de="Speichern Sie sie noch einmal und laden Sie sie dann erneut hoch.",
        )
    return None


def _empty() -> Finding:
    return Finding(
        "file.empty",
        "error",
        message_de="Die Datei ist leer (0 Byte).",
        message_en="The file is empty.",
        remedy_de="Prüfen Sie, ob die Datei vollständig gespeichert wurde.",
    )


def _not_accepted(end: str, accepted: Iterable[str]) -> Finding:
    usual = [
        e.upper() for e in ("csv", "xlsx", "ods", "geojson", "pdf", "zip") if e in accepted
    ]
    what = f"Dateien mit der Endung „.{end[:20]}“" if end else "Dateien ohne Endung"
    return Finding(
        "file.not-accepted",
        "error",
        value_excerpt=end[:20],
        message_de=f"{what} nimmt das Portal nicht an.",
        message_en=f"Files ending in .{end[:20]} are not taken.",
        remedy_de=f"Speichern Sie die Daten in einem üblichen Format, etwa {', '.join(usual)}.",
    )


def _other_content(end: str, shape: str) -> Finding:
    return Finding(
        "file.other-content",
        "error",
        value_excerpt=shape,
        message_de=f"Der Inhalt passt nicht zur Endung „.{end}“.",
        message_en=f"The content ({shape}) does not match .{end}.",
        remedy_de="Öffnen Sie die Datei und speichern Sie sie im richtigen Format.",
    )


def _misnamed(end: str, kind: Kind) -> Finding:
    return Finding(
        "file.misnamed",
        "warning",
        value_excerpt=end,
        message_de=(
            f"Die Datei heißt „.{end}“, ist aber dem Inhalt nach: {kind.name}. Vorgeschlagen "
            "ist das Format des Inhalts."
        ),
        message_en=f"Called .{end}, but it is {kind.code}.",
        remedy_de="Prüfen Sie, ob Sie die richtige Datei gewählt haben.",
    )


def _hints(path: Path, kind: Kind, shape: str) -> Iterable[Finding]:
    if shape == "ole-encrypted":
        yield Finding(
            "file.encrypted",
            "warning",
            message_de="Die Datei ist mit einem Passwort geschützt; niemand kann sie lesen.",
            message_en="The file is protected by a password.",
            remedy_de="Speichern Sie sie ohne Passwort und ersetzen Sie sie hier.",
        )
    elif shape == "ole-macro" or (shape == "xlsx" and _has_macros(path)):
        yield Finding(
            "file.macros",
            "warning",
            message_de=(
                "Die Arbeitsmappe enthält Makros. Viele Behörden sperren solche Dateien beim "
                "Herunterladen."
            ),
            message_en="The workbook holds macros.",
            remedy_de=f"Speichern Sie sie ohne Makros, als XLSX oder CSV statt {kind.name}.",
        )
