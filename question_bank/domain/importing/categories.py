"""Moodle's categories as topics and back: ``$course$/top/Policy/Transition`` is the topic ``Policy/Transition``.

A slash inside a title is doubled in Moodle.
"""

import re

_CONTEXT = re.compile(r"\$[a-z]+\d*\$")
_SINGLE_SLASH = re.compile(r"(?<!/)/(?!/)")


def topic_of(category: str) -> str:
    """The path of titles below the top; empty for the top itself."""
    titles = [title.replace("//", "/").strip() for title in _SINGLE_SLASH.split(category.strip())]
    if titles and _CONTEXT.fullmatch(titles[0]):
        titles = titles[1:]
    if titles and titles[0] == "top":
        titles = titles[1:]
    return "/".join(title for title in titles if title)


def category_of(topic: str) -> str:
    return f"$course$/top/{topic}" if topic else "$course$/top"


def holds(topic: str) -> bool:
    """Does a category say this topic?"""
    return bool(topic) and "\n" not in topic and topic_of(category_of(topic)) == topic
