"""Frozen papers on real paper, for those who cannot sit the exam on a screen."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from io import BytesIO
from itertools import groupby
from string import ascii_uppercase
from tempfile import TemporaryFile
from typing import BinaryIO

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from reportlab.platypus import Flowable, Image, KeepTogether
from wagtail.log_actions import log

from common.pdf.blocks import Hanging, Prose, RuledLines, Signatures, heading, note
from common.pdf.paper import Paper as Sheets
from common.pdf.paper import Section, write_pdf
from exams.domain.refusals import ExamNotOpen, NobodyToPrintFor, NotAllowed, PaperInUse, ReasonMissing, TooManyPapers
from exams.domain.sitting import SheetRow, unanswered_rows
from exams.domain.wording import moment, points
from exams.models import Candidate, Exam, Paper
from exams.rules import may_manage_exam
from members.models import Division, User
from question_bank.domain.asking import AskedFigure
from question_bank.enums import CHOICE_KINDS, Kind
from question_bank.models import Figure
from question_bank.validators import BLANK_MARK

# What a request can set in a few seconds; a county on paper is printed township by township.
MOST_PAPERS = 60
ANSWER_LINES = 7
PRINTED_BLANK = "＿" * 6
# In points, 72 an inch.
POINTS_A_PIXEL, WIDEST_FIGURE, HIGHEST_FIGURE = 0.75, 400, 260


def papers_to_print(exam: Exam, *, code: str = "", township: str = "") -> list[Paper]:
    """The next paper of one candidate by staff number, or of all who have not arrived, of one township or of all."""
    people = Candidate.objects.filter(exam=exam)
    if code:
        people = people.filter(person__code=code)
    else:
        people = people.filter(attempts_used=0, division_code__startswith=township)
    papers = Paper.objects.filter(candidate__in=people, number=F("candidate__attempts_used") + 1)
    order = ("candidate__division_code", "candidate__person__code")
    return list(papers.select_related("candidate__person", "candidate__team").order_by(*order))


def print_papers(exam: Exam, *, code: str = "", township: str = "", reason: str, by: User, at: datetime) -> BinaryIO:
    """A PDF of ``papers_to_print``, each beginning on a sheet of its own, after it has been written down who asked.

    Holds no key. Raises NotAllowed, ReasonMissing, ExamNotOpen, NobodyToPrintFor, TooManyPapers; PaperInUse for one
    who is sitting the exam on a screen.
    """
    if not may_manage_exam(by, exam):
        raise NotAllowed(_("This exam belongs to a division that is not yours."))
    if not reason.strip():
        raise ReasonMissing(_("Say why papers are printed."))
    if not exam.is_running(at=at):
        raise ExamNotOpen(_("Papers are printed while the exam is open."))
    papers = papers_to_print(exam, code=code, township=township)
    _refuse_wrong_number(papers)
    if code and papers[0].candidate.attempts.open().filter(closes_at__gt=at).exists():
        raise PaperInUse(_("This person is sitting the exam on a screen."))
    # The file outlives this function: whoever sends it closes it.
    target = TemporaryFile(suffix=".pdf")  # noqa: SIM115
    try:
        _write(target, exam, papers, by=by, at=at)
        _write_down(exam, papers, reason=reason.strip(), by=by, at=at)
    except BaseException:
        target.close()
        raise
    target.seek(0)
    return target


def _refuse_wrong_number(papers: Sequence[Paper]) -> None:
    if not papers:
        raise NobodyToPrintFor(_("There is no paper to print: nobody is left who has not used every attempt."))
    if len(papers) > MOST_PAPERS:
        text = _("These are %(count)s papers; at most %(most)s are printed at once. Choose one township.")
        raise TooManyPapers(text % {"count": len(papers), "most": MOST_PAPERS})


@transaction.atomic
def _write_down(exam: Exam, papers: Sequence[Paper], *, reason: str, by: User, at: datetime) -> None:
    codes = [paper.candidate.person.code for paper in papers]
    log(exam, "exams.print_papers", user=by, timestamp=at, data={"reason": reason, "people": codes})


def _write(target: BinaryIO, exam: Exam, papers: Sequence[Paper], *, by: User, at: datetime) -> None:
    townships = dict(Division.objects.townships().values_list("code", "name"))
    minute = timezone.localtime(at).strftime("%Y-%m-%d %H:%M")
    printed = _("Printed by %(name)s on %(moment)s.") % {"name": by.name, "moment": minute}
    story: list[Flowable] = []
    pictures: dict[str, bytes] = {}
    for paper in papers:
        person = paper.candidate.person
        story += Section.of(f"{person.name} {person.code}", is_first=not story)
        story += _paper(exam, paper, townships, printed, pictures)
    write_pdf(target, Sheets(title=exam.title, author=exam.division.name), story)


def _paper(
    exam: Exam, paper: Paper, townships: dict[str, str], printed: str, pictures: dict[str, bytes]
) -> Iterator[Flowable]:
    yield heading(exam.title)
    yield from _head(exam, paper.candidate, townships)
    rows = unanswered_rows(paper)
    _fetch(pictures, rows)
    for place, (_kind, group) in enumerate(groupby(rows, key=lambda row: row.kind), start=1):
        questions = list(group)
        title = Prose(_part_title(place, questions), size=12, leading=2.2, bold=True)
        first, *others = [_question(row, pictures) for row in questions]
        yield KeepTogether([title, *first])
        yield from map(KeepTogether, others)
    yield note(printed)
    yield KeepTogether([Signatures([pgettext("signature", "Candidate"), pgettext("signature", "Invigilator")])])


def _head(exam: Exam, candidate: Candidate, townships: dict[str, str]) -> Iterator[Flowable]:
    township = candidate.division_code[:9].ljust(12, "0")
    facts = {
        pgettext("person", "Name"): candidate.person.name,
        _("Staff number"): candidate.person.code,
        _("Township"): townships.get(township, township),
        _("Team"): candidate.team.name if candidate.team else "–",
    }
    yield Prose("　　".join(f"{name}：{value}" for name, value in facts.items()), bold=True, after=4)
    yield note(
        _("Until %(closes)s. Time: %(minutes)s minutes. Points in all: %(total)s, to pass: %(pass)s.")
        % {
            "closes": moment(exam.closes_at),
            "minutes": exam.minutes,
            "total": points(exam.total_points),
            "pass": points(exam.pass_points),
        }
    )
    yield note(_("Write the letters of the right options into the brackets, answers to other questions on the lines."))


def _part_title(place: int, rows: Sequence[SheetRow]) -> str:
    count = ngettext("%(count)s question", "%(count)s questions", len(rows)) % {"count": len(rows)}
    return _("Part %(place)s: %(kind)s (%(count)s)") % {"place": place, "kind": rows[0].kind_label, "count": count}


def _fetch(pictures: dict[str, bytes], rows: Sequence[SheetRow]) -> None:
    """Add the figures of these questions that earlier papers did not have. One query, or none."""
    wanted = {figure.digest for row in rows for figure in row.figures} - pictures.keys()
    if wanted:
        found = Figure.objects.filter(digest__in=wanted).values_list("digest", "content")
        pictures.update({digest: bytes(content) for digest, content in found})


def _picture(figure: AskedFigure, content: bytes) -> Flowable:
    """As large as on a screen of 96 dots an inch, if the sheet is."""
    scale = min(POINTS_A_PIXEL, WIDEST_FIGURE / figure.width, HIGHEST_FIGURE / figure.height)
    return Image(BytesIO(content), figure.width * scale, figure.height * scale, hAlign="LEFT")


def _question(row: SheetRow, pictures: dict[str, bytes]) -> list[Flowable]:
    stem = row.stem.replace(BLANK_MARK, PRINTED_BLANK)
    worth = _("(%(points)s points)") % {"points": points(row.points)}
    if row.kind in CHOICE_KINDS:
        stem += "（　　　）"
    block: list[Flowable] = [Hanging(f"{row.number}.", f"{stem} {worth}", hang=24, after=3)]
    block += [_picture(figure, pictures[figure.digest]) for figure in row.figures if figure.digest in pictures]
    for letter, option in zip(ascii_uppercase, row.options, strict=False):
        block.append(Hanging(f"{letter}.", option.text, left=24, hang=18))
    if row.kind == Kind.SHORT:
        block.append(RuledLines(ANSWER_LINES))
    block.append(Prose("", size=5))
    return block
