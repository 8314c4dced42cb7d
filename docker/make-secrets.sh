#!/bin/sh
# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
# Makes the passwords and keys of a deployment, one file each: docker/make-secrets.sh [FOLDER]
# Files that exist stay. The folder is closed to others; its files are readable so that the
# accounts inside the containers, which have other numbers than yours, can read what is mounted.
set -eu
folder=${1:-$(dirname "$0")/secrets}
mkdir -p "$folder"
chmod 700 "$folder"
for name in postgres_password ckan_password datastore_password redis_password solr_password secret_key; do
  [ -s "$folder/$name" ] && continue
  # 36 random bytes, written with letters, digits, - and _ only.
  head -c 36 /dev/urandom | base64 -w 0 | tr '+/' '-_' >"$folder/$name.new"
  chmod 444 "$folder/$name.new"
  mv "$folder/$name.new" "$folder/$name"
  echo "neu: $folder/$name"
done
