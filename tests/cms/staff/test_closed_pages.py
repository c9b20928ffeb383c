"""A draft for 青石镇, by every door of the staff interface: its own trainers and the county's come in, nobody else."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.urls import URLPattern, URLResolver, get_resolver
from wagtail.documents import get_document_model

from cms.domain.files import may_open
from cms.domain.importing import plan_import, read_markdown
from cms.domain.shelves import ensure_shelves
from cms.models import AudienceRule, BasePage, EntryPage, HandbookPage
from cms.models.desk import on_desk
from members.enums import Role
from members.models import Division, User
from tests.factories.cms import a_handbook, a_lecture, a_notice, an_entry, entry_of
from tests.factories.members import UserFactory
from tests.support import cast
from tests.support.doors import SECRET, as_parameters, signed_in, tells

pytestmark = pytest.mark.django_db
# What is searched for; the secret is told only to whoever may see the page.
ASKED = "青石口径"
TITLE = f"{ASKED}{SECRET}"

DOORS = {
    "explorer": "/admin/pages/{chapter}/",
    "explorer of the book": "/admin/pages/{book}/",
    "explorer of the shelf": "/admin/pages/{shelf}/",
    "explorer of the notices": "/admin/pages/{notices}/",
    "explorer, part of a page": "/admin/pages/{chapter}/results/",
    "explorer, everywhere": "/admin/pages/{shelf}/?q={asked}&search_all=1",
    "edit": "/admin/pages/{entry}/edit/",
    "edit the book": "/admin/pages/{book}/edit/",
    "draft": "/admin/pages/{entry}/view_draft/",
    "history": "/admin/pages/{entry}/history/",
    "history of reviews": "/admin/pages/{entry}/workflow_history/",
    "a review": "/admin/pages/{entry}/workflow_history/detail/{review}/",
    "a version": "/admin/pages/{entry}/revisions/{revision}/view/",
    "back to a version": "/admin/pages/{entry}/revisions/{revision}/revert/",
    "comparison": "/admin/pages/{entry}/revisions/compare/earliest...latest/",
    "usage": "/admin/pages/{entry}/usage/",
    "copy": "/admin/pages/{entry}/copy/",
    "move": "/admin/pages/{entry}/move/{chapter}/confirm/",
    "below it": "/admin/pages/{book}/add_subpage/",
    "where to write": "/admin/pages/create/cms/entrypage",
    "preview in review": "/admin/pages/workflow/preview/{entry}/{task}/",
    "delete many": "/admin/bulk/cms/basepage/delete/?id={entry}",
    "delete all": "/admin/bulk/cms/basepage/delete/?id=all&childOf={shelf}",
    "move many": "/admin/bulk/cms/basepage/move/?id={entry}",
    "publish many": "/admin/bulk/cms/basepage/publish/?id={entry}",
    "search": "/admin/pages/search/?q={asked}",
    "search, part of a page": "/admin/pages/search/results/?q={asked}",
    "all of a kind": "/admin/pages/usage/cms/entrypage/",
    "chooser": "/admin/choose-page/{chapter}/",
    "chooser, the shelf": "/admin/choose-page/{shelf}/",
    "chooser of a kind": "/admin/choose-page/?page_type=cms.entrypage",
    "chooser, search": "/admin/choose-page/search/?q={asked}",
    "chooser, several": "/admin/choose-page/chosen-multiple/?id={entry}",
    "programs": "/admin/api/main/pages/",
    "programs, one": "/admin/api/main/pages/{entry}/",
    "programs, below": "/admin/api/main/pages/?child_of={book}&for_explorer=1",
    "programs, search": "/admin/api/main/pages/?search={asked}",
    "first page": "/admin/",
    "sending the book": "/admin/books/{book}/submit/",
    "approving the book": "/admin/books/{book}/approve/",
    "report on kinds": "/admin/reports/page-types-usage/",
    "report on reviews": "/admin/reports/workflow/",
    "report on tasks": "/admin/reports/workflow_tasks/",
    "report on coverage": "/admin/question-coverage/",
    "report on reading": "/admin/reading/?handbook={book}",
    "checked today": "/admin/entries/{entry}/checked/",
}  # fmt: skip
# Only a second person is shown these; the own trainer wrote it.
SECOND_PERSON = {"preview in review", "first page"}


@pytest.fixture(scope="module")
def _entry(standing: None) -> EntryPage:
    """Published, and its next draft in review."""
    cast.ben(cast.county())
    cast.holder("other", Role.TRAINER, cast.other_township())
    township = cast.township()
    own = cast.holder("own", Role.TRAINER, township)
    a_lecture(f"{TITLE}讲座", division=township)
    a_notice(f"{TITLE}提示", division=township)
    entry = entry_of(a_handbook(an_entry(TITLE), title=f"{TITLE}手册", division=township))
    entry.short_answer = TITLE
    entry.save_revision(user=own)
    entry.get_workflow().start(entry, own)
    return entry


@pytest.fixture
def entry(_entry: EntryPage, trainers: dict[str, User]) -> EntryPage:
    return EntryPage.objects.get(pk=_entry.pk)


def parts(entry: EntryPage) -> dict[str, Any]:
    chapter = entry.get_parent()
    state = entry.current_workflow_task_state
    return {
        "entry": entry.pk,
        "chapter": chapter.pk,
        "book": chapter.get_parent().pk,
        "shelf": ensure_shelves().handbooks.pk,
        "notices": ensure_shelves().notices.pk,
        "revision": entry.latest_revision_id,
        "review": entry.current_workflow_state.pk,
        "state": state.pk,
        "task": state.task_id,
        "asked": ASKED,
    }


@pytest.mark.parametrize("door", as_parameters(DOORS))
def test_a_restricted_draft_is_seen_by_its_own_trainers_and_the_county(
    door: str, trainers: dict[str, User], entry: EntryPage
) -> None:
    address = DOORS[door].format(**parts(entry))

    told = {name: tells(trainer, address) for name, trainer in trainers.items()}

    assert told == {"own": door not in SECOND_PERSON, "other": False, "county": True}


def test_the_report_on_who_did_what_tells_the_county_alone(trainers: dict[str, User], entry: EntryPage) -> None:
    told = {name: tells(trainer, "/admin/reports/site-history/") for name, trainer in trainers.items()}

    assert told == {"own": False, "other": False, "county": True}


def test_a_closed_draft_waits_on_nobody_elses_list(trainers: dict[str, User], entry: EntryPage) -> None:
    task = entry.current_workflow_task

    offered = {name: bool(task.get_actions(entry, trainer)) for name, trainer in trainers.items()}
    waiting = {name: task.get_task_states_user_can_moderate(who).count() for name, who in trainers.items()}

    # The own trainer wrote it.
    assert offered == {"own": False, "other": False, "county": True}
    assert waiting == {"own": 0, "other": 0, "county": 1}


def page_addresses() -> Iterator[str]:
    """Every address of Wagtail's that speaks of a page."""

    def walk(patterns: list[Any], prefix: str) -> Iterator[str]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, prefix + str(pattern.pattern))
            elif isinstance(pattern, URLPattern):
                yield prefix + str(pattern.pattern)

    for address in walk(get_resolver().url_patterns, "/"):
        if address.startswith("/admin/") and re.search(r"<int:(page_id|parent_page_id|page_to_move_id)>", address):
            yield address


