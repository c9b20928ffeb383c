"""What every answer of ours carries."""

import re
from typing import Any

import pytest
from django.test import Client

from exams.domain.steering import release_results
from exams.enums import ReleaseRule
from exams.models import Attempt, Exam
from members.models import User
from tests.conftest import Clock
from tests.factories.exams import opened_attempt, published_exam

# No database has a part in what an answer carries.
pytestmark = [pytest.mark.django_db, pytest.mark.once]

STRICT = {
    "default-src": {"'self'"},
    "img-src": {"'self'", "data:"},
    "worker-src": {"'self'"},
    "object-src": {"'none'"},
    "base-uri": {"'self'"},
    "form-action": {"'self'"},
    "frame-ancestors": {"'self'"},
}


def policy(response: Any) -> dict[str, set[str]]:
    parts = [part.split() for part in response.headers["Content-Security-Policy"].split(";") if part.strip()]
    return {name: set(sources) for name, *sources in parts}


@pytest.fixture
def exam(ana: User, cleo: User, clock: Clock) -> Exam:
    return published_exam(ana, by=cleo)


@pytest.fixture
def pages(exam: Exam, ana: User, clock: Clock) -> list[Any]:
    """Every member page there is, with a running attempt."""
    attempt = opened_attempt(exam, ana, at=clock())
    client = Client()
    client.force_login(ana)
    addresses = [
        "/",
        "/exams/",
        f"/exams/{exam.uuid}/",
        f"/attempts/{attempt.uuid}/",
        f"/attempts/{attempt.uuid}/?card",
        "/me/",
        "/privacy/",
        "/password/",
        "/api/docs/",
        "/nowhere/",
    ]
    return [*(client.get(address) for address in addresses), Client().get("/sign-in/")]


def test_member_pages_carry_the_strict_policy_and_nothing_unsafe(pages: list[Any]) -> None:
    assert [policy(page) for page in pages] == [STRICT] * len(pages)


def test_member_pages_have_nothing_the_policy_would_block(pages: list[Any]) -> None:
    for page in pages:
        text = page.content.decode()
        assert re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")[^>]*>", text) == []
        assert re.findall(r"<style|\sstyle=|\son[a-z]+=|javascript:", text) == []
        assert re.findall(r"""(?:src|href|action)="(?:https?:)?//[^"]+""", text) == []


def test_every_answer_says_not_to_guess_its_type_and_not_to_frame_it(pages: list[Any], exam: Exam, ana: User) -> None:
    client = Client()
    client.force_login(ana)
    answers = [*pages, client.get("/api/v1/exams/"), client.get("/admin/", follow=True), Client().get("/healthz")]

    for answer in answers:
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_a_personal_page_is_kept_by_no_cache_between(pages: list[Any]) -> None:
    for page in pages[1:5]:
        assert "private" in page.headers["Cache-Control"]
        assert "no-store" in page.headers["Cache-Control"]


def test_staff_pages_widen_only_what_the_editor_needs(cleo: User) -> None:
    client = Client()
    client.force_login(cleo)

    staff = policy(client.get("/admin/"))

    assert {name: sources - STRICT.get(name, set()) for name, sources in staff.items()} == {
        **{name: set() for name in STRICT},
        "img-src": {"blob:"},
        "script-src": {"'self'", "'unsafe-inline'"},
        "style-src": {"'self'", "'unsafe-inline'"},
    }


# -- nothing that helps to guess ------------------------------------------------------------


KEY_WORDS = ("机密答案甲", "机密解析", "机密依据", "机密要点")


@pytest.fixture
def secret_exam(ana: User, cleo: User, clock: Clock) -> Exam:
    """Keys, explanation and basis are words that stand nowhere else; the office releases by hand."""
    from question_bank.models import Topic
    from tests.factories.exams import BlueprintFactory
    from tests.factories.question_bank import QuestionFactory, published

    topic = Topic.objects.create(code="42", title="机密")
    said = {"topic": topic, "explanation": "机密解析。", "basis": "机密依据"}
    for question in (
        QuestionFactory.create(single=True, **said),
        QuestionFactory.create(multiple=True, **said),
        QuestionFactory.create(true_false=True, **said),
        QuestionFactory.create(fill=True, accepted=[["机密答案甲"], ["机密答案甲"]], **said),
        QuestionFactory.create(short=True, **{**said, "marking_guide": "机密要点"}),
    ):
        published(question)
    plan = tuple((kind, 1, 20) for kind in ("single", "multiple", "true_false", "fill", "short"))
    blueprint = BlueprintFactory.create(plan=plan, topic=topic, bank=False)
    return published_exam(ana, by=cleo, blueprint=blueprint, release_rule=ReleaseRule.BY_HAND)


