#!/bin/sh
# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
# Starts Redis with the password from its secret file; it appears in no process list.
set -eu
secret=${SECRETS_DIR:-/run/secrets}/redis_password
conf=${REDIS_CONF:-/tmp/redis.conf}
[ -s "$secret" ] || { echo "Das Geheimnis $secret fehlt. Abhilfe: docker/make-secrets.sh" >&2; exit 1; }
umask 077
cat >"$conf" <<CONF
bind ${REDIS_BIND:-0.0.0.0}
port ${REDIS_PORT:-6379}
requirepass $(cat "$secret")
dir ${REDIS_DATA:-/data}
appendonly yes
databases 16
save 300 1
loglevel warning
CONF
exec redis-server "$conf"
