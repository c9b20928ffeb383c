"""The list of questions: columns, filters, state."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, StatusTagColumn

from cms.models.audience import OWNER_PATH
from cms.models.desk import closed_owners
from common.clock import now
from members.models import User
from question_bank.domain.reviewing import under_review
from question_bank.domain.uses import ANY, use_choices, used_in
from question_bank.enums import BLOCKING_REASONS, Difficulty, Kind, RecheckReason
from question_bank.models import ImportRow, Question, QuestionReport, Recheck, Topic

ENTRY_WIDTH = 8
DRAFT, REVIEW, PUBLISHED, CHANGED, RECHECK, RETIRED = (
    "draft", "review", "published", "changed", "recheck", "retired",
)  # fmt: skip
# In the order a question goes through them.
STATES: dict[str, str | Promise] = {
    DRAFT: _("Draft"),
    REVIEW: pgettext_lazy("question", "In review"),
    PUBLISHED: _("Published"),
    CHANGED: _("Published, with a newer draft"),
    RECHECK: _("Published, waits for re-check"),
    RETIRED: _("Retired"),
}

SOON_DAYS = 90
NOT_YET, NOW, SOON, EXPIRED = "not_yet", "now", "soon", "expired"
VALIDITIES: dict[str, str | Promise] = {
    NOT_YET: pgettext_lazy("validity", "Not yet valid"),
    NOW: pgettext_lazy("validity", "Valid now"),
    SOON: pgettext_lazy("validity", "Ends within 90 days"),
    EXPIRED: pgettext_lazy("validity", "Expired"),
}


def _condition(state: str, *, on: date) -> Q:
    return {
        DRAFT: Q(live=False, current_version=None),
        REVIEW: Q(under_review()),
        PUBLISHED: Q(live=True, has_unpublished_changes=False),
        CHANGED: Q(live=True, has_unpublished_changes=True),
        RECHECK: _waiting(on=on) & Q(live=True),
        RETIRED: Q(live=False, current_version__isnull=False),
    }[state]


def _holds(validity: str, *, on: date) -> Q:
    has_begun = Q(valid_from=None) | Q(valid_from__lte=on)
    return {
        NOT_YET: Q(valid_from__gt=on),
        NOW: has_begun & (Q(valid_to=None) | Q(valid_to__gte=on)),
        SOON: Q(valid_to__gte=on, valid_to__lte=on + timedelta(days=SOON_DAYS)),
        EXPIRED: Q(valid_to__lt=on),
    }[validity]


def _waits() -> Exists:
    return Exists(Recheck.objects.open().filter(question=OuterRef("pk")))


def _expired(*, on: date) -> Q:
    """By its own last day or that of the entry it cites: then no paper draws it, and somebody has to look."""
    return Q(valid_to__lt=on) | Q(entry__valid_to__lt=on)


def _waiting(*, on: date) -> Q:
    return Q(_waits()) | _expired(on=on) & Q(live=True)


def state_of(question: Question) -> str:
    """Wagtail's own status asks the database for every row; this one knows it from the row."""
    if question.live:
        return CHANGED if question.has_unpublished_changes else PUBLISHED
    return DRAFT if question.current_version_id is None else RETIRED


def is_expired(question: Question) -> bool:
    return question.valid_to is not None and question.valid_to < localdate(now())


def state_label(question: Question) -> str:
    """``question`` comes from ``listed_questions``."""
    words = [str(STATES[state_of(question)])]
    if question.reviewed:
        words.append(gettext("in review"))
    if question.waits:
        words.append(gettext("waits for re-check"))
    if is_expired(question):
        words.append(gettext("expired"))
    elif question.entry_expired:
        words.append(gettext("its entry has expired"))
    return "·".join(words)


def short_entry(question: Question) -> str:
    """Enough to know the entry by; the column of the stem needs the room. ``question`` is a listed one."""
    title = question.entry_title or ""
    return title if len(title) <= ENTRY_WIDTH else f"{title[:ENTRY_WIDTH]}…"


def is_asked(question: Question) -> bool:
    return question.live and not question.blocked and not is_expired(question) and not question.entry_expired


def list_columns() -> list[Any]:
    return [
        "__str__",
        Column("topic", label=_("Topic"), accessor="topic.title", sort_key="topic__code", width="16%"),
        Column("kind", label=_("Kind"), accessor="get_kind_display", sort_key="kind", width="8%"),
        Column(
            "difficulty", label=_("Difficulty"), accessor="get_difficulty_display", sort_key="difficulty", width="8%"
        ),
        StatusTagColumn(
            "state",
            label=_("State"),
            accessor=state_label,
            primary=is_asked,
            width="14%",
        ),
        Column("entry", label=_("Entry"), accessor=short_entry, width="12%"),
        Column("valid_to", label=_("Valid to"), accessor=lambda question: question.valid_to or "", width="10%"),
    ]


def _used_choices() -> list[tuple[str, Any]]:
    return [(ANY, _("In any exam")), ("none", _("In none")), *use_choices()]


