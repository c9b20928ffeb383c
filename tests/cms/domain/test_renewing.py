"""Bringing in a book again: new, changed, identical, not in the file."""

from typing import Any

import pytest
from django.test import override_settings
from wagtail.images import get_image_model
from wagtail.permissions import policy_registry

from cms.domain.importing import carry_out_import, plan_import, read_book, read_markdown
from cms.domain.importing.shelving import BookRefused, EntryLocked, PlanHasChanged
from cms.models import ChapterPage, EntryPage, HandbookPage
from cms.models.file_desk import pages_with
from common.clock import now
from members.enums import Role
from members.models import Division, User
from tests.factories.members import UserFactory, give_role
from tests.support.word import a_book, saved

pytestmark = pytest.mark.django_db

BOOK = """# 手册

## 甲章

### 一

短答：一。

依据：制度一

### 二

短答：二。

依据：制度二
"""
RENEWED = BOOK.replace("短答：二。", "短答：二百。").replace("### 一\n\n短答：一。\n\n依据：制度一\n\n", "") + (
    "\n## 乙章\n\n### 三\n\n短答：三。\n\n**要紧**的是[这里](https://example.org/)。\n\n依据：制度三\n"
)


def bring_in(text: str, by: User) -> HandbookPage:
    book = read_markdown(text)
    return carry_out_import(book, shown=plan_import(book).digest(), by=by, at=now())


def planned(text: str) -> dict[str, Any]:
    plan = plan_import(read_markdown(text))
    return {
        "entries": {
            each.entry.title: (each.number, each.standing) for chapter in plan.chapters for each in chapter.entries
        },
        "not in file": [page.title for page in plan.not_in_file],
    }


def test_the_plan_of_a_new_book_numbers_its_entries() -> None:
    assert planned(BOOK) == {"entries": {"一": (1, "new"), "二": (2, "new")}, "not in file": []}


def test_the_same_book_again_is_identical(ben: User) -> None:
    bring_in(BOOK, ben)

    assert planned(BOOK) == {"entries": {"一": (1, "identical"), "二": (2, "identical")}, "not in file": []}


def test_a_book_with_pictures_again_is_identical_and_stores_them_once(ben: User) -> None:
    content = saved(a_book())
    for _again in range(2):
        book = read_book(content)
        counts = plan_import(book).counts()
        carry_out_import(book, shown=plan_import(book).digest(), by=ben, at=now())

    assert counts == {"new": 0, "changed": 0, "identical": 2}
    assert [image.description for image in get_image_model().objects.all()] == ["公示栏"]


def test_a_picture_that_was_brought_in_is_known_to_stand_in_its_entry(ben: User, township: Division) -> None:
    """Or trainers who write on would not be offered it."""
    book = read_book(saved(a_book()))

    carry_out_import(book, shown=plan_import(book).digest(), by=ben, at=now())

    image = get_image_model().objects.get()
    trainer = give_role(UserFactory(username="other"), Role.TRAINER, township)
    offered = policy_registry.get_by_type(type(image)).instances_user_has_any_permission_for(trainer, ["choose"])
    assert (list(offered), [page.live for page in pages_with(image)]) == ([image], [False])


def test_what_changed_becomes_a_draft_and_what_is_missing_stays(ben: User) -> None:
    handbook = bring_in(BOOK, ben)
    for page in EntryPage.objects.of_handbook(handbook):
        page.latest_revision.publish()

    assert planned(RENEWED) == {"entries": {"二": (2, "changed"), "三": (3, "new")}, "not in file": ["一"]}
    assert bring_in(RENEWED, ben) == handbook

    shown = [(page.number, page.short_answer, page.live) for page in EntryPage.objects.of_handbook(handbook)]
    assert shown == [(1, "一。", True), (2, "二。", True), (3, "三。", False)]
    drafts = [page.get_latest_revision_as_object() for page in EntryPage.objects.of_handbook(handbook)]
    assert [(page.short_answer, page.latest_revision.user) for page in drafts[1:]] == [("二百。", ben), ("三。", ben)]
    assert [chapter.title for chapter in ChapterPage.objects.child_of(handbook)] == ["甲章", "乙章"]
    assert planned(RENEWED)["entries"] == {"二": (2, "identical"), "三": (3, "identical")}


def test_nothing_is_brought_in_that_was_not_shown(ben: User) -> None:
    bring_in(BOOK, ben)
    book = read_markdown(RENEWED)
    shown = plan_import(book).digest()
    entry = EntryPage.objects.get(title="二")
    entry.short_answer = "别人改了。"
    entry.save_revision()

    with pytest.raises(PlanHasChanged):
        carry_out_import(book, shown=shown, by=ben, at=now())

    assert EntryPage.objects.count() == 2


def test_a_locked_entry_stops_everything(ben: User, cleo: User) -> None:
    bring_in(BOOK, ben)
    EntryPage.objects.filter(title="二").update(locked=True, locked_by=cleo, locked_at=now())

    with pytest.raises(EntryLocked):
        bring_in(RENEWED, ben)

    assert EntryPage.objects.count() == 2


def test_a_book_to_mend_changes_nothing(ben: User) -> None:
    bring_in(BOOK, ben)

    with pytest.raises(BookRefused):
        bring_in(RENEWED.replace("依据：制度三", ""), ben)

    assert EntryPage.objects.count() == 2


def test_a_failure_leaves_no_picture_behind(ben: User, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError

    storage = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    static = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    monkeypatch.setattr("cms.domain.importing.shelving._fill", fail)
    book = read_book(saved(a_book()))

    with override_settings(STORAGES={"default": storage, "staticfiles": static}), pytest.raises(RuntimeError):
        carry_out_import(book, shown=plan_import(book).digest(), by=ben, at=now())

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
