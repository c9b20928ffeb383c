"""Papers on real paper: what is on them, for whom, and what is written down about it."""

import re
from datetime import timedelta

import pypdfium2
import pytest
from django.utils import translation
from wagtail.models import ModelLogEntry

from exams.domain import printing
from exams.domain.printing import PRINTED_BLANK, papers_to_print, print_papers
from exams.domain.refusals import ExamNotOpen, NobodyToPrintFor, NotAllowed, PaperInUse, ReasonMissing, TooManyPapers
from exams.domain.sitting import unanswered_rows
from exams.models import Exam, Paper
from members.models import User
from question_bank.domain.asking import forget_versions
from question_bank.domain.figures import keep_figure
from question_bank.enums import Kind
from question_bank.models import QuestionVersion
from question_bank.validators import BLANK_MARK
from tests.factories.exams import EVENING, NOON, opened_attempt, published_exam, sat_attempt
from tests.support.word import picture

EVERY_KIND = tuple((kind, 2, 10) for kind in Kind.values)


@pytest.fixture
def exam(ana: User, dan: User, cleo: User) -> Exam:
    return published_exam(ana, dan, by=cleo, blueprint__plan=EVERY_KIND)


def pages(file) -> list[str]:
    """The text of every page without spaces: lines break where they must."""
    document = pypdfium2.PdfDocument(file.read())
    try:
        return [re.sub(r"\s+", "", page.get_textpage().get_text_bounded()) for page in document]
    finally:
        document.close()
        file.close()


def printed(exam: Exam, by: User, **choice: str) -> list[str]:
    with translation.override("en"):
        return pages(print_papers(exam, reason="手机损坏", by=by, at=NOON, **choice))


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text.replace(BLANK_MARK, PRINTED_BLANK))


def test_paper_has_every_question_and_option_in_the_frozen_order(exam: Exam, ana: User, cleo: User) -> None:
    text = "".join(printed(exam, cleo, code=ana.code))

    place = 0
    for row in unanswered_rows(Paper.objects.get(candidate__person=ana)):
        for wanted in [
            row.stem,
            *(letter + "." + o.text for letter, o in zip("ABCDEFG", row.options, strict=False)),
        ]:
            place = text.index(squeezed(wanted), place)
    assert ("安娜" in text, "LX0001" in text, "青石镇" in text, "丹恩" in text) == (True, True, True, False)


def test_paper_has_nothing_of_the_key(exam: Exam, ana: User, cleo: User) -> None:
    versions = QuestionVersion.objects.in_bulk([item[0] for item in Paper.objects.get(candidate__person=ana).items])
    secrets = {
        str(text)
        for version in versions.values()
        for text in [
            version.key.get("guide"), version.key.get("explanation"), version.key.get("basis"),
            *(accepted for blank in version.key.get("blanks", ()) for accepted in blank),
        ]
        if text
    }  # fmt: skip
    shown = "".join(squeezed(str(version.shown)) for version in versions.values())

    text = "".join(printed(exam, cleo, code=ana.code))

    hidden = {squeezed(secret) for secret in secrets} - {"", *re.findall(r"\w+", shown)}
    assert hidden
    assert [secret for secret in hidden if secret in text and secret not in shown] == []


def test_everybody_has_sheets_of_their_own_counted_by_themselves(exam: Exam, ana: User, cleo: User) -> None:
    alone, together = printed(exam, cleo, code=ana.code), printed(exam, cleo)

    feet = [re.findall(r"Page(\d+)of(\d+)", page) for page in together]
    count = len(alone)
    counted = [[(str(number), str(count))] for number in range(1, count + 1)]
    back = [[]] if count % 2 else []
    assert feet == [*counted, *back, *counted]
    assert together[:count] == alone


def test_later_pages_name_the_candidate(exam: Exam, ana: User, cleo: User) -> None:
    text = printed(exam, cleo, code=ana.code)

    assert len(text) > 1
    assert ["安娜LX0001" in page for page in text[1:]] == [True] * (len(text) - 1)


def test_those_who_arrived_are_left_out(exam: Exam, ana: User, dan: User, cleo: User) -> None:
    sat_attempt(exam, ana)

    people = {
        "all": [paper.candidate.person for paper in papers_to_print(exam)],
        "township of Ana": [paper.candidate.person for paper in papers_to_print(exam, township="530999101")],
        "Ana": papers_to_print(exam, code=ana.code),
    }

    assert people == {"all": [dan], "township of Ana": [], "Ana": []}


def test_who_printed_which_papers_and_why_is_written_down(exam: Exam, ana: User, cleo: User) -> None:
    print_papers(exam, code=ana.code, reason=" 手机损坏 ", by=cleo, at=NOON).close()

    entry = ModelLogEntry.objects.get(action="exams.print_papers")
    assert (entry.user, entry.timestamp, entry.data) == (cleo, NOON, {"reason": "手机损坏", "people": ["LX0001"]})


def test_refusals(exam: Exam, ana: User, ben: User, cleo: User, monkeypatch: pytest.MonkeyPatch) -> None:
    opened_attempt(exam, ana)
    said = {"reason": "手机损坏", "by": cleo, "at": NOON}

    for refusal, change in (
        (NotAllowed, {"by": ben}),
        (ReasonMissing, {"reason": "  "}),
        (ExamNotOpen, {"at": EVENING}),
        (ExamNotOpen, {"at": exam.opens_at - timedelta(seconds=1)}),
        (NobodyToPrintFor, {"code": ana.code}),
        (NobodyToPrintFor, {"code": "nobody"}),
    ):
        with pytest.raises(refusal):
            print_papers(exam, **{**said, **change})
    monkeypatch.setattr(printing, "MOST_PAPERS", 0)
    with pytest.raises(TooManyPapers):
        print_papers(exam, **said)
    assert not ModelLogEntry.objects.filter(action="exams.print_papers").exists()


def test_nothing_is_printed_for_somebody_who_sits_at_a_screen(ana: User, cleo: User) -> None:
    exam = published_exam(ana, by=cleo, attempts_allowed=2)
    opened_attempt(exam, ana)

    with pytest.raises(PaperInUse):
        print_papers(exam, code=ana.code, reason="手机损坏", by=cleo, at=NOON)


def test_a_figure_is_printed_below_its_question(ana: User, cleo: User) -> None:
    exam = published_exam(ana, by=cleo, at=NOON)
    figure = keep_figure(picture().getvalue(), at=NOON)
    version = QuestionVersion.objects.get(pk=Paper.objects.get(candidate__person=ana).items[0][0])
    shown = {"digest": figure.digest, "width": figure.width, "height": figure.height, "description": "公示栏"}
    QuestionVersion.objects.filter(pk=version.pk).update(shown=version.shown | {"figures": [shown]})
    forget_versions()

    file = print_papers(exam, code=ana.code, reason="手机损坏", by=cleo, at=NOON)

    assert pictures_in(file) == 1


def pictures_in(file) -> int:
    document = pypdfium2.PdfDocument(file.read())
    try:
        return sum(thing.type == pypdfium2.raw.FPDF_PAGEOBJ_IMAGE for page in document for thing in page.get_objects())
    finally:
        document.close()
        file.close()
