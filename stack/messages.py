# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The German catalogue: find what has no German, update it, compile it.

Core's German is merged first, ours afterwards, and the later one wins
(``ckan/config/middleware/flask_app.py``). So our catalogue holds every message
of core, of the extensions in use and of this package that has no German in
core's *compiled* catalogue, and besides those whose German there is not good.

Example:
    $ python -m stack.messages            # what is missing; exit code 1 if any
    $ python -m stack.messages update     # write .pot and .po, keep translations
    $ python -m stack.messages compile    # write .mo (needed after a checkout)
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import io
import re
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timezone
from gettext import NullTranslations
from importlib import metadata
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from babel.support import Translations

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".stack" / "cache"
I18N = ROOT / "ckanext" / "verbund" / "i18n"
DOMAIN = "ckanext-verbund"
POT = I18N / f"{DOMAIN}.pot"
PO = I18N / "de" / "LC_MESSAGES" / f"{DOMAIN}.po"

HEADER = """\
German texts of the Datenverbund portals.
SPDX-FileCopyrightText: 2026 Datenverbund
SPDX-FileCopyrightText: CKAN contributors (texts taken from ckan.po)
SPDX-License-Identifier: AGPL-3.0-or-later
""".rstrip()

#: Extensions whose plugins a portal enables. "ckan" is core itself.
USED = (
    "ckan",
    *(
        f"ckanext.{name}"
        for name in (
            "activity", "datastore", "datatablesview", "dcat", "geoview", "harvest",
            "imageview", "resourceproxy", "scheming", "spatial", "textview",
        )
    ),
)  # fmt: skip
DISTRIBUTIONS = (
    "ckan", "ckanext-dcat", "ckanext-geoview", "ckanext-harvest", "ckanext-scheming",
    "ckanext-spatial",
)  # fmt: skip

#: Folders without texts of a running portal with the default templates.
SKIPPED = frozenset(
    {
        "2.8_templates", "__pycache__", "bulk", "i18n", "migration", "node_modules",
        "templates-midnight-blue", "tests", "vendor",
    }
)  # fmt: skip
EXTRACTORS = {
    ".py": "python",
    ".js": "javascript",
    ".html": "ckan.lib.extract:extract_ckan",
    ".txt": "ckan.lib.extract:extract_ckan",
}

#: Messages looked up by a variable, which no extractor can see: file -> msgids.
RUNTIME = {
    # summary of form errors: the names of fields, made readable
    "ckan/logic/__init__.py": (
        "Author Email", "Extras", "Group", "Id", "Language", "Maintainer Email",
        "Metadata", "Owner org", "Private", "Resources", "Schema", "State", "Tag string",
        "Title translated", "Type", "Url", "Upload", "Validation", "Value", "Views",
    ),
    # the state of a user or package
    "ckan/templates/user/snippets/info.html": ("active", "deleted", "draft", "pending"),
    # the type of a package, capitalised, and its plural
    "ckan/templates/package/search.html": (
        "Dataset", "Datasets", "Dataset_Series", "Dataset_Seriess", "Data_Service",
        "Data_Services", "Harvest", "Harvests",
    ),
    # titles of views, translated by ckanext.verbund.base.german
    "ckan/lib/helpers.py": (
        "GeoJSON", "Image", "Map viewer (OpenLayers)", "Shapefile", "Table", "Text", "WMTS",
    ),
    # frequencies and titles; descriptions by ckanext.verbund.base.german
    "ckanext/harvest/helpers.py": (
        "Always", "Biweekly", "Daily", "Manual", "Monthly", "Weekly",
        "CKAN", "CSW Server", "DCAT JSON Harvester", "Generic DCAT RDF Harvester",
        "Single spatial metadata document", "Web Accessible Folder (WAF)",
        "A server that implements OGC's Catalog Service for the Web (CSW) standard",
        "A single spatial metadata document",
        "A Web Accessible Folder (WAF) displaying a list of spatial metadata documents",
        "Harvester for DCAT dataset descriptions serialized as JSON",
        "Harvester for DCAT datasets from an RDF graph",
        "Harvests remote CKAN instances",
    ),
    # what a job did, and its state
    "ckanext/harvest/templates/snippets/job_details.html": (
        "added", "deleted", "errored", "not modified", "updated",
        "New", "Running", "Finished", "Aborted",
    ),
    # the role of a responsible party, capitalised
    "ckanext/spatial/helpers.py": (
        "Author", "Custodian", "Distributor", "Originator", "Owner", "Pointofcontact",
        "Principalinvestigator", "Processor", "Publisher", "Resourceprovider", "User",
    ),
}  # fmt: skip

#: A tag of old templates that the extractor does not know.
_RESOURCE_TAG = re.compile(rb"\{%-?\s*resource\b.*?%\}")
_PLACEHOLDER = re.compile(
    r"%\(\w+\)[a-z]|%[sdifr](?![a-z])|\{\w*\}|</?([a-zA-Z][a-zA-Z0-9]*)[^<>]*>|\[\d*:[^\]]*\]"
)


