# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What "restricted" means, precisely: one of two ways (publish-or-not, section 5.5).

A licence alone restricts no access. Either everybody reads the description and asks for the
data, or the data stay inside as a whole and a coarser version, a dataset of its own with a
decision of its own, becomes public.
"""

from __future__ import annotations

ON_REQUEST, DERIVATIVE = "on_request", "derivative"
WAYS = (ON_REQUEST, DERIVATIVE)
#: Access right of what is given on request, in the European vocabulary that DCAT-AP.de uses.
RESTRICTED = "http://publications.europa.eu/resource/authority/access-right/RESTRICTED"
