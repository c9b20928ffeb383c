"""A trainer at a desk: writes a question and sees it as members will; marks without knowing whom."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.urls import reverse
from PIL import Image
from playwright.sync_api import APIResponse, Locator, Page, Route, expect

from exams.enums import MarkSource
from exams.models import Mark
from members.models import User
from question_bank.enums import Kind
from question_bank.models import Figure, Question, Topic
from tests.factories.exams import sat_attempt
from tests.factories.question_bank import TopicFactory
from tests.journeys.conftest import PATIENCE_MS, OpenDevice, open_exam

pytestmark = [pytest.mark.journey, pytest.mark.once, pytest.mark.django_db(transaction=True)]

OPTIONS = ("乡镇政府", "驻村工作队", "村民委员会", "县驻村办")


def write_question(page: Page, topic: Topic) -> None:
    page.locator("[name=topic]").select_option(str(topic.pk))
    page.locator("[name=kind]").select_option(Kind.SINGLE)
    page.locator("[name=stem]").fill("入户核对由谁组织？")
    for place, text in enumerate(OPTIONS):
        page.locator("#id_options-ADD").click()
        page.locator(f"[name=options-{place}-text]").fill(text)
    page.locator("[name=options-1-is_right]").check()
    page.locator("[name=explanation]").fill("由驻村工作队组织。")
    page.locator("[name=basis]").fill("某办法第三条")


def test_trainer_writes_previews_and_sends_a_question_to_review(browse: OpenDevice, ben: User, cleo: User) -> None:
    topic = TopicFactory.create(code="01", title="入户核对")
    page = browse(ben, desk=True).open(reverse("wagtailsnippets_question_bank_question:add"))
    write_question(page, topic)
    page.locator("[data-side-panel-toggle=preview]").click()
    preview = page.frame_locator("#w-preview-iframe")

    expect(preview.locator(".question legend")).to_have_text("入户核对由谁组织？")
    assert sorted(preview.locator("label.option").all_inner_texts()) == sorted(OPTIONS)
    expect(preview.get_by_text("由驻村工作队组织。")).to_have_count(0)

    page.locator("footer [data-w-dropdown-target=toggle]").first.click()
    page.locator("[name=action-submit]").click()
    expect(page.locator(".messages, [data-w-messages-target]").first).to_contain_text("入户核对由谁组织？")
    assert Question.objects.get().live is False
    second = browse(cleo, desk=True).open(
        reverse("wagtailsnippets_question_bank_question:review", args=[Question.objects.get().pk])
    )
    second.locator("button[value=approve]").click()
    expect(second.locator("main")).to_contain_text("已通过并发布")
    question = Question.objects.get()
    version = question.current_version
    assert version is not None
    right = [option["text"] for option in version.shown["options"] if option["id"] in version.key["options"]]
    assert (question.live, version.number, right) == (True, 1, ["驻村工作队"])


def test_question_sent_before_its_draft_was_confirmed_is_stored_once(browse: OpenDevice, ben: User) -> None:
    topic = TopicFactory.create(code="01", title="入户核对")
    page = browse(ben, desk=True).open(reverse("wagtailsnippets_question_bank_question:add"))
    write_question(page, topic)
    confirm = store_draft_unconfirmed(page)

    page.locator("footer [data-w-dropdown-target=toggle]").first.click()
    page.locator("[name=action-submit]").click()
    confirm()

    expect(page.locator(".messages, [data-w-messages-target]").first).to_contain_text("入户核对由谁组织？")
    question = Question.objects.get()
    assert [option.text for option in question.get_latest_revision_as_object().options.all()] == list(OPTIONS)
    assert question.workflow_in_progress


def store_draft_unconfirmed(page: Page) -> Callable[[], None]:
    """The server has stored what the editor sends by itself; the editor hears of it when the returned is called."""
    answers: list[tuple[Route, APIResponse]] = []

    def keep(route: Route) -> None:
        if route.request.headers["accept"] == "application/json":
            answers.append((route, route.fetch()))
        else:
            route.continue_()

    page.route("**/question/add/", keep)
    page.locator("[data-edit-form]").dispatch_event("w-unsaved:add")
    for _ in range(PATIENCE_MS // 50):
        if answers:
            break
        page.wait_for_timeout(50)
    [(route, response)] = answers
    return lambda: route.fulfill(response=response)


def test_trainer_marks_a_short_answer_without_seeing_a_name(
    browse: OpenDevice, ana: User, ben: User, cleo: User, moment: datetime
) -> None:
    county = cleo.role_assignments.get().division
    exam = open_exam(ana, at=moment, division=county, plan=((Kind.SHORT, 1, 100),))
    attempt = sat_attempt(exam, ana, text="先看台账，再问本人。", at=moment - timedelta(minutes=20))
    page = browse(ben, desk=True).open(reverse("exams_marking:index"))
    expect(page.locator("main")).to_contain_text(exam.title)
    page.get_by_role("button", name="开始阅卷").click()
    expect(page.locator("main")).to_contain_text("先看台账，再问本人。")
    expect(page.locator("main")).to_contain_text("答出要点一得2分")
    shown = page.content()

    page.locator("[name=points]").fill("85.5")
    page.get_by_role("button", name="保存，下一份").click()

    expect(page.locator("body")).to_contain_text("没有待你评阅的简答题")
    assert [word for word in (ana.name, ana.code, "柳湾村", str(attempt.uuid)) if word in shown] == []
    mark = Mark.objects.get(attempt=attempt)
    assert (mark.points, mark.source, mark.actor) == (Decimal("85.5"), MarkSource.MARKER, ben)


def test_trainer_puts_a_picture_into_a_question_and_previews_it(browse: OpenDevice, ben: User, tmp_path: Path) -> None:
    topic = TopicFactory.create(code="01", title="入户核对")
    drawn = tmp_path / "公开栏.png"
    Image.new("RGB", (400, 240), "darkgreen").save(drawn)
    page = browse(ben, desk=True).open(reverse("wagtailsnippets_question_bank_question:add"))
    page.locator("[name=topic]").select_option(str(topic.pk))
    page.locator("[name=kind]").select_option(Kind.SINGLE)
    page.locator("[name=stem]").fill("图中是哪一栏？")
    page.locator("#id_figures-ADD").click()
    page.locator("#id_figures-0-figure-chooser [data-chooser-action-choose]").first.click()
    page.get_by_role("tab", name="上传图片").click()
    page.locator(".modal [name=picture]").set_input_files(drawn)
    page.get_by_role("button", name="上传", exact=True).click()

    chosen = page.locator("#id_figures-0-figure-chooser [data-chooser-picture]")
    digest = digest_shown_by(chosen)
    page.locator("[name=figures-0-description]").fill("村务公开栏")
    page.locator("[data-side-panel-toggle=preview]").click()
    shown = page.frame_locator("#w-preview-iframe").locator("img.figure")
    expect(shown).to_have_attribute("src", reverse("question_figure", args=[digest]))
    expect(shown).to_have_attribute("alt", "村务公开栏")
    assert [figure.digest for figure in Figure.objects.all()] == [digest]


def digest_shown_by(picture: Locator) -> str:
    expect(picture).to_have_js_property("naturalWidth", 400)
    return (picture.get_attribute("src") or "").split("/")[-2]
