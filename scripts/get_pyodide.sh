#!/usr/bin/env bash
# Puts Pyodide where the tests of workbooks for xlwings Lite look for it; needs Node 18 or later with npm.
#   scripts/get_pyodide.sh [FOLDER]      without FOLDER: $XLP_PYODIDE, else ~/.cache/xlplugin/pyodide
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
folder=${1:-${XLP_PYODIDE:-$HOME/.cache/xlplugin/pyodide}}

command -v npm >/dev/null || { echo "npm is not installed: install Node 18 or later (Debian: apt-get install npm)" >&2; exit 2; }
mkdir -p "$folder"
cp "$here/tests/in_pyodide/package.json" "$here/tests/in_pyodide/package-lock.json" "$folder/"
npm ci --prefix "$folder" --no-audit --no-fund --loglevel=error
echo "Pyodide is in $folder"
