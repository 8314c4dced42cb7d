# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which mailboxes belong to a person and are not published again.

The rule (docs/dcat-ap-de.md, "Schwärzung"): a mailbox is personal when the source says that it
is a person's, when its name consists of a given name or an initial and a surname, or when it
consists of words of a name that begins with a given name. A mailbox that names a function is
never personal. In doubt it stays: a lost contact harms more people than a known work address.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["is_personal"]

# The most frequent given names in Germany, by decades of birth from 1950 on, without accents.
_FREQUENT = """
    achim adam alexander alexandra alfred ali alina amelie andre andrea andreas angela
    angelika anja anke anna anne annette annika antje anton antonia arne astrid axel barbara
    bastian beate ben benjamin bernd bernhard bettina bianca birgit bjoern brigitte britta
    burkhard carina carmen carola carolin carsten caroline charlotte christa christian
    christiane christina christine christof christoph christopher claudia claus clemens
    cornelia dagmar daniel daniela david denise dennis detlef diana dieter dietmar dirk
    dominik doris dorothea eberhard edith elena elias elisabeth elke ellen emil emily emma
    erich erik erika ernst eva fabian felix finn florian frank franz franziska friederike
    friedrich fritz gabi gabriele georg gerd gerhard gerlinde gerrit gisela gregor gudrun
    guenter guenther hanna hannah hannelore hannes hans harald hartmut heidi heike heiko
    heiner heinrich heinz helena helga helmut henning henrik herbert hermann holger horst
    hubert ilona ina ines inge ingo ingrid irene iris isabel isabell isabella jakob jan jana
    janina janine jannik jasmin jens jessica joachim jochen johann johanna johannes jonas
    joerg josef judith juergen julia julian juliane jutta kai karin karl karla karsten
    katharina kathrin katja katrin kerstin kevin kirsten klara klaus konrad konstantin
    kristin kristina kurt lara lars laura lea lena leo leon leonie lieselotte linda lisa
    lothar louis luca lukas lutz maik maja manfred manuel manuela marc marcel marco marcus
    maren margarete margit margot maria marianne marie marina mario marion mark marko markus
    marlene martin martina mathias matthias max maximilian mehmet meike melanie merle mia
    michael michaela mike miriam mirko mohammed monika moritz nadine nadja natalie nele
    nicolas nicole niels niklas nils nina norbert olaf oliver oskar otto pascal patricia
    patrick paul paula peer peter petra philipp pia rainer ralf ralph ramona raphael rebecca
    regina reiner reinhard renate rene richard rita robert robin roland rolf roman ronald
    ronny rosemarie ruth sabine sabrina sandra sara sarah sascha sebastian silke silvia
    simon simone sina sofia sonja sophia sophie stefan stefanie steffen steffi stephan
    stephanie susanne sven svenja swen sylvia tamara tanja tatjana theo theresa thomas
    thorsten tilo tim timo tina tobias tom torben torsten udo ulf ulrich ulrike ursula ute
    uwe valentin vanessa vera verena veronika viktoria vincent volker walter waltraud werner
    wilfried wilhelm wolfgang yvonne
"""
_GIVEN = frozenset(_FREQUENT.split())
# Words of functions; found anywhere in the name of a mailbox.
_FUNCTION = re.compile(
    "admin|agentur|amt|anfrage|antrag|archiv|auskunft|bau|beauftragt|behoerde|bibliothek|"
    "buergerbuero|buero|daten|data|dezernat|dienst|digital|fach|frage|gemeinde|geo|gis|hilfe|"
    "info|kanzlei|kataster|kontakt|contact|kreis|kultur|landkreis|leitung|mail|museum|office|"
    "online|open|planung|portal|post|presse|question|redaktion|referat|register|sekretariat|"
    "service|stadt|statistik|stelle|support|team|umwelt|verein|verkehr|verwaltung|web|wirtschaft|"
    "zentr"
)
_PARTS = re.compile(r"[._-]+")
_WORDS = re.compile(r"[a-z]+")


def is_personal(address: str, names: list[str], *, person: bool = False) -> bool:
    """Return whether a mailbox belongs to a person.

    Args:
        address: The mailbox, such as ``erika.muster@stadt.example``.
        names: What its owner is called.
        person: The source says that the owner is a person.
    """
    local = _ascii(address.partition("@")[0])
    if _FUNCTION.search(local):
        return False
    if person:
        return True
    parts = [part for part in _PARTS.split(local) if part]
    if len(parts) >= 2 and parts[0] in _GIVEN and all(p.isalpha() for p in parts):
        return True
    words = [word for name in names for word in _WORDS.findall(_ascii(name))]
    if not words or not _GIVEN & set(words[:2]):
        return False
    surnames = [part for part in parts if len(part) > 2]
    return bool(surnames) and all(any(part in word for word in words) for part in surnames)


def _ascii(text: str) -> str:
    text = text.casefold().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")
    text = unicodedata.normalize("NFKD", text.replace("ß", "ss"))
    return "".join(c for c in text if not unicodedata.combining(c))
