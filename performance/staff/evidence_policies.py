"""Who sees and enters which evidence on the staff pages, in the form that Wagtail asks for."""

from members.staff.policies import ScopedPolicy
from performance import rules
from performance.models import LedgerEntry, LedgerKind, Rating, RatingKind, RatingSheet

ENTRIES = ScopedPolicy(LedgerEntry, visible=LedgerEntry.objects.visible_to, manages=rules.may_decide_entry)
LEDGER_KINDS = ScopedPolicy(LedgerKind, visible=rules.ledger_kinds_visible_to, manages=rules.may_manage_kind)
RATINGS = ScopedPolicy(
    Rating,
    visible=rules.ratings_visible_to,
    manages=lambda user, rating: rules.may_manage_quarter(user, rating.quarter),
)
SHEETS = ScopedPolicy(
    RatingSheet,
    visible=rules.sheets_visible_to,
    manages=lambda user, sheet: rules.may_manage_quarter(user, sheet.quarter),
)
RATING_KINDS = ScopedPolicy(RatingKind, visible=rules.rating_kinds_visible_to, manages=rules.may_manage_kind)
