"""Compile the translations where GNU gettext may be missing."""

from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent

for catalogue in sorted(ROOT.glob("*/**/LC_MESSAGES/*.po")):
    compiled = catalogue.with_suffix(".mo")
    if ".venv" in catalogue.parts:
        continue
    if not compiled.exists() or compiled.stat().st_mtime < catalogue.stat().st_mtime:
        polib.pofile(str(catalogue)).save_as_mofile(str(compiled))
