#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
# Health check: does the portal's core answer a search? Needs no curl.
set -euo pipefail
login=$(printf 'ckan:%s' "$(cat "${SECRETS_DIR:-/run/secrets}/solr_password")" | base64 -w 0)
exec 3<>"/dev/tcp/127.0.0.1/${SOLR_PORT:-8983}"
printf 'GET /solr/%s/select?q=*:*&rows=0 HTTP/1.0\r\nHost: localhost\r\nAuthorization: Basic %s\r\n\r\n' \
  "${PORTAL_NAME:-portal}" "$login" >&3
read -r -t 10 _ status _ <&3
[ "$status" = 200 ]
