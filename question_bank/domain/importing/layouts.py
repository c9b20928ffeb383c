"""How a table of questions is laid out: proposed by ``columns``, corrected by a person, remembered for next time."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from typing import Any

from common.chinese import fold
from question_bank.domain.importing.headings import MEANINGS, Meaning, is_numbered, option_number
from question_bank.enums import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One table: a sheet holds one, or several below each other, each with its own header.

    ``sheet`` counts the sheets of the file from 0. Rows are counted from 1, as a person sees them; ``header`` is
    ``None`` where there is no row of headings. ``columns`` gives every column its meaning, in the order of
    ``headings``. ``kind`` and ``topic`` hold for rows that say nothing of their own. ``is_sure`` is false for what was
    proposed from the content alone, or where two columns claim the same: a person has to look at it first.
    """

    sheet: int
    name: str
    header: int | None
    first: int
    last: int
    headings: tuple[str, ...]
    columns: tuple[str, ...]
    kind: Kind | None = None
    topic: str = ""
    has_row_per_option: bool = False
    is_sure: bool = True

    def columns_of(self, meaning: str) -> list[int]:
        return [place for place, each in enumerate(self.columns) if each == meaning]

    def has(self, meaning: str) -> bool:
        return meaning in self.columns

    def calls_options_by_number(self) -> bool:
        """Are the options headed 1, 2, 3 and not A, B, C?"""
        headings = [
            self.headings[place]
            for place, meaning in enumerate(self.columns)
            if option_number(meaning) and place < len(self.headings)
        ]
        return bool(headings) and all(map(is_numbered, headings))


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How a whole file is laid out. ``skipped`` names the sheets without questions.

    ``truth`` says what stands for right and wrong where the answers are codes, such as ``{"A": True, "B": False}``;
    only a person, or a note in the file, can say it.
    """

    blocks: tuple[Block, ...]
    skipped: tuple[str, ...] = ()
    truth: Mapping[str, bool] = field(default_factory=dict)

    def is_sure(self) -> bool:
        """May it be read without a person having looked at it?"""
        return all(block.is_sure for block in self.blocks)

    def signature(self) -> str:
        """The same for files with the same headings, whatever their rows and the names of their sheets."""
        headings = sorted({_folded(block.headings) for block in self.blocks})
        return sha256(json.dumps(headings, ensure_ascii=False).encode("utf-8", "replace")).hexdigest()

    def adopt(self, remembered: "Layout") -> "Layout":
        """This layout with what a person once said about tables with the same headings."""
        known = {_folded(block.headings): block for block in remembered.blocks if block.headings}
        blocks = (_adopted(block, known.get(_folded(block.headings))) for block in self.blocks)
        return replace(self, blocks=tuple(blocks), truth={**self.truth, **remembered.truth})

    def to_json(self) -> dict[str, Any]:
        """Lists, mappings and plain values only."""
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return plain

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Layout":
        """Raises ``ValueError`` for anything that :meth:`to_json` cannot have written."""
        try:
            blocks = tuple(_block(**each) for each in stored["blocks"])
            truth = {str(code): bool(meaning) for code, meaning in stored["truth"].items()}
            return cls(blocks=blocks, skipped=_texts(stored["skipped"]), truth=truth)
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError("not a layout") from error


def _block(  # noqa: PLR0917
    sheet: int,
    name: str,
    header: int | None,
    first: int,
    last: int,
    headings: Iterable[str],
    columns: Iterable[str],
    kind: str | None,
    topic: str,
    has_row_per_option: bool,
    is_sure: bool,
) -> Block:
    meanings = _texts(columns)
    if unknown := set(meanings) - set(MEANINGS):
        raise ValueError(f"unknown meanings: {sorted(unknown)}")
    if min(int(sheet) + 1, int(first), int(last) + 1, 1 if header is None else int(header)) < 1:
        raise ValueError("rows are counted from 1")
    return Block(
        sheet=int(sheet),
        name=str(name),
        header=None if header is None else int(header),
        first=int(first),
        last=int(last),
        headings=_texts(headings),
        columns=tuple(str(meaning) for meaning in meanings),
        kind=Kind(kind) if kind else None,
        topic=str(topic),
        has_row_per_option=bool(has_row_per_option),
        is_sure=bool(is_sure),
    )


def _texts(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(str(value) for value in values)


def _adopted(block: Block, remembered: Block | None) -> Block:
    if remembered is None or len(remembered.columns) != len(block.columns):
        return block
    return replace(
        block,
        columns=remembered.columns,
        has_row_per_option=remembered.has_row_per_option,
        kind=block.kind or remembered.kind,
        is_sure=True,
    )


def _folded(headings: Iterable[str]) -> str:
    return json.dumps([fold(heading) for heading in headings], ensure_ascii=False)


def unused(count: int) -> tuple[str, ...]:
    return (Meaning.UNUSED.value,) * count
