#!/bin/sh
# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
# Health check: does Redis answer to its password?
set -eu
REDISCLI_AUTH=$(cat "${SECRETS_DIR:-/run/secrets}/redis_password")
export REDISCLI_AUTH
[ "$(redis-cli -h 127.0.0.1 -p "${REDIS_PORT:-6379}" ping)" = PONG ]
