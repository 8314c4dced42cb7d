# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads documents from elsewhere in a process of its own, which dies alone.

Guards refuse what is known to hurt; what is not known yet may cost the child its life, by the
limits of the operating system or the clock, but never the portal. The child gets no settings,
opens no connection and ends with the document.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import threading
from dataclasses import astuple, dataclass
from pathlib import Path

from ckanext.verbund.domain.dcatde import graph, parse
from ckanext.verbund.domain.finding import Finding

__all__ = ["Bounds", "read"]


@dataclass(frozen=True)
class Bounds:
    """What the child may use; seconds by the clock, memory in bytes of address space."""

    seconds: int = 120
    memory: int = 2 * 2**30


def read(
    data: bytes,
    base: str = graph.BASE,
    limits: graph.Limits | None = None,
    bounds: Bounds | None = None,
) -> graph.Graph:
    """Read a document from elsewhere: RDF/XML, Turtle, JSON-LD or N-Triples.

    Args:
        data: The document; its form is told by its beginning.
        base: Address that it came from; relative addresses are completed by it.
        limits: How much it may hold.
        bounds: What reading may cost.

    Raises:
        graph.RefusedError: It breaks a limit, is no RDF, or reading it took too much; the
            finding says which.
    """
    limits, bounds = limits or graph.Limits(), bounds or Bounds()
    asked = json.dumps([base, astuple(limits), astuple(bounds)])
    command = [_python(), "-I", "-X", "utf8", "-m", parse.__name__, asked]
    late = threading.Event()
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={},
    ) as process:

        def kill() -> None:
            late.set()
            process.kill()

        clock = threading.Timer(bounds.seconds, kill)
        clock.start()
        try:
            # The child says nothing before it has read everything.
            try:
                process.stdin.write(data)
                process.stdin.close()
            except BrokenPipeError:
                pass
            text = io.TextIOWrapper(process.stdout, "utf-8", newline="\n")
            with graph.without_collector():
                lines = (one[:-1] for one in text if one[-1] == "\n")
                found = graph.Graph(graph.triples_of(lines))
            told = process.stderr.read()
            status = process.wait()
        except BaseException:
            process.kill()
            raise
        finally:
            clock.cancel()
    if status == 0 and not late.is_set():
        return found
    if status == parse.REFUSED:
        raise graph.RefusedError(Finding(**json.loads(told)))
    raise _died(bounds) if not late.is_set() else _too_slow(bounds)


def _python() -> str:
    """Return the interpreter; under uWSGI ``sys.executable`` is none."""
    own = Path(sys.prefix, "bin", "python")
    return str(own) if own.exists() else sys.executable


def _too_slow(bounds: Bounds) -> graph.RefusedError:
    return graph.RefusedError(
        Finding(
            id="dcat.too-slow",
            severity="error",
            message_de=f"Das Lesen dauerte länger als {bounds.seconds} Sekunden und wurde "
            "abgebrochen.",
            message_en=f"Reading took more than {bounds.seconds} seconds and was stopped.",
            remedy_de="Bitte den Katalog in Seiten aufteilen.",
            rule_source="Datenverbund, Grenzen beim Einlesen",
        )
    )


def _died(bounds: Bounds) -> graph.RefusedError:
    return graph.RefusedError(
        Finding(
            id="dcat.parser-died",
            severity="error",
            message_de="Das Lesen brach ab: Das Dokument ist beschädigt oder braucht mehr als "
            f"{bounds.memory // 2**20} MB Speicher.",
            message_en="Reading broke off: the document is damaged or needs more than "
            f"{bounds.memory // 2**20} MB of memory.",
            remedy_de="Bitte den Katalog in Seiten aufteilen und das Dokument prüfen.",
            rule_source="Datenverbund, Grenzen beim Einlesen",
        )
    )
