"""Files between dry run and carrying out: on the disk of the server, each for the one person who brought it.

They stand under ``settings.IMPORT_DIR``, which no address leads to, and are gone after a day.
"""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from uuid import UUID, uuid4

from django.conf import settings

from members.models import User

KEPT_FOR = timedelta(days=1)


class WaitingFile(NamedTuple):
    """A file as it was brought, and the name it came under."""

    name: str
    content: bytes


def keep_waiting(file: WaitingFile, *, by: User, at: datetime) -> UUID:
    """Keep the file; returns what only ``by`` can ask for it with. What has waited too long goes."""
    token, folder = uuid4(), _folder()
    _tidy(folder, at=at)
    path = _path(folder, token, by)
    about = json.dumps({"name": file.name}).encode("ascii")
    half = path.with_suffix(".part")
    half.write_bytes(about + b"\n" + file.content)
    half.replace(path)
    return token


def waiting_file(token: UUID, *, of: User) -> WaitingFile | None:
    """The file, unless it is gone or somebody else's."""
    try:
        about, _line, content = _path(_folder(), token, of).read_bytes().partition(b"\n")
    except FileNotFoundError:
        return None
    return WaitingFile(json.loads(about)["name"], content)


def drop_waiting(token: UUID, *, of: User) -> None:
    _path(_folder(), token, of).unlink(missing_ok=True)


def _folder() -> Path:
    folder = Path(settings.IMPORT_DIR)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _path(folder: Path, token: UUID, person: User) -> Path:
    return folder / f"{person.pk}-{token}.book"


def _tidy(folder: Path, *, at: datetime) -> None:
    for path in folder.iterdir():
        if path.stat().st_mtime < (at - KEPT_FOR).timestamp():
            path.unlink(missing_ok=True)
