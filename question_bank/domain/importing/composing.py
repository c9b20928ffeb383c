"""From the words of a file to a draft: the one place where a reader decides whether a question is certain."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from common.chinese import is_control_free
from common.pictures import Picture
from question_bank.domain.importing import options as written_options
from question_bank.domain.importing.anchors import anchored_places, refers_to_letters
from question_bank.domain.importing.brackets import letters_in_brackets, truth_in_brackets
from question_bank.domain.importing.drafts import DraftOption, QuestionDraft, RefusedRow
from question_bank.domain.importing.lengths import check_lengths
from question_bank.domain.importing.values import (
    Conventions,
    NotCertain,
    date_of,
    difficulty_of,
    flag_of,
    folded,
    kind_of,
    span_of,
    truth_of,
)
from question_bank.domain.importing.written_blanks import accepted_answers, has_lines, mark_blanks
from question_bank.enums import Kind
from question_bank.validators import BLANK_MARK, FEWEST_OPTIONS, MOST_OPTIONS

EXCERPT_CHARACTERS = 60
NO_CONVENTIONS = Conventions()


@dataclass(slots=True, kw_only=True)
class Written:
    """A question as it is written in a file: texts, of which nothing is understood yet.

    ``kind_around`` is what the sheet or the heading above says. ``right`` marks each option where the file does so.
    ``numbered`` says that options are called by numbers. ``verbatim`` is our own export: nothing in its texts is a
    sign of anything.
    """

    place: str
    stem: str = ""
    kind: str = ""
    kind_around: Kind | None = None
    options: Sequence[str] = ()
    options_text: str = ""
    right: Sequence[bool] | None = None
    numbered: bool = False
    answer: str = ""
    anchored: str = ""
    option_order: str = ""
    blank_order: str = ""
    marking_guide: str = ""
    explanation: str = ""
    basis: str = ""
    document_number: str = ""
    region: str = ""
    validity: str = ""
    valid_from: str = ""
    valid_to: str = ""
    difficulty: str = ""
    topic: str = ""
    entry: str = ""
    key: str = ""
    images: tuple[Picture, ...] = ()
    verbatim: bool = False


def compose_or_refuse(written: Written, conventions: Conventions = NO_CONVENTIONS) -> QuestionDraft | RefusedRow:
    """The draft, or why there is none."""
    try:
        return compose(written, conventions)
    except NotCertain as doubt:
        return RefusedRow(written.place, doubt.reason, excerpt=" ".join(written.stem.split())[:EXCERPT_CHARACTERS])


def compose(written: Written, conventions: Conventions = NO_CONVENTIONS) -> QuestionDraft:
    """The question, complete in itself. Refuses with ``NotCertain`` what cannot be read for certain."""
    _check_characters(written)
    said = kind_of(written.kind, conventions) or written.kind_around
    stem, options = _stem_and_options(written, said)
    if not stem:
        raise NotCertain(_("The question has no text."))
    taken = replace(written, stem=stem, options=options)
    kind = said or _kind_of_content(taken)
    match kind:
        case Kind.TRUE_FALSE:
            content = _statement(taken, conventions)
        case Kind.FILL:
            content = _fill_in(taken)
        case Kind.SHORT:
            content = _short_answer(taken)
        case _:
            content = _choice(taken, kind)
    draft = QuestionDraft(place=written.place, kind=kind, **(_surroundings(written, conventions) | content))
    check_lengths(draft)
    return draft


def _check_characters(written: Written) -> None:
    texts = (written.stem, written.answer, written.options_text, written.explanation, *written.options)
    if not all(map(is_control_free, texts)):
        raise NotCertain(_("The text contains control characters."))


def _stem_and_options(written: Written, said: Kind | None) -> tuple[str, tuple[str, ...]]:
    """Options stand in columns, in one cell, or behind the stem."""
    stem, options = written.stem.strip(), tuple(option.strip() for option in written.options)
    while options and not options[-1]:
        options = options[:-1]
    if written.verbatim:
        return stem, options
    if not options and written.options_text:
        options = written_options.options_of_cell(written.options_text)
    if not options and said not in {Kind.FILL, Kind.SHORT}:
        stem, options = written_options.split_options(stem)
    return stem, written_options.without_own_letters(options)


def _kind_of_content(written: Written) -> Kind:
    """The kind where nothing names it: only what the question cannot be otherwise."""
    if _is_pair_of_truths(written.options):
        return Kind.TRUE_FALSE
    if written.options:
        if len(_right_places(written)[1]) > 1:
            return Kind.MULTIPLE
        raise NotCertain(_("The kind is not given, and one right answer does not tell single from multiple choice."))
    is_truth = truth_of(written.answer or truth_in_brackets(written.stem)[1]) is not None
    if is_truth and not has_lines(written.stem):
        return Kind.TRUE_FALSE
    if written.answer and not is_truth and BLANK_MARK in mark_blanks(written.stem):
        return Kind.FILL
    raise NotCertain(_("The kind is not given and cannot be told from the question."))


def _choice(written: Written, kind: Kind) -> dict[str, Any]:
    _check_options(written.options)
    stem, right = _right_places(written)
    if kind == Kind.SINGLE and len(right) != 1:
        raise NotCertain(_("A single choice question has exactly one right option."))
    if kind == Kind.MULTIPLE and len(right) < 2:
        raise NotCertain(_("A multiple choice question has at least two right options."))
    anchored = _places(written.anchored.strip(), written)
    if not anchored and not written.verbatim:
        anchored = anchored_places(written.options)
    return {
        "stem": stem,
        "options": tuple(
            DraftOption(text, is_right=place in right, is_anchored=place in anchored)
            for place, text in enumerate(written.options)
        ),
        "options_in_order": flag_of(written.option_order)
        or (not written.verbatim and any(map(refers_to_letters, written.options))),
    }


def _check_options(options: Sequence[str]) -> None:
    if not all(options):
        empty = written_options.letter_of(options.index(""))
        raise NotCertain(_("Option %(letter)s is empty, but a later one is not.") % {"letter": empty})
    if not FEWEST_OPTIONS <= len(options) <= MOST_OPTIONS:
        raise NotCertain(_("The question has %(count)s options; two to eleven are possible.") % {"count": len(options)})
    if len(set(options)) != len(options):
        raise NotCertain(_("Two options say the same."))


def _right_places(written: Written) -> tuple[str, frozenset[int]]:
    """The stem without an answer in its brackets, and the right options, on which all that is said must agree."""
    stem, in_brackets = written.stem, ""
    if not written.verbatim:
        stem, in_brackets = letters_in_brackets(stem, len(written.options))
    said = [_places(text, written) for text in (written.answer, in_brackets) if text]
    if written.right is not None:
        said.append(frozenset(place for place, is_right in enumerate(written.right) if is_right))
    if not said or not said[0]:
        raise NotCertain(_("The question has no answer."))
    if len(set(said)) > 1:
        raise NotCertain(_("The answers given for this question contradict each other."))
    return stem, said[0]


def _places(text: str, written: Written) -> frozenset[int]:
    if not text:
        return frozenset()
    return written_options.places_of(text, written.options, numbered=written.numbered, only_letters=written.verbatim)


def _is_pair_of_truths(options: Sequence[str]) -> bool:
    return len(options) == 2 and {truth_of(option) for option in options} == {True, False}


def _statement(written: Written, conventions: Conventions) -> dict[str, Any]:
    stem, in_brackets = (written.stem, "") if written.verbatim else truth_in_brackets(written.stem)
    if written.options and not _is_pair_of_truths(written.options):
        raise NotCertain(_("The options of a true-or-false question can only be right and wrong."))
    if written.options and not in_brackets and not written.verbatim:
        stem, in_brackets = letters_in_brackets(stem, 2)
    said = {_truth(text, written, conventions) for text in (written.answer, in_brackets) if text}
    if written.right is not None and written.options:
        pairs = zip(written.options, written.right, strict=True)
        said |= {truth_of(text) is True for text, is_right in pairs if is_right}
    if not said:
        raise NotCertain(_("The question has no answer."))
    if len(said) > 1:
        raise NotCertain(_("The answers given for this question contradict each other."))
    return {"stem": stem, "statement_is_true": said.pop()}


def _truth(text: str, written: Written, conventions: Conventions) -> bool:
    if written.options and truth_of(text) is None:
        (place, *others) = _places(text, written)
        found = None if others else truth_of(written.options[place])
    else:
        found = truth_of(text, conventions)
    if found is None:
        raise NotCertain(
            _("The answer “%(answer)s” does not say for certain whether the statement is right or wrong.")
            % {"answer": text[:40]}
        )
    return found


def _fill_in(written: Written) -> dict[str, Any]:
    if written.options:
        raise NotCertain(_("Only single and multiple choice questions have options."))
    stem = written.stem if written.verbatim else mark_blanks(written.stem)
    if BLANK_MARK not in stem:
        raise NotCertain(_("A fill-in question has at least one blank, written as ____."))
    if not written.answer:
        raise NotCertain(_("The question has no answer."))
    return {
        "stem": stem,
        "blanks": accepted_answers(written.answer, stem.count(BLANK_MARK)),
        "blanks_in_any_order": flag_of(written.blank_order),
    }


def _short_answer(written: Written) -> dict[str, Any]:
    if written.options:
        raise NotCertain(_("Only single and multiple choice questions have options."))
    guide = "\n".join(dict.fromkeys(text.strip() for text in (written.answer, written.marking_guide) if text.strip()))
    if not guide:
        raise NotCertain(_("A short answer needs a guide for those who mark it."))
    return {"stem": written.stem, "marking_guide": guide}


def _surroundings(written: Written, conventions: Conventions) -> dict[str, Any]:
    first, last = span_of(written.validity)
    first, last = date_of(written.valid_from) or first, date_of(written.valid_to) or last
    if first and last and last < first:
        raise NotCertain(_("The last day lies before the first."))
    plain = ("explanation", "marking_guide", "basis", "document_number", "region", "topic", "entry", "key")
    return {
        **{name: getattr(written, name).strip() for name in plain},
        "valid_from": first,
        "valid_to": last,
        "difficulty": difficulty_of(written.difficulty, conventions),
        "images": written.images,
    }


def difficulty_is_lost(written: Written, draft: QuestionDraft) -> bool:
    return bool(folded(written.difficulty)) and draft.difficulty is None
