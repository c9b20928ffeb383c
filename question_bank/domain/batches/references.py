"""What a file calls by name and this bank knows: topics and entries."""

from collections.abc import Iterable
from functools import cached_property

from django.utils.translation import gettext as _

from cms.models import EntryPage
from common.chinese import fold
from question_bank.domain.citing import CitedEntries, number_in
from question_bank.domain.importing.drafts import QuestionDraft
from question_bank.models import ImportBatch, Topic


class References:
    """The topics and entries that the questions of one file name. Each kind is asked for once, when it is needed."""

    def __init__(self, batch: ImportBatch) -> None:
        self._batch = batch
        # What is closed to whoever brought the file is cited by none of its questions.
        self._entries = CitedEntries(batch.uploaded_by)

    def topic_of(self, draft: QuestionDraft) -> Topic | None:
        """By code, by title, or by the last title of a path; the one chosen for the file where the draft says none."""
        return self.topic_named_by(draft) if draft.topic.strip() else self._batch.default_topic

    def topic_named_by(self, draft: QuestionDraft) -> Topic | None:
        last = draft.topic.replace("／", "/").rpartition("/")[2]
        code, _space, title = last.strip().partition(" ")
        names = (code, fold(last), fold(title)) if last.strip() else ()
        return next((self._topics[name] for name in names if name in self._topics), None)

    def entry_of(self, draft: QuestionDraft) -> int | None:
        """The key of the entry it cites; nothing where it cites none, or one that is not here."""
        return self._entries.find(draft.entry) if draft.entry else None

    def entry_then(self, draft: QuestionDraft, cited: EntryPage | None) -> int | None:
        """The entry that it cited when it was brought, of which ``cited`` is left.

        Meanwhile its handbook may be called otherwise, or may be closed to whoever brought the file.
        """
        found = self.entry_of(draft)
        return cited.pk if found is None and cited and cited.number == number_in(draft.entry) else found

    def losses(self, drafts: Iterable[QuestionDraft]) -> list[str]:
        """The entries that the drafts cite and nobody finds here, each once."""
        missing = dict.fromkeys(draft.entry for draft in drafts if draft.entry and self.entry_of(draft) is None)
        text = _("The entry “%(entry)s” is not among yours: questions come without it.")
        return [text % {"entry": entry[:60]} for entry in missing]

    @cached_property
    def _topics(self) -> dict[str, Topic]:
        """Every topic by its code and by its title as typed titles are compared."""
        return {name: topic for topic in Topic.objects.all() for name in (topic.code, fold(topic.title))}
