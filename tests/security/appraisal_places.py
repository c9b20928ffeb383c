"""What the addresses of the appraisal stand for, all of it of 青石镇, and who gets where: see the table beside it."""

from datetime import date
from typing import Any

from members.models import Division, User
from performance.domain.appeals import file_appeal
from performance.domain.computing import compute_quarter
from performance.domain.quarters import publish_quarter
from performance.enums import ReportKind
from performance.models import Document, Exemption, Rating, RatingSheet, Reopening, Report, ScoreLine
from tests.factories.exams import NOON
from tests.factories.performance import a_ledger_entry, a_ledger_kind, a_quarter, a_rating, a_rating_kind, a_scheme

LEDGER_ONLY = (
    {
        "title": "正负清单",
        "source": "ledger",
        "weight": 100,
        "settings": {"base": "80", "positive_cap": None, "negative_cap": None, "kinds": []},
    },
)


def appraisal_of(township: Division, *, ana: User, cleo: User) -> dict[str, Any]:
    """A published quarter of the township in which Ana objects; by the part of an address that they stand for."""
    quarter = a_quarter(township, number=1, by=cleo)
    a_scheme(quarter, LEDGER_ONLY, by=cleo)
    draft = a_scheme(a_quarter(township, number=2, by=cleo), LEDGER_ONLY, by=cleo, adopt=False)
    kind, rating_kind = a_ledger_kind(township), a_rating_kind(township)
    entry = a_ledger_entry(kind, person=ana, on=date(2026, 2, 2))
    rating: Rating = a_rating(quarter, rating_kind, ana, "90")
    computation = compute_quarter(quarter, by=cleo, at=NOON)
    exemption = Exemption.objects.create(quarter=quarter, person=ana, reason="病假", asked_by=cleo, asked_at=NOON)
    publish_quarter(quarter, by=cleo, at=NOON)
    line = ScoreLine.objects.get(scorecard__person=ana)
    report = Report.objects.create(
        computation=computation, kind=ReportKind.CSV, division=township, reason="存档", language="zh-hans",
        asked_by=cleo, asked_at=NOON, expires_at=NOON,
    )  # fmt: skip
    sheet = RatingSheet.objects.create(
        quarter=quarter, kind=rating_kind, file_name="x.csv", sha256="", rows=[], uploaded_by=cleo, uploaded_at=NOON
    )
    document = Document.objects.create(
        key="abcdefgh2345", number="青石考〔2026〕1季度-001", title="成绩单", digest="0" * 64,
        computation=computation, issued_by=cleo, issued_at=NOON,
    )  # fmt: skip
    return {
        "ledger/<uuid": entry.uuid,
        "admin/quarters/<uuid": quarter.uuid,
        "schemes/start/<uuid": draft.quarter.uuid,
        "ratings/files/<uuid": sheet.uuid,
        "me/quarters/<uuid": line.scorecard.uuid,
        "<uuid:report>": report.uuid,
        "<uuid:card>": line.scorecard.uuid,
        "<uuid:appeal>": file_appeal(line, text="记录有误", by=ana, at=NOON).uuid,
        "me/objections/<uuid": "00000000-0000-4000-8000-000000000000",
        "<int:line>": line.pk,
        "<int:indicator>": draft.indicators.get().pk,
        "<slug:source>": "exams",
        "<str:name>": quarter.name,
        "<str:key>": document.key,
        "ledger/kinds/edit/<int:pk>": kind.pk,
        "ledger/kinds/history": kind.pk,
        "ledger/new/<int:pk>": kind.pk,
        "ratings/kinds/edit/<int:pk>": rating_kind.pk,
        "ratings/kinds/history": rating_kind.pk,
        "ratings/<int:pk>": rating.pk,
        "schemes/<int:pk>": draft.pk,
        "exemptions/<int:pk>": exemption.pk,
        "reopenings/<int:pk>": Reopening.objects.create(
            quarter=quarter, edition=1, reason="录错", asked_by=cleo, asked_at=NOON
        ).pk,
    }


def filled(address: str, found: dict[str, Any]) -> str:
    """The address with the parts of the appraisal filled in; other addresses as they are."""
    for part, value in found.items():
        if part in address:
            last = "<" + part.rpartition("<")[2].partition(">")[0] if "<" in part else "<int:pk"
            end = address.index(">", address.index(last)) + 1
            address = address[: address.index(last)] + str(value) + address[end:]
    return address


