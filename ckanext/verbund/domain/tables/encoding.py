# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which characters the bytes of a text file mean.

The decision is taken on the whole file: an export of 50,000 ASCII lines with one
"Grünstadt" at its end is as much CP1252 as any other.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ckanext.verbund.domain.tables.limits import Limits, megabytes, refuse

_CHUNK = 1 << 20
_BOMS = [
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]
# Umlauts after a letter, as DOS programs (CP850) and as Windows (CP1252) write them.
_DOS = re.compile(rb"[A-Za-z][\x81\x84\x94\xe1](?=[A-Za-z\s;,])")
_WINDOWS = re.compile(rb"[A-Za-z][\xfc\xe4\xf6\xdf](?=[A-Za-z\s;,])")
_UNDEFINED_IN_CP1252 = b"\x81\x8d\x8f\x90\x9d"
_ENOUGH = 500  # umlauts that settle whether DOS or Windows wrote the file
_MOJIBAKE = re.compile("Ã[¼¤¶Ÿœ–„]".encode())
_MIXED_LINES_KEPT = 20

LABELS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 mit BOM",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-32": "UTF-32",
    "cp1252": "Windows-1252 (CP1252)",
    "iso-8859-1": "ISO-8859-1",
    "cp850": "DOS (CP850)",
    "mixed": "gemischt (UTF-8 und CP1252)",
}


@dataclass
class Encoding:
    """How a file is encoded and what is odd about it.

    Attributes:
        name: Codec name, or ``mixed`` where it changes from line to line.
        mixed_lines: The first lines that are not UTF-8 in a file that mostly is.
        has_nul: Whether characters occur that no table can hold.
        mojibake: How many umlauts were encoded twice by an earlier program.
    """

    name: str
    mixed_lines: list[int] = field(default_factory=list)
    has_nul: bool = False
    mojibake: int = 0

    @property
    def label(self) -> str:
        """Return the name people know it by."""
        return LABELS.get(self.name, self.name)


def detect(path: Path, limits: Limits) -> Encoding:
    """Decide the encoding of a whole text file.

    Args:
        path: The file.
        limits: Bounds on the length of a line.

    Returns:
        The encoding.

    Raises:
        TableError: If the file is no text or a line never ends.
    """
    with path.open("rb") as handle:
        head = handle.read(4096)
    for bom, name in _BOMS:
        if head.startswith(bom):
            _scan(path, limits)
            return Encoding(name)
    if name := _utf16_without_bom(head):
        return Encoding(name)
    scan = _scan(path, limits)
    if scan.is_utf8:
        return Encoding("utf-8", has_nul=scan.nul > 0, mojibake=scan.mojibake)
    lines = _lines_by_encoding(path)
    if lines.utf8 and lines.other:
        return Encoding("mixed", lines.first_other, has_nul=scan.nul > 0)
    name = "cp1252"
    if scan.dos > scan.windows:
        name = "cp850"
    elif scan.undefined:
        name = "iso-8859-1"
    return Encoding(name, has_nul=scan.nul > 0)


@dataclass
class _Scan:
    is_utf8: bool = True
    nul: int = 0
    control: int = 0
    size: int = 0
    dos: int = 0
    windows: int = 0
    undefined: int = 0
    mojibake: int = 0


_CONTROL = bytes(i for i in range(32) if i not in (0, 9, 10, 12, 13, 26, 27))


def _scan(path: Path, limits: Limits) -> _Scan:
    """Read the file once: is it UTF-8, is it text, does every line end?"""
    scan = _Scan()
    decoder = codecs.getincrementaldecoder("utf-8")()
    line, open_bytes = 1, 0
    with path.open("rb") as handle:
        while chunk := handle.read(_CHUNK):
            scan.size += len(chunk)
            scan.nul += chunk.count(0)
            scan.control += len(chunk) - len(chunk.translate(None, _CONTROL))
            open_bytes, line = _line_lengths(chunk, open_bytes, line, limits)
            if scan.is_utf8:
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError:
                    scan.is_utf8 = False
            if not chunk.isascii():
                # Umlauts of DOS and Windows are counted only where they are none of UTF-8.
                if not scan.is_utf8 and scan.dos + scan.windows < _ENOUGH:
                    scan.dos += len(_DOS.findall(chunk))
                    scan.windows += len(_WINDOWS.findall(chunk))
                scan.undefined += len(chunk) - len(chunk.translate(None, _UNDEFINED_IN_CP1252))
                if b"\xc3\x83" in chunk:
                    scan.mojibake += len(_MOJIBAKE.findall(chunk))
    if scan.is_utf8:
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            scan.is_utf8 = False
    return scan


