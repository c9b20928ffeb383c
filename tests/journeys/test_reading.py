"""A member reads on a phone, also without a network; a trainer writes and another one lets it go live."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.utils.timezone import localdate
from PIL import Image as Drawing
from playwright.sync_api import Page, expect
from wagtail.documents.models import Document
from wagtail.images.models import Image

from cms.models import AudienceRule, EntryPage, ReadingRecord
from common.clock import now
from members.enums import Role
from members.models import Division, User
from tests.factories.cms import a_handbook, a_lecture, a_notice, an_entry, entry_of
from tests.factories.members import PASSWORD, UserFactory, give_role
from tests.journeys.conftest import OpenDevice, session_of
from tests.journeys.test_for_everyone import faults_of

pytestmark = [
    pytest.mark.journey,
    pytest.mark.once,
    pytest.mark.django_db(transaction=True),
    # Wagtail leaves the temporary file of a new rendition to the collector of garbage.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

KEPT = """async () => {
  const names = await caches.keys();
  const stores = await Promise.all(names.map((name) => caches.open(name)));
  const requests = (await Promise.all(stores.map((store) => store.keys()))).flat();
  return requests.map(({ url }) => new URL(url).pathname).filter((path) => !path.startsWith("/static/")).sort();
}"""
WORKERS = "async () => (await navigator.serviceWorker.getRegistrations()).length"


def wait_until_kept(page: Page, *paths: str) -> None:
    """Until the worker holds these pages and the offline page."""
    wait_until(page, KEPT, sorted(["/offline/", *paths]))


def wait_until(page: Page, expression: str, expected: Any) -> None:
    """Playwright's own waiting evaluates strings in the page, which the policy forbids."""
    for _try in range(60):
        if page.evaluate(expression) == expected:
            return
        page.wait_for_timeout(250)
    assert page.evaluate(expression) == expected


@pytest.fixture
def entry(transactional_db: None, ana: User) -> EntryPage:
    return entry_of(a_handbook(an_entry("驻村天数", text="全年不少于二百天。"), an_entry("请销假")))


def test_member_finds_reads_goes_offline_reads_again_and_leaves_nothing(
    browse: OpenDevice, ana: User, entry: EntryPage
) -> None:
    device = browse(ana, is_mobile=True, has_touch=True)
    page = device.open("/handbooks/")
    page.get_by_role("searchbox").fill("二百天")
    page.get_by_role("button", name="搜索").click()
    page.get_by_role("link", name="驻村天数").click()
    expect(page.locator("h1")).to_have_text("驻村天数")
    expect(page.locator("[data-offline-note]")).to_be_hidden()
    page.get_by_role("button", name="我读过了").click()
    expect(page.locator(".entry ~ .stack .chip")).to_have_text("已读")
    assert ReadingRecord.objects.get().person == ana
    wait_until_kept(page, "/handbooks/", entry.url)

    device.context.set_offline(True)
    page.reload()
    expect(page.locator("h1")).to_have_text("驻村天数")
    expect(page.locator(".prose")).to_contain_text("全年不少于二百天。")
    expect(page.locator("[data-offline-note]")).to_contain_text("离线副本，保存于")
    expect(page.locator("[data-offline-note] time")).to_contain_text("年")
    assert page.evaluate("getComputedStyle(document.querySelector('.answer')).borderInlineStartWidth") == "4px"
    page.get_by_role("link", name="请销假").click()
    expect(page.locator("h1")).to_have_text("现在没有网络")
    expect(page.locator("[data-kept-pages] a")).to_have_text(["驻村天数", "手册"])
    page.get_by_role("link", name="驻村天数").click()
    expect(page.locator("h1")).to_have_text("驻村天数")

    device.context.set_offline(False)
    page.goto(f"{device.address}/me/")
    page.get_by_role("button", name="退出登录").click()
    expect(page).to_have_url(f"{device.address}/sign-in/")
    assert (page.evaluate(KEPT), page.evaluate(WORKERS)) == ([], 0)


