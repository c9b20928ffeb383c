"""Writing a scheme: its rows, what is wrong said in its place, what if, adopting it, and who may."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from members.models import Division, User
from performance.domain.schemes import draft_scheme
from performance.enums import SchemeState
from performance.models import Quarter, Scheme
from tests.conftest import Clock
from tests.factories.performance import COMPUTED_AT, a_quarter, a_rating_kind, a_scheme
from tests.performance.pages.conftest import As
from tests.performance.pages.making import INDICATORS, LATER, closed, computed

pytestmark = pytest.mark.django_db

SETS = ("indicators", "vetoes", "thresholds", "grades")


def url(scheme: Scheme, name: str = "scheme", *parts: Any) -> str:
    return reverse(f"schemes:{name}", args=[scheme.pk, *parts])


def as_shown(page: Any) -> dict[str, Any]:
    """What the editor would send if nothing were touched."""
    forms = page.context["forms"]
    sent: dict[str, Any] = {}
    parts = [forms.head, *(form for each in forms.sets for form in (each.management_form, *each.forms))]
    for form in parts:
        for field in form:
            value = field.value()
            if value is not None and value is not False:
                sent[field.html_name] = value
    return sent


@pytest.fixture
def draft(county: Division, cleo: User) -> Scheme:
    quarter = a_quarter(county, by=cleo)
    a_rating_kind(county)
    return a_scheme(quarter, INDICATORS, by=cleo, adopt=False, thresholds=[("remind", 70)])


def test_a_scheme_begins_empty_or_as_a_copy(as_: As, cleo: User, ana: User, county: Division) -> None:
    former = closed(county, by=cleo, people=[ana], number=1)
    quarter = a_quarter(county, by=cleo)
    start = reverse("schemes:start", args=[quarter.uuid])
    client = as_(cleo)

    client.post(start, {"title": "新方案"})
    client.post(start, {"copied_from": former.schemes.get().pk})
    refused = client.post(start, {})

    empty, copy = quarter.schemes.order_by("version")
    assert (empty.title, empty.indicators.count()) == ("新方案", 0)
    assert [row.title for row in copy.indicators.all()] == ["正负清单", "乡镇评价"]
    assert refused.context["form"].errors.keys() == {"title"}


def test_saving_what_is_shown_changes_nothing(as_: As, cleo: User, draft: Scheme) -> None:
    client = as_(cleo)

    def rows() -> list[list[dict[str, Any]]]:
        return [
            [
                {name: value for name, value in row.items() if name not in ("id", "sort_order")}
                for row in getattr(Scheme.objects.get(pk=draft.pk), each).values()
            ]
            for each in SETS
        ]

    before = rows()
    response = client.post(url(draft), as_shown(client.get(url(draft))))

    assert (response.status_code, response["Location"]) == (302, url(draft))
    assert rows() == before


def test_a_changed_weight_is_saved_and_what_is_wrong_stands_beside_it(as_: As, cleo: User, draft: Scheme) -> None:
    client = as_(cleo)
    sent = as_shown(client.get(url(draft))) | {"indicators-0-weight": "30"}

    client.post(url(draft), sent)

    page = client.get(url(draft))
    assert [str(row.weight) for row in draft.indicators.model.objects.filter(scheme=draft)] == ["30.00", "60.00"]
    assert page.context["problems"]["indicators"][0] == "“第一书记、公务员”的权重合计为 90.00，不等于 100。"
    assert page.context["problems"]["grades"] == []
    assert reverse("schemes:adopt", args=[draft.pk]) not in page.content.decode()


def test_rows_are_added_and_taken_out(as_: As, cleo: User, draft: Scheme) -> None:
    client = as_(cleo)
    sent = as_shown(client.get(url(draft)))
    sent |= {"thresholds-0-DELETE": "on", "thresholds-1-measure": "talk", "thresholds-1-below": "55"}
    sent |= {
        "vetoes-0-title": "缺考",
        "vetoes-0-what": "exams:absent",
        "vetoes-0-at_least": 2,
        "vetoes-0-best_grade": 3,
    }

    client.post(url(draft), sent)

    saved = Scheme.objects.get(pk=draft.pk)
    assert [(row.measure, str(row.below)) for row in saved.thresholds.all()] == [("talk", "55.00")]
    assert [(row.source, row.counted, row.at_least, row.best_grade) for row in saved.vetoes.all()] == [
        ("exams", "absent", 2, 3)
    ]


def test_grades_may_move_into_each_others_places(as_: As, cleo: User, draft: Scheme) -> None:
    client = as_(cleo)
    sent = as_shown(client.get(url(draft)))
    names = [name for name in sent if name.startswith("grades-") and name.endswith("-label") and sent[name] == "优秀"]
    place = names[0].removesuffix("label")
    following = f"grades-{int(place.split('-')[1]) + 1}-"
    sent |= {f"{place}from_points": "95", f"{following}from_points": "90"}

    response = client.post(url(draft), sent)

    assert response.status_code == 302


def test_a_row_that_stands_twice_is_refused_and_nothing_saved(as_: As, cleo: User, draft: Scheme) -> None:
    client = as_(cleo)
    sent = as_shown(client.get(url(draft))) | {"thresholds-1-measure": "remind", "thresholds-1-below": "65"}

    response = client.post(url(draft), sent | {"scheme-title": "改名"})

    assert response.status_code == 400
    assert "此处重复。" in response.content.decode()
    draft.refresh_from_db()
    assert draft.title == "季度考核方案"


def test_an_indicator_is_added_in_two_steps(as_: As, cleo: User, county: Division) -> None:
    scheme = draft_scheme(a_quarter(county, by=cleo), title="新", by=cleo, at=COMPUTED_AT)
    client = as_(cleo)

    offered = [source.key for source in client.get(url(scheme, "add_indicator")).context["sources"]]
    address = url(scheme, "add_of", "ledger")
    shown = client.get(address)
    sent = {
        "indicator-title": "正负清单", "indicator-weight": "40",
        "indicator-when_empty": "leave_out", "settings-base": "80",
    }  # fmt: skip
    wrong = client.post(address, sent | {"settings-base": "many"})
    response = client.post(address, sent)

    row = Scheme.objects.get(pk=scheme.pk).indicators.get()
    assert set(offered) >= {"exams", "ledger", "ratings"}
    assert "base" in shown.context["settings_form"].fields
    assert (wrong.status_code, response.status_code) == (400, 302)
    assert (row.source, row.title, row.settings["base"]) == ("ledger", "正负清单", "80")
    assert client.get(url(scheme, "add_of", "reading-time")).status_code == 404


def test_an_indicator_is_changed(as_: As, cleo: User, draft: Scheme) -> None:
    row = draft.indicators.get(title="正负清单")
    sent = {
        "indicator-title": "清单", "indicator-weight": "40", "indicator-when_empty": "zero", "settings-base": "70",
    }  # fmt: skip

    as_(cleo).post(url(draft, "indicator", row.pk), sent)

    row = type(row).objects.get(pk=row.pk)
    assert (row.title, row.when_empty, row.settings["base"]) == ("清单", "zero", "70")


def test_what_if_shows_who_would_move_the_farthest_first(
    as_: As, cleo: User, ana: User, dan: User, county: Division
) -> None:
    quarter = computed(county, by=cleo, people=[ana, dan])
    other = [{**INDICATORS[0], "weight": 60}, {**INDICATORS[1], "weight": 40}]
    draft = a_scheme(quarter, other, by=cleo, adopt=False)

    context = as_(cleo).get(url(draft, "compare")).context

    assert [(move.person, str(move.old_total), str(move.new_total)) for move, _old, _new in context["rows"]] == [
        (ana, "88.00", "87.00"),
        (dan, "88.00", "87.00"),
    ]
    assert (context["higher"], context["lower"], context["regraded"]) == (0, 2, 0)
    assert [(shift.label, shift.before, shift.after) for shift in context["shifts"]] == [("称职", 2, 2)]


def test_a_sound_draft_is_adopted_and_does_not_change_any_more(as_: As, cleo: User, draft: Scheme) -> None:
    client = as_(cleo)
    sent = as_shown(client.get(url(draft)))

    client.post(url(draft, "adopt"))

    draft.refresh_from_db()
    assert (draft.state, draft.adopted_by) == (SchemeState.ADOPTED, cleo)
    assert [client.post(url(draft, name), sent).status_code for name in ("scheme", "discard", "adopt")] == [404] * 3
    assert "form method" not in client.get(url(draft)).content.decode()


def test_a_draft_can_be_discarded(as_: As, cleo: User, draft: Scheme) -> None:
    quarter = draft.quarter

    response = as_(cleo).post(url(draft, "discard"))

    assert response["Location"] == reverse("quarters:quarter", args=[quarter.uuid])
    assert not Scheme.objects.exists()


@pytest.mark.parametrize("name", ["scheme", "adopt", "discard", "add_of", "indicator"])
def test_who_may_write_a_scheme(
    as_: As, ana: User, ben: User, eve: User, iris: User, cleo: User, draft: Scheme, clock: Clock, name: str
) -> None:
    """Anonymous, a member, a trainer, another township, an inspector; without the token; then the right one."""
    parts = {"add_of": ("ledger",), "indicator": (draft.indicators.first().pk,)}.get(name, ())
    address = url(draft, name, *parts)
    right = {"scheme": 400, "adopt": 302, "discard": 302, "add_of": 400, "indicator": 400}[name]
    # A form without its management data is no form.
    sent = {f"{each}-{part}_FORMS": "0" for each in SETS for part in ("TOTAL", "INITIAL")}

    assert Client().post(address).status_code == 302
    assert all(as_(person).post(address, sent).status_code in (302, 404) for person in (ana, ben, eve, iris))
    draft.refresh_from_db()
    assert draft.state == SchemeState.DRAFT
    clock.time = LATER
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cleo, backend="members.backends.PhoneOrCodeBackend")
    assert strict.post(address, sent).status_code == 403
    assert as_(cleo).post(address, sent).status_code == right


def test_a_draft_is_not_shown_to_who_only_reads(as_: As, iris: User, cleo: User, draft: Scheme) -> None:
    before = as_(iris).get(url(draft)).status_code
    as_(cleo).post(url(draft, "adopt"))

    assert (before, as_(iris).get(url(draft)).status_code) == (404, 200)


def test_quarters_of_others_are_not_offered_for_copying(
    as_: As, eve: User, other_township: Division, quarter: Quarter
) -> None:
    own = a_quarter(other_township, by=eve, number=3)

    page = as_(eve).get(reverse("schemes:start", args=[own.uuid]))

    # The county's scheme stands above the township's and may be followed.
    assert [scheme.quarter for scheme in page.context["form"].fields["copied_from"].queryset] == [quarter]
