"""Printed handbooks on the disk of the server, so that ReportLab works once for each edition and not for each reader.

A file is named by the digest of what is printed. Whoever asks for one has been asked first whether they may read the
handbook: the edition in hand says so.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from cms.domain.exporting.edition import Edition
from cms.domain.exporting.pdf import write_handbook

# Other addresses of the site and other languages give other editions of the same book.
_KEPT_EDITIONS = 6


def printed_handbook(edition: Edition) -> Path:
    """The PDF of the edition, printed now if nobody has asked for it before. Older ones of the book are dropped.

    Safe to call from several processes at once: one prints, the others wait.
    """
    folder = Path(settings.HANDBOOK_PRINT_DIR)
    path = folder / f"{edition.handbook.pk}-{edition.digest}.pdf"
    if not path.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _printing(folder):
            if not path.exists():
                _print(edition, path)
                _drop_old(folder, edition)
    return path


@contextmanager
def _printing(folder: Path) -> Iterator[None]:
    # One at a time: printing takes a core for half a second, and members answer questions on the others.
    with (folder / "printing.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _print(edition: Edition, path: Path) -> None:
    # Readers look for the finished name without a lock, so it must never stand for half a book.
    half = path.with_suffix(".part")
    with half.open("wb") as target:
        write_handbook(target, edition)
    half.replace(path)


def _drop_old(folder: Path, edition: Edition) -> None:
    files = sorted(folder.glob(f"{edition.handbook.pk}-*.pdf"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in files[_KEPT_EDITIONS:]:
        path.unlink(missing_ok=True)
