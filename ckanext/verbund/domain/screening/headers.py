# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the header of a column says about its values.

Patterns match the header in small letters with umlauts written out, words apart: "GebDatum",
"geb_datum" and "Geb.-Datum" are all "geb datum".
"""

from __future__ import annotations

import re
from functools import lru_cache

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_CAMEL = re.compile(r"(?<=[a-zäöüß])(?=[A-ZÄÖÜ])")
_NO_WORD = re.compile(r"[^a-z0-9]+")
HEADER_READ = 200

# Not about people: a word of these keeps a role from being taken.
_THINGS = (
    r"baum|mast|leuchte|anlage|bauwerk|objekt|gemeinde|merkmal|flur|gebiet|stations?|akten"
)

_ROLES = {
    "iban": r"\b(iban|bankverbindung|kontonummer|kontonr|konto nr)\b",
    "tax-id": r"\b(idnr|id ?nr|tin|tax id|steuer ?id|steuer(liche)? ?id(entifikations)?\w*"
    r"|identifikationsn(ummer|r))\b",
    "phone": r"\b(tel|telefon\w*|telefax\w*|fon|phone( number)?|mobile?|mobil(telefon|nummer|funk)\w*"
    r"|mobil nr|handy\w*|rufnummer|rufnr|fax\w*|festnetz\w*|telephone)\b",
    "email": r"\b(e ?mails?|e ?mail ?adressen?|mail ?adressen?|mail)\b",
    "plate": rf"^(?!.*\b\w*({_THINGS})).*\b(\w*kennzeichen|nummernschild\w*|kfz kz|license plate)\b",
    "social-insurance": r"\b(sozialversicherungs\w*|rentenversicherungs\w*|sv ?nr|sv nummer|rv ?nr|vsnr)\b",
    "credentials": r"\b(passwort|password|passwd|kennwort|pwd|pin|pin code|api ?key|api schluessel"
    r"|secret|access ?token|auth ?token|zugangsdaten|private ?key)\b",
    "last-name": r"\b(nachname\w*|familienname\w*|surname|last ?name|zuname|geburtsname)\b",
    "first-name": r"\b(vornamen?|first ?name|rufname)\b",
    # A word that names people, alone or with "Name"; "Name der Eigentümerin" too.
    "person": r"\b(person|ansprechpartner\w*|ansprechperson\w*|kontaktperson\w*|eigentuemer\w*"
    r"|antragsteller\w*|antragstellende\w*|halter|halterin|hundehalter\w*|mieter\w*|bewohner\w*"
    r"|sachbearbeit\w*|bearbeiter\w*|inhaber\w*|melder|meldende\w*|beschwerdefuehr\w*"
    r"|vertreter\w*|patient\w*|schuelername|kindername|verstorbene\w*|betreuer\w*"
    r"|geschaeftsfuehr\w*|vorsitzende\w*|kundenname|mitarbeiter\w*|verantwortliche\w*"
    r"|erziehungsberechtigte\w*|paechter\w*|nutzungsberechtigte\w*|absender\w*|kunde|kundin"
    r"|buerger|buergerin|hinweisgeber\w*|fahrer|fahrerin|autor|autorin)\b",
    "name": r"^(name|namen|vollstaendiger name|name vorname|vorname name|vor und nachname"
    r"|vor und zuname|full ?name)$",
    "birth-date": r"\b(geb(urts)? ?(datum|tag|dat)\w*|geb|geboren( am)?|birth ?(date|day)|date of birth"
    r"|dob)\b",
    "birth-year": r"\b(geburtsjahr\w*|geb ?jahr|jahrgang|birth ?year|year of birth)\b",
    "street": r"\b(\w*strasse|str|strassenname|street|adressen?|\w*adresse|anschrift(en)?|\w*anschrift)\b",
    "house-number": r"\b(haus ?(nummer|nr)\w*|hsnr|hnr|house ?(number|no))\b",
    "home": r"\b(wohn(ort|adresse|anschrift|sitz|haft|haus|platz)\w*|privatadresse|meldeadresse"
    r"|heimat(adresse|anschrift)|haushalt|haushaltsnummer|wohnung\w*)\b",
    "consumption": r"\b(\w*verbrauch|kwh|zaehlerstand)\b",
    "latitude": r"\b(breite|breiten(grad)?|geogr\w* breite|lat|latitude|hochwert|nordwert|northing"
    r"|y|y koordinate|utm y|koordinaten?|geo ?punkt|geo point)\b",
    "longitude": r"\b(laenge|laengen(grad)?|geogr\w* laenge|lon|lng|long|longitude|rechtswert|ostwert"
    r"|easting|x|x koordinate|utm x)\b",
    "count": r"\b(anzahl|zahl|anz|\w*zahl|\w*faelle|personen|einwohner|haushalte|empfaenger\w*"
    r"|leistungsberechtigte\w*|bedarfsgemeinschaften|kinder|jugendliche|betroffene|count|insgesamt"
    r"|gesamt|summe|haeufigkeit|\w*lose|schueler|weiblich|maennlich|divers)\b",
    # Statistics about people, as opposed to trees and buses.
    "people-dimension": r"\b(alter|alters(gruppe|klasse|jahr)\w*|geschlecht|nationalitaet|herkunft\w*"
    r"|staatsangehoerigkeit\w*|religion\w*|konfession|familienstand|leistung(sart|sbezug)?|hilfe\w*"
    r"|hilfeart|delikt\w*|straftat\w*|behinderung\w*|diagnose\w*|erkrankung\w*|krankheit\w*|todesursache\w*"
    r"|pflegegrad|asyl\w*|aufenthaltsstatus|arbeitslos\w*|bildungsabschluss|schulabschluss|beruf\w*"
    r"|einkommen\w*|migrationshintergrund|jugendhilfe|geburtsjahr|geburtsland|sterbefaelle)\b",
    # Not "Alter ab": that is a playground's.
    "personal": r"^alter( in jahren)?$|\b(geburtsjahr|jahrgang|geb ?jahr|geschlecht|nationalitaet|staatsangehoerigkeit\w*"
    r"|familienstand|beruf|religion|konfession|einkommen|diagnose|behinderung\w*|pflegegrad|geburtsort"
    r"|geburtsland|schulabschluss|bildungsabschluss|aufenthaltsstatus|sex|gender|age|kinderzahl"
    r"|anzahl kinder|haushaltsgroesse)\b",
    "locality": r"\b(plz|postleitzahl|ort|wohnort|ortsteil|stadtteil|stadtbezirk|quartier|gemeinde"
    r"|\w*strasse|zip|bezirk)\b",
    "remark": r"\b(bemerkung\w*|kommentar\w*|notiz\w*|freitext\w*|anmerkung\w*|sachverhalt\w*|anliegen"
    r"|mitteilung\w*|nachricht\w*|beschwerde(text)?|begruendung\w*|erlaeuterung\w*|schilderung\w*"
    r"|remarks?|comments?|notes?|meldetext|meldung|beschreibung\w*|description)\b",
    # The place or body the row is about: its telephone is nobody's private one.
    "facility": r"\b(\w*einrichtung\w*|\w*schulen?|schulname|kita\w*|kindergarten|traeger\w*|betreiber\w*"
    r"|standort\w*|spielplatz\w*|museum|museen|praxis|apotheke\w*|vereine?|vereinsname|\w*haltestelle\w*|firma"
    r"|firmenname|unternehmen|behoerde\w*|amt|dienststelle|institution|organisation|agency\w*|feed\w*"
    r"|station|stationsname|bezeichnung|gebaeude|parkhaus|veranstalt\w*|bibliothek|rathaus|abteilung"
    r"|fachbereich|gremium|publisher\w*|stop\w*|route\w*|bad|freibad|krankenhaus|klinik|oeffnungszeit\w*)\b",
    # Codes and keys: digits that only look like something.
    "code": r"\b(ags|ars|gemeindeschluessel|\w*schluessel|gtin|ean|isbn|issn|artikel(nr|nummer)|fid|gid"
    r"|objekt ?(id|nr|nummer)|baum(nr|nummer)|mast(nr|nummer)|ident|uuid|guid|oid|flurstueck\w*|gln)\b",
}
_COMPILED = {role: re.compile(pattern) for role, pattern in _ROLES.items()}


def plain(header: str) -> str:
    """Return a header in small letters, umlauts written out, words apart."""
    text = _CAMEL.sub(" ", header[:HEADER_READ]).lower().translate(_UMLAUTS)
    return _NO_WORD.sub(" ", text).strip()


@lru_cache(maxsize=4096)
def roles(header: str) -> frozenset[str]:
    """Return what a header says about its column.

    Args:
        header: As it stands in the file.

    Returns:
        Keys of the table above.
    """
    text = plain(header)
    return frozenset(role for role, pattern in _COMPILED.items() if pattern.search(text))
