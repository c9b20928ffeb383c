"""Trainers edit questions in the staff interface; inspectors read them; nobody else enters."""

from datetime import timedelta

import pytest
from django.urls import reverse

from members.enums import Role
from question_bank.domain.reviewing import ReviewRefused, approve_question
from question_bank.models import Question, QuestionVersion, Topic
from tests.conftest import NOON
from tests.factories.cms import a_handbook, an_entry, entry_of
from tests.factories.members import UserFactory, give_role
from tests.factories.question_bank import QuestionFactory, TopicFactory, published

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"wagtailsnippets_question_bank_question:{name}", args=args)


def form(kind="single", *, options=(), blanks=(), figures=(), ids=(), **fields):
    """What the editor's form sends; ``options`` are (text, right), ``ids`` those of the options stored before.

    ``figures`` are (figure, what it shows).
    """
    content = {
        "topic": TopicFactory(code="01").pk,
        "kind": kind,
        "difficulty": "easy",
        "stem": "哪一项？",
        "statement_is_true": "unknown",
        "marking_guide": "",
        "explanation": "",
        "basis": "",
        "document_number": "",
        "region": "",
        "valid_from": "",
        "valid_to": "",
        **rows("options", [{"text": text, **({"is_right": "on"} if right else {})} for text, right in options], ids),
        **rows("blanks", [{"accepted": accepted} for accepted in blanks]),
        **rows("figures", [{"figure": figure.pk, "description": description} for figure, description in figures]),
    }
    return {**content, **fields}


def rows(prefix, contents, ids=()):
    sent = {f"{prefix}-TOTAL_FORMS": len(contents), f"{prefix}-INITIAL_FORMS": len(ids)}
    sent |= {f"{prefix}-MIN_NUM_FORMS": 0, f"{prefix}-MAX_NUM_FORMS": 1000}
    for place, content in enumerate(contents):
        sent |= {f"{prefix}-{place}-{name}": value for name, value in content.items()}
        sent |= {f"{prefix}-{place}-ORDER": place + 1, f"{prefix}-{place}-DELETE": ""}
        sent |= {f"{prefix}-{place}-id": ids[place] if place < len(ids) else ""}
    return sent


TWO_OPTIONS = [("甲", True), ("乙", False)]


@pytest.fixture
def inspector(county):
    return give_role(UserFactory(username="iris", name="伊里", code="LX9003"), Role.INSPECTOR, county)


@pytest.fixture
def auditor(county):
    return give_role(UserFactory(username="otto", name="奥托", code="LX9004"), Role.AUDITOR, county)


@pytest.mark.parametrize(
    ("kind", "sent", "key"),
    [
        ("single", {"options": TWO_OPTIONS}, {"options": 1}),
        ("multiple", {"options": [*TWO_OPTIONS, ("丙", True)]}, {"options": 2}),
        ("true_false", {"statement_is_true": "false"}, {"options": ["false"]}),
        ("fill", {"stem": "填____", "blanks": ["60日\n六十日"]}, {"blanks": [["60日", "六十日"]], "any_order": False}),
        ("short", {"marking_guide": "两点"}, {"guide": "两点"}),
    ],
)
def test_a_question_of_every_kind_is_sent_to_review_and_goes_live_when_another_approves(
    client, ben, cleo, kind, sent, key
):
    client.force_login(ben)

    response = client.post(url("add"), {**form(kind, **sent), "action-submit": "1"})

    assert (response.status_code, Question.objects.get().live) == (302, False)
    approve_question(Question.objects.get(), by=cleo, at=NOON)
    question = Question.objects.get()
    assert (question.live, question.current_version.number) == (True, 1)
    found = question.current_version.key
    assert (found if kind not in {"single", "multiple"} else {"options": len(found["options"])}) == key


