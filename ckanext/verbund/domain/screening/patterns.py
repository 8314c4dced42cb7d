# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pass 1: what has a form of its own and mostly a checksum, looked for in every cell.

Each detector has two halves. ``rust`` is a pattern for polars that lets through every cell
that may hold one, and hardly others; ``check`` looks at those cells one by one. A column
that never passes ``PREFILTER`` costs one scan.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import phonenumbers
from stdnum import iban as stdnum_iban
from stdnum.de import idnr

from ckanext.verbund.domain.screening.report import Confidence

Roles = frozenset[str]
Check = Callable[[str, Roles], "Confidence | None"]

# Blanks that word processors put between groups of digits.
_SEP = "[ \u00a0\u2009\u202f-]"
_SPACES = str.maketrans({"\u00a0": " ", "\u2009": " ", "\u202f": " ", "\u200b": None})
_START, _END = "(?:^|[^0-9A-Za-z])", "(?:$|[^0-9A-Za-z])"


@dataclass(frozen=True)
class Detector:
    """How one kind of thing is found in a cell.

    Attributes:
        kind: What is found; a key of ``schemas/screening/findings.yaml``.
        rust: Lets through cells that may hold one, in the syntax of the Rust crate regex.
        check: Returns how sure it is that a cell holds one, or ``None``.
        by_header: Pattern that replaces ``rust`` in columns whose header names the kind.
        by_share: Whether single matches among many candidates mean nothing, as chance
            produces them.
    """

    kind: str
    rust: str
    check: Check
    by_header: str = ""
    by_share: bool = False


# -- IBAN --------------------------------------------------------------------------------------

_IBAN = re.compile(r"(?<![0-9A-Za-z])[A-Za-z]{2}[0-9]{2}(?=[ -]?[0-9A-Za-z])")
# ISO 13616: how long the numbers of the countries are whose accounts turn up in Germany.
_IBAN_LENGTHS = {
    "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20,
    "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IS": 26,
    "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MT": 31, "NL": 18, "NO": 15,
    "PL": 28, "PT": 25, "RO": 24, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "TR": 26, "UA": 29,
}  # fmt: skip


def _iban(cell: str, _roles: Roles) -> Confidence | None:
    for match in _IBAN.finditer(cell):
        length = _IBAN_LENGTHS.get(match[0][:2].upper())
        if not length:
            continue
        rest = cell[match.start() : match.start() + 2 * length]
        number = re.sub(r"[ -]", "", rest)[:length].upper()
        if len(number) == length and number.isalnum() and number.isascii() and _mod97(number):
            # The national part has checks of its own in some countries.
            return "high" if stdnum_iban.is_valid(number) else "medium"
    return None


def _mod97(number: str) -> bool:
    digits = "".join(str(int(c, 36)) for c in number[4:] + number[:4])
    # All zeros is what forms and examples show.
    return int(digits) % 97 == 1 and set(number[4:]) != {"0"}


# -- tax ID (§ 139b AO) ------------------------------------------------------------------------

_TAX_ID = re.compile(
    r"(?<![0-9A-Za-z.,/-])[1-9]\d ?\d{3} ?\d{3} ?\d{3}(?![0-9A-Za-z/-]|[.,]\d)"
)
_TAX_WORDS = re.compile(r"steuer|idnr|id-nr|\btin\b|identifikations", re.IGNORECASE)


def _tax_id(cell: str, roles: Roles) -> Confidence | None:
    for match in _TAX_ID.finditer(cell):
        number = match[0].replace(" ", "")
        # The checksum (ISO 7064, mod 11,10) first: most other numbers fail it.
        if not _mod_11_10(number) or not idnr.is_valid(number):
            continue
        before = cell[max(0, match.start() - 40) : match.start()]
        return "high" if "tax-id" in roles or _TAX_WORDS.search(before) else "medium"
    return None


def _mod_11_10(number: str) -> bool:
    product = 10
    for digit in number[:-1]:
        product = ((int(digit) + product) % 10 or 10) * 2 % 11
    return (product + int(number[-1])) % 10 == 1


# -- social insurance number (VKVV § 2) --------------------------------------------------------

_INSURANCE = re.compile(
    r"(?<![0-9A-Za-z])(\d{2}) ?(\d{2})(\d{2})(\d{2}) ?([A-Za-z]) ?(\d{2})(\d)(?![0-9A-Za-z])"
)
_INSURANCE_WEIGHTS = (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)


def _social_insurance(cell: str, _roles: Roles) -> Confidence | None:
    for match in _INSURANCE.finditer(cell):
        area, day, month, year, letter, serial, check = match.groups()
        # Of people with the same birthday the day counts on: 31 to 99 occur.
        if not (0 <= int(month) <= 12 and int(area) >= 2 and int(day) > 0):
            continue
        digits = f"{area}{day}{month}{year}{ord(letter.upper()) - 64:02}{serial}"
        total = sum(
            sum(divmod(int(d) * w, 10)) for d, w in zip(digits, _INSURANCE_WEIGHTS, strict=True)
        )
        if total % 10 == int(check):
            return "high"
    return None


