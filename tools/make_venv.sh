#!/usr/bin/env bash
# Create .venv with the named Python, or print in one line why that is not possible.
set -euo pipefail

python=${1:-python3}

fail() {
    echo "giropops: $1" >&2
    exit 1
}

command -v "$python" >/dev/null ||
    fail "$python is not there: install Python 3.11 or later, or name one: make PYTHON=/path/to/python3"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    fail "$("$python" --version 2>&1) is too old: Python 3.11 or later is needed: make PYTHON=/path/to/python3"
"$python" -c 'import ensurepip, venv' 2>/dev/null ||
    fail "$python has no venv module: on Debian and Ubuntu, apt-get install python3-venv"

# A .venv whose Python was removed, or has another version now, is created again.
if ! .venv/bin/python -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo 'Making .venv'
    "$python" -m venv --clear .venv
fi