@pytest.mark.parametrize(
    ("kind", "sent", "message"),
    [
        ("single", {"options": [("甲", True), ("乙", True)]}, "单选题恰好有一个正确选项。"),
        ("multiple", {"options": TWO_OPTIONS}, "多选题至少有两个正确选项。"),
        ("single", {"options": []}, "请给出二至十一个选项。"),
        ("short", {"options": TWO_OPTIONS, "marking_guide": "两点"}, "只有单选题和多选题才有选项。"),
        ("true_false", {}, "请说明这句话是否正确。"),
        ("fill", {"stem": "填____和____", "blanks": ["甲"]}, "题干有 2 个空，给出的答案是 1 个。"),
        ("fill", {"stem": "没有空"}, "填空题至少要有一个空，写作 ____。"),
        ("short", {}, "简答题要有评分要点，供评卷人使用。"),
    ],
)
def test_sending_an_incomplete_question_to_review_is_refused_at_its_field(client, ben, kind, sent, message):
    client.force_login(ben)

    response = client.post(url("add"), {**form(kind, **sent), "action-submit": "1"})

    assert response.status_code == 200
    assert message in response.content.decode()
    assert (Question.objects.count(), QuestionVersion.objects.count()) == (0, 0)


def test_a_draft_may_lack_its_options(client, ben):
    client.force_login(ben)

    client.post(url("add"), form("single"))

    question = Question.objects.get()
    assert (question.live, question.current_version, question.latest_revision is not None) == (False, None, True)


def test_the_form_of_a_writer_does_not_publish(client, ben):
    client.force_login(ben)

    client.post(url("add"), {**form(options=TWO_OPTIONS), "action-publish": "1"})

    assert [question.live for question in Question.objects.all()] == [False]
    assert QuestionVersion.objects.count() == 0


def test_editing_a_published_question_changes_what_is_asked_only_when_approved(client, ben, cleo):
    question = published(QuestionFactory(single=True, stem="旧题干", texts=["甲", "乙"]))
    sent = form(stem="新题干", options=TWO_OPTIONS, ids=[option.pk for option in question.options.all()])
    client.force_login(ben)

    client.post(url("edit", question.pk), sent)
    while_draft = Question.objects.get().current_version.shown["stem"]
    client.post(url("edit", question.pk), {**sent, "action-submit": "1"})
    approve_question(Question.objects.get(), by=cleo, at=NOON)

    versions = list(QuestionVersion.objects.order_by("number").values_list("number", "shown__stem"))
    assert while_draft == "旧题干"
    assert versions == [(1, "旧题干"), (2, "新题干")]
    assert Question.objects.get().current_version.number == 2


def test_rows_that_were_not_sent_cannot_slip_past_the_approval(client, ben, cleo):
    question = published(QuestionFactory(single=True, texts=["甲", "乙"]))
    client.force_login(ben)
    client.post(url("edit", question.pk), {**form(options=TWO_OPTIONS), "action-submit": "1"})

    with pytest.raises(ReviewRefused):
        approve_question(Question.objects.get(), by=cleo, at=NOON)

    assert [version.number for version in QuestionVersion.objects.all()] == [1]
    assert Question.objects.get().options.count() == 2


def test_an_administrator_retires_a_question_and_its_version_is_kept(client, ben, cleo):
    question = published(QuestionFactory())
    version = question.current_version
    client.force_login(ben)
    client.post(url("unpublish", question.pk))
    by_a_trainer = Question.objects.get().live
    client.force_login(cleo)

    client.post(url("unpublish", question.pk))

    question.refresh_from_db()
    assert (by_a_trainer, question.live, question.current_version) == (True, False, version)


def test_a_question_that_was_published_is_not_deleted(client, ben):
    question = published(QuestionFactory())
    client.force_login(ben)

    asked = client.get(url("delete", question.pk), follow=True)
    answered = client.post(url("delete", question.pk), follow=True)
    together = client.post(
        reverse("wagtail_bulk_action", args=["question_bank", "question", "delete"]) + f"?id={question.pk}", follow=True
    )

    refusal = "发布过的试题不能删除"
    assert [refusal in page.content.decode() for page in (asked, answered, together)] == [True, True, True]
    assert Question.objects.filter(pk=question.pk).exists()