def everything_a_candidate_can_read(attempt: Attempt, ana: User) -> list[Any]:
    """Every page and every API answer about the attempt and its exam, with headers and cookies."""
    client = Client()
    client.force_login(ana)
    exam, mine = f"/exams/{attempt.exam.uuid}/", f"/attempts/{attempt.uuid}/"
    pages = ["/", "/exams/", exam, mine, f"{mine}?card", f"{mine}?show=all", f"{mine}?show=wrong", "/me/", "/me/data/"]
    calls = ["/api/v1/exams/", f"/api/v1{mine}", f"/api/v1{exam}scores/", "/api/v1/me/"]
    answers = [client.get(address) for address in pages + calls]
    return [*answers, client.post(f"/api/v1{exam}attempts/", content_type="application/json")]


def words(answers: list[Any]) -> str:
    bodies = [b"".join(answer.streaming_content) if answer.streaming else answer.content for answer in answers]
    heads = [f"{dict(answer.headers)} {answer.cookies}" for answer in answers]
    return "\n".join([*(body.decode() for body in bodies), *heads])


def keys_of(attempt: Attempt) -> list[str]:
    """Ids of right options: they may be read among the options, but never beside a word that marks them."""
    from question_bank.models import QuestionVersion

    versions = QuestionVersion.objects.in_bulk([item.version_id for item in attempt.paper.rows()])
    return [key for version in versions.values() for key in version.key.get("options", [])]


def test_before_release_nothing_a_candidate_can_read_helps_to_guess(
    secret_exam: Exam, ana: User, cleo: User, clock: Clock
) -> None:
    attempt = opened_attempt(secret_exam, ana, at=clock())
    open_words = words(everything_a_candidate_can_read(attempt, ana))
    client = Client()
    client.force_login(ana)
    client.post(f"/attempts/{attempt.uuid}/", {"action": "hand_in"})
    handed_in_words = words(everything_a_candidate_can_read(attempt, ana))
    clock.forward(hours=7)
    over_words = words(everything_a_candidate_can_read(attempt, ana))

    release_results(secret_exam, by=cleo, at=clock())
    attempt.refresh_from_db()
    released = words(everything_a_candidate_can_read(attempt, ana))

    # First that it could leak: after release the right person reads all of it.
    assert [word for word in KEY_WORDS if word not in released] == []
    for before in (open_words, handed_in_words, over_words):
        assert [word for word in KEY_WORDS if word in before] == []
        assert '"is_right"' not in before
        assert '"key"' not in before
        assert '"digest"' not in before
    for key in keys_of(attempt):
        # While it runs an id is there to be picked; afterwards no answer names one any more.
        assert key in open_words
        if key not in ("true", "false"):
            assert key not in over_words


def test_two_candidates_read_the_options_of_one_question_under_the_same_ids_in_other_orders(
    ana: User, dan: User, cleo: User, clock: Clock
) -> None:
    """Neither place nor id tells which option is right: over many questions every place holds the key."""
    exam = published_exam(ana, dan, by=cleo, blueprint__plan=(("single", 30, 1),))
    places = []
    for person in (ana, dan):
        attempt = opened_attempt(exam, person, at=clock())
        keys = set(keys_of(attempt))
        client = Client()
        client.force_login(person)
        paper = client.get(f"/api/v1/attempts/{attempt.uuid}/").json()["paper"]
        for row in paper:
            ids = [option["id"] for option in row["options"]]
            assert all(re.fullmatch(r"[2-9a-z]{4}", name) for name in ids)
            places.append(next(place for place, name in enumerate(ids) if name in keys))

    assert {place: places.count(place) > 3 for place in range(4)} == dict.fromkeys(range(4), True)


def test_the_key_of_a_question_is_not_even_asked_of_the_database_while_the_paper_is_open(
    secret_exam: Exam, ana: User, clock: Clock, django_assert_max_num_queries: Any
) -> None:
    attempt = opened_attempt(secret_exam, ana, at=clock())
    client = Client()
    client.force_login(ana)

    with django_assert_max_num_queries(20) as asked:
        client.get(f"/attempts/{attempt.uuid}/")

    statements = [query["sql"] for query in asked.captured_queries]
    assert [sql for sql in statements if '"key"' in sql or "explanation" in sql] == []


def test_an_answer_for_programs_may_load_nothing(exam: Exam, ana: User) -> None:
    client = Client()
    client.force_login(ana)

    answers = [client.get(address) for address in ("/api/v1/exams/", "/api/v1/exams/nowhere/")]

    assert [answer.status_code for answer in answers] == [200, 404]
    assert [policy(answer) for answer in answers] == [{"default-src": {"'none'"}, "frame-ancestors": {"'none'"}}] * 2
