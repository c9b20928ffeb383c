"""A changed entry sends its questions to re-check; confirming, changing and retiring them settles it."""

from copy import deepcopy
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.log_actions import registry
from wagtail.models import Revision

from cms.models import EntryPage
from question_bank.domain.publishing import publish_question, retire_question
from question_bank.domain.rechecking import confirm_questions, doubt_what_cites, recheck_questions_of
from question_bank.models import Question, QuestionVersion, Recheck
from tests.conftest import NOON, stopped_clock
from tests.factories.cms import a_handbook, an_entry, entry_of, rewrite
from tests.factories.question_bank import QuestionFactory, published

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)


@pytest.fixture(scope="module")
def _question(standing):
    with stopped_clock():
        return published(QuestionFactory(entry=entry_of(a_handbook(an_entry("驻村天数"), an_entry("请假")))))


@pytest.fixture
def question(_question, clock, db):
    return deepcopy(_question)


@pytest.fixture
def entry(question):
    """The one that ``question`` cites."""
    return EntryPage.objects.get(pk=question.entry_id)


def publish(entry, **fields):
    for name, value in fields.items():
        setattr(entry, name, value)
    entry.save_revision().publish()
    return EntryPage.objects.get(pk=entry.pk)


def waiting():
    return list(Recheck.objects.open().values_list("question", "reason", "entry_revision", "asked_at"))


def settled():
    return list(Recheck.objects.exclude(settled_at=None).values_list("question", "outcome", "settled_by", "settled_at"))


def askable():
    return [version.question_id for version in QuestionVersion.objects.askable(first=NOON.date(), last=NOON.date())]


def logged(question, action):
    logs = registry.get_logs_for_instance(question).filter(action=f"question_bank.{action}")
    return [(row.user_id, row.timestamp, row.data) for row in logs]


@pytest.mark.parametrize(
    "change",
    [
        {"title": "驻村满多少天"},
        {"short_answer": "二百四十天。"},
        {"body": [("text", "<p>全年二百四十天。</p>")]},
        {"basis": "市级制度"},
        {"document_number": "岚办发〔2026〕3号"},
        {"valid_from": date(2026, 1, 1)},
        {"valid_to": date(2030, 1, 1)},
        {"region": "岚溪县"},
    ],
)
def test_an_entry_that_says_something_else_sends_its_questions_to_recheck(entry, question, change):
    entry = publish(entry, **change)

    assert waiting() == [(question.pk, "entry_changed", entry.live_revision_id, NOON)]
    assert askable() == []
    assert logged(question, "open_recheck") == [(None, NOON, {"entry": entry.pk})]


@pytest.mark.parametrize("change", [{}, {"slug": "days"}, {"checked_on": date(2026, 6, 1)}, {"seo_title": "天数"}])
def test_an_entry_that_says_the_same_disturbs_nobody(entry, question, change):
    publish(entry, **change)

    assert (waiting(), askable()) == ([], [question.pk])


def test_a_draft_of_an_entry_disturbs_nobody_until_it_is_published(entry, question):
    entry.short_answer = "二百四十天。"
    draft = entry.save_revision()
    while_draft = waiting()

    draft.publish()

    assert while_draft == []
    assert waiting() == [(question.pk, "entry_changed", draft.pk, NOON)]


def test_the_first_publication_of_an_entry_disturbs_nobody(clock):
    entry = entry_of(a_handbook())
    entry.unpublish()
    Revision.page_revisions.filter(object_id=str(entry.pk)).delete()
    question = published(QuestionFactory(entry=entry))

    publish(EntryPage.objects.get(pk=entry.pk), short_answer="二百四十天。")

    assert (waiting(), askable()) == ([], [question.pk])


def test_an_entry_that_comes_back_changed_counts_as_changed(entry, question):
    entry.unpublish()

    # What the editor does with a page that is not live: the draft is written into the row itself.
    entry.short_answer = "二百四十天。"
    entry.save()
    publish(entry)

    assert [row[0] for row in waiting()] == [question.pk]


@pytest.mark.parametrize("above", [0, 1, 2], ids=["entry", "chapter", "handbook"])
def test_an_entry_that_is_withdrawn_sends_its_questions_to_recheck(entry, question, above):
    page = [entry, *entry.get_ancestors().order_by("-depth")[:2]][above].specific
    elsewhere = published(QuestionFactory(entry=entry_of(a_handbook(title="别的手册"))))

    page.unpublish()

    assert waiting() == [(question.pk, "entry_changed", entry.latest_revision_id, NOON)]
    assert askable() == [elsewhere.pk]


def test_withdrawing_a_book_whose_entries_go_with_it_keeps_one_row_a_question(entry, question, ben):
    ben.is_superuser = True
    UnpublishPageAction(entry.get_parent().specific, include_descendants=True, user=ben).execute()

    assert waiting() == [(question.pk, "entry_changed", entry.latest_revision_id, NOON)]


def test_going_back_to_an_older_version_is_a_change(entry, question, ben):
    first = entry.live_revision
    publish(entry, short_answer="二百四十天。")
    confirm_questions([question], by=ben, at=NOON)

    first.publish()

    assert [row[0] for row in waiting()] == [question.pk]


