"""Production refuses to start half configured."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

COMPLETE = {"SECRET_KEY": "k" * 60, "ALLOWED_HOSTS": "exam.example.gov.cn", "DATABASE_URL": "sqlite:///:memory:"}


def start(**environment: str | None) -> subprocess.CompletedProcess[str]:
    """The WSGI application as a server loads it, in a process of its own."""
    given = {name: value for name, value in {**COMPLETE, **environment}.items() if value is not None}
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        # Whether static files are collected is the deployment's matter, not the settings'.
        [sys.executable, "-W", "ignore:No directory at", "-c", "import config.wsgi"],
        env={**kept, **given, "DJANGO_SETTINGS_MODULE": "config.settings.production"},
        cwd=Path(settings.BASE_DIR),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_complete_settings_start() -> None:
    result = start()

    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS"])
@pytest.mark.parametrize("value", [None, "", " "])
def test_without_key_or_hosts_production_does_not_start(name: str, value: str | None) -> None:
    result = start(**{name: value})

    assert result.returncode != 0
    assert name in result.stderr
