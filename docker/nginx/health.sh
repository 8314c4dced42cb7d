#!/bin/sh
# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
# Health check: does nginx itself answer? The portal has a check of its own.
set -eu
exec curl -fsS -o /dev/null --max-time 8 "http://127.0.0.1:${LISTEN_HTTP:-8080}/.well-known/verbund-health"