def test_an_entry_published_by_the_timer_sends_its_questions_too(entry, question, clock):
    entry.short_answer, entry.go_live_at = "二百四十天。", LATER
    entry.save_revision().publish()
    while_scheduled = waiting()

    clock.forward(hours=2)
    call_command("publish_scheduled")

    assert while_scheduled == []
    assert [row[0] for row in waiting()] == [question.pk]


def test_only_published_questions_that_cite_the_entry_wait(entry, question):
    other = published(QuestionFactory(entry=EntryPage.objects.get(title="请假")))
    QuestionFactory(entry=entry)
    retired = published(QuestionFactory(entry=entry))
    retire_question(retired, by=None, at=NOON)

    publish(entry, short_answer="二百四十天。")

    assert [row[0] for row in waiting()] == [question.pk]
    assert askable() == [other.pk]


def test_a_second_change_keeps_one_row_and_names_the_newest_version(entry, question):
    publish(entry, short_answer="二百四十天。")
    second = publish(entry, short_answer="二百五十天。")

    repeated = recheck_questions_of(second, revision=second.live_revision, at=LATER)

    assert waiting() == [(question.pk, "entry_changed", second.live_revision_id, NOON)]
    assert repeated == []


def test_confirming_settles_with_name_and_time_and_lets_papers_draw_again(entry, question, ben):
    publish(entry, short_answer="二百四十天。")

    confirmed = confirm_questions([question], by=ben, at=LATER)

    assert confirmed == [question]
    assert settled() == [(question.pk, "confirmed", ben.pk, LATER)]
    assert askable() == [question.pk]
    assert logged(question, "settle_recheck") == [(ben.pk, LATER, {"outcome": "confirmed"})]


def test_of_two_who_confirm_one_settles(entry, question, ben, cleo):
    publish(entry, short_answer="二百四十天。")
    seen_by_both = list(Question.objects.filter(rechecks__settled_at=None))

    first = confirm_questions(seen_by_both, by=ben, at=LATER)
    second = confirm_questions(seen_by_both, by=cleo, at=LATER)

    assert (first, second) == ([question], [])
    assert settled() == [(question.pk, "confirmed", ben.pk, LATER)]
    assert len(logged(question, "settle_recheck")) == 1


def test_a_doubt_that_arose_after_somebody_looked_stays(entry, question, ben):
    publish(entry, short_answer="二百四十天。")

    confirmed = confirm_questions([question], by=ben, at=NOON - timedelta(minutes=1))

    assert (confirmed, len(waiting())) == ([], 1)


def test_a_change_after_a_confirmation_asks_again(entry, question, ben):
    entry = publish(entry, short_answer="二百四十天。")
    confirm_questions([question], by=ben, at=NOON)

    publish(entry, short_answer="二百五十天。")

    assert Recheck.objects.count() == 2
    assert [row[0] for row in waiting()] == [question.pk]


def test_publishing_a_changed_question_settles_as_edited(entry, question, ben):
    publish(entry, short_answer="二百四十天。")
    question.stem = "新的题干选哪一项？"

    publish_question(question, by=ben, at=LATER)

    assert settled() == [(question.pk, "edited", ben.pk, LATER)]


def test_publishing_a_changed_question_through_its_revision_settles_too(entry, question, ben, clock):
    publish(entry, short_answer="二百四十天。")
    question.stem = "新的题干选哪一项？"
    revision = question.save_revision(user=ben)

    revision.publish(user=ben, skip_permission_checks=True)

    assert settled() == [(question.pk, "edited", ben.pk, NOON)]


def test_publishing_an_unchanged_question_settles_nothing(entry, question, ben):
    publish(entry, short_answer="二百四十天。")

    publish_question(question, by=ben, at=LATER)

    assert (settled(), len(waiting())) == ([], 1)


def test_a_question_that_cites_another_entry_now_has_been_edited(entry, question, ben):
    publish(entry, short_answer="二百四十天。")
    question.entry = EntryPage.objects.get(title="请假")

    publish_question(question, by=ben, at=LATER)

    assert settled() == [(question.pk, "edited", ben.pk, LATER)]


def test_retiring_settles_as_retired(entry, question, ben):
    publish(entry, short_answer="二百四十天。")

    retire_question(question, by=ben, at=LATER)

    assert settled() == [(question.pk, "retired", ben.pk, LATER)]
    assert logged(question, "settle_recheck") == [(ben.pk, LATER, {"outcome": "retired"})]


def test_unpublishing_by_the_editor_settles_as_retired(entry, question):
    publish(entry, short_answer="二百四十天。")

    question.unpublish()

    assert settled() == [(question.pk, "retired", None, NOON)]


def test_an_entry_that_nothing_cites_costs_one_query(clock, django_assert_num_queries):
    entry = entry_of(a_handbook())
    revision = entry.live_revision

    with django_assert_num_queries(1):
        doubt_what_cites(EntryPage, entry, revision)


def test_rewriting_twice_within_a_confirmation_is_seen(entry, question, ben):
    rewrite(entry, "二百四十天。")
    confirm_questions([question], by=ben, at=NOON)

    rewrite(EntryPage.objects.get(pk=entry.pk), "二百天。")

    assert [row[0] for row in waiting()] == [question.pk]
