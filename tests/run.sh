#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
# All checks, in the order in which they fail fastest:
#   bash tests/run.sh [lint|unit|functional|browser|packaging ...]
# Installs what it needs, starts services of its own (profile "test"), prints one summary.
set -uo pipefail
cd "$(dirname "$0")/.."
export STACK_DIR=${STACK_DIR:-$PWD/.stack}
BIN="$STACK_DIR/venv/bin"; OUT="$STACK_DIR/test-results"; PURE="-p no:ckan -p no:ckan_fixtures"
WANTED=${*:-lint unit functional browser packaging}
mkdir -p "$OUT"
SUMMARY=""; FAILED=0
phase() { # phase NAME COMMAND...
  local name=$1 begin=$SECONDS; shift
  printf '\n== %s\n' "$name"
  "$@"; local status=$? # not within "if": bash ignores set -e there, and lint would pass
  if [ $status = 0 ]; then result=gut; else result=FEHLER; FAILED=1; fi
  SUMMARY+=$(printf '%-12s %-8s %4d s' "$name" $result $((SECONDS - begin)))$'\n'
}
lint() (
  set -e
  "$BIN/ruff" check -q .
  "$BIN/ruff" format -q --check .
  find ckanext -name '*.html' -print0 | xargs -0 -r "$BIN/djlint" --quiet --lint
  for po in ckanext/verbund/i18n/*/LC_MESSAGES/*.po; do msgfmt --check -o /dev/null "$po"; done
  "$BIN/python" -m stack.messages >/dev/null || "$BIN/python" -m stack.messages
  shellcheck -S warning stack/bootstrap.sh stack/ckan tests/run.sh .ci/run
  "$BIN/reuse" lint -q || { "$BIN/reuse" lint; exit 1; }
)
unit() { "$BIN/pytest" $PURE -q --junitxml="$OUT/unit.xml" tests/unit; }
functional() ( # the gate before publication has a portal of its own
  "$BIN/pytest" -q --ckan-ini=test.ini --junitxml="$OUT/functional.xml" \
    --ignore=tests/functional/ethics tests/functional
  first=$?
  "$BIN/pytest" -q --ckan-ini=test-gated.ini --junitxml="$OUT/gated.xml" \
    --confcutdir=tests tests/functional/ethics && exit $first
)
browser() { "$BIN/pytest" $PURE -q --junitxml="$OUT/browser.xml" tests/browser; }
packaging() { "$BIN/pytest" $PURE -q --junitxml="$OUT/packaging.xml" tests/packaging; }
cluster() { "$BIN/python" -m stack --profile test demo; }

phase bootstrap bash stack/bootstrap.sh test
[ $FAILED = 0 ] || { printf '\n%s' "$SUMMARY"; exit 1; }
needs_cluster=""
for name in $WANTED; do case $name in functional | browser | packaging) needs_cluster=1 ;; esac; done
for name in $WANTED; do
  case $name in
    functional | browser | packaging)
      if [ -n "$needs_cluster" ]; then
        needs_cluster=""
        trap '"$BIN/python" -m stack --profile test stop >/dev/null' EXIT
        phase cluster cluster
        [ $FAILED = 0 ] || break
      fi
      ;;
  esac
  phase "$name" "$name"
done
printf '\n%s' "$SUMMARY"
printf '%-12s %-8s %4d s\n' zusammen "$([ $FAILED = 0 ] && echo gut || echo FEHLER)" "$SECONDS"
"$BIN/python" tests/summary.py "$OUT"
exit $FAILED
