# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A catalogue that somebody at the terminal names, by file or address."""

from __future__ import annotations

from pathlib import Path

from ckanext.verbund.domain.dcatde import child, graph
from ckanext.verbund.domain.http import FetchError, Policy, fetch

__all__ = ["SourceError", "read"]


class SourceError(Exception):
    """A sentence for the person at the terminal."""


def read(source: str) -> graph.Graph:
    """Return the statements of a document: RDF/XML, Turtle, JSON-LD or N-Triples.

    The form is told by the content: names and types that servers give are often wrong.

    Args:
        source: Path of a file, or an address with http or https.

    Raises:
        SourceError: There is none, or it cannot be read.
    """
    limit = graph.Limits().document
    is_address = source.startswith(("http://", "https://"))
    try:
        if is_address:
            # The operator names it, so it may lie in the operator's own network.
            with fetch(source, Policy(max_bytes=limit, allow_private=True)) as pieces:
                data = b"".join(pieces)
        else:
            with Path(source).open("rb") as file:
                data = file.read(limit + 1)
        return child.read(data, source if is_address else graph.BASE)
    except OSError as error:
        raise SourceError(f"{source}: {error.strerror or error}") from error
    except FetchError as error:
        raise SourceError(f"{source}: {error}") from error
    except graph.RefusedError as error:
        found = error.finding
        raise SourceError(f"{source}: {found.message_de} {found.remedy_de}") from error
