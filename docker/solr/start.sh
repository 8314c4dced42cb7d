#!/bin/sh
# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
# Starts Solr on the home that the service "solr-home" laid out.
set -eu
home=${SOLR_HOME:-/var/lib/verbund-solr/solr}
jars=${SOLR_JARS:-/opt/solr}
log=${SOLR_LOG:-/tmp}
[ -s "$home/security.json" ] || { echo "$home ist leer. Abhilfe: erst den Dienst »solr-home« laufen lassen." >&2; exit 1; }
exec java "-Xms${SOLR_HEAP:-512m}" "-Xmx${SOLR_HEAP:-512m}" "-Dsolr.log.dir=$log" -Dlog4j2.level=WARN \
  -Djava.net.preferIPv4Stack=true -cp "$jars:$jars/lib/*" SolrServer "$home" "${SOLR_BIND:-0.0.0.0}" "${SOLR_PORT:-8983}"