# -- e-mail ------------------------------------------------------------------------------------

_EMAIL = re.compile(
    r"(?<![\w.%+-])([\w.%+-]{1,64})(?:@| ?[\[(] ?(?:at|ät) ?[\])] ?)"
    r"((?:[\w-]{1,63}\.){1,6}[A-Za-z]{2,18})",
    re.IGNORECASE,
)
_OFFICES = re.compile(
    r"^(?:info|kontakt|contact|post|poststelle|mail|email|e-?mail|office|service|support|hilfe"
    r"|help|admin|webmaster|redaktion|presse|no-?reply|anfragen?|bestellung|sekretariat|team"
    r"|zentrale|empfang|rathaus|feedback|hallo|opendata|open-data|geodaten|daten|gis|statistik"
    r"|fahrplan|umwelt|kultur|tourismus|touristinfo|bibliothek|buecherei|archiv|museum|vhs"
    r"|ordnung|bauen|leitung|verwaltung|buergermeister(?:in)?|datenschutz|gtfs|verein"
    r"|(?:stadt|gemeinde|kreis|landkreis|vg|kita|kiga|schule|gs|rs|hort|buerger|feuerwehr)[\w.-]*"
    r"|[\w.-]*(?:amt|verwaltung|schule|buero|stelle|dienst|werke?|service|info|gemeinde|redaktion))$"
)
_FREE_MAIL = re.compile(
    r"^(?:gmail|googlemail|gmx|web|t-online|outlook|hotmail|yahoo|freenet|icloud|me|aol|posteo"
    r"|mailbox|arcor|live|proton|protonmail|vodafone|online|email|kabelmail|unitybox)\.\w+$",
    re.IGNORECASE,
)
_PERSON_PART = re.compile(r"^[^\W\d_]{1,20}[._-][^\W\d_]{2,25}(?:-[^\W\d_]{2,20})?\d{0,2}$")


def _email(cell: str, _roles: Roles) -> Confidence | None:
    best: Confidence | None = None
    for local, domain in _EMAIL.findall(cell):
        if _FREE_MAIL.match(domain):
            return "high"
        if _OFFICES.match(local.lower()):
            best = best or "low"
        elif _PERSON_PART.match(local):
            return "high"
        else:
            best = "medium"
    return best


# -- telephone ---------------------------------------------------------------------------------

# Not within a longer row of groups, as the end of an IBAN.
_PHONE = re.compile(
    r"(?<![\w.,/+-])(?<!\d )(?:(?:\+|00)[1-9]\d{0,2}[ /.()\d-]{6,20}\d"
    r"|\(?0[1-9]\d{1,4}\)?(?: ?[/–-] ?| )\d[\d /-]{2,14}\d)(?![\w]|[.,]\d)"
)
_PHONE_WORDS = re.compile(
    r"(?:\btel|fon\b|mobil|handy|\bfax|rückruf|rufnummer|erreichbar|☎)[^\d+]{0,20}$",
    re.IGNORECASE,
)
_PHONE_WORDS_AFTER = re.compile(
    r"^\W{0,3}(?:(?:(?:bitte|heute|morgen|dringend) )?(?:zurück|an)(?:ge)?ruf|erreichbar)",
    re.IGNORECASE,
)
_PHONE_BARE = re.compile(r"^[+(]?[\d][\d /().–-]{4,22}\d$")


def _phone(cell: str, roles: Roles) -> Confidence | None:
    if "phone" in roles and _PHONE_BARE.match(cell.strip()):
        return _valid_phone(cell, named=True)
    if "code" in roles:
        return None
    best: Confidence | None = None
    for match in _PHONE.finditer(cell):
        named = (
            "phone" in roles
            or bool(_PHONE_WORDS.search(cell[: match.start()]))
            or bool(_PHONE_WORDS_AFTER.match(cell[match.end() :]))
        )
        found = _valid_phone(match[0], named=named or match[0].startswith("+"))
        if found == "high":
            return found
        best = best or found
    return best


def _valid_phone(text: str, *, named: bool) -> Confidence | None:
    try:
        number = phonenumbers.parse(text.replace("–", "-"), "DE")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    if not phonenumbers.is_valid_number(number):
        # Numbers of novels ("0631 555-0012") are invented but are meant as such.
        return "medium" if named else None
    if phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE:
        return "high"
    # "0631/2024" may as well be a file reference.
    return "medium" if named or len(str(number.national_number)) >= 9 else "low"


# -- number plates -----------------------------------------------------------------------------

