#!/usr/bin/env bash
# Every figure on both databases, one a line: `name: value unit`.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p var
.venv/bin/python scripts/compile_messages.py
export PYTHONPATH=. DJANGO_SETTINGS_MODULE=config.settings.benchmark

echo "# SQLite"
env -u DATABASE_URL .venv/bin/python -m tests.benchmarks "$@"
echo "# PostgreSQL"
.venv/bin/python -m tests.support.postgres --durable -- .venv/bin/python -m tests.benchmarks "$@"
