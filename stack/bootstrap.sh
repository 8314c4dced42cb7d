#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
# Installs what a cluster needs: Debian packages, a virtual environment, Solr.
#   bash stack/bootstrap.sh [demo|test]
# Every step is skipped when its inputs did not change, and each writes its stamp last:
# killed at any point, the next run goes on where this one stopped.
set -euo pipefail
cd "$(dirname "$0")/.."
WHAT=${1:-demo}
STACK=${STACK_DIR:-$PWD/.stack}
export PIP_DISABLE_PIP_VERSION_CHECK=1
say() { printf '%s  %s\n' "$(date +%H:%M:%S)" "$*"; }
die() { printf '\nFehler: %s\nAbhilfe: %s\n' "$1" "$2" >&2; exit 1; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
umask 022
mkdir -p "$STACK/stamps" || die "Der Ordner $STACK lässt sich nicht anlegen." "Rechte des Ordners prüfen oder STACK_DIR auf einen anderen Ordner setzen."

# -- disk -------------------------------------------------------------------
free_mb=$(df -Pm "$STACK" | awk 'NR==2{print $4}')
[ "$free_mb" -ge 3000 ] || [ -e "$STACK/stamps/venv" ] || die "Auf der Platte sind nur $free_mb MB frei, nötig sind 3000 MB." "Platz schaffen oder STACK_DIR auf eine andere Platte legen."

# -- Debian packages --------------------------------------------------------
sections="demo"; [ "$WHAT" = test ] && sections="demo test"
wanted=$(for s in $sections; do awk -v s="[$s]" '$0==s{on=1;next} /^\[/{on=0} on&&NF&&!/^#/' stack/packages.txt; done)
installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }
missing=""; for p in $wanted; do installed "$p" || missing="$missing $p"; done
if [ -n "$missing" ]; then
  command -v apt-get >/dev/null || die "Es fehlen Programme:$missing; apt-get gibt es hier nicht." "Debian 12 benutzen oder diese Programme von Hand einrichten."
  [ "$(id -u)" = 0 ] || command -v sudo >/dev/null || die "Es fehlen Debian-Pakete:$missing; sudo gibt es hier nicht." "Als root ausführen: apt-get install$missing"
  say "Debian-Pakete:$missing"
  # A package must not start services or create a cluster: this machine's own stay untouched.
  policy=/usr/sbin/policy-rc.d; ours=""
  if [ ! -e $policy ]; then ours=1; printf '#!/bin/sh\nexit 101\n' | as_root tee $policy >/dev/null; as_root chmod +x $policy; fi
  cluster=/etc/postgresql-common/createcluster.d/datenverbund.conf
  as_root mkdir -p "$(dirname $cluster)"; echo 'create_main_cluster = false' | as_root tee $cluster >/dev/null
  trap '[ -z "$ours" ] || as_root rm -f $policy; as_root rm -f $cluster' EXIT
  log="$STACK/apt.log"
  { as_root apt-get update && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing; } >"$log" 2>&1 \
    || { tail -n 5 "$log" >&2; die "Debian-Pakete ließen sich nicht einrichten (Protokoll: $log)." "Netzverbindung und freien Platz prüfen, dann denselben Befehl wiederholen."; }
  [ -z "$ours" ] || as_root rm -f $policy; as_root rm -f $cluster; trap - EXIT
fi

# -- unprivileged user ------------------------------------------------------
# PostgreSQL refuses to run as root, and a portal should not: as root, all of it runs as this user.
if [ "$(id -u)" = 0 ]; then
  id datenverbund >/dev/null 2>&1 || useradd --system --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin datenverbund
  runuser -u datenverbund -- test -r "$PWD/setup.py" || die "Das Konto »datenverbund« kann $PWD nicht lesen." "Den Ordner nach /srv oder /opt legen oder lesbar machen: chmod o+rx auf dem Weg dorthin."
fi

