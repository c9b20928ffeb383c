"""Keys and imports point downwards only."""

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import models
from django.test.utils import isolate_apps

# Top first. What is not ours (Django, Wagtail) lies below everything.
STOREYS = ("performance", "courses", "exams", "question_bank", "cms", "members")


def rank(model: type[models.Model]) -> int:
    """The higher the storey, the higher the rank; foreign packages have none."""
    label = model._meta.app_label
    return len(STOREYS) - STOREYS.index(label) if label in STOREYS else 0


def keys_upwards(found: Iterable[type[models.Model]]) -> list[str]:
    """Keys of any kind (foreign, one to one, many to many) from a storey to one above it."""
    wrong = []
    for model in filter(rank, found):
        for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
            target = field.remote_field.model if field.remote_field else None
            if target and rank(target) > rank(model):
                wrong.append(f"{model._meta.label}.{field.name} -> {target._meta.label}")
    return wrong


def test_every_app_of_ours_has_a_storey() -> None:
    ours = {config.label for config in apps.get_app_configs() if Path(config.path).parent == settings.BASE_DIR}

    assert ours == set(STOREYS)


def test_no_key_points_upwards() -> None:
    every = apps.get_models(include_auto_created=True)

    assert keys_upwards(every) == []
    # There is something to check, on every storey.
    assert {model._meta.app_label for model in every} >= set(STOREYS)


@isolate_apps("members", "exams")
@pytest.mark.parametrize("kind", [models.ForeignKey, models.OneToOneField, models.ManyToManyField])
def test_control_a_key_upwards_is_found(kind: type) -> None:
    options = {} if kind is models.ManyToManyField else {"on_delete": models.CASCADE}

    class Exam(models.Model):
        class Meta:
            app_label = "exams"

        def __str__(self) -> str:
            return ""

    class Member(models.Model):
        exam = kind(Exam, **options)

        class Meta:
            app_label = "members"

        def __str__(self) -> str:
            return ""

    assert keys_upwards([Exam, Member]) == ["members.Member.exam -> exams.Exam"]


@pytest.mark.once
@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def lint_imports(configuration: Path) -> subprocess.CompletedProcess[str]:
    tool = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [tool, "--config", configuration, "--no-cache"],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )


def test_imports_keep_their_contracts() -> None:
    result = lint_imports(settings.BASE_DIR / "pyproject.toml")

    assert result.returncode == 0, result.stdout


def test_control_a_broken_contract_is_found(tmp_path: Path) -> None:
    contract = tmp_path / "upside_down.toml"
    contract.write_text(
        '[tool.importlinter]\nroot_packages = ["exams", "members"]\n'
        '[[tool.importlinter.contracts]]\nname = "Upside down"\ntype = "layers"\nlayers = ["members", "exams"]\n'
    )

    assert lint_imports(contract).returncode != 0
