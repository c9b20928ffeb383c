from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _
from wagtail.signals import page_published, page_unpublished, published, unpublished


class QuestionBankConfig(AppConfig):
    name = "question_bank"
    verbose_name = _("Question bank")

    def ready(self) -> None:
        from cms.domain.entry_panels import register
        from cms.models import ChapterPage, EntryPage, HandbookPage
        from question_bank.domain.entry_panel import questions_panel
        from question_bank.domain.publishing import freeze_what_was_published, keep_version_of_retired
        from question_bank.domain.rechecking import doubt_what_cites, doubt_what_cites_withdrawn
        from question_bank.models import Question
        from question_bank.permissions import give_permissions

        register(questions_panel)
        published.connect(freeze_what_was_published, sender=Question, dispatch_uid="question_bank.published")
        unpublished.connect(keep_version_of_retired, sender=Question, dispatch_uid="question_bank.unpublished")
        page_published.connect(doubt_what_cites, sender=EntryPage, dispatch_uid="question_bank.entry_published")
        for page in (EntryPage, ChapterPage, HandbookPage):
            uid = f"question_bank.{page.__name__}_withdrawn"
            page_unpublished.connect(doubt_what_cites_withdrawn, sender=page, dispatch_uid=uid)
        post_migrate.connect(give_permissions, sender=self, dispatch_uid="question_bank.permissions")
