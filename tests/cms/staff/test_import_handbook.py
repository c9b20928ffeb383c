"""Bringing in a handbook in the staff interface: who may, what is seen, what is stored."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cms.models import BasePage, EntryPage, HandbookPage
from common.clock import now
from members.enums import Role
from members.models import Division, User
from tests.factories.members import UserFactory, give_role
from tests.support.word import a_book, saved

# Forms, files and who may; test_renewing.py carries the same imports out on both databases.
pytestmark = [pytest.mark.django_db, pytest.mark.once]
UPLOAD = "/admin/handbook-import/"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.IMPORT_DIR = tmp_path / "imports"
    return tmp_path / "imports"


@pytest.fixture
def inspector(county: Division) -> User:
    return give_role(UserFactory(username="inspector"), Role.INSPECTOR, county)


def signed_in(person: User | None, **options: Any) -> Client:
    client = Client(**options)
    if person:
        client.force_login(person)
    return client


def bring(client: Client, content: bytes | None = None, *, name: str = "手册.docx") -> Any:
    file = SimpleUploadedFile(name, saved(a_book()) if content is None else content)
    return client.post(UPLOAD, {"file": file})


def shown(client: Client, address: str) -> str:
    return str(client.get(address).context["digest"])


def carry_out(client: Client, address: str, digest: str) -> Any:
    return client.post(f"{address}carry-out/", {"shown": digest})


def test_a_file_is_seen_before_it_is_stored_and_then_stored_as_drafts(ben: User, folder: Path) -> None:
    client = signed_in(ben)

    address = bring(client)["Location"]
    page = client.get(address)
    before = EntryPage.objects.count()
    answer = carry_out(client, address, page.context["digest"])

    handbook = HandbookPage.objects.get()
    assert before == 0
    assert [text in page.content.decode() for text in ("岚溪县驻村手册", "一年住几天", "县级制度第四条")] == [True] * 3
    assert answer["Location"] == reverse("wagtailadmin_explore", args=[handbook.pk])
    assert [(entry.title, entry.live) for entry in EntryPage.objects.of_handbook(handbook)] == [
        ("一年住几天", False),
        ("请假找谁", False),
    ]
    assert list(folder.glob("*.book")) == []


def test_the_content_decides_and_not_the_name(ben: User) -> None:
    client = signed_in(ben)

    answers = [
        bring(client, name="手册.md"),
        bring(client, "# 手册\n\n## 章\n\n### 条\n\n短答：好。\n\n依据：制度\n".encode("gb18030"), name="x.docx"),
    ]

    assert [client.get(answer["Location"]).context["book"].problems for answer in answers] == [[], []]


def test_what_must_be_mended_is_shown_and_nothing_is_stored(ben: User) -> None:
    client, document = signed_in(ben), a_book()
    document.add_heading("谁来签字", 2)
    address = bring(client, saved(document))["Location"]

    text = client.get(address).content.decode()
    carry_out(client, address, shown(client, address))

    assert "谁来签字" in text
    assert "carry-out" not in text
    assert HandbookPage.objects.count() == 0


def test_a_file_that_is_no_handbook_is_refused_on_the_form(ben: User, folder: Path) -> None:
    answer = bring(signed_in(ben), b"%PDF-1.7")

    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == ["file"]
    assert not folder.exists()


def test_markup_in_a_file_is_text_in_the_dry_run(ben: User) -> None:
    client = signed_in(ben)
    evil = "# <script>a</script>\n\n## <script>b</script>\n\n### <script>c</script>\n\n```\n<script>d</script>\n```\n"

    text = client.get(bring(client, evil.encode())["Location"]).content.decode()

    assert [f"<script>{letter}" in text for letter in "abcd"] == [False] * 4


def test_a_plan_that_was_not_shown_is_not_carried_out(ben: User) -> None:
    client = signed_in(ben)
    address = bring(client)["Location"]

    carry_out(client, address, "")

    assert HandbookPage.objects.count() == 0


def test_the_file_of_another_person_is_not_there(ben: User, cleo: User) -> None:
    address = bring(signed_in(ben))["Location"]
    digest = shown(signed_in(ben), address)
    client = signed_in(cleo)

    answers = [client.get(address).status_code, carry_out(client, address, digest).status_code]

    assert answers == [404, 404]
    assert HandbookPage.objects.count() == 0


def test_a_file_that_waited_a_day_is_gone(ben: User, folder: Path) -> None:
    client = signed_in(ben)
    address = bring(client)["Location"]
    old = (now() - timedelta(days=1, minutes=1)).timestamp()
    for path in folder.iterdir():
        os.utime(path, (old, old))

    bring(client)

    assert client.get(address).status_code == 404


def test_writers_bring_in_handbooks_and_nobody_else(
    ana: User, ben: User, cleo: User, inspector: User, folder: Path
) -> None:
    people = {"nobody": None, "ana": ana, "inspector": inspector, "ben": ben, "cleo": cleo}

    answers = {name: bring(signed_in(person)) for name, person in people.items()}

    led_to_plan = {name: answer.headers.get("Location", "").startswith(UPLOAD) for name, answer in answers.items()}
    assert led_to_plan == {"nobody": False, "ana": False, "inspector": False, "ben": True, "cleo": True}
    assert len(list(folder.iterdir())) == 2


def test_nobody_else_carries_out_even_with_the_address(ana: User, ben: User, inspector: User) -> None:
    address = bring(signed_in(ben))["Location"]
    digest = shown(signed_in(ben), address)
    before = BasePage.objects.count()

    answers = [carry_out(signed_in(person), address, digest).status_code for person in (None, ana, inspector)]

    assert set(answers) <= {302, 403, 404}
    assert BasePage.objects.count() == before


def test_both_steps_need_the_csrf_token(ben: User) -> None:
    address = bring(signed_in(ben))["Location"]
    digest = shown(signed_in(ben), address)
    client = signed_in(ben, enforce_csrf_checks=True)

    assert [bring(client).status_code, carry_out(client, address, digest).status_code] == [403, 403]
    assert HandbookPage.objects.count() == 0


def test_the_menu_shows_it_to_writers_alone(ben: User, inspector: User) -> None:
    seen = {who.username: UPLOAD in signed_in(who).get("/admin/").content.decode() for who in (ben, inspector)}

    assert seen == {"ben": True, "inspector": False}
