from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ExamsConfig(AppConfig):
    name = "exams"
    verbose_name = _("Exams")

    def ready(self) -> None:
        from cms.domain.next_steps import register
        from common.evidence import register_source
        from exams.domain.evidence import ExamSource
        from exams.domain.figures import version_figures
        from exams.domain.grants import on_access_ended
        from exams.domain.next_steps import exam_steps, report_steps
        from exams.domain.records import exams_record
        from exams.domain.rulings import pairs_without_evidence
        from exams.domain.statistics.evidence import register as register_evidence
        from exams.domain.uses import exam_choices, versions_asked
        from exams.permissions import give_permissions
        from members.domain.records import register_record
        from members.signals import access_ended
        from question_bank.domain.further_pages import FurtherPage
        from question_bank.domain.further_pages import register as register_page
        from question_bank.domain.track_records import register as register_figures
        from question_bank.domain.uses import register as register_use

        register(exam_steps)
        register_use(exam_choices, versions_asked)
        register(report_steps)
        register_figures(version_figures)
        register_evidence(pairs_without_evidence)
        register_page(
            FurtherPage(_("Statistics"), "question_statistics:question", "table", "question_bank.view_question")
        )
        register_source(ExamSource())
        register_record("exams", _("My exams"), exams_record)
        # Whoever signs out leaves no page behind that may still write.
        access_ended.connect(on_access_ended, dispatch_uid="exams.end_grants")
        post_migrate.connect(give_permissions, sender=self, dispatch_uid="exams.permissions")
