#!/usr/bin/env bash
# Puts the readers of workbooks that run in Node where the sharing matrix looks for them; needs Node 18 or later with npm.
#   scripts/get_readers.sh [FOLDER]      without FOLDER: $XLP_READERS, else ~/.cache/xlplugin/readers
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
folder=${1:-${XLP_READERS:-$HOME/.cache/xlplugin/readers}}

command -v npm >/dev/null || { echo "npm is not installed: install Node 18 or later (Debian: apt-get install npm)" >&2; exit 2; }
mkdir -p "$folder"
cp "$here/tests/sharing/in_node/package.json" "$here/tests/sharing/in_node/package-lock.json" "$folder/"
npm ci --prefix "$folder" --no-audit --no-fund --loglevel=error
echo "The readers are in $folder"
