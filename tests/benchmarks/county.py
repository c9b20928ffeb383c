"""The work that is measured: so many people, a bank of single-choice questions, an exam of fifty."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.contrib.auth.hashers import make_password

from common.clock import now
from exams.domain.publishing import request_publication, run_publication
from exams.models import Blueprint, BlueprintRow, Exam
from members.domain.roles import grant_role
from members.enums import PostingRole, Role, StaffCategory
from members.models import Division, Posting, SendingUnit, Team, User
from question_bank.domain.freezing import freeze_many
from question_bank.enums import Difficulty, Kind
from question_bank.models import AnswerOption, Question, Topic

PASSWORD = "Bench-mark-2026"
COUNTY = "530998000000"
TOWNSHIPS = 16
QUESTIONS_A_PAPER = 50
PEOPLE_A_TEAM = 3


def make_people(count: int) -> list[User]:
    """Make it ``count`` members of teams over sixteen townships, those already there included; all in order."""
    county, _created = Division.objects.get_or_create(code=COUNTY, defaults={"name": "测县"})
    unit, _created = SendingUnit.objects.get_or_create(name="测试单位")
    there, began = User.objects.filter(username__startswith="bench").count(), date(2026, 1, 1)
    numbers, teams = range(there, count), range(there // PEOPLE_A_TEAM, -(-count // PEOPLE_A_TEAM))
    townships = [Division(code=f"530998{101 + i}000", name=f"测镇{i}") for i in range(TOWNSHIPS)]
    villages = [Division(code=_village(n), name=f"测村{n}") for n in teams]
    Division.objects.bulk_create([*townships, *villages], ignore_conflicts=True, batch_size=1000)
    places = dict(Division.objects.within(county).values_list("code", "pk"))
    Team.objects.bulk_create(
        (
            Team(
                code=f"B{n:05d}",
                name=f"测队{n}",
                division_id=places[_village(n)],
                sending_unit=unit,
                starts_on=began,
            )
            for n in teams
        ),
        batch_size=1000,
    )
    password = make_password(PASSWORD)
    new = User.objects.bulk_create(
        (
            User(username=f"bench{n}", name=f"人{n}", code=f"BP{n:06d}", phone=f"199{n:08d}", password=password)
            for n in numbers
        ),
        batch_size=1000,
    )
    team_ids = dict(Team.objects.values_list("code", "pk"))
    Posting.objects.bulk_create(
        (
            Posting(
                person=person,
                team_id=team_ids[f"B{n // PEOPLE_A_TEAM:05d}"],
                role=PostingRole.MEMBER,
                staff_category=StaffCategory.CIVIL_SERVANT,
                starts_on=began,
            )
            for n, person in zip(numbers, new, strict=True)
        ),
        batch_size=1000,
    )
    return list(User.objects.filter(username__startswith="bench").order_by("code"))


def _village(number: int) -> str:
    return f"530998{101 + number % TOWNSHIPS}{200 + number // TOWNSHIPS:03d}"


def make_administrator() -> User:
    """Runs every exam here."""
    person, created = User.objects.get_or_create(username="office", defaults={"name": "管理员", "code": "BA0001"})
    if created:
        grant_role(person, Role.ADMINISTRATOR, Division.objects.get(code=COUNTY), by=person, at=now())
    return person


def make_bank(count: int) -> list[Question]:
    """``count`` single-choice questions with four options over ten topics."""
    topics = [Topic.objects.get_or_create(code=f"{90 + i}", defaults={"title": f"测题{i}"})[0] for i in range(10)]
    questions = Question.objects.bulk_create(
        (
            Question(
                topic=topics[n % 10],
                kind=Kind.SINGLE,
                difficulty=Difficulty.MEDIUM,
                stem=f"第 {n} 题：下列关于驻村工作第 {n} 项规定的说法，哪一项正确？",
                explanation="见条文。",
                basis="某办法第一条",
                live=True,
            )
            for n in range(count)
        ),
        batch_size=1000,
    )
    AnswerOption.objects.bulk_create(
        (
            AnswerOption(
                question=question,
                text=f"第 {n} 题的第 {place} 种说法，由乡镇和村共同研究后确定",
                is_right=place == n % 4,
                sort_order=place,
            )
            for n, question in enumerate(questions)
            for place in range(4)
        ),
        batch_size=2000,
    )
    freeze_many(questions, at=now())
    return questions


def make_exam(title: str, *, by: User, at: datetime, closes_in: timedelta = timedelta(days=1)) -> Exam:
    """An exam in preparation: fifty questions, two points each, for everybody."""
    county = Division.objects.get(code=COUNTY)
    blueprint = Blueprint(title=title, division=county)
    blueprint.rows = [BlueprintRow(kind=Kind.SINGLE, count=QUESTIONS_A_PAPER, points_each=Decimal(2), sort_order=0)]
    blueprint.save()
    return Exam.objects.create(
        title=title,
        division=county,
        blueprint=blueprint,
        opens_at=at,
        closes_at=at + closes_in,
        minutes=60,
        release_rule="at_once",
        created_by=by,
    )


def publish(exam: Exam, *, by: User, at: datetime) -> Exam:
    """Publish in this process, as the worker would."""
    publication = request_publication(exam, by=by, at=at)
    run_publication(publication.pk, at=at)
    exam.refresh_from_db()
    if not exam.published_at:
        publication.refresh_from_db()
        raise RuntimeError(publication.error)
    return exam
