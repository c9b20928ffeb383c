"""Take the README's pictures from the running product: ``.venv/bin/python scripts/screenshots.py [part ...]``.

A demonstration county on a database of its own, in a temporary folder, served on a port of its own. ``--house FOLDER``
keeps and reuses that folder. Needs what tests need (``make setup-dev``).
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

import django
from django.db.models import F
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "screenshots"
# How many of the first people of the roster have sat the open test, and how many are at it.
SAT, SITTING, TO_MARK = 187, 23, 9
ACCOUNTS = ("member", "member2", "outsider")
FLAGGED = (2, 9)
WRONG = (3, 8, 14)
LEFT_OPEN = (16, 19)
MINUTES_AT_IT = 17
# A handbook as an office writes it, with one entry that lacks its basis.
BOOK = """# 2027 年驻村工作应知手册

## 第一章 驻村纪律

### 每季度驻村多少天

短答：每季度不少于 50 天，全年不少于 200 天。
依据：县级驻村管理制度第四条
有效期：2027-01-01 起

### 请假找谁批

短答：三天以内由工作队队长批准，三天以上报乡镇党委。
依据：县级驻村管理制度第九条

## 第二章 入户走访

### 一个季度走访几遍

短答：每季度走遍所有脱贫户和监测户。
"""


@contextmanager
def house(folder: str | None) -> Iterator[Path]:
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        yield Path(folder)
        return
    with tempfile.TemporaryDirectory(prefix="yingzhi-pictures-") as temporary:
        yield Path(temporary)


def move_in(folder: Path) -> None:
    """Settings, database and static files in ``folder``; this process and all it starts use them."""
    (folder / "pictures_settings.py").write_text(
        f"from config.settings.development import *\nSTATIC_ROOT = {str(folder / 'static')!r}\n"
    )
    os.environ |= {
        "DATABASE_URL": f"sqlite:///{folder / 'pictures.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "pictures_settings",
        "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
        "PYTHONPATH": f"{ROOT}{os.pathsep}{folder}",
        "SECRET_KEY": "only-for-pictures",
    }
    sys.path[:0] = [str(ROOT), str(folder)]
    subprocess.run([sys.executable, ROOT / "scripts" / "compile_messages.py"], check=True)
    for command in (["migrate", "--verbosity=0"], ["collectstatic", "--noinput", "--verbosity=0"], ["demo"]):
        subprocess.run([sys.executable, ROOT / "manage.py", *command], check=True, cwd=ROOT)
    django.setup()


# -- people at work -------------------------------------------------------------------------


def hold_exams(at: datetime) -> None:
    """Let people sit the open test and the one in preparation, each with answers of their own."""
    from exams.domain.closing import hand_in
    from exams.domain.demo_exam import IN_PREPARATION, OPEN_NOW
    from exams.models import Candidate, Exam

    people = Candidate.objects.select_related("exam", "person").filter(attempts_used=0).order_by("person__pk")
    if not Candidate.objects.filter(exam__title=OPEN_NOW, attempts_used__gt=0).exists():
        others = list(people.filter(exam__title=OPEN_NOW).exclude(person__username__in=ACCOUNTS))
        Random(7).shuffle(others)
        for number, candidate in enumerate(others[: SAT + SITTING]):
            attempt = answered(candidate, knows=0.86, number=number, at=at - timedelta(minutes=number % 14 + 2))
            if number < SAT:
                hand_in(attempt, at=at - timedelta(minutes=1))
    exam = Exam.objects.get(title=IN_PREPARATION)
    if exam.state == "draft":
        draw_and_publish(exam, at=at)
    if not Candidate.objects.filter(exam=exam, attempts_used__gt=0).exists():
        for number, candidate in enumerate(people.filter(exam=exam)[:TO_MARK]):
            hand_in(
                answered(candidate, knows=0.8, number=number, at=max(exam.opens_at, at - timedelta(minutes=9))), at=at
            )


def draw_and_publish(exam: Any, *, at: datetime) -> None:
    from exams.domain.drawing import draw_candidates
    from exams.domain.publishing import request_publication, run_publication
    from members.models import User

    admin = User.objects.get(username="admin")
    draw_candidates(exam, by=admin, at=at, seed="双色球2026134期 04 09 15 21 26 30 + 11")
    run_publication(request_publication(exam, by=admin, at=at).pk, at=at)


def answered(candidate: Any, *, knows: float, number: int, at: datetime) -> Any:
    """An open attempt begun ``at`` with most answers right."""
    from exams.domain.grants import grant_of
    from exams.domain.saving import save_answers
    from exams.domain.sitting import open_attempt
    from question_bank.models import QuestionVersion
    from tests.factories.exams import right_answers

    attempt, _created = open_attempt(candidate, at=at)
    chance = Random(number)
    versions = dict(enumerate((item.version_id for item in attempt.paper.rows()), start=1))
    short = QuestionVersion.objects.in_bulk(versions.values())
    answers = [
        answer._replace(answer={"text": short[versions[answer.number]].explanation})
        if answer.answer.get("text")
        else answer
        for answer in right_answers(attempt)
        if answer.answer.get("text") or chance.random() < knows
    ]
    save_answers(grant_of(attempt), answers, at=at)
    return attempt


def keys_of(page: Page) -> dict[int, dict[str, Any]]:
    """The right answers of the attempt on this page: only the database knows them."""
    from tests.factories.exams import right_answers

    return {answer.number: answer.answer for answer in right_answers(attempt_on(page).get())}


def attempt_on(page: Page) -> Any:
    from exams.models import Attempt

    return Attempt.objects.filter(uuid=page.url.split("/attempts/")[1].split("/")[0])


def let_time_pass(page: Page) -> None:
    """Nobody answers twenty questions in a minute: this attempt began earlier."""
    span = timedelta(minutes=MINUTES_AT_IT)
    attempt_on(page).update(opened_at=F("opened_at") - span, closes_at=F("closes_at") - span)
    page.reload()


def give(page: Page, number: int, answer: dict[str, Any]) -> None:
    question = page.locator(f"#question-{number}")
    for option in answer.get("options", []):
        question.locator(f"input[value='{option}']").check()
    for field, text in zip(question.locator("input[type=text]").all(), answer.get("blanks", []), strict=False):
        field.fill(text)


def not_quite(page: Page, number: int, answer: dict[str, Any]) -> dict[str, Any]:
    values = [box.get_attribute("value") for box in page.locator(f"#question-{number} input[name=q{number}]").all()]
    wrong = [value for value in values if value not in answer.get("options", [])]
    return {"options": wrong[:1]} if wrong else {"blanks": ["不记得了"]}


# -- pictures ----------------------------------------------------------------------------------


class Camera:
    def __init__(self, browser: Browser, address: str) -> None:
        self.browser, self.address = browser, address

    def sign_in(self, account: str, *, phone: bool, dark: bool = False) -> Page:
        page = self.open(phone=phone, dark=dark)
        page.goto(f"{self.address}/sign-in/")
        page.locator(f"button[name=account][value={account}]").click()
        return page

    def open(self, *, phone: bool, dark: bool = False) -> Page:
        from tests.support.browser import DESK, PHONE

        return self.browser.new_context(
            viewport=PHONE if phone else DESK,  # type: ignore[arg-type]
            device_scale_factor=2 if phone else 1,
            color_scheme="dark" if dark else "light",
            is_mobile=phone,
            has_touch=phone,
            locale="zh-CN",
            reduced_motion="reduce",
        ).new_page()

    def shoot(self, page: Page, name: str) -> None:
        page.wait_for_load_state("networkidle")
        page.evaluate("document.fonts.ready")
        picture = Image.open(BytesIO(page.screenshot())).convert("RGB")
        # A page of text needs no more than 256 colours, and a README no more bytes than that.
        small = picture.quantize(256, dither=Image.Dither.NONE)
        small.save(PICTURES / f"{name}.png", optimize=True)
        print(f"{name}: {(PICTURES / f'{name}.png').stat().st_size // 1024} KB")


def member_pictures(camera: Camera) -> None:
    page = camera.open(phone=True)
    page.goto(f"{camera.address}/sign-in/")
    camera.shoot(page, "signin-phone")
    page = camera.sign_in("member", phone=True)
    camera.shoot(page, "home-phone")
    page.locator("main a.button").first.click()
    camera.shoot(page, "intro-phone")
    page.locator("form.dock button").click()
    let_time_pass(page)
    sit(camera, page)
    camera.shoot(page, "result-phone")
    dark = camera.sign_in("member", phone=True, dark=True)
    dark.goto(page.url)
    camera.shoot(dark, "result-dark-phone")


def sit(camera: Camera, page: Page) -> None:
    """Answer the paper on the phone, with pictures on the way, and hand it in."""
    keys = keys_of(page)
    for number, answer in keys.items():
        if number in LEFT_OPEN:
            continue
        page.goto(f"{page.url.split('#')[0]}#question-{number}")
        give(page, number, not_quite(page, number, answer) if number in WRONG else answer)
        if number in FLAGGED:
            page.locator(f"#question-{number} .flag").click()
    page.locator("[data-save][data-state=saved]").wait_for()
    page.goto(f"{page.url.split('#')[0]}#question-{FLAGGED[0]}")
    camera.shoot(page, "question-phone")
    for name, phone, dark in (("question-dark-phone", True, True), ("question-desktop", False, False)):
        other = camera.sign_in("member", phone=phone, dark=dark)
        other.goto(page.url)
        camera.shoot(other, name)
    page.locator("[data-open-card]").click()
    camera.shoot(page, "card-phone")
    page.locator("[data-hand-in-button]").click()
    page.locator("[data-attempt-ended]").wait_for()


def office_pictures(camera: Camera) -> None:
    from exams.domain.demo_exam import IN_PREPARATION, LAST_TIME, OPEN_NOW
    from exams.models import Exam

    last, running, drawn = (Exam.objects.get(title=title) for title in (LAST_TIME, OPEN_NOW, IN_PREPARATION))
    page = camera.sign_in("admin", phone=False)
    for name, path in (
        ("draw-desktop", f"/draws/{drawn.draws.get().uuid}/"),
        ("watch-desktop", f"/admin/exams/{running.uuid}/"),
        ("scores-desktop", f"/admin/exams/{last.uuid}/scores/"),
    ):
        page.goto(camera.address + path)
        camera.shoot(page, name)
    trainer = camera.sign_in("trainer", phone=False)
    trainer.goto(f"{camera.address}/admin/marking/")
    trainer.locator(".tasks form button").first.click()
    camera.shoot(trainer, "marking-desktop")


def library_pictures(camera: Camera) -> None:
    from cms.models import EntryPage, HandbookPage
    from common.clock import now

    handbook = HandbookPage.objects.live().order_by("path")[0]
    entry = EntryPage.objects.live().of_handbook(handbook)[2]
    expired = EntryPage.objects.live().expired(on=now().date()).order_by("path")[0]
    search = "/search/?q=脱贫"
    pages = {
        True: {"handbook-phone": handbook.url, "entry-expired-phone": expired.url, "search-phone": search},
        False: {"entry-desktop": entry.url, "search-desktop": search},
    }
    for phone, looks in pages.items():
        page = camera.sign_in("member", phone=phone)
        for name, path in looks.items():
            page.goto(camera.address + path)
            camera.shoot(page, name)
    trainer = camera.sign_in("trainer", phone=False)
    trainer.goto(f"{camera.address}/admin/handbook-import/")
    file = {"name": "应知手册.md", "mimeType": "text/markdown", "buffer": BOOK.encode()}
    trainer.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    trainer.locator("main form button.button").last.click()
    trainer.wait_for_url("**/handbook-import/*/")
    camera.shoot(trainer, "import-plan-desktop")
    trainer.goto(f"{camera.address}/admin/question-coverage/")
    camera.shoot(trainer, "coverage-desktop")


def appraisal_pictures(camera: Camera) -> None:
    from performance.models import Quarter, Scorecard

    quarter = Quarter.objects.get(state="published")
    card = Scorecard.objects.current().get(person__username="member", computation__quarter=quarter)
    member, admin = camera.sign_in("member", phone=True), camera.sign_in("admin", phone=False)
    member.goto(f"{camera.address}/me/quarters/{card.uuid}/")
    camera.shoot(member, "quarter-phone")
    for name, path in (
        ("quarter-glance-desktop", f"/admin/quarters/{quarter.uuid}/dashboard/"),
        ("ledger-desktop", "/admin/ledger/"),
    ):
        admin.goto(camera.address + path)
        camera.shoot(admin, name)


def preparation_picture(camera: Camera) -> None:
    """Before it is drawn and published: afterwards nothing of it can be edited."""
    from exams.domain.demo_exam import IN_PREPARATION
    from exams.models import Exam

    exam = Exam.objects.get(title=IN_PREPARATION)
    if exam.state == "draft":
        page = camera.sign_in("admin", phone=False)
        page.goto(f"{camera.address}/admin/exams/edit/{exam.pk}/")
        camera.shoot(page, "exam-edit-desktop")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--house", help="Folder of the demonstration; kept and reused.")
    parser.add_argument("parts", nargs="*", help="exams, library, appraisal; without any: all.")
    chosen = parser.parse_args()
    parts = chosen.parts or ["exams", "library", "appraisal"]
    with house(chosen.house) as folder:
        move_in(folder)
        from common.clock import now
        from tests.benchmarks.server import serving
        from tests.support.browser import launch_arguments

        PICTURES.mkdir(exist_ok=True)
        with serving() as server, sync_playwright() as playwright:
            camera = Camera(playwright.chromium.launch(**launch_arguments()), f"http://127.0.0.1:{server.port}")
            if "library" in parts:
                library_pictures(camera)
            if "appraisal" in parts:
                appraisal_pictures(camera)
            if "exams" in parts:
                preparation_picture(camera)
                hold_exams(now())
                office_pictures(camera)
                member_pictures(camera)


if __name__ == "__main__":
    main()
