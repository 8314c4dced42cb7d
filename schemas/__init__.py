# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: CC0-1.0
"""The data model as files: dataset, series, service, organisation, vocabularies, outlines."""
