"""Forms around files of questions: bringing one, what holds for all of it, how its columns are read."""

import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from common.spreadsheets.reading import Sheet
from question_bank.domain.importing.headings import LABELS, MEANINGS, Meaning, option_number
from question_bank.domain.importing.layouts import Block, Layout
from question_bank.domain.importing.options import LETTERS
from question_bank.enums import Difficulty, Kind
from question_bank.models import ImportBatch, Topic

MOST_BYTES = 20 * 1024 * 1024
SAMPLES, SAMPLE_LENGTH, SAMPLED_ROWS = 3, 40, 200
_CODE = re.compile(r"[\s,，、;；]+")
# Several columns may hold a part of these.
_REPEATABLE = frozenset({Meaning.UNUSED, Meaning.TOPIC})


class WholeFileForm(forms.Form):
    """What holds for the questions of which the file does not say it."""

    topic = forms.ModelChoiceField(
        label=gettext_lazy("Topic if the file names none"),
        queryset=Topic.objects.all(),
        required=False,
        empty_label=gettext_lazy("The file names it"),
    )
    difficulty = forms.ChoiceField(
        label=gettext_lazy("Difficulty if the file names none"), choices=Difficulty.choices, initial=Difficulty.MEDIUM
    )

    @classmethod
    def of(cls, batch: ImportBatch) -> "WholeFileForm":
        return cls(initial={"topic": batch.default_topic_id, "difficulty": batch.default_difficulty})


class UploadForm(WholeFileForm):
    file = forms.FileField(
        label=pgettext_lazy("questions", "File of questions"),
        help_text=gettext_lazy(
            "XLSX, XLS, CSV, Word (.docx), text, GIFT, Aiken, Moodle XML or QTI 2.1 to 3.0; at most 20 MB."
        ),
    )
    field_order = ("file", "topic", "difficulty")

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(_("This file is larger than 20 MB. Split it."))
        return file


# -- columns ----------------------------------------------------------------------------------


class WrongMapping(ValueError):
    """Columns cannot be read in the way that was sent; says why."""


@dataclass(frozen=True, slots=True)
class ColumnShown:
    """One column of a table: where it stands, what it is called, how its cells begin, what it is taken for."""

    field: str
    letter: str
    heading: str
    samples: Sequence[str]
    meaning: str


@dataclass(frozen=True, slots=True)
class BlockShown:
    """One table of a file with its columns."""

    number: int
    block: Block
    kind: str
    is_by_option: bool
    columns: Sequence[ColumnShown]


def meanings() -> list[tuple[str, str]]:
    return [(meaning, meaning_label(meaning)) for meaning in MEANINGS]


def meaning_label(meaning: str) -> str:
    if number := option_number(meaning):
        return _("option %(letter)s") % {"letter": LETTERS[number - 1]}
    return str(LABELS[meaning])


def shown_blocks(layout: Layout, sheets: Sequence[Sheet], sent: Mapping[str, str]) -> list[BlockShown]:
    """``sent`` is what a person chose and was refused: it stays chosen."""
    return [
        BlockShown(
            number,
            block,
            kind=sent.get(f"kind-{number}", block.kind or ""),
            is_by_option=f"by-option-{number}" in sent if sent else block.has_row_per_option,
            columns=_columns_of(number, block, sheets, sent),
        )
        for number, block in enumerate(layout.blocks)
    ]


def _columns_of(number: int, block: Block, sheets: Sequence[Sheet], sent: Mapping[str, str]) -> list[ColumnShown]:
    rows = sheets[block.sheet].rows if block.sheet < len(sheets) else []
    rows = rows[block.first - 1 : min(block.last, block.first + SAMPLED_ROWS)]
    return [
        ColumnShown(
            field=f"column-{number}-{place}",
            letter=letters_of(place),
            heading=block.headings[place] if place < len(block.headings) else "",
            samples=_samples(rows, place),
            meaning=sent.get(f"column-{number}-{place}", meaning),
        )
        for place, meaning in enumerate(block.columns)
    ]


def letters_of(place: int) -> str:
    """What spreadsheets call a column: A, B … Z, AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _samples(rows: Sequence[Sequence[str]], place: int) -> list[str]:
    found: list[str] = []
    for row in rows:
        cell = row[place] if place < len(row) else ""
        if cell and len(found) < SAMPLES:
            found.append(cell if len(cell) <= SAMPLE_LENGTH else f"{cell[:SAMPLE_LENGTH]}…")
    return found


def codes_for(layout: Layout, *, right: bool) -> str:
    return " ".join(code for code, is_right in layout.truth.items() if is_right is right)


def corrected(stored: Mapping[str, Any] | None, sent: Mapping[str, str]) -> dict[str, Any]:
    """The stored layout with what a person chose; ``Layout`` as JSON. Refuses with ``WrongMapping``."""
    if not stored:
        raise WrongMapping(_("This file is no table: it has no columns."))
    layout = deepcopy(dict(stored))
    try:
        for number, block in enumerate(layout["blocks"]):
            columns = [sent[f"column-{number}-{place}"] for place in range(len(block["columns"]))]
            block |= {
                "columns": columns,
                "kind": sent[f"kind-{number}"] or None,
                "has_row_per_option": f"by-option-{number}" in sent,
                "is_sure": True,
            }
            _refuse_nonsense(columns)
        layout["truth"] = _truth(sent.get("right", ""), sent.get("wrong", ""))
        return Layout.from_json(layout).to_json()
    except WrongMapping:
        raise
    except (KeyError, ValueError) as error:
        raise WrongMapping(_("These columns were not understood. Nothing was changed.")) from error


def _refuse_nonsense(columns: Sequence[str]) -> None:
    if Meaning.STEM not in columns:
        raise WrongMapping(_("Say which column holds the stem."))
    for meaning in dict.fromkeys(columns):
        if meaning in MEANINGS and meaning not in _REPEATABLE and columns.count(meaning) > 1:
            text = _("Two columns cannot both be “%(meaning)s”. Choose one of them.")
            raise WrongMapping(text % {"meaning": capfirst(meaning_label(meaning))})


def _truth(right: str, wrong: str) -> dict[str, bool]:
    rights, wrongs = (set(filter(None, _CODE.split(text.strip()))) for text in (right, wrong))
    if rights & wrongs:
        raise WrongMapping(_("The same code cannot stand for right and for wrong."))
    if bool(rights) != bool(wrongs):
        raise WrongMapping(_("Say both: what stands for right, and what stands for wrong."))
    return dict.fromkeys(sorted(rights), True) | dict.fromkeys(sorted(wrongs), False)


KINDS = Kind.choices
