"""The twenty lines printed in docs/draw.md, run as a stranger would run them."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from exams.domain.drawing import repeat_draw

POPULATION = [[f"LX{number:04d}", f"53099910{number % 3}000"] for number in range(23, 0, -1)]


@pytest.fixture
def program(tmp_path: Path) -> Path:
    text = (settings.BASE_DIR / "docs" / "draw.md").read_text("utf-8")
    path = tmp_path / "repeat.py"
    path.write_text(text.split("```python\n")[1].split("```")[0], "utf-8")
    return path


def says(program: Path, record: dict[str, Any]) -> str:
    path = program.with_name("record.json")
    path.write_text(json.dumps(record, ensure_ascii=False), "utf-8")
    result = subprocess.run([sys.executable, program, path], capture_output=True, text=True, check=True)
    return result.stdout.strip()


@pytest.mark.parametrize("by_township", [False, True])
@pytest.mark.parametrize(("seed", "size"), [("双色球 03 08 11", 7), ("00ff", 1), ("x", 23)])
def test_the_documented_program_repeats_our_draws(program: Path, by_township: bool, seed: str, size: int) -> None:
    record: dict[str, Any] = {"seed": seed, "size": size, "by_township": by_township, "population": POPULATION}
    drawn = repeat_draw(record)

    assert says(program, {**record, "drawn": drawn}) == "the same"
    assert says(program, {**record, "drawn": drawn[:-1]}) == "NOT the same"


def test_the_documented_program_finds_another_seed_out(program: Path) -> None:
    record: dict[str, Any] = {"seed": "one", "size": 7, "by_township": True, "population": POPULATION}

    assert says(program, {**record, "drawn": repeat_draw(record), "seed": "two"}) == "NOT the same"
