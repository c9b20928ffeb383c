"""Files of questions on their way into the bank: read, compared, taken over all or nothing, undone."""

from question_bank.domain.batches.committing import commit_batch
from question_bank.domain.batches.reading import choose_layout, read_batch, upload_batch
from question_bank.domain.batches.undoing import undo_batch

__all__ = ["choose_layout", "commit_batch", "read_batch", "undo_batch", "upload_batch"]
