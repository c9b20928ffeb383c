"""Questions leave the bank with a reason that is written down, and whoever takes them sees what is lost."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from cms.models import EntryPage
from members.enums import Role
from members.models import User
from question_bank.domain.batches.drafting import draft_of
from question_bank.domain.exporting import files
from question_bank.domain.exporting.files import ExportFormat
from question_bank.domain.importing.recognising import read_file
from question_bank.enums import BatchState
from question_bank.models import ImportBatch, Question
from tests.conftest import NOON
from tests.exams.staff.counting import queries_of
from tests.factories.cms import a_handbook, entry_of
from tests.factories.members import UserFactory, give_role
from tests.factories.question_bank import QuestionFactory, TopicFactory

pytestmark = pytest.mark.django_db
PAGE = "question_export:index"
WHY = {"reason": "报县办备份"}


@pytest.fixture(autouse=True)
def bank(clock: Any) -> None:
    topics = [TopicFactory.create(code=code) for code in ("01", "02")]
    QuestionFactory.create(topic=topics[0], stem="入户核对由谁组织？")
    QuestionFactory.create(topic=topics[1], true_false=True, stem="台账每月更新。")
    QuestionFactory.create(topic=topics[1], fill=True, accepted=[["60日"], ["县级"]])


@pytest.fixture
def at_bens_desk(client: Client, ben: User) -> Client:
    client.force_login(ben)
    return client


def words(response: Any) -> str:
    return str(response.content.decode())


def address(**query: str) -> str:
    return reverse(PAGE, query=query)


@pytest.mark.parametrize("format", [each for each in ExportFormat if each not in ("docx",)])
def test_what_is_exported_reads_back(at_bens_desk: Client, format: str) -> None:
    response = at_bens_desk.post(address(format=format), WHY)

    read = read_file(response.content, layout=None, remembered=lambda signature: None)
    assert "attachment" in response["Content-Disposition"]
    assert [(draft.kind, draft.stem, draft.key) for draft in read.questions.drafts] == [
        (draft.kind, draft.stem, draft.key) for draft in map(draft_of, Question.objects.all())
    ]


def test_a_document_to_read_is_made(at_bens_desk: Client) -> None:
    response = at_bens_desk.post(address(format="docx"), WHY)

    read = read_file(response.content, layout=None, remembered=lambda signature: None)
    assert "入户核对由谁组织？" in [draft.stem for draft in read.questions.drafts]


def test_the_filters_of_the_list_choose_what_is_exported(at_bens_desk: Client) -> None:
    filters = [{"topic": str(TopicFactory(code="02").pk)}, {"kind": "fill"}, {"q": "入户"}, {"state": "published"}]

    counts = [at_bens_desk.get(address(**each)).context["count"] for each in [*filters, {}, {"kind": "nonsense"}]]

    assert counts == [2, 1, 1, 0, 3, 3]


def test_the_list_leads_to_the_export_with_its_filters(at_bens_desk: Client) -> None:
    listed = at_bens_desk.get(reverse("wagtailsnippets_question_bank_question:list"), {"kind": "fill"})

    assert f"{reverse(PAGE)}?kind=fill" in words(listed)


def test_what_a_format_loses_is_said_before(at_bens_desk: Client) -> None:
    said = at_bens_desk.get(address(format="gift"))
    kept = at_bens_desk.get(address(format="xlsx"))

    assert said.context["losses"] != []
    assert [loss for loss in said.context["losses"] if loss not in words(said)] == []
    assert kept.context["losses"] == []
    assert "没有：这些试题的内容全部保留。" in words(kept)


@pytest.mark.parametrize("format", ExportFormat)
def test_an_entry_that_the_file_cannot_name_is_said_in_every_format(at_bens_desk: Client, format: str) -> None:
    entry = entry_of(a_handbook())
    Question.objects.filter(stem="台账每月更新。").update(entry=entry)

    named = at_bens_desk.get(address(format=format)).context["losses"]
    EntryPage.objects.filter(pk=entry.pk).update(number=None)
    nameless = at_bens_desk.get(address(format=format)).context["losses"]

    assert set(nameless) - set(named) == {"部分试题的所考条目没有写入文件；题库中已有的试题保留原来的条目。"}


def test_who_took_what_out_and_what_for_is_written_down(at_bens_desk: Client, ben: User) -> None:
    at_bens_desk.post(address(format="gift", kind="fill"), WHY)

    entry = ModelLogEntry.objects.get(action="question_bank.export_questions")
    assert (entry.user, entry.data) == (ben, {"format": "gift", "reason": "报县办备份", "questions": 1})


@pytest.mark.parametrize("sent", [{}, {"reason": "  "}, {"reason": "x" * 201}])
def test_without_a_reason_nothing_leaves(at_bens_desk: Client, sent: dict[str, str]) -> None:
    response = at_bens_desk.post(address(format="gift"), sent)

    assert response.headers["Content-Type"].startswith("text/html")
    assert "reason" in response.context["form"].errors
    assert not ModelLogEntry.objects.filter(action="question_bank.export_questions").exists()


def test_more_questions_than_a_file_holds_are_refused(at_bens_desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_QUESTIONS", 2)

    response = at_bens_desk.post(address(format="gift"), WHY)

    assert (response.status_code, response.context["refusal"]) == (422, "超过 2 道题，请缩小筛选范围。")
    assert "超过 2 道题，请缩小筛选范围。" in words(response)


def test_who_may_take_questions_out(ana: User, ben: User, cleo: User, county: Any) -> None:
    readers = {role: give_role(UserFactory(), role, county) for role in (Role.INSPECTOR, Role.AUDITOR)}
    people = {"nobody": None, "ana": ana, "ben": ben, "cleo": cleo, **readers}

    found = {}
    for name, person in people.items():
        client = Client()
        if person:
            client.force_login(person)
        found[name] = [client.get(address()).status_code, client.post(address(), WHY).status_code]

    away, out = [302, 302], [200, 200]
    assert found == {"nobody": away, "ana": away, "ben": out, "cleo": out, Role.INSPECTOR: away, Role.AUDITOR: away}


def test_another_site_cannot_make_somebody_export(ben: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ben)

    assert client.post(address(), WHY).status_code == 403


@pytest.mark.once
def test_it_asks_as_often_for_three_questions_as_for_one(at_bens_desk: Client) -> None:
    one, three = (
        queries_of(lambda query=query: at_bens_desk.post(address(format="gift", **query), WHY))
        for query in ({"q": "入户"}, {})
    )

    assert three == one


def test_a_list_shows_the_questions_of_a_file_alone(at_bens_desk: Client, ben: User) -> None:
    batch = ImportBatch.objects.create(
        file_name="题.csv", content=b"", sha256="", state=BatchState.COMMITTED, uploaded_by=ben, uploaded_at=NOON,
        committed_by=ben, committed_at=NOON + timedelta(hours=1),
    )  # fmt: skip
    batch.rows.create(number=1, place="1", outcome="new", draft={}, made=Question.objects.get(kind="fill"))

    assert at_bens_desk.get(address(file=str(batch.pk))).context["count"] == 1
