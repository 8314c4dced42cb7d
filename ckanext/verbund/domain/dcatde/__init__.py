# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""DCAT-AP.de 3.0, both ways and without loss: values to RDF, RDF to values, checks."""
