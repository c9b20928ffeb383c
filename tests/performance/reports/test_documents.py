import pytest

from members.models import User
from performance.domain.reporting.documents import Content, document_number, issue_all, short_name
from performance.models import Computation, Quarter

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "short"),
    [("岚溪县", "岚溪"), ("岚溪彝族自治县", "岚溪彝族"), ("青石镇", "青石"), ("理县", "理县"), ("Lanxi", "Lanxi")],
)
def test_a_number_begins_with_the_name_without_its_level(name: str, short: str) -> None:
    assert short_name(name) == short


def test_a_number_says_who_when_and_which(quarter: Quarter) -> None:
    assert document_number(quarter, 7) == "岚溪考〔2026〕3季度-007"
    assert document_number(quarter, 1234) == "岚溪考〔2026〕3季度-1234"


def test_numbers_run_on_and_the_same_content_keeps_its_own(computation: Computation, cleo: User) -> None:
    def numbers(*digests: str) -> list[str]:
        contents = [Content("表", digest) for digest in digests]
        return [document.number[-3:] for document in issue_all(computation, contents, by=cleo, at=computation.cutoff)]

    assert numbers("a", "b") == ["001", "002"]
    assert numbers("c", "a", "d", "c") == ["003", "001", "004", "003"]
