"""`manage.py demo` fills an empty database, and only where a demonstration is wanted."""

import pytest
from django.core.management import CommandError, call_command

from cms.models import EntryPage, LecturePage, NoticePage
from courses.models import Course
from exams.models import Exam
from members.models import User
from question_bank.models import QuestionVersion

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_a_demonstration_is_refused_where_none_is_wanted(settings):
    settings.DEMO = False

    with pytest.raises(CommandError, match="not a demonstration"):
        call_command("demo")

    assert User.objects.count() == 0


def counted() -> list[int]:
    return [
        model.objects.count() for model in (User, EntryPage, LecturePage, NoticePage, QuestionVersion, Exam, Course)
    ]


def test_a_demonstration_is_complete_and_repeating_it_adds_nothing(settings, capsys):
    settings.DEMO = True

    call_command("demo")
    first = counted()
    call_command("demo")
    call_command("demo", "--accounts")

    assert first == [315, 212, 8, 11, 399, 4, 5]
    assert counted() == first
    printed = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in printed[-6:]] == ["member", "member2", "outsider", "trainer", "admin", "admin2"]
    assert all("yingzhi-demo" in line for line in printed[-6:])
