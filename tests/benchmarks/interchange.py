"""Figures of reading 10,000 questions in each format, a process each: CPU seconds and how far the memory grew.

python -m tests.benchmarks.interchange [number of questions]
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import django

django.setup()

from question_bank.domain.exporting.gift import write_gift
from question_bank.domain.exporting.moodle import write_moodle
from question_bank.domain.exporting.qti21 import write_qti21
from question_bank.domain.exporting.qti30 import write_qti30
from question_bank.domain.importing.drafts import QuestionDraft
from question_bank.domain.importing.recognising import read_file
from question_bank.domain.importing.template import write_table
from question_bank.domain.importing.word_export import write_word
from question_bank.enums import Kind
from tests.benchmarks.bank_content import written_questions
from tests.benchmarks.server import forget_peak, peak_mib

Figure = tuple[str, float, str]

MANY = 10_000
SEED = 7
TOPIC = "政策/衔接"


def aiken(drafts: list[QuestionDraft]) -> bytes:
    """Only choices: the format knows nothing else."""
    lines = []
    for draft in drafts:
        if draft.kind not in {Kind.SINGLE, Kind.MULTIPLE}:
            continue
        right = "".join(chr(65 + at) for at, option in enumerate(draft.options) if option.is_right)
        options = "".join(f"{chr(65 + at)}. {option.text}\n" for at, option in enumerate(draft.options))
        lines.append(f"{draft.stem}\n{options}ANSWER: {right}\n\n")
    return "".join(lines).encode()


def text(drafts: list[QuestionDraft]) -> bytes:
    """As teachers type them: numbered below a heading, the answer last."""
    lines = ["一、单项选择题\n"]
    single = [draft for draft in drafts if draft.kind == Kind.SINGLE]
    for number, draft in enumerate(single, start=1):
        right = "".join(chr(65 + at) for at, option in enumerate(draft.options) if option.is_right)
        options = "".join(f"{chr(65 + at)}．{option.text}\n" for at, option in enumerate(draft.options))
        lines.append(f"{number}．{draft.stem}\n{options}答案：{right}\n\n")
    return "".join(lines).encode()


WRITERS = {
    "GIFT": lambda drafts: write_gift(drafts).content,
    "Aiken": aiken,
    "plain text": text,
    "Moodle XML": lambda drafts: write_moodle(drafts).content,
    "QTI 2.1": lambda drafts: write_qti21(drafts).content,
    "QTI 3.0": lambda drafts: write_qti30(drafts).content,
    "XLSX": write_table,
    "DOCX": lambda drafts: write_word(drafts, "试题"),
}


def figures(number: int = MANY) -> Iterator[Figure]:
    drafts = [replace(draft, topic=TOPIC) for draft in written_questions(number, seed=SEED)]
    with TemporaryDirectory() as folder:
        for name, write in WRITERS.items():
            path = Path(folder, "questions")
            path.write_bytes(write(drafts))
            yield from _measured(name, path)


def _measured(name: str, path: Path) -> Iterator[Figure]:
    output = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.interchange", "read", str(path)],
        capture_output=True,
        text=True,
        check=True,
    )
    read, refused, seconds, grown = map(float, output.stdout.split())
    yield f"reading {name}: questions", read, "questions"
    yield f"reading {name}: refused", refused, "questions"
    yield f"reading {name}", seconds, "CPU s"
    yield f"reading {name}: rate", read / seconds, "questions per CPU s"
    yield f"reading {name}: memory grew by", grown, "MiB"


def _read(path: Path) -> None:
    """Run in a process of its own: questions, refused, CPU seconds, MiB."""
    content = path.read_bytes()
    forget_peak()
    before, began = peak_mib(), time.process_time()
    found = read_file(content, layout=None, remembered=lambda signature: None).questions
    print(len(found.drafts), len(found.refused), time.process_time() - began, peak_mib() - before)


if __name__ == "__main__":
    if sys.argv[1:2] == ["read"]:
        _read(Path(sys.argv[2]))
    else:
        for figure in figures(*map(int, sys.argv[1:])):
            print(*figure)
