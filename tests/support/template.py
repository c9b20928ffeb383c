"""A migrated, empty database to copy: migrating takes most of a minute, and every worker of a run needs its own.

``python -m tests.support.template`` makes it anew for the database that ``DATABASE_URL`` names and prints its name;
a run with that name in ``YINGZHI_TEST_TEMPLATE`` begins with a copy of it.
"""

import gc
import os
import shutil
import sys
from pathlib import Path

from django.db import connection

VARIABLE = "YINGZHI_TEST_TEMPLATE"


def make() -> str:
    """Migrate an empty database under the name of the test database and ``_template``."""
    test = connection.settings_dict["TEST"]
    test["NAME"] = f"{connection.creation._get_test_db_name()}_template"
    # Every migration renders all models anew: looking through them for rubbish took a third of the time.
    gc.disable()
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    # Nobody may be connected to what is copied, and SQLite puts its log into the file.
    connection.close()
    return str(name)


def copy(template: str) -> None:
    """The test database of this process, whatever it was before, becomes like the template."""
    name = str(connection.creation._get_test_db_name())
    if connection.vendor == "sqlite":
        for leftover in ("-wal", "-shm"):
            Path(name + leftover).unlink(missing_ok=True)
        shutil.copyfile(template, name)
        return
    quoted = connection.ops.quote_name
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {quoted(name)}")
        cursor.execute(f"CREATE DATABASE {quoted(name)} TEMPLATE {quoted(template)}")


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    django.setup()
    sys.stdout.write(make())