def _line_lengths(chunk: bytes, open_bytes: int, line: int, limits: Limits) -> tuple[int, int]:
    """Follow the longest line through a chunk; refuse one that never ends."""
    end = b"\n" if b"\n" in chunk or b"\r" not in chunk else b"\r"
    first = chunk.find(end)
    longest = open_bytes + (first if first >= 0 else len(chunk))
    if longest > limits.max_line_bytes:
        raise refuse(
            "endless-line",
            f"Zeile {line} ist länger als {megabytes(limits.max_line_bytes)}. "
            "Die Datei ist vermutlich keine Tabelle.",
            f"Line {line} is longer than {megabytes(limits.max_line_bytes)}.",
            "Prüfen Sie, ob die Datei Zeilenumbrüche enthält.",
            line,
        )
    if first < 0:
        return longest, line
    return len(chunk) - chunk.rfind(end) - 1, line + chunk.count(end)


def _utf16_without_bom(head: bytes) -> str | None:
    """Recognise UTF-16 without a mark: every other byte of Latin text is zero."""
    if len(head) < 8:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if odd > half * 0.7 and even < half * 0.1:
        return "utf-16-le"
    if even > half * 0.7 and odd < half * 0.1:
        return "utf-16-be"
    return None


@dataclass
class _Lines:
    utf8: int = 0
    other: int = 0
    first_other: list[int] = field(default_factory=list)


def _lines_by_encoding(path: Path) -> _Lines:
    """Count the lines with umlauts that are UTF-8, and those that are not."""
    result = _Lines()
    with path.open("rb") as handle:
        for number, line in enumerate(handle, 1):
            if line.isascii():
                continue
            try:
                line.decode("utf-8")
                result.utf8 += 1
            except UnicodeDecodeError:
                result.other += 1
                if len(result.first_other) < _MIXED_LINES_KEPT:
                    result.first_other.append(number)
    return result


def text_lines(path: Path, encoding: Encoding) -> Iterator[str]:
    """Yield the lines of a file with their ends, as ``csv.reader`` wants them."""
    if encoding.name == "mixed":
        lines = _mixed_lines(path)
    else:
        # errors="replace" can only meet a truncated last character of UTF-16.
        lines = path.open(encoding=encoding.name, errors="replace", newline="")
    if encoding.has_nul:
        return (line.replace("\0", "") for line in lines)
    return iter(lines)


def _mixed_lines(path: Path) -> Iterator[str]:
    with path.open("rb") as handle:
        for line in handle:
            try:
                yield line.decode("utf-8")
            except UnicodeDecodeError:
                yield line.decode("cp1252", errors="replace")


def looks_binary(path: Path) -> str | None:
    """Return what a file is if it is plainly not text, else ``None``."""
    with path.open("rb") as handle:
        head = handle.read(65536)
    for magic, name in _MAGIC:
        if head.startswith(magic):
            return name
    if head.startswith(tuple(bom for bom, _ in _BOMS)) or _utf16_without_bom(head[:4096]):
        return None
    if re.match(rb"\s*(<!doctype\s+html|<html)", head[:500], re.IGNORECASE):
        return "HTML-Seite"
    control = len(head) - len(head.translate(None, _CONTROL + b"\0"))
    return "Binärdatei" if head and control > len(head) * 0.02 + 8 else None


_MAGIC = [
    (b"PK\x03\x04", "zip"),
    (b"\xd0\xcf\x11\xe0", "ole"),
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG-Bild"),
    (b"\xff\xd8\xff", "JPEG-Bild"),
    (b"\x1f\x8b", "gzip-Archiv"),
    (b"Rar!", "RAR-Archiv"),
    (b"7z\xbc\xaf", "7z-Archiv"),
    (b"SQLite format 3", "SQLite-Datenbank"),
    (b"PAR1", "Parquet-Datei"),
]