def test_a_draft_that_was_never_published_may_be_deleted(client, ben):
    question = QuestionFactory()
    client.force_login(ben)

    client.post(url("delete", question.pk))

    assert not Question.objects.filter(pk=question.pk).exists()


def test_a_topic_with_questions_is_not_deleted(client, ben):
    topic = QuestionFactory().topic
    client.force_login(ben)

    page = client.post(reverse("wagtailsnippets_question_bank_topic:delete", args=[topic.pk]), follow=True)

    assert "这个知识点下还有试题" in page.content.decode()
    assert Topic.objects.filter(pk=topic.pk).exists()


# -- Who may ------------------------------------------------------------------------------


CHANGES = ["add", "edit", "delete", "unpublish", "lock"]
READS = ["list", "inspect", "versions", "review"]


def address(name, question):
    return url(name) if name in {"list", "add"} else url(name, question.pk)


def statuses(client, names, question, method="post"):
    return {name: getattr(client, method)(address(name, question)).status_code for name in names}


def state():
    return list(Question.objects.values_list("pk", "stem", "live", "locked"))


def test_nobody_signed_out_gets_in(client, county):
    question = published(QuestionFactory())

    answers = [client.post(address(name, question)) for name in [*CHANGES, *READS]]

    assert all(answer.status_code == 302 and "/admin/login/" in answer["Location"] for answer in answers)
    assert state() == [(question.pk, question.stem, True, False)]


def test_members_get_neither_pages_nor_changes(client, ana, dan):
    question = published(QuestionFactory())

    for person in (ana, dan):
        client.force_login(person)
        answers = [client.post(address(name, question)) for name in [*CHANGES, *READS]]
        assert {answer.status_code for answer in answers} <= {302, 403}
        assert [answer for answer in answers if question.stem in answer.content.decode()] == []

    assert state() == [(question.pk, question.stem, True, False)]


@pytest.mark.parametrize("role", ["inspector", "auditor"])
def test_inspectors_and_auditors_read_and_change_nothing(client, request, role):
    question = published(QuestionFactory())
    client.force_login(request.getfixturevalue(role))

    read = statuses(client, READS, question, "get")
    refused = [client.post(address(name, question), {**form(), "action-publish": "1"}) for name in CHANGES]

    assert read == dict.fromkeys(READS, 200)
    assert all(answer.status_code == 302 and answer["Location"] == reverse("wagtailadmin_home") for answer in refused)
    assert state() == [(question.pk, question.stem, True, False)]


def test_trainers_and_administrators_open_everything_and_administrators_retire(client, ben, cleo):
    question = published(QuestionFactory())

    opened = {}
    for person in (ben, cleo):
        client.force_login(person)
        opened[person.username] = statuses(client, ["add", "edit", "unpublish", *READS], question, "get")

    everything = dict.fromkeys(["add", "edit", "unpublish", *READS], 200)
    assert opened == {"ben": {**everything, "unpublish": 302}, "cleo": everything}


def test_changes_need_the_token_of_the_form(ben):
    from django.test import Client

    question = published(QuestionFactory())
    client = Client(enforce_csrf_checks=True)
    client.force_login(ben)

    answers = statuses(client, CHANGES, question)

    assert answers == dict.fromkeys(CHANGES, 403)
    assert state() == [(question.pk, question.stem, True, False)]


# -- The list -----------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_for_one_and_three(client, ben, count, django_assert_num_queries):
    for _ in range(count):
        published(QuestionFactory(topic=TopicFactory()))
    client.force_login(ben)
    client.get(url("list"))

    with django_assert_num_queries(LIST_QUERIES):
        page = client.get(url("list"))

    assert page.context["page_obj"].paginator.count == count


# What every list of Wagtail asks; who may bring a handbook in; the exams to choose from; the states of the page's rows;
# which handbooks are closed to the person (two).
LIST_QUERIES = 19


def stems(page):
    return {question.stem for question in page.context["object_list"]}