# The signs are explained above the table of all addresses.
APPRAISAL_TABLE = {
    "/admin/ledger/": "sssb....",
    "/admin/ledger/<uuid:uuid>/": "sssb.-..",
    "/admin/ledger/<uuid:uuid>/confirm/": "sssbm-bb",
    "/admin/ledger/<uuid:uuid>/decline/": "sssbm-bb",
    "/admin/ledger/<uuid:uuid>/reverse/": "sssbm-bb",
    "/admin/ledger/kinds/": "sssb....",
    "/admin/ledger/kinds/edit/<int:pk>/": "sssb.-bb",
    "/admin/ledger/kinds/history-results/<int:pk>/": "sss-.-..",
    "/admin/ledger/kinds/history/<int:pk>/": "sss-.-..",
    "/admin/ledger/kinds/new/": "sssb..bb",
    "/admin/ledger/kinds/results/": "sssb....",
    "/admin/ledger/new/": "sssb..bb",
    "/admin/ledger/new/<int:pk>/": "sssb.-bb",
    "/admin/ledger/results/": "sssb....",
    "/admin/quarters/": "sssb....",
    "/admin/quarters/<uuid:uuid>/": "sss-.-..",
    "/admin/quarters/<uuid:uuid>/close/": "sss-.---",
    "/admin/quarters/<uuid:uuid>/compute/": "sss-.---",
    "/admin/quarters/<uuid:uuid>/dashboard/": "sss-.-..",
    "/admin/quarters/<uuid:uuid>/exempt/": "sss-.---",
    "/admin/quarters/<uuid:uuid>/exemptions/<int:pk>/approve/": "sss-m---",
    "/admin/quarters/<uuid:uuid>/exemptions/<int:pk>/decline/": "sss-m---",
    "/admin/quarters/<uuid:uuid>/objections/": "sss-.-..",
    "/admin/quarters/<uuid:uuid>/objections/<uuid:appeal>/": "sss-.-..",
    "/admin/quarters/<uuid:uuid>/objections/<uuid:appeal>/file/": "sss-----",
    "/admin/quarters/<uuid:uuid>/publish/": "sss-.---",
    "/admin/quarters/<uuid:uuid>/reopen/": "sss-.---",
    "/admin/quarters/<uuid:uuid>/reopenings/<int:pk>/approve/": "sss-m---",
    "/admin/quarters/<uuid:uuid>/reopenings/<int:pk>/decline/": "sss-m---",
    "/admin/quarters/<uuid:uuid>/reports/": "sss-.-..",
    "/admin/quarters/<uuid:uuid>/reports/<uuid:report>/cancel/": "sss-m---",
    "/admin/quarters/<uuid:uuid>/reports/<uuid:report>/file/": "sss->---",
    "/admin/quarters/<uuid:uuid>/reports/list/": "sss-.-..",
    "/admin/quarters/<uuid:uuid>/reports/new/": "sss-.-..",
    "/admin/quarters/<uuid:uuid>/scorecards/": "sss-.-..",
    "/admin/quarters/<uuid:uuid>/scorecards/<uuid:card>/": "sss-.-..",
    "/admin/quarters/<uuid:uuid>/scorecards/results/": "sss-.-..",
    "/admin/quarters/open/": "sssb..bb",
    "/admin/ratings/": "sssb....",
    "/admin/ratings/<int:pk>/": "sssb.-..",
    "/admin/ratings/by-hand/": "sssb..bb",
    "/admin/ratings/files/": "sssb....",
    "/admin/ratings/files/<uuid:uuid>/": "sssb.-..",
    "/admin/ratings/files/<uuid:uuid>/commit/": "sssbm-bb",
    "/admin/ratings/files/new/": "sssb..bb",
    "/admin/ratings/files/results/": "sssb....",
    "/admin/ratings/files/template/": "sssbbbbb",
    "/admin/ratings/kinds/": "sssb....",
    "/admin/ratings/kinds/edit/<int:pk>/": "sssb.-bb",
    "/admin/ratings/kinds/history-results/<int:pk>/": "sss-.-..",
    "/admin/ratings/kinds/history/<int:pk>/": "sss-.-..",
    "/admin/ratings/kinds/new/": "sssb..bb",
    "/admin/ratings/kinds/results/": "sssb....",
    "/admin/ratings/results/": "sssb....",
    "/admin/schemes/<int:pk>/": "sss-.---",
    "/admin/schemes/<int:pk>/adopt/": "sss-.---",
    "/admin/schemes/<int:pk>/compare/": "sss-.---",
    "/admin/schemes/<int:pk>/discard/": "sss-.---",
    "/admin/schemes/<int:pk>/indicators/<int:indicator>/": "sss-.---",
    "/admin/schemes/<int:pk>/indicators/add/": "sss-.---",
    "/admin/schemes/<int:pk>/indicators/add/<slug:source>/": "sss-.---",
    "/admin/schemes/start/<uuid:uuid>/": "sss-.---",
    "/api/v1/quarters/": "u.......",
    "/api/v1/quarters/<str:name>/scorecards/": "u.--.-..",
    "/ledger/<uuid:uuid>/": "s.--.-..",
    "/ledger/files/<uuid:uuid>/": "s-------",
    "/me/objections/<uuid:uuid>/file/": "s-------",
    "/me/quarters/": "s.......",
    "/me/quarters/<uuid:uuid>/": "s.------",
    "/me/quarters/<uuid:uuid>/lines/<int:line>/objection/": "smmmmmmm",
    "/me/quarters/<uuid:uuid>/scorecard.pdf": "s.------",
    "/verify/": "........",
    "/verify/<str:key>/": "........",
}
