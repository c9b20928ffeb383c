#!/usr/bin/env bash
# All tests on SQLite, then those that a database could fail on PostgreSQL. Fails when either fails.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p var
.venv/bin/python scripts/compile_messages.py
export PYTHONPATH=.

echo "== SQLite"
.venv/bin/pytest --create-db -n 2 "$@"
echo "== PostgreSQL"
.venv/bin/python -m tests.support.postgres -- .venv/bin/pytest --create-db -n 2 -m "not once" "$@"
