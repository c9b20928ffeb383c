#!/usr/bin/env bash
# What scripts/test.sh runs while a PostgreSQL waits under DATABASE_URL. SQLite is what the settings take without one.
set -euo pipefail
template() { .venv/bin/python -m tests.support.template; }
tests() { .venv/bin/pytest -n 2 "$@"; }

# Each is migrated once, both at the same time; every worker takes a copy.
echo "== Databases"
template >var/template-postgresql &
on_sqlite=$(DATABASE_URL='' template)
wait $!
on_postgresql=$(cat var/template-postgresql)

echo "== SQLite"
DATABASE_URL='' YINGZHI_TEST_TEMPLATE=$on_sqlite tests "$@"
echo "== PostgreSQL"
YINGZHI_TEST_TEMPLATE=$on_postgresql tests -m "not once" "$@"
