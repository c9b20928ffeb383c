"""How the one stylesheet is made of many."""

import re
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import FileSystemStorage

from config.storage import BundlingStorage

SOURCE = Path(settings.BASE_DIR) / "static"


@pytest.fixture
def collected(tmp_path: Path) -> Path:
    """Our static files after collectstatic, collected twice as on a server that is updated."""
    target = tmp_path / "collected"
    shutil.copytree(SOURCE, target)
    storage = BundlingStorage(location=target, base_url="/static/")
    names = [str(path.relative_to(SOURCE)) for path in SOURCE.rglob("*") if path.is_file()]
    for _time in range(2):
        failures = [
            outcome
            for _name, _target, outcome in storage.post_process(
                {name: (FileSystemStorage(location=SOURCE), name) for name in names}
            )
            if isinstance(outcome, Exception)
        ]
        assert failures == []
    return target


def test_the_look_is_one_file_with_its_layers_in_order(collected: Path) -> None:
    bundles = list((collected / "css").glob("look.????????????.css"))
    text = bundles[0].read_text()

    assert len(bundles) == 1
    assert "@import" not in text
    assert list(dict.fromkeys(re.findall(r"@layer (\w+)\{", text))) == ["tokens", "base", "shell", "components"]


def test_the_source_stays_as_it_is_read_in_development(collected: Path) -> None:
    text = (SOURCE / "css" / "look.css").read_text()

    assert text.count("@import") == len(list((SOURCE / "css" / "components").glob("*.css"))) + 2


def test_scripts_import_each_other_by_their_hashed_names(collected: Path) -> None:
    taking = next((collected / "js").glob("taking.????????????.js")).read_text()

    modules = re.findall(r'from "\./([\w-]+)\.([0-9a-f]{12})\.js"', taking)

    assert sorted(name for name, _hash in modules) == [
        "answer-card",
        "answers",
        "clock",
        "countdown",
        "handing-in",
        "leaves",
        "paging",
        "queue",
        "saving",
        "words",
    ]
