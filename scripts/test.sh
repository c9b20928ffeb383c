#!/usr/bin/env bash
# All tests: on SQLite, then on PostgreSQL. Fails when either fails.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p var
.venv/bin/python scripts/compile_messages.py
export PYTHONPATH=.

echo "== SQLite"
.venv/bin/pytest --create-db -n 2 --dist loadgroup "$@"
echo "== PostgreSQL"
.venv/bin/python -m tests.support.postgres -- .venv/bin/pytest --create-db -n 2 --dist loadgroup "$@"