# -- Python -----------------------------------------------------------------
PY=/usr/bin/python3; [ -x $PY ] || PY=$(command -v python3)
venv() { # venv NAME LOCKFILE
  local dir="$STACK/$1" lock="$2" stamp="$STACK/stamps/$1" want
  want="$(sha256sum "$lock" | cut -d' ' -f1) $($PY -V) $PWD $(sha256sum pyproject.toml | cut -c1-16)"
  [ -x "$dir/bin/python" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$want" ] && return
  say "Python-Pakete ($lock)"
  rm -f "$stamp"; [ -x "$dir/bin/pip" ] || { rm -rf "$dir"; $PY -m venv "$dir"; }
  # Debian's pip 23 does not find the pinned version of a package asked for with extras.
  "$dir/bin/pip" install -q --require-hashes -r requirements/pip.txt >"$STACK/pip.log" 2>&1 \
    && "$dir/bin/pip" install -q --require-hashes -r "$lock" >"$STACK/pip.log" 2>&1 \
    || { tail -n 5 "$STACK/pip.log" >&2; die "Python-Pakete ließen sich nicht einrichten (Protokoll: $STACK/pip.log)." "Netzverbindung prüfen, dann denselben Befehl wiederholen."; }
  "$dir/bin/pip" install -q --no-deps --no-build-isolation -e . >"$STACK/pip.log" 2>&1 \
    || { tail -n 5 "$STACK/pip.log" >&2; die "Die Erweiterung ließ sich nicht einrichten (Protokoll: $STACK/pip.log)." "Die Meldung darüber lesen; make clean löscht den Stand und beginnt neu."; }
  echo "$want" >"$stamp"
}
if [ "$WHAT" = test ] || [ "$(cut -d' ' -f1 "$STACK/stamps/venv" 2>/dev/null)" = "$(sha256sum requirements/dev.txt | cut -d' ' -f1)" ]; then
  venv venv requirements/dev.txt # holds runtime.txt and the tools for tests
else
  venv venv requirements/runtime.txt
fi

# -- Solr -------------------------------------------------------------------
want="$(cat stack/solr/pom.xml stack/solr/SolrServer.java stack/solr/jars.sha256 | sha256sum)"
if [ "$(cat "$STACK/stamps/solr" 2>/dev/null)" != "$want" ]; then
  say "Solr (Maven)"
  rm -rf "$STACK/solr.new"; mkdir -p "$STACK/solr.new"
  mvn -q -B -C -f stack/solr/pom.xml -Dmaven.repo.local="$STACK/m2" dependency:copy-dependencies -DoutputDirectory="$STACK/solr.new/lib" >"$STACK/mvn.log" 2>&1 \
    || { tail -n 5 "$STACK/mvn.log" >&2; die "Solr ließ sich nicht holen (Protokoll: $STACK/mvn.log)." "Netzverbindung zu Maven Central prüfen, dann denselben Befehl wiederholen."; }
  (cd "$STACK/solr.new/lib" && sha256sum -c --quiet "$OLDPWD/stack/solr/jars.sha256") \
    || die "Eine Solr-Datei hat eine falsche Prüfsumme." "Nicht benutzen. rm -rf $STACK/m2 und noch einmal; bleibt es dabei, bitte melden."
  javac -cp "$STACK/solr.new/lib/*" -d "$STACK/solr.new" stack/solr/SolrServer.java
  rm -rf "$STACK/solr"; mv "$STACK/solr.new" "$STACK/solr"; rm -rf "$STACK/m2"
  echo "$want" >"$STACK/stamps/solr"
fi

# -- German texts -----------------------------------------------------------
want="$(cat ckanext/verbund/i18n/de/LC_MESSAGES/*.po stack/messages.py requirements/runtime.txt | sha256sum)"
if [ "$(cat "$STACK/stamps/messages" 2>/dev/null)" != "$want" ]; then
  say "Deutsche Texte"
  "$STACK/venv/bin/python" -m stack.messages compile >"$STACK/messages.log" 2>&1 || { tail -n 5 "$STACK/messages.log" >&2; die "Die deutschen Texte ließen sich nicht übersetzen." "Die Meldung darüber nennt die Zeile."; }
  echo "$want" >"$STACK/stamps/messages"
fi
