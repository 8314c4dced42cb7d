# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Forms: a dataset is described on five short pages, as a draft that survives interruptions."""