class QuestionFilterSet(WagtailFilterSet):
    topic = django_filters.ModelChoiceFilter(
        label=_("Topic and everything below it"), queryset=Topic.objects.all(), method="within_topic"
    )
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=Kind.choices)
    difficulty = django_filters.ChoiceFilter(label=_("Difficulty"), choices=Difficulty.choices)
    state = django_filters.ChoiceFilter(label=_("State"), choices=list(STATES.items()), method="in_state")
    validity = django_filters.ChoiceFilter(label=_("Validity"), choices=list(VALIDITIES.items()), method="by_validity")
    source = django_filters.CharFilter(label=_("Source"), field_name="source", lookup_expr="icontains")
    used = django_filters.ChoiceFilter(label=_("Used in an exam"), choices=_used_choices, method="by_use")
    flagged = django_filters.ChoiceFilter(
        label=pgettext_lazy("question", "Flagged"),
        choices=[("report", _("Reported by a member")), *RecheckReason.choices],
        method="by_flag",
    )
    cites = django_filters.ChoiceFilter(
        label=_("Cites an entry"), choices=[("yes", _("Yes")), ("no", _("No"))], method="by_citation"
    )
    waits = django_filters.ChoiceFilter(
        label=_("Waits for re-check"), choices=[("yes", _("Yes")), ("no", _("No"))], method="by_waiting"
    )

    # Of the link on the page of a file; a list of all files would cost queries on every page.
    file = django_filters.NumberFilter(label=_("From a file"), widget=forms.HiddenInput, method="from_file")

    class Meta:
        model = Question
        fields: list[str] = []

    def within_topic(self, questions: QuerySet[Question], name: str, topic: Topic) -> QuerySet[Question]:
        return questions.filter(topic__in=Topic.objects.subtree_of(topic))

    def in_state(self, questions: QuerySet[Question], name: str, state: str) -> QuerySet[Question]:
        return questions.filter(_condition(state, on=localdate(now())))

    def by_validity(self, questions: QuerySet[Question], name: str, validity: str) -> QuerySet[Question]:
        return questions.filter(_holds(validity, on=localdate(now())))

    def by_citation(self, questions: QuerySet[Question], name: str, cites: str) -> QuerySet[Question]:
        return questions.filter(entry__isnull=cites == "no")

    def from_file(self, questions: QuerySet[Question], name: str, number: Any) -> QuerySet[Question]:
        return questions.filter(pk__in=ImportRow.objects.filter(batch=int(number), made__isnull=False).values("made"))

    def by_use(self, questions: QuerySet[Question], name: str, use: str) -> QuerySet[Question]:
        return used_in(questions, use)

    def by_flag(self, questions: QuerySet[Question], name: str, flag: str) -> QuerySet[Question]:
        if flag == "report":
            return questions.filter(pk__in=QuestionReport.objects.open().values("version__question"))
        told = Q(pk__in=Recheck.objects.open().filter(reason=flag).values("question"))
        # Validity needs nobody to tell it: the date does.
        dated = _expired(on=localdate(now())) & Q(live=True) if flag == RecheckReason.VALIDITY else Q()
        return questions.filter(told | dated)

    def by_waiting(self, questions: QuerySet[Question], name: str, waits: str) -> QuerySet[Question]:
        waiting = questions.filter(_waiting(on=localdate(now()))).values("pk")
        return questions.filter(pk__in=waiting) if waits == "yes" else questions.exclude(pk__in=waiting)


def listed_questions() -> QuerySet[Question]:
    """In the order of the list; what the columns show besides is asked for the rows of one page alone."""
    rows = Question.objects.select_related("topic", "latest_revision").defer("latest_revision__content")
    return rows.order_by("topic__code", "pk")


def rows_of_a_page(page: QuerySet[Question]) -> list[Question]:
    """The questions of a page that was cut out of a list in its order, read by their numbers. Two queries.

    Cut out as they are, a hundred thousand whole questions would be sorted to show fifty.
    """
    numbers = list(page.values_list("pk", flat=True))
    found = listed_questions().in_bulk(numbers)
    return [found[number] for number in numbers if number in found]


def shown_on_a_page(questions: Sequence[Question], *, to: User) -> None:
    """Set on each what the columns show of other tables. One query for a page, and one for the person in hand.

    As annotations of the list these would be worked out for every row that is sorted, a hundred thousand of them.
    """
    numbers = [question.pk for question in questions]
    rows = Question.objects.filter(pk__in=numbers).order_by()
    blocked = Recheck.objects.open().filter(question=OuterRef("pk"), reason__in=BLOCKING_REASONS)
    facts = rows.annotate(reviewed=under_review(), waits=_waits(), blocked=Exists(blocked))
    columns = ("pk", "reviewed", "waits", "blocked", "entry__title", "entry__path", "entry__valid_to")
    found = {row["pk"]: row for row in facts.values(*columns)}
    closed, today = closed_owners(to), localdate(now())
    for question in questions:
        row = found[question.pk]
        question.reviewed, question.waits, question.blocked = row["reviewed"], row["waits"], row["blocked"]
        question.entry_expired = row["entry__valid_to"] is not None and row["entry__valid_to"] < today
        question.entry_title = "" if (row["entry__path"] or "")[:OWNER_PATH] in closed else row["entry__title"]