def test_the_list_is_narrowed_by_topic_kind_state_expiry_and_words(client, ben, clock):
    top = TopicFactory(code="02")
    below = TopicFactory(code="0203")
    other = TopicFactory(code="03")
    published(QuestionFactory(stem="脱贫一", topic=top))
    published(QuestionFactory(stem="脱贫二____", topic=below, fill=True, difficulty="hard"))
    today = NOON.date()
    QuestionFactory(stem="草稿", topic=other, valid_from=today + timedelta(days=1), valid_to=today + timedelta(days=91))
    published(QuestionFactory(stem="过期", topic=other, valid_to=today - timedelta(days=1)))
    published(QuestionFactory(stem="最后一天", topic=other, valid_from=today, valid_to=today))
    client.force_login(ben)

    found = {
        question: stems(client.get(url("list") + question))
        for question in [
            f"?topic={top.pk}",
            "?kind=fill",
            "?difficulty=hard",
            "?state=draft",
            "?state=published",
            "?validity=expired",
            "?validity=now",
            "?validity=not_yet",
            "?validity=soon",
            "?q=脱贫",
            "?q=贫&kind=fill",
            "?state=recheck",
            "?waits=yes",
            "?flagged=validity",
            "?state=review",
            "?used=all",
            "?flagged=report",
        ]
    }

    assert found == {
        f"?topic={top.pk}": {"脱贫一", "脱贫二____"},
        "?kind=fill": {"脱贫二____"},
        "?difficulty=hard": {"脱贫二____"},
        "?state=draft": {"草稿"},
        "?state=published": {"脱贫一", "脱贫二____", "过期", "最后一天"},
        "?validity=expired": {"过期"},
        "?validity=now": {"脱贫一", "脱贫二____", "最后一天"},
        "?validity=not_yet": {"草稿"},
        "?validity=soon": {"最后一天"},
        "?q=脱贫": {"脱贫一", "脱贫二____"},
        "?q=贫&kind=fill": {"脱贫二____"},
        "?state=recheck": {"过期"},
        "?waits=yes": {"过期"},
        "?flagged=validity": {"过期"},
        "?state=review": set(),
        "?used=all": set(),
        "?flagged=report": set(),
    }


def test_a_question_whose_entry_has_expired_waits_for_re_check(client, ben, clock):
    yesterday = NOON.date() - timedelta(days=1)
    old, new = (entry_of(a_handbook(an_entry(valid_to=day), title=f"手册{day}")) for day in (yesterday, None))
    published(QuestionFactory(stem="旧条目", entry=old))
    published(QuestionFactory(stem="新条目", entry=new))
    QuestionFactory(stem="旧条目的草稿", entry=old)
    client.force_login(ben)

    waiting, others, flagged = (
        client.get(url("list") + query) for query in ("?state=recheck", "?waits=no", "?flagged=validity")
    )

    assert [stems(page) for page in (waiting, others, flagged)] == [{"旧条目"}, {"新条目", "旧条目的草稿"}, {"旧条目"}]
    assert "所考条目已过期" in waiting.content.decode()


def test_the_frozen_versions_show_what_changed(client, inspector):
    question = published(QuestionFactory(stem="旧题干", texts=["甲", "乙"]))
    question.stem = "新题干"
    published(question)
    client.force_login(inspector)

    page = client.get(url("versions", question.pk))

    newest, first = page.context["versions"]
    assert [(row.before, row.after) for row in newest.differences] == [("旧题干", "新题干")]
    assert (newest.version.number, newest.is_current, first.version.number, first.is_current) == (2, True, 1, False)
    assert "✓ 甲\n· 乙" in [row.after for row in first.differences]


def test_an_inspector_reads_the_content_of_a_question_with_its_key(client, inspector):
    question = published(QuestionFactory(multiple=True, stem="选两项", texts=["甲", "乙", "丙"], right=[0, 2]))
    client.force_login(inspector)

    page = client.get(url("inspect", question.pk))

    shown = {row["label"]: row["value"] for row in page.context["fields"]}
    assert shown == {
        "知识点": question.topic,
        "题型": "多选题",
        "难度": "中",
        "题干": "选两项",
        "选项": "甲（✓）；乙；丙（✓）",
        "解析": "依据条文。",
        "依据": "某办法第一条",
    }
