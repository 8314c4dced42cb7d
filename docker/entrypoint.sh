#!/bin/sh
# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
# Start of the portal's containers. The first word says what runs:
#   setup | solr | ini   prepare, then end
#   web | worker | gather | fetch
#   ckan …               a ckan command
#   health WHAT          the health check
set -eu
root=${VERBUND_ROOT:-/opt/verbund}
cd "$root"
umask 027
exec "${STACK_DIR:-$root/.stack}/venv/bin/python" docker/portal.py "$@"
