"""What trainers see of the questions under the entry these test. Members never do."""

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from cms.domain.entry_panels import EntryPanel
from cms.models import EntryPage
from members.models import User
from question_bank.domain.track_records import figures_of
from question_bank.models import Question, Recheck

TEMPLATE = "question_bank/staff/entry_panel.html"
MOST_SHOWN = 30


def questions_panel(entry: EntryPage, person: User) -> EntryPanel | None:
    """Its questions with how they fare; None for everybody who may not read questions."""
    if not person.has_perm("question_bank.view_question"):
        return None
    waits = Exists(Recheck.objects.open().filter(question=OuterRef("pk")))
    questions = list(Question.objects.filter(entry=entry).annotate(waits=waits).order_by("-live", "pk")[:MOST_SHOWN])
    figures = figures_of(questions)
    rows = [(question, figures[question.pk]) for question in questions]
    may_edit = person.has_perm("question_bank.change_question")
    return EntryPanel(_("Questions on this entry"), TEMPLATE, {"rows": rows, "may_edit": may_edit})