def test_whoever_signs_in_next_never_sees_the_copies_of_the_one_before(
    browse: OpenDevice, ana: User, dan: User, entry: EntryPage
) -> None:
    """Ana's session ends without a sign-out; Dan signs in on the same phone."""
    device = browse(ana)
    page = device.open(entry.url)
    wait_until_kept(page, entry.url)
    device.context.clear_cookies()

    page.goto(f"{device.address}/handbooks/")
    expect(page).to_have_url(f"{device.address}/sign-in/?next=/handbooks/")

    assert page.evaluate(KEPT) == []
    page.locator("[name=username]").fill(dan.username)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.locator("h1")).to_have_text("手册")
    wait_until_kept(page, "/handbooks/")
    device.context.set_offline(True)
    page.goto(device.address + entry.url)
    expect(page.locator("h1")).to_have_text("现在没有网络")


@pytest.fixture
def illustrated(entry: EntryPage, settings: Any, tmp_path: Path) -> EntryPage:
    """The entry with a picture."""
    settings.MEDIA_ROOT = tmp_path
    storage = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": storage}
    drawn = BytesIO()
    Drawing.new("RGB", (40, 30), "green").save(drawn, "PNG")
    image = Image.objects.create(title="图", file=ContentFile(drawn.getvalue(), name="village.png"))
    entry.body = [("image", {"image": image, "description": "村头"})]
    entry.save_revision().publish()
    return EntryPage.objects.get(pk=entry.pk)


def picture_on(page: Page) -> str:
    """The address of the one picture in the text, as programs ask for it."""
    picture = page.locator(".prose img")
    picture.scroll_into_view_if_needed()
    wait_until(page, "document.querySelector('.prose img').complete", True)
    return str(picture.get_attribute("src"))


IS_SHOWN = "document.querySelector('.prose img').naturalWidth > 0"


def test_member_goes_offline_and_the_picture_in_the_entry_is_shown(
    browse: OpenDevice, ana: User, dan: User, illustrated: EntryPage
) -> None:
    device = browse(ana, is_mobile=True, has_touch=True)
    page = device.open(illustrated.url)
    picture = picture_on(page)
    wait_until_kept(page, illustrated.url, picture)

    device.context.set_offline(True)
    page.reload()
    picture_on(page)
    wait_until(page, IS_SHOWN, True)
    expect(page.locator("[data-offline-note]")).to_be_visible()
    page.goto(f"{device.address}/notices/")
    expect(page.locator("[data-kept-pages] a")).to_have_text(["驻村天数"])

    device.context.set_offline(False)
    page.goto(f"{device.address}/me/")
    page.get_by_role("button", name="退出登录").click()
    expect(page).to_have_url(f"{device.address}/sign-in/")
    assert (page.evaluate(KEPT), page.evaluate(WORKERS)) == ([], 0)


def test_pictures_go_with_the_last_copy_that_shows_them(browse: OpenDevice, ana: User, illustrated: EntryPage) -> None:
    device = browse(ana)
    page = device.open(illustrated.url)
    picture = picture_on(page)
    chapter = illustrated.get_parent()
    wait_until_kept(page, illustrated.url, picture)
    illustrated.body = [("warning", "不要代签。")]
    illustrated.save_revision().publish()

    page.goto(device.address + chapter.url)
    wait_until_kept(page, chapter.url, illustrated.url, picture)
    page.goto(device.address + illustrated.url)

    expect(page.locator(".prose")).to_contain_text("不要代签。")
    wait_until_kept(page, chapter.url, illustrated.url)


def test_whoever_signs_in_next_has_none_of_the_pictures(
    browse: OpenDevice, ana: User, dan: User, illustrated: EntryPage
) -> None:
    """Ana's session ends without a sign-out, and Dan's begins without a look at the page where one signs in."""
    device = browse(ana)
    page = device.open(illustrated.url)
    wait_until_kept(page, illustrated.url, picture_on(page))
    device.context.clear_cookies()
    name = settings.SESSION_COOKIE_NAME
    device.context.add_cookies([{"name": name, "value": session_of(dan), "url": device.address}])

    page.goto(f"{device.address}/handbooks/")

    wait_until_kept(page, "/handbooks/")


