"""Questions in quantity: the words of the demonstration bank in another order, so that no two are alike by chance."""

import re
from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any

from question_bank.domain.demo_bank import read_bank
from question_bank.domain.importing.drafts import DraftOption, QuestionDraft
from question_bank.enums import Kind

CLAUSES_A_STEM = 4
_ENDS = re.compile(r"[，。；：？！、（）“”《》_\s]+")


def written_questions(number: int, *, seed: int, topic: str = "") -> Iterator[QuestionDraft]:
    """Kinds, options and lengths as in the demonstration bank; the same seed gives the same questions."""
    rows = [row for file in read_bank() for row in file.questions]
    clauses = sorted({part for row in rows for part in _ENDS.split(row["stem"] + "，" + row["explanation"]) if part})
    chance = Random(seed)
    for place in range(number):
        yield _draft(rows[place % len(rows)], clauses, chance, f"{seed}{place:06d}", topic)


def alike(draft: QuestionDraft) -> QuestionDraft:
    """The same question in slightly other words."""
    return replace(draft, stem=f"请问，{draft.stem}")


def _draft(row: dict[str, Any], clauses: list[str], chance: Random, mark: str, topic: str) -> QuestionDraft:
    right = row.get("right")
    blanks = tuple(map(tuple, row.get("blanks", [])))
    stem = "，".join(chance.choices(clauses, k=CLAUSES_A_STEM))
    return QuestionDraft(
        place="",
        kind=Kind(row["kind"]),
        stem=f"{stem}（{mark}）{'与'.join(['____'] * len(blanks))}",
        options=tuple(
            DraftOption(f"{chance.choice(clauses)}{at}", at in right)
            for at, _text in enumerate(row.get("options", []), start=1)
        ),
        statement_is_true=right if row["kind"] == Kind.TRUE_FALSE else None,
        blanks=blanks,
        marking_guide=row.get("guide", ""),
        explanation=row["explanation"],
        basis=row["basis"],
        topic=topic,
    )
