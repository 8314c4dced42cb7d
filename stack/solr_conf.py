# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Configuration of a Solr core: CKAN's own (``stock``), or ours (``verbund``).

Ours is CKAN's ``schema.xml`` with its English type ``text`` exchanged for the types of
``stack/solr/conf/types.xml`` and the fields of ``fields.xml`` added, so that it follows
updates of CKAN. docs/suche.md says why.
"""

from __future__ import annotations

import hashlib
import re
from importlib.util import find_spec
from pathlib import Path

from stack.settings import ROOT

_CONF = ROOT / "stack" / "solr" / "conf"
PARTS = "parts.txt"


def schema(kind: str) -> str:
    """Return the Solr schema of a kind of portal, ``stock`` or ``verbund``.

    Raises:
        ValueError: CKAN's schema no longer has the places where ours are put in.
    """
    # Without importing CKAN, which costs a second.
    folders = find_spec("ckan").submodule_search_locations
    text = (Path(folders[0]) / "config/solr/schema.xml").read_text(encoding="utf-8")
    if kind == "stock":
        return text
    text, types = re.subn(
        r'<fieldType name="text" .*?</fieldType>',
        lambda _: _inside("types"),
        text,
        count=1,
        flags=re.DOTALL,
    )
    fields = _inside("fields")
    copies = "\n".join(re.findall(r"<copyField .*?/>", fields))
    fields = re.sub(r"\s*<copyField .*?/>", "", fields)
    if not types or "<fields>" not in text or "</schema>" not in text:
        raise ValueError("CKAN's Solr schema has changed; stack/solr_conf.py must follow")
    text = text.replace("<fields>", f"<fields>\n{fields}", 1)
    # The list of parts is a file beside; named here, a change of it makes the index anew.
    digest = hashlib.sha256(_parts().encode()).hexdigest()
    return text.replace("</schema>", f"{copies}\n<!-- {PARTS}: {digest} -->\n</schema>", 1)


def files(kind: str) -> dict[str, str]:
    """Return the files of a core's ``conf`` folder by name."""
    config = (_CONF / "solrconfig.xml").read_text(encoding="utf-8")
    if kind == "stock":
        config = config.replace(">verbund_words<", ">text<")
    empty = {f"{words}.txt": "" for words in ("synonyms", "protwords", "stopwords")}
    own = {} if kind == "stock" else {PARTS: _parts()}
    return {"schema.xml": schema(kind), "solrconfig.xml": config, **empty, **own}


def _parts() -> str:
    return (_CONF / PARTS).read_text(encoding="utf-8")


def _inside(name: str) -> str:
    """Return what stands inside the root element of one of our files."""
    text = (_CONF / f"{name}.xml").read_text(encoding="utf-8")
    body = text.partition(f"<{name}>")[2].rpartition(f"</{name}>")[0]
    return body.strip("\n")
