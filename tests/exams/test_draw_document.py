"""The document promises that twenty lines of anybody's own repeat a draw: here they are run."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from exams.domain.drawing import repeat_draw

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "draw.md"


def _record(*, by_township: bool) -> dict[str, object]:
    population = [(f"LX{n:04d}", f"53099910{n % 7}000") for n in range(312)]
    record: dict[str, object] = {
        "algorithm": "yingzhi-draw-1",
        "seed": "开奖号码 0815",
        "size": 32,
        "by_township": by_township,
        "population": population,
        "left_out": [],
    }
    return {**record, "drawn": repeat_draw(record)}


def _run_document(record: dict[str, object], folder: Path) -> str:
    lines = re.search(r"```python\n(.+?)```", DOCUMENT.read_text("utf-8"), re.DOTALL)
    assert lines
    script, file = folder / "repeat.py", folder / "record.json"
    script.write_text(lines[1], "utf-8")
    file.write_text(json.dumps(record, ensure_ascii=False), "utf-8")
    finished = subprocess.run([sys.executable, str(script), str(file)], capture_output=True, text=True, check=True)
    return finished.stdout.strip()


@pytest.mark.parametrize("by_township", [False, True])
def test_the_documented_lines_repeat_a_draw(by_township: bool, tmp_path: Path) -> None:
    record = _record(by_township=by_township)

    answer = _run_document(record, tmp_path)

    assert answer == "the same"


@pytest.mark.parametrize("by_township", [False, True])
def test_the_documented_lines_notice_a_changed_result(by_township: bool, tmp_path: Path) -> None:
    record = _record(by_township=by_township)
    drawn = record["drawn"]
    assert isinstance(drawn, list)
    missing = next(code for code, _home in record["population"] if code not in drawn)  # type: ignore[attr-defined]
    record["drawn"] = [missing, *drawn[1:]]

    answer = _run_document(record, tmp_path)

    assert answer == "NOT the same"
