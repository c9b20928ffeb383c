#!/usr/bin/env bash
# Everything `make run` needs beside the packages. Run again it finds most of it done.
set -euo pipefail
cd "$(dirname "$0")/.."
run() { .venv/bin/python manage.py "$@"; }

mkdir -p var
.venv/bin/python scripts/compile_messages.py
run migrate --verbosity 0
run collectstatic --noinput --verbosity 0
echo "Preparing fonts and the demo county (the first time takes a minute) ..."
run prepare_fonts
run demo
echo
echo "Yingzhi runs on http://127.0.0.1:${PORT:-8000}/   (staff: http://127.0.0.1:${PORT:-8000}/admin/)"
run demo --accounts
