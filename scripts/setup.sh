#!/usr/bin/env bash
# Everything `make run` needs beside the packages. Nothing newer than the last time: nothing to do.
set -euo pipefail
cd "$(dirname "$0")/.."
run() { .venv/bin/python manage.py "$@"; }

export DJANGO_SETTINGS_MODULE=${DJANGO_SETTINGS_MODULE:-config.settings.development}
mkdir -p var
# One mark for each database: another DATABASE_URL is another house to set up.
ready=var/.ready-$(printf '%s' "${DATABASE_URL:-} $DJANGO_SETTINGS_MODULE" | cksum | cut -d' ' -f1)
changed() {
  [ ! -e "$ready" ] || [ ! -e var/static/staticfiles.json ] || { [ -z "${DATABASE_URL:-}" ] && [ ! -e var/yingzhi.sqlite3 ]; } ||
    [ -n "$(find . -path ./.venv -prune -o -path ./var -prune -o -path ./.git -prune -o -path ./tests -prune \
      -o -type f \( -name '*.py' -o -name '*.html' -o -name '*.css' -o -name '*.js' -o -name '*.po' -o -name '*.toml' -o -name 'requirements.txt' \) \
      -newer "$ready" -print -quit)" ]
}

if changed; then
  echo "Preparing database, styles, fonts and the demo county (the first time takes a minute or two) ..."
  .venv/bin/python scripts/compile_messages.py
  run migrate --verbosity 0
  run collectstatic --noinput --verbosity 0
  run prepare_fonts
  run demo
  touch "$ready"
fi
echo
echo "Yingzhi runs on http://127.0.0.1:${PORT:-8000}/ (staff: http://127.0.0.1:${PORT:-8000}/admin/)"
run demo --accounts
