"""Names of files that people take away."""

import re

from common.chinese import strip_controls

# What Windows does not take in the name of a file.
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\s]+')


def in_file_name(text: str) -> str:
    """``text`` as part of the name of a file on any system; empty where nothing of it is left."""
    return _NOT_IN_NAMES.sub("-", strip_controls(text)).strip("-.")
