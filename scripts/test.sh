#!/usr/bin/env bash
# All tests on SQLite, then those that a database could fail on PostgreSQL. Fails when either fails.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p var
export PYTHONPATH=.
# Seven processes and every server they start read the same modules: compiled once, and kept out of the tree.
unset PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX=${PYTHONPYCACHEPREFIX:-$PWD/var/bytecode}
.venv/bin/python scripts/compile_messages.py
exec .venv/bin/python -m tests.support.postgres -- scripts/test_on_both.sh "$@"
