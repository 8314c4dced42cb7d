#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
# Gathers Solr from the release artefacts on Maven Central: docker/solr/build.sh OUT [REPOSITORY]
# Same pom, same launcher, same checksums as stack/bootstrap.sh.
set -euo pipefail
here=$(cd "$(dirname "$0")/../../stack/solr" && pwd)
out=$1
repository=${2:-$out/m2}
mkdir -p "$out/lib"
mvn -q -B -C -f "$here/pom.xml" -Dmaven.repo.local="$repository" dependency:copy-dependencies \
  -DoutputDirectory="$out/lib"
(cd "$out/lib" && sha256sum -c --quiet "$here/jars.sha256")
javac -cp "$out/lib/*" -d "$out" "$here/SolrServer.java"
rm -rf "$out/m2"