def test_by_its_number_a_closed_page_is_not_there_at_all(trainers: dict[str, User], entry: EntryPage) -> None:
    client, addresses = signed_in(trainers["other"]), sorted(page_addresses())
    other = {"revision_id": entry.latest_revision_id, "content_type_app_name": "cms"}
    kinds = {"content_type_model_name": "entrypage", "action_name": "approve", "destination_id": entry.pk}
    known = {**other, **kinds}
    shown = [re.sub(r"<\w+:(\w+)>", lambda part: str(known.get(part[1], entry.pk)), each) for each in addresses]

    answers = {address: (client.get(address).status_code, client.post(address).status_code) for address in shown}

    assert len(answers) > 25
    assert set(answers.values()) == {(404, 404)}


def test_what_a_draft_says_about_its_readers_holds_before_it_is_published(
    trainers: dict[str, User], township: Division
) -> None:
    notice = a_notice("给全县")
    notice.audience_rules = [AudienceRule(division=township)]
    notice.save_revision(user=trainers["own"])

    seen = {name: on_desk(BasePage.objects.filter(pk=notice.pk), who).exists() for name, who in trainers.items()}

    assert seen == {"own": True, "other": False, "county": True}


@pytest.mark.parametrize(
    ("role", "at_county", "expected"),
    [
        (Role.INSPECTOR, False, {"own": False, "other": False, "county": True}),
        (Role.TRAINER, False, {"own": True, "other": True, "county": True}),
        (Role.INSPECTOR, True, {"own": False, "other": False, "county": True}),
        ("", True, {"own": True, "other": True, "county": True}),
    ],
)
def test_a_page_for_a_role_lies_with_its_holders_and_with_the_county(
    trainers: dict[str, User], county: Division, role: str, at_county: bool, expected: dict[str, bool]
) -> None:
    page = a_handbook(role=role, division=county if at_county else None)

    seen = {name: page.permissions_for_user(trainer).can_edit() for name, trainer in trainers.items()}

    assert seen == expected


def test_a_superuser_works_on_everything(entry: EntryPage) -> None:
    root = UserFactory(username="root", is_superuser=True)

    assert on_desk(BasePage.objects.all(), root).count() == BasePage.objects.count()
    assert entry.permissions_for_user(root).can_publish()


def test_no_title_tells_that_a_closed_handbook_is_there(trainers: dict[str, User], entry: EntryPage) -> None:
    book = read_markdown(f"# {TITLE}手册\n\n## 第一章\n\n### {TITLE}\n\n在村里住。\n\n依据：县级制度\n")

    found = {name: plan_import(book, by=trainer).handbook is not None for name, trainer in trainers.items()}

    assert found == {"own": True, "other": False, "county": True}


def test_a_file_of_a_closed_draft_stays_closed(trainers: dict[str, User], township: Division) -> None:
    document = get_document_model().objects.create(title="附件", file=ContentFile(b"a", name="a.txt"))
    lecture = a_lecture("讲座", division=township, audio=document)
    BasePage.objects.filter(pk=lecture.pk).update(live=False)

    opened = {name: may_open(document, trainer, on=date(2026, 6, 15)) for name, trainer in trainers.items()}

    assert opened == {"own": True, "other": False, "county": True}


def test_the_shelf_costs_as_much_with_many_closed_books(
    trainers: dict[str, User], township: Division, django_assert_max_num_queries: Any
) -> None:
    for number in range(5):
        a_handbook(title=f"{number}", division=township)
    client = signed_in(trainers["other"])
    shelf = ensure_shelves().handbooks.pk
    client.get(f"/admin/pages/{shelf}/")

    with django_assert_max_num_queries(60):
        answer = client.get(f"/admin/pages/{shelf}/")

    assert list(answer.context["pages"]) == []
    assert HandbookPage.objects.count() == 5
