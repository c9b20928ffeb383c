"""My quarter: what it shows to whom, and objecting to a line of it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cms.domain.next_steps import next_steps
from members.models import Division, User
from performance.enums import AppealState
from performance.models import Appeal, Document, Quarter, Scorecard
from tests.conftest import Clock
from tests.exams.staff.counting import queries_of
from tests.factories.members import PostingFactory, TeamFactory, UserFactory
from tests.performance.pages.conftest import As
from tests.performance.pages.making import AFTERWARDS, LATER, a_card, a_line, an_objection, closed, computed, published
from tests.support.pages import page_of, words_in

pytestmark = pytest.mark.django_db


def url(card: Scorecard) -> str:
    return reverse("performance:my_quarter", args=[card.uuid])


def objection_url(card: Scorecard, title: str = "乡镇评价") -> str:
    return reverse("performance:send_objection", args=[card.uuid, a_line(card, title).pk])


# -- what is shown ----------------------------------------------------------------------------


def test_a_quarter_is_listed_once_it_is_published(as_: As, ana: User, county: Division, cleo: User) -> None:
    hidden = computed(county, by=cleo, people=[ana], number=1)

    before = as_(ana).get("/me/quarters/").context["cards"]
    shown = published(county, by=cleo, people=[ana])
    after = as_(ana).get("/me/quarters/").context["cards"]

    assert (before, after) == ([], [a_card(shown, ana)])
    assert as_(ana).get(url(a_card(hidden, ana))).status_code == 404


def test_nobody_sees_anybody_elses_card(as_: As, ana: User, dan: User, cleo: User, card: Scorecard) -> None:
    statuses = {person.username: as_(person).get(url(card)).status_code for person in (ana, dan, cleo)}

    assert statuses == {"ana": 200, "dan": 404, "cleo": 404}
    assert as_(ana).get(reverse("performance:my_quarter", args=[uuid4()])).status_code == 404
    assert Client().get(url(card)).status_code == 302


def test_each_line_says_what_it_came_from_and_how_many_points(as_: As, ana: User, card: Scorecard) -> None:
    context = as_(ana).get(url(card)).context

    rows = [(row.title, str(row.line.points), [piece.label for piece in row.evidence]) for row in context["rows"]]
    assert rows == [
        ("正负清单", "34.00", [piece["label"] for piece in a_line(card, "正负清单").evidence]),
        ("乡镇评价", "54.00", [piece["label"] for piece in a_line(card).evidence]),
    ]
    assert rows[0][2]
    assert rows[1][2]


def test_the_page_says_what_would_have_made_it_more(as_: As, ana: User, card: Scorecard) -> None:
    rows = as_(ana).get(url(card)).context["rows"]

    assert "还差 6 分" in rows[1].would_change
    assert "每提高 10 个百分点，总分增加 6 分" in rows[1].would_change


def test_the_sheet_on_which_it_stands_is_named_and_leads_to_where_it_is_verified(
    as_: As, ana: User, flo: User, county: Division, cleo: User, card: Scorecard
) -> None:
    before, after = (
        Document.objects.create(
            key=f"key-{number}", number=f"岚溪考〔2026〕2季度-{number}", title="考核表", digest=number,
            computation=card.computation, kind="sheets", division=county, issued_by=cleo,
            issued_at=card.computation.published_at + timedelta(minutes=minutes),
        )
        for number, minutes in (("001", -1), ("002", 1))
    )  # fmt: skip

    own = as_(ana).get(url(card))
    office = as_(flo).get(reverse("quarters:card", args=[card.computation.quarter.uuid, card.uuid]))

    assert own.context["sheets"] == [after]
    assert office.context["sheets"] == [after, before]
    for page in (own, office):
        assert f'<a href="/verify/key-002/">{after.number}</a>' in page.content.decode()


def test_a_suggested_measure_is_said_with_who_decides(as_: As, ana: User, county: Division, cleo: User) -> None:
    quarter = published(county, by=cleo, people=[ana], score="20", thresholds=[("talk", 60)])

    text = as_(ana).get(url(a_card(quarter, ana))).content.decode()

    assert "约谈" in text
    assert "由人研究决定" in text


def test_own_earlier_quarters_stand_beside_it_and_no_name_of_anybody_else(
    as_: As, ana: User, dan: User, county: Division, cleo: User
) -> None:
    closed(county, by=cleo, people=[ana, dan], number=1, score="70")
    card = a_card(published(county, by=cleo, people=[ana, dan]), ana)

    response = as_(ana).get(url(card))

    totals = [(point.card.computation.quarter.name, str(point.card.total)) for point in response.context["trend"]]
    assert totals == [("2026Q1", "76.00"), ("2026Q2", "88.00")]
    assert "<svg" in response.context["trend_chart"]
    assert dan.name not in response.content.decode()


@pytest.mark.once
def test_a_page_asks_as_much_with_one_line_as_with_many(as_: As, ana: User, county: Division, cleo: User) -> None:
    one = a_card(published(county, by=cleo, people=[ana], number=1), ana)
    client = as_(ana)
    few = queries_of(lambda: client.get(url(one)))
    more = a_card(published(county, by=cleo, people=[ana]), ana)
    for title in ("正负清单", "乡镇评价"):
        an_objection(more, title)

    assert queries_of(lambda: client.get(url(more))) == few


def test_a_scheme_its_note_its_weights_and_the_cut_off_stand_there(
    as_: As, ana: User, county: Division, cleo: User
) -> None:
    quarter = published(county, by=cleo, people=[ana], note="权重为演示示例。")

    page = page_of(as_(ana).get(url(a_card(quarter, ana))))

    assert words_in(page, "dd")[-6:] == [
        "季度考核方案", "权重为演示示例。", "40 分（满分 100 分）", "60 分（满分 100 分）",
        "2026-07-02 09:00", "2026-07-08 00:00",
    ]  # fmt: skip


# -- objecting ----------------------------------------------------------------------------------


def test_a_member_objects_to_a_line_and_finds_it_again(as_: As, ana: User, card: Scorecard) -> None:
    client = as_(ana)

    response = client.post(objection_url(card), {"text": "五月的评价\r\n算错了"})

    appeal = Appeal.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"{url(card)}#line-{appeal.line_id}")
    assert (appeal.text, appeal.state, appeal.filed_at) == ("五月的评价\n算错了", AppealState.OPEN, LATER)
    assert [row.open_appeal for row in client.get(url(card)).context["rows"]] == [None, appeal]


def test_a_document_is_kept_private(as_: As, ana: User, dan: User, cleo: User, card: Scorecard) -> None:
    file = SimpleUploadedFile("佐证.pdf", b"%PDF-1.4 ...")

    as_(ana).post(objection_url(card), {"text": "有佐证", "file": file})

    address = reverse("performance:objection_file", args=[Appeal.objects.get().uuid])
    given = as_(ana).get(address)
    assert b"".join(given.streaming_content) == b"%PDF-1.4 ..."
    assert given["Content-Disposition"].startswith("attachment")
    assert [as_(person).get(address).status_code for person in (dan, cleo)] == [404, 404]


@pytest.mark.parametrize(
    ("name", "content"), [("a.exe", b"MZ"), ("a.pdf", b"not a pdf"), ("a.png", b"%PDF-1.4"), ("a.pdf", b"")]
)
def test_a_file_that_is_not_what_it_says_is_refused_and_the_text_stays(
    as_: As, ana: User, card: Scorecard, name: str, content: bytes
) -> None:
    response = as_(ana).post(objection_url(card), {"text": "原话", "file": SimpleUploadedFile(name, content)})

    assert response.status_code == 400
    assert list(response.context["form"].errors) == ["file"]
    assert "原话" in response.content.decode()
    assert not Appeal.objects.exists()


def test_what_is_empty_or_too_long_is_refused(as_: As, ana: User, card: Scorecard) -> None:
    statuses = [as_(ana).post(objection_url(card), {"text": text}).status_code for text in ("", "字" * 2001)]

    assert statuses == [400, 400]
    assert not Appeal.objects.exists()


def test_a_second_objection_to_a_line_waits_for_the_first(as_: As, ana: User, card: Scorecard) -> None:
    an_objection(card)

    response = as_(ana).post(objection_url(card), {"text": "再说一遍"})

    assert response.status_code == 409
    assert "再说一遍" in response.content.decode()
    assert Appeal.objects.count() == 1


def test_after_the_term_there_is_no_form_and_none_is_taken(ana: User, card: Scorecard, clock: Clock) -> None:
    clock.time = AFTERWARDS
    client = Client()
    client.force_login(ana, backend="members.backends.PhoneOrCodeBackend")

    page = client.get(url(card))
    response = client.post(objection_url(card), {"text": "晚了"})

    assert not page.context["may_object"]
    assert "<textarea" not in page.content.decode()
    assert response.status_code == 409
    assert not Appeal.objects.exists()


def test_who_may_object(as_: As, ana: User, dan: User, cleo: User, card: Scorecard) -> None:
    """Anonymous, somebody of another township, an administrator, the person."""
    said = {"text": "算错了"}

    statuses = [
        Client().post(objection_url(card), said).status_code,
        as_(dan).post(objection_url(card), said).status_code,
        as_(cleo).post(objection_url(card), said).status_code,
        as_(ana).post(objection_url(card), said).status_code,
    ]

    assert statuses == [302, 404, 404, 302]
    assert Appeal.objects.count() == 1


def test_a_line_of_another_card_is_not_found_under_ones_own(
    as_: As, ana: User, dan: User, quarter: Quarter, card: Scorecard
) -> None:
    other = a_line(a_card(quarter, dan))

    response = as_(ana).post(reverse("performance:send_objection", args=[card.uuid, other.pk]), {"text": "算错了"})

    assert response.status_code == 404


def test_an_objection_needs_the_token(ana: User, card: Scorecard, clock: Clock) -> None:
    clock.time = LATER
    client = Client(enforce_csrf_checks=True)
    client.force_login(ana, backend="members.backends.PhoneOrCodeBackend")

    assert client.post(objection_url(card), {"text": "算错了"}).status_code == 403
    assert not Appeal.objects.exists()


# -- the first page ---------------------------------------------------------------------------------


def test_the_first_page_says_until_when_one_may_look(ana: User, card: Scorecard) -> None:
    steps = [(step.headline, step.url) for step in next_steps(ana, at=LATER)]

    assert steps == [("您的季度考核结果已公示", url(card))]
    assert next_steps(ana, at=AFTERWARDS) == []


def test_my_page_leads_to_my_quarters(as_: As, ana: User) -> None:
    assert "/me/quarters/" in page_of(as_(ana).get("/me/")).links(within="li")


def test_somebody_who_came_late_is_told_that_days_count(as_: As, county: Division, cleo: User) -> None:
    late = UserFactory.create(name="迟来")
    PostingFactory.create(person=late, team=TeamFactory.create(), starts_on="2026-06-01")
    quarter = published(county, by=cleo, people=[late])

    card = a_card(quarter, late)

    assert card.days_served == 30
    assert "按任职天数" in as_(late).get(url(card)).content.decode()


def test_ones_own_record_is_taken_home_and_nobody_elses(as_: As, ana: User, dan: User, card: Scorecard) -> None:
    address = reverse("performance:scorecard_pdf", args=[card.uuid])

    given = as_(ana).get(address)

    assert (given.status_code, given["Content-Type"], given.content[:5]) == (200, "application/pdf", b"%PDF-")
    assert as_(dan).get(address).status_code == 404