_PLATE = re.compile(
    r"(?<![\w-])[A-ZÄÖÜ]{1,3}(?:[ -] ?|:)[A-Z]{1,2}[ -]?[1-9]\d{0,3} ?[EH]?(?![\w-])"
)
_WHOLE_PLATE = re.compile(r"[A-ZÄÖÜ]{1,3}[- ][A-Z]{2} ?[1-9]\d{1,3} ?[EH]?")
_PLATE_WORDS = re.compile(
    r"kennzeichen|\bkfz|\bpkw|\blkw|fahrzeug|\bauto\b|\bwagen|parkt|motorrad|transporter"
    r"|anhänger|\bhalter|falschpark|abgeschleppt|geparkt",
    re.IGNORECASE,
)


def _plate(cell: str, roles: Roles) -> Confidence | None:
    # "KL-A 12" is a mast, a tree, a bus stop as well: only beside a word for vehicles, or
    # where a whole column is made of nothing else (``low`` here, the table decides).
    if "plate" in roles:
        return "high" if _PLATE.search(cell) else None
    for match in _PLATE.finditer(cell):
        around = cell[max(0, match.start() - 60) : match.end() + 40]
        if _PLATE_WORDS.search(around):
            return "medium"
    return "low" if _WHOLE_PLATE.fullmatch(cell.strip()) else None


# -- credentials -------------------------------------------------------------------------------

_CREDENTIALS_TEXT = (
    r"(?i:passwor[dt]|passwd|kennwort|\bpwd|api[_-]?key|secret|access[_-]?token)[\"']?"
    r"[ \t]{0,3}[:=][ \t]{0,3}[\"']?[^\s\"']{4}"
    r"|-----BEGIN [A-Z ]{0,20}PRIVATE KEY"
    r"|AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{30}|xox[abprs]-[0-9A-Za-z-]{10}"
    r"|eyJ[A-Za-z0-9_-]{10,}\.eyJ"
    r"|[a-z]://[^/\s:@]{1,64}:[^/\s:@]{1,64}@"
)
_CREDENTIALS = re.compile(_CREDENTIALS_TEXT)
_NOT_A_SECRET = re.compile(
    r"^(?:ja|nein|yes|no|true|false|[-–*x.]*|keine?s?|unbekannt|n/?a|k\. ?a\.|null|none)$",
    re.IGNORECASE,
)


def _credentials(cell: str, roles: Roles) -> Confidence | None:
    if _CREDENTIALS.search(cell):
        return "high"
    text = cell.strip()
    if "credentials" in roles and 4 <= len(text) <= 200 and not _NOT_A_SECRET.match(text):
        return "medium"
    return None


DETECTORS: tuple[Detector, ...] = (
    Detector(
        "iban",
        rf"{_START}[A-Za-z]{{2}}[0-9]{{2}}{_SEP}?[0-9A-Za-z]{{4}}{_SEP}?[0-9A-Za-z]{{4}}",
        _iban,
    ),
    Detector(
        "tax-id",
        rf"(?:^|[^0-9A-Za-z.,/-])[1-9][0-9]{_SEP}?[0-9]{{3}}{_SEP}?[0-9]{{3}}{_SEP}?[0-9]{{3}}{_END}",
        _tax_id,
        by_share=True,
    ),
    Detector(
        "social-insurance",
        rf"{_START}[0-9]{{2}}{_SEP}?[0-9]{{6}}{_SEP}?[A-Za-z]{_SEP}?[0-9]{{3}}{_END}",
        _social_insurance,
    ),
    Detector("email", r"@|[\[(] ?(?:at|AT|ät) ?[\])]", _email),
    Detector(
        "phone",
        r"(?:^|[^0-9A-Za-z.,/+-])(?:(?:\+|00)[1-9][0-9 /.()-]{7}"
        r"|\(?0[1-9][0-9]{1,4}\)?(?:[ \x{a0}\x{2009}\x{202f}]?[/–-][ \x{a0}\x{2009}\x{202f}]?"
        r"|[ \x{a0}\x{2009}\x{202f}])[0-9][0-9 /\x{a0}\x{2009}\x{202f}-]{2})",
        _phone,
        by_header=r"[0-9][0-9 /().–-]{4}",
    ),
    Detector(
        "plate",
        r"[A-ZÄÖÜ][-: ] ?[A-Z]{1,2}[- \x{a0}]?[1-9]",
        _plate,
    ),
    Detector(
        "credentials", _CREDENTIALS_TEXT.replace(r"\b", ""), _credentials, by_header=r"\S{4}"
    ),
)
PREFILTER = "|".join(f"(?:{d.rust})" for d in DETECTORS)
"""Cells that no detector can match are not let through; one pattern, one scan."""

SHORTEST = 5
"""Bytes of the shortest thing that any detector finds ("A-B 1")."""


def tidy(cell: str) -> str:
    """Return a cell with plain blanks, as the checks expect it."""
    return cell if cell.isascii() else cell.translate(_SPACES)