def test_a_device_that_is_full_shows_the_library_all_the_same(
    browse: OpenDevice, ana: User, illustrated: EntryPage
) -> None:
    device = browse(ana)
    page = device.open("/handbooks/")
    wait_until_kept(page, "/handbooks/")
    session = device.context.new_cdp_session(page)
    session.send("Storage.overrideQuotaForOrigin", {"origin": device.address, "quotaSize": 1})

    page.goto(device.address + illustrated.url)

    expect(page.locator("h1")).to_have_text("驻村天数")
    picture_on(page)
    wait_until(page, IS_SHOWN, True)


def test_a_page_that_is_withdrawn_or_addressed_to_some_is_kept_no_longer(
    browse: OpenDevice, ana: User, entry: EntryPage, township: Division
) -> None:
    device = browse(ana)
    page = device.open(entry.url)
    wait_until_kept(page, entry.url)
    AudienceRule.objects.create(page=entry.get_ancestors().get(depth=4), division=township)

    page.reload()
    expect(page.locator("h1")).to_have_text("驻村天数")

    wait_until_kept(page)


def test_a_member_of_another_township_opens_nothing_restricted_by_any_door(
    browse: OpenDevice, dan: User, township: Division, settings: Any, tmp_path: Any
) -> None:
    restricted = entry_of(a_handbook(an_entry("青石口径"), title="青石手册", division=township))
    document = Document(title="青石办法")
    document.file.save("a.pdf", ContentFile(b"%PDF-1.4"))
    lecture = a_lecture("青石讲座", division=township, body=[("document", document)])
    device = browse(dan)
    page = device.open("/search/?q=青石")

    expect(page.locator("[role=status]")).to_contain_text("没有找到")
    for path in (restricted.url, f"/e/{restricted.pk}/", f"/e/{restricted.pk}/qr.svg", lecture.url, document.url):
        page.goto(device.address + path)
        expect(page.locator("h1")).to_have_text("没有这个页面")
        assert "青石" not in page.locator("main").inner_text()


def test_an_opened_code_is_loaded_and_a_closed_one_costs_nothing(
    browse: OpenDevice, ana: User, entry: EntryPage
) -> None:
    device = browse(ana)
    page = device.open(entry.url)
    page.wait_for_load_state("networkidle")
    before = [response.url for response in device.responses if "qr.svg" in response.url]

    page.get_by_text("二维码", exact=True).click()
    page.locator(".qr img").scroll_into_view_if_needed()
    wait_until(page, "document.querySelector('.qr img').naturalWidth > 0", True)

    assert before == []
    expect(page.locator(".on-paper svg")).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.locator(".on-paper svg")).to_be_visible()


def test_trainer_writes_an_entry_and_it_is_live_when_a_second_one_has_approved_it(
    browse: OpenDevice, ben: User, ana: User, county: Division, entry: EntryPage
) -> None:
    second = give_role(UserFactory(username="second", name="二审"), Role.TRAINER, county)
    chapter = entry.get_parent()
    desk = browse(ben, desk=True)
    page = desk.open(f"/admin/pages/add/cms/entrypage/{chapter.pk}/")
    page.locator("[name=title]").fill("慰问要登记")
    page.locator("[name=short_answer]").fill("当天登记。")
    page.locator("[name=basis]").fill("县级制度第九条")
    page.locator("footer [data-w-dropdown-target=toggle]").first.click()
    expect(page.locator("[name=action-publish]")).to_have_count(0)
    page.locator("[name=action-submit]").click()
    expect(page.locator(".messages")).to_contain_text("慰问要登记")
    written = EntryPage.objects.get(title="慰问要登记")
    assert written.live is False
    page.goto(f"{desk.address}/admin/pages/{written.pk}/edit/")
    expect(page.locator("[data-workflow-action-name=approve]")).to_have_count(0)

    other = browse(second, desk=True).open(f"/admin/pages/{written.pk}/edit/")
    other.locator("footer [data-w-dropdown-target=toggle]").first.click()
    approve = other.locator("[data-workflow-action-name=approve]:not([data-launch-modal])")
    (approve if approve.count() else other.locator("[data-workflow-action-name=approve]")).first.click()
    expect(other.locator(".messages")).to_contain_text("慰问要登记")

    written.refresh_from_db()
    assert written.live is True
    phone = browse(ana).open(chapter.url)
    phone.get_by_role("link", name="慰问要登记").click()
    expect(phone.locator(".answer")).to_have_text("当天登记。")


