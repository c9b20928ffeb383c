"""Files of questions on their way into the bank: read, compared, taken over all or nothing, undone."""

from question_bank.domain.batches.committing import commit_batch, request_commit
from question_bank.domain.batches.deciding import choose_every_row, choose_rows
from question_bank.domain.batches.reading import choose_layout, read_batch, upload_batch
from question_bank.domain.batches.undoing import request_undo, undo_batch

__all__ = [
    "choose_every_row",
    "choose_layout",
    "choose_rows",
    "commit_batch",
    "read_batch",
    "request_commit",
    "request_undo",
    "undo_batch",
    "upload_batch",
]
