"""The list of questions: columns, filters, state."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, StatusTagColumn

from common.clock import now
from question_bank.enums import Difficulty, Kind
from question_bank.models import ImportRow, Question, Recheck, Topic

ENTRY_WIDTH = 8
DRAFT, PUBLISHED, CHANGED, RETIRED = "draft", "published", "changed", "retired"
STATES: dict[str, tuple[str | Promise, Q]] = {
    DRAFT: (_("Draft"), Q(live=False, current_version=None)),
    PUBLISHED: (_("Published"), Q(live=True, has_unpublished_changes=False)),
    CHANGED: (_("Published, with a newer draft"), Q(live=True, has_unpublished_changes=True)),
    RETIRED: (_("Retired"), Q(live=False, current_version__isnull=False)),
}


def state_of(question: Question) -> str:
    """Wagtail's own status asks the database for every row; this one knows it from the row."""
    if question.live:
        return CHANGED if question.has_unpublished_changes else PUBLISHED
    return DRAFT if question.current_version_id is None else RETIRED


def is_expired(question: Question) -> bool:
    return question.valid_to is not None and question.valid_to < localdate(now())


def state_label(question: Question) -> str:
    """``question`` comes from ``listed_questions``."""
    words = [str(STATES[state_of(question)][0])]
    if question.waits:
        words.append(gettext("waits for re-check"))
    if is_expired(question):
        words.append(gettext("expired"))
    return "·".join(words)


def short_entry(question: Question) -> str:
    """Enough to know the entry by; the column of the stem needs the room. ``question`` is a listed one."""
    title = question.entry_title or ""
    return title if len(title) <= ENTRY_WIDTH else f"{title[:ENTRY_WIDTH]}…"


def is_asked(question: Question) -> bool:
    return question.live and not question.waits and not is_expired(question)


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


class QuestionFilterSet(WagtailFilterSet):
    topic = django_filters.ModelChoiceFilter(
        label=_("Topic and everything below it"), queryset=Topic.objects.all(), method="within_topic"
    )
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=Kind.choices)
    difficulty = django_filters.ChoiceFilter(label=_("Difficulty"), choices=Difficulty.choices)
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=[(name, label) for name, (label, _condition) in STATES.items()], method="in_state"
    )
    expired = django_filters.ChoiceFilter(
        label=_("Expired"), choices=[("yes", _("Yes")), ("no", _("No"))], method="by_expiry"
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
        return questions.filter(STATES[state][1])

    def by_expiry(self, questions: QuerySet[Question], name: str, expired: str) -> QuerySet[Question]:
        is_over = Q(valid_to__isnull=False, valid_to__lt=localdate(now()))
        return questions.filter(is_over) if expired == "yes" else questions.exclude(is_over)

    def by_citation(self, questions: QuerySet[Question], name: str, cites: str) -> QuerySet[Question]:
        return questions.filter(entry__isnull=cites == "no")

    def from_file(self, questions: QuerySet[Question], name: str, number: Any) -> QuerySet[Question]:
        return questions.filter(pk__in=ImportRow.objects.filter(batch=int(number), made__isnull=False).values("made"))

    def by_waiting(self, questions: QuerySet[Question], name: str, waits: str) -> QuerySet[Question]:
        return questions.filter(waits=waits == "yes")


def listed_questions() -> QuerySet[Question]:
    """With what the columns show; the content of the drafts stays in the database."""
    return (
        Question.objects.select_related("topic", "latest_revision")
        .defer("latest_revision__content")
        .annotate(entry_title=F("entry__title"), waits=Exists(Recheck.objects.open().filter(question=OuterRef("pk"))))
        .order_by(F("topic__code"), "pk")
    )
