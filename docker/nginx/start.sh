#!/bin/sh
# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
# Writes nginx.conf and becomes nginx. With a certificate in TLS_DIR it serves HTTPS and
# redirects to it, without one plain HTTP (behind your own proxy, or on loopback).
#   start.sh            start
#   start.sh FILE       only write the configuration
set -eu
here=$(dirname "$0")
tls=${TLS_DIR:-/etc/verbund-tls}
out=${1:-/tmp/nginx.conf}
name=${SERVER_NAME:-localhost}
case $name in *[!A-Za-z0-9.\ -]*) echo "SERVER_NAME enthält unzulässige Zeichen: $name" >&2; exit 1 ;; esac
if [ -s "$tls/fullchain.pem" ] && [ -s "$tls/privkey.pem" ]; then kind=https; else kind=http; fi
sed -e "s|@SERVER_NAME@|$name|g" -e "s|@TLS_DIR@|$tls|g" -e "s|@WEB@|${WEB:-web:5000}|g" \
  -e "s|@HERE@|$here|g" -e "s|@TMP@|${NGINX_TMP:-/tmp}|g" -e "s|@KIND@|$kind|g" \
  -e "s|@HTTP_PORT@|${LISTEN_HTTP:-8080}|g" -e "s|@HTTPS_PORT@|${LISTEN_HTTPS:-8443}|g" \
  "$here/nginx.conf.in" >"$out"
for part in proxy http https; do
  sed -e "s|@SERVER_NAME@|$name|g" -e "s|@TLS_DIR@|$tls|g" -e "s|@TMP@|${NGINX_TMP:-/tmp}|g" \
    -e "s|@HTTP_PORT@|${LISTEN_HTTP:-8080}|g" -e "s|@HTTPS_PORT@|${LISTEN_HTTPS:-8443}|g" \
    -e "s|@HERE@|$here|g" -e "s|@ACME_DIR@|${ACME_DIR:-/var/www/acme}|g" "$here/$part.conf.in" >"${NGINX_TMP:-/tmp}/$part.conf"
done
[ $# -gt 0 ] || exec nginx -e stderr -c "$out" -g 'daemon off;'
