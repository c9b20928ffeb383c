"""Reading 10,000 questions in each interchange format: CPU seconds and how far the memory grew, a process each.

python -m tests.benchmarks.interchange [number of questions]
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")

FORMATS = ("gift", "aiken", "moodle", "qti21", "qti30")
MIB = 1024 * 1024


def questions(number: int) -> "Iterator[object]":
    from question_bank.domain.demo_bank import read_bank
    from question_bank.domain.importing.drafts import DraftOption, QuestionDraft
    from question_bank.enums import Kind

    rows = [row for file in read_bank() for row in file.questions]
    for place in range(number):
        row = rows[place % len(rows)]
        right = row.get("right")
        yield QuestionDraft(
            place="",
            kind=Kind(row["kind"]),
            stem=f"（{place}）{row['stem']}",
            options=tuple(DraftOption(text, at in right) for at, text in enumerate(row.get("options", []), 1)),
            statement_is_true=right if row["kind"] == Kind.TRUE_FALSE else None,
            blanks=tuple(map(tuple, row.get("blanks", []))),
            marking_guide=row.get("guide", ""),
            explanation=row["explanation"],
            basis=row["basis"],
            topic="政策/衔接",
        )


def aiken(drafts: "Iterator[object]") -> bytes:
    from question_bank.enums import Kind

    asked = [draft for draft in drafts if draft.kind in {Kind.SINGLE, Kind.MULTIPLE}]
    lines = []
    for draft in asked:
        right = "".join(chr(65 + at) for at, option in enumerate(draft.options) if option.is_right)
        options = "".join(f"{chr(65 + at)}. {option.text}\n" for at, option in enumerate(draft.options))
        lines.append(f"{draft.stem}\n{options}ANSWER: {right}\n\n")
    return "".join(lines).encode()


def write(name: str, number: int) -> bytes:
    from question_bank.domain.exporting import gift, moodle, qti21, qti30

    writers = {
        "gift": gift.write_gift,
        "moodle": moodle.write_moodle,
        "qti21": qti21.write_qti21,
        "qti30": qti30.write_qti30,
    }
    drafts = questions(number)
    return aiken(drafts) if name == "aiken" else writers[name](drafts).content


def read(path: str) -> None:
    """In a process of its own: what it read, and what that cost."""
    from question_bank.domain.importing.interchange import READERS, sniff
    from tests.benchmarks.server import forget_peak, peak_mib

    content = Path(path).read_bytes()
    forget_peak()
    before = peak_mib()
    began = time.process_time()
    name = sniff(content)
    found = READERS[name](content)
    spent = time.process_time() - began
    grown = peak_mib() - before
    print(
        f"{found.format:8} {len(found.drafts):6} questions, {len(found.refused)} refused, "
        f"{len(content) / MIB:5.1f} MiB: {spent:5.2f} CPU s, memory grew by {grown:4.0f} MiB"
    )


def main() -> None:
    django.setup()
    if len(sys.argv) > 2 and sys.argv[1] == "read":
        read(sys.argv[2])
        return
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with TemporaryDirectory() as folder:
        for name in FORMATS:
            path = Path(folder, name)
            began = time.process_time()
            path.write_bytes(write(name, number))
            print(f"{name:8} written in {time.process_time() - began:5.2f} CPU s")
            subprocess.run([sys.executable, "-m", "tests.benchmarks.interchange", "read", str(path)], check=True)


if __name__ == "__main__":
    main()
