# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Search that understands German: rules of queries, without CKAN and without Solr.

`query.ranked` turns what a person wrote into a query of Solr's edismax parser, `words` knows
which other words mean the same. docs/suche.md says why.
"""
