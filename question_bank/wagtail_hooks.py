"""Registration only: what this app adds to the staff interface."""

from wagtail import hooks
from wagtail.snippets.models import register_snippet

from question_bank.staff.editing import refuse_to_delete_what_was_asked
from question_bank.staff.viewsets import QuestionBankGroup

register_snippet(QuestionBankGroup)
hooks.register("before_delete_snippet", refuse_to_delete_what_was_asked)