def test_what_came_from_a_file_is_approved_in_the_editor_as_it_was_sent(
    browse: OpenDevice, ben: User, county: Division
) -> None:
    body = [
        {"type": "heading", "value": "入户"},
        {"type": "text", "value": "<p>先看<b>住房</b>，<a href='https://example.org/'>再看</a>饮水。<br/>后看收入。</p>"},
        {"type": "text", "value": "<ul><li>甲<ul><li>乙</li></ul></li></ul><ol><li>一</li></ol>"},
        {"type": "steps", "value": ["入户", "登记"]},
        {"type": "key_figure", "value": {"value": "200", "label": "天", "source": ""}},
        {"type": "warning", "value": "不要代签。"},
        {"type": "table", "value": {
            "columns": [{"type": "text", "heading": "事项"}], "rows": [{"values": ["入户"]}], "caption": ""
        }},
        {"type": "question", "value": "怎么做？"},
    ]  # fmt: skip
    page = entry_of(a_handbook(an_entry("驻村天数", body=body)))
    page.title = "驻村天数怎么算"
    page.save_revision(user=ben)
    page.get_workflow().start(page, ben)
    sent = EntryPage.objects.get(pk=page.pk).latest_revision_id
    second = give_role(UserFactory(username="second", name="二审"), Role.TRAINER, county)

    editor = browse(second, desk=True).open(f"/admin/pages/{page.pk}/edit/")
    editor.locator("footer [data-w-dropdown-target=toggle]").first.click()
    approve = editor.locator("[data-workflow-action-name=approve]:not([data-launch-modal])")
    (approve if approve.count() else editor.locator("[data-workflow-action-name=approve]")).first.click()

    expect(editor.locator(".messages")).to_contain_text("驻村天数怎么算")
    published = EntryPage.objects.get(pk=page.pk)
    assert (published.title, published.live_revision_id) == ("驻村天数怎么算", sent)


@pytest.fixture
def places(entry: EntryPage) -> dict[str, str]:
    yesterday = localdate(now()) - timedelta(days=1)
    body = [{"type": "warning", "value": "不要代签。"}, {"type": "steps", "value": ["入户", "登记"]}]
    old = entry_of(a_handbook(an_entry("旧标准", valid_to=yesterday, body=body), title="旧手册"))
    return {
        "shelf": "/handbooks/",
        "handbook": entry.get_parent().get_parent().url,
        "chapter": entry.get_parent().url,
        "chapter with expired": old.get_parent().url,
        "entry": entry.url,
        "expired entry": old.url,
        "lectures": "/lectures/",
        "lecture": a_lecture().url,
        "notice": a_notice().url,
        "notices": "/notices/",
        "search": "/search/?q=驻村",
        "home": "/",
        "offline": "/offline/",
    }


def test_no_page_of_the_library_keeps_anybody_out(browse: OpenDevice, ana: User, places: dict[str, str]) -> None:
    phone = browse(ana, is_mobile=True, has_touch=True)

    assert list(faults_of(phone, places)) == []


def test_the_library_is_read_without_a_script(browse: OpenDevice, ana: User, entry: EntryPage) -> None:
    page = browse(ana, java_script_enabled=False).open("/")
    page.get_by_role("link", name="手册", exact=True).click()
    page.get_by_role("searchbox").fill("驻村")
    page.get_by_role("button", name="搜索").click()
    page.get_by_role("link", name="驻村天数").click()
    page.get_by_role("button", name="我读过了").click()
    expect(page.locator(".entry ~ .stack .chip")).to_have_text("已读")
    page.get_by_role("link", name="请销假").click()
    expect(page.locator("h1")).to_have_text("请销假")
    page.locator(".back").click()
    expect(page.locator("h1")).to_have_text("第一章")