class _Untranslated(NullTranslations):
    """End of a chain of catalogues: says that nobody had the message."""

    def gettext(self, message: str) -> str:
        raise LookupError(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        raise LookupError(msgid1)


def _package(name: str) -> Path:
    """Return the folder of an installed package, without importing it."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(f"{name} is not installed; run this with the portal's Python.")
    return Path(next(iter(spec.submodule_search_locations)))


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files of a package that can hold messages."""
    for path in sorted(folder.rglob("*")):
        inner = path.relative_to(folder)
        if (
            path.suffix in EXTRACTORS
            and not SKIPPED.intersection(inner.parts)
            and not path.name.endswith((".min.js", ".spec.js"))
        ):
            yield path


def _extract(name: str, folder: Path, into: Catalog) -> None:
    """Add the messages of one package to a catalogue."""
    for path in _files(folder):
        source = _RESOURCE_TAG.sub(b"", path.read_bytes())
        place = f"{name.replace('.', '/')}/{path.relative_to(folder).as_posix()}"
        options = {"silent": "False"} if path.suffix == ".html" else {}
        found = extract(
            EXTRACTORS[path.suffix], io.BytesIO(source), DEFAULT_KEYWORDS, options=options
        )
        for _line, msgid, _comments, context in found:
            if msgid and msgid != " ":
                into.add(msgid, locations=[(place, None)], context=context)


def _third_party() -> Catalog:
    """Return the messages of core and the extensions, kept by their versions."""
    state = [f"{name}={metadata.version(name)}" for name in DISTRIBUTIONS]
    state.append(hashlib.sha256(Path(__file__).read_bytes()).hexdigest())
    key = hashlib.sha256("\n".join(state).encode()).hexdigest()[:16]
    kept = CACHE / f"messages-{key}.pot"
    if kept.is_file():
        with kept.open("rb") as stream:
            return read_po(stream)
    catalog = Catalog()
    for name in USED:
        _extract(name, _package(name), catalog)
    for place, msgids in RUNTIME.items():
        for msgid in msgids:
            catalog.add(msgid, locations=[(place, None)])
    CACHE.mkdir(parents=True, exist_ok=True)
    fresh = kept.with_suffix(".new")
    with fresh.open("wb") as stream:
        write_po(stream, catalog, include_lineno=False)
    fresh.replace(kept)
    return catalog


def collect() -> Catalog:
    """Return every message that a portal of ours can show."""
    catalog = _third_party()
    _extract("ckanext.verbund", ROOT / "ckanext" / "verbund", catalog)
    return catalog


def core_german() -> Path:
    """Return the folder with core's German ``ckan.mo`` and ``ckan.po``."""
    return _package("ckan") / "i18n" / "de" / "LC_MESSAGES"


def read(path: Path, locale: str | None = "de") -> Catalog:
    """Read a ``.po`` or ``.pot``; a missing file is an empty catalogue."""
    if not path.is_file():
        return Catalog(locale=locale, domain=DOMAIN)
    with path.open("rb") as stream:
        return read_po(stream, locale=locale, domain=DOMAIN)


def shipped() -> Translations:
    """Return core's compiled German, as it is installed."""
    with (core_german() / "ckan.mo").open("rb") as stream:
        translations = Translations(stream, domain="ckan")
    translations.add_fallback(_Untranslated())
    return translations


def in_effect() -> Translations:
    """Return the German of a portal: core's compiled one, ours merged over it."""
    compiled = io.BytesIO()
    write_mo(compiled, read(PO))
    compiled.seek(0)
    return shipped().merge(Translations(compiled, domain="ckan"))


def german(message: Message, translations: Translations) -> tuple[str, ...] | None:
    """Return what a portal shows for a message: one text, or singular and plural."""
    try:
        if message.pluralizable:
            one, many = message.id
            return (translations.ngettext(one, many, 1), translations.ngettext(one, many, 2))
        return (translations.gettext(message.id),)
    except LookupError:
        return None


def placeholders(text: str) -> Counter[str]:
    """Return what a translation must repeat: ``%(x)s``, ``{x}``, ``%s``, HTML tags."""
    return Counter(
        match[0].split()[0].rstrip(">") if match[1] else match[0]
        for match in _PLACEHOLDER.finditer(text)
    )


def faults(message: Message, texts: tuple[str, ...]) -> list[str]:
    """Return what is formally wrong with a translation."""
    ids = message.id if message.pluralizable else (message.id,)
    expected = [placeholders(one) for one in ids]
    got = [placeholders(text) for text in texts]
    if got[-1] == expected[-1] and got[0] in expected:
        return []
    return [f"{ids[0]!r}: {dict(expected[-1])} expected, {texts!r} given"]


def missing(catalog: Catalog) -> list[Message]:
    """Return the messages that a portal would show in English."""
    translations = in_effect()
    return [m for m in catalog if m.id and german(m, translations) is None]


def in_scripts(message: Message) -> bool:
    """Say whether a message is used by JavaScript."""
    return any(str(place).endswith(".js") for place, _line in message.locations)


def _core_scripts() -> set[str]:
    """Return the messages whose German reaches browsers from core's files alone."""
    template = read(core_german().parents[1] / "ckan.pot", locale=None)
    texts = read(core_german() / "ckan.po")
    return {
        _first(m.id)
        for m in template
        if m.id and in_scripts(m) and (own := texts.get(_first(m.id))) and own.string
    }


def _first(msgid: str | tuple[str, ...] | list[str]) -> str:
    """Return the msgid under which a message is found."""
    return msgid if isinstance(msgid, str) else msgid[0]


def wanted(catalog: Catalog, present: Catalog) -> Catalog:
    """Return the template of our catalogue.

    It holds messages without German in core's ``.mo``, those that ours words
    anew, and those of scripts that core's files do not bring to browsers.
    """
    core, scripts = shipped(), _core_scripts()
    template = Catalog(domain=DOMAIN, project=DOMAIN, copyright_holder="Datenverbund")
    for message in catalog:
        if not message.id:
            continue
        name = _first(message.id)
        ours = present.get(name, message.context)
        if (
            ours is not None
            or german(message, core) is None
            or (in_scripts(message) and name not in scripts)
        ):
            template.add(message.id, locations=message.locations, context=message.context)
    return template


def _fill_from_core(catalog: Catalog) -> None:
    """Take core's own German text where the compiled catalogue has none."""
    texts = read(core_german() / "ckan.po")
    for message in catalog:
        core = texts.get(_first(message.id), message.context) if message.id else None
        if core is None or not core.string or message.string not in ("", ("", ""), None):
            continue
        string = core.string
        if message.pluralizable == core.pluralizable and not faults(
            message, string if message.pluralizable else (string,)
        ):
            message.string = string


def _write(path: Path, catalog: Catalog) -> None:
    """Write a catalogue so that an unchanged one gives an unchanged file."""
    catalog.header_comment = "\n".join(f"# {line}" for line in HEADER.splitlines())
    catalog.fuzzy = False
    catalog.project, catalog.version = DOMAIN, ""
    catalog.msgid_bugs_address = catalog.last_translator = "Datenverbund"
    catalog.language_team = "Deutsch"
    catalog.creation_date = catalog.revision_date = datetime(2026, 11, 24, tzinfo=timezone.utc)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        write_po(
            stream, catalog, sort_output=True, include_lineno=False, ignore_obsolete=True,
            width=96,
        )  # fmt: skip


def update() -> Catalog:
    """Write template and catalogue anew; existing translations stay."""
    present = read(PO)
    template = wanted(collect(), present)
    present.update(template, no_fuzzy_matching=True)
    _fill_from_core(present)
    _write(POT, template)
    _write(PO, present)
    return present


def build() -> list[Path]:
    """Compile each catalogue to ``.mo`` and return what was written.

    The ``.po`` is touched as well: ``ckan translation js`` builds the texts of
    scripts anew only when a ``.po`` is younger than what it built before.
    """
    written = []
    for source in sorted(I18N.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        fresh = target.with_suffix(".mo.new")
        with fresh.open("wb") as stream:
            write_mo(stream, read(source, locale=source.parts[-3]))
        fresh.replace(target)
        source.touch()
        target.touch()
        written.append(target)
    return written


def stale() -> bool:
    """Return whether a catalogue changed since it was compiled."""
    sources = [(po, po.with_suffix(".mo")) for po in I18N.glob("*/LC_MESSAGES/*.po")]
    return any(not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime for po, mo in sources)


def _report() -> int:
    """Print what is not German and return the exit code."""
    catalog, translations = collect(), in_effect()
    absent = missing(catalog)
    wrong = [
        fault
        for message in catalog
        if message.id and (texts := german(message, translations))
        for fault in faults(message, texts)
    ]
    for message in absent:
        places = ", ".join(sorted({place for place, _ in message.locations})[:2])
        print(f"no German: {message.id!r} ({places})")
    for fault in wrong:
        print(f"wrong placeholder: {fault}")
    core_only = sum(german(m, shipped()) is None for m in catalog if m.id)
    print(
        f"{len(catalog)} messages, {core_only} without German in core's catalogue, "
        f"{len(read(PO))} in ours; {len(absent)} missing, {len(wrong)} wrong."
    )
    return 1 if absent or wrong else 0


def main(arguments: list[str] | None = None) -> int:
    """Run one of the commands."""
    parser = argparse.ArgumentParser(prog="python -m stack.messages", description=__doc__)
    parser.add_argument(
        "command", nargs="?", default="check", choices=["check", "update", "compile"]
    )
    command = parser.parse_args(arguments).command
    if command == "update":
        print(f"{len(update())} messages in {PO.relative_to(ROOT)}")
        return _report()
    if command == "compile":
        for path in build():
            print(path.relative_to(ROOT))
        return 0
    return _report()


if __name__ == "__main__":
    sys.exit(main())
