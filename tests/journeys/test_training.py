"""A class for everybody: planned, signed in to, missed, made up for, closed, and its certificates."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from courses.domain.kinds import set_up_kinds
from courses.models import Certificate, Course, CourseKind, Session
from members.enums import Role
from members.models import Division, User
from tests.factories.members import DivisionFactory, PostingFactory, TeamFactory, UserFactory, give_role
from tests.journeys.conftest import Device, OpenDevice

pytestmark = [pytest.mark.journey, pytest.mark.once, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def kind(county: Division, ben: User, moment: datetime) -> CourseKind:
    set_up_kinds(county, by=ben, at=moment)
    return CourseKind.objects.get(division=county, code="P01")


def send(page: Page) -> None:
    page.locator("main form[method=post] button:not([type=button])").last.click()


def fill_times(page: Page, begins: datetime, ends: datetime) -> None:
    pickers = page.locator(".xdsoft_datetimepicker:visible")
    for name, value in (("starts_at", begins), ("ends_at", ends)):
        page.locator(f"[name={name}]").fill(f"{timezone.localtime(value):%Y-%m-%d %H:%M}")
        # Its calendar opens a moment later, and would lie over the button: leave it once it is there.
        expect(pickers).to_have_count(1)
        page.locator("[name=topic]").click()
        expect(pickers).to_have_count(0)


def course_page(desk: Device, course: Course) -> Page:
    return desk.open(f"/admin/courses/{course.uuid}/")


def prepare_class(desk: Device, kind: CourseKind, moment: datetime) -> Course:
    """A class for everybody in the county, with one session that begins in some minutes, opened."""
    page = desk.open("/admin/courses/new/")
    page.locator("[name=title]").fill("第一期集中培训班")
    page.locator("[name=kind]").select_option(str(kind.pk))
    page.locator("[name=gives_certificate]").check()
    send(page)
    course = Course.objects.get()
    page = desk.open(f"/admin/courses/{course.uuid}/sessions/new/")
    page.locator("[name=topic]").fill("乡村振兴促进法")
    page.locator("[name=place]").fill("县委党校")
    fill_times(page, moment + timedelta(minutes=5), moment + timedelta(hours=2))
    send(page)
    send(desk.open(f"/admin/courses/{course.uuid}/open/"))
    course.refresh_from_db()
    return course


def digits_on(desk: Device, session: Session) -> str:
    """What the host reads aloud."""
    screen = desk.open(f"/courses/sessions/{session.uuid}/screen/")
    return screen.locator(".screen-digits").inner_text()


def sign_in_with_spoken_code(phone: Device, digits: str) -> Page:
    page = phone.open("/courses/sign-in/")
    page.locator("[name=code]").fill(digits)
    send(page)
    return page


def let_it_be_over(session: Session) -> None:
    """Two hours pass."""
    now = timezone.now()
    Session.objects.filter(pk=session.pk).update(starts_at=now - timedelta(hours=2), ends_at=now - timedelta(minutes=1))


def newcomer_of(township: Division) -> User:
    """Posted today, after the session."""
    village = DivisionFactory(code="530999101205", name="新桥村")
    person = UserFactory(username="xin", name="辛来", code="LX0099")
    PostingFactory(person=person, team=TeamFactory(division=village), starts_on=timezone.localdate())
    return give_role(person, Role.MEMBER, township)


@pytest.mark.long
def test_a_class_from_its_plan_to_its_certificates(
    browse: OpenDevice, ana: User, dan: User, ben: User, township: Division, kind: CourseKind, moment: datetime
) -> None:
    desk, phone, absent = browse(ben, desk=True), browse(ana), browse(dan)

    # The trainer plans a class for everybody; members see it, and Ana signs in with the code that is read aloud.
    course = prepare_class(desk, kind, moment)
    first = course.sessions.get()
    expect(phone.open("/courses/").locator("main")).to_contain_text("第一期集中培训班")
    page = sign_in_with_spoken_code(phone, digits_on(desk, first))
    expect(page.locator("[data-receipt]")).to_contain_text("签到成功")
    board = desk.open(f"/courses/sessions/{first.uuid}/host/")
    expect(board.locator("[data-refreshed]")).to_contain_text(dan.name)
    expect(board.locator("[data-refreshed]")).not_to_contain_text(ana.name)

    # It is over. Dan is missing without a reason, and somebody new has come: the class cannot be closed.
    let_it_be_over(first)
    newcomer = newcomer_of(township)
    course_page(desk, course)
    page = desk.open(f"/admin/courses/{course.uuid}/gaps/")
    for name in (dan.name, newcomer.name):
        expect(page.locator("main")).to_contain_text(name)
    expect(page.locator("main")).not_to_contain_text(ana.name)
    expect(desk.open(f"/admin/courses/{course.uuid}/close/").locator("main")).to_contain_text(newcomer.name)

    # A make-up expects both of them by itself; nobody has to place them.
    page = desk.open(f"/admin/courses/{course.uuid}/sessions/{first.uuid}/repeat/")
    page.locator("[name=place]").fill("县委党校")
    fill_times(page, moment + timedelta(minutes=10), moment + timedelta(hours=3))
    send(page)
    makeup = course.sessions.get(repeat_of=first)
    new = browse(newcomer)
    expect(new.open(f"/courses/{course.uuid}/").locator("main")).to_contain_text("补训")
    digits = digits_on(desk, makeup)
    for each in (absent, new):
        page = each.open(f"/courses/sessions/{makeup.uuid}/sign-in/?code={digits.replace(' ', '')}")
        send(page)
        expect(page.locator("[data-receipt]")).to_contain_text("签到成功")

    # Nobody is missing any more: the class is closed.
    let_it_be_over(makeup)
    expect(desk.open(f"/admin/courses/{course.uuid}/gaps/").locator("main")).to_contain_text("没有缺训人员")
    page = desk.open(f"/admin/courses/{course.uuid}/close/")
    send(page)
    course.refresh_from_db()
    assert course.state == "closed"

    # Everybody has a certificate, which a stranger can verify.
    assert Certificate.objects.count() == 3
    own = Certificate.objects.get(enrolment__person=ana)
    expect(phone.open("/me/certificates/").locator("main")).to_contain_text(own.serial)
    public = browse().open(f"/certificates/{own.uuid}/").locator("main")
    for seen in (ana.name, "第一期集中培训班"):
        expect(public).to_contain_text(seen)
    expect(public).not_to_contain_text(ana.code)
