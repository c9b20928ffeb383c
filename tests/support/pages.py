"""Reading pages in tests: what a person sees, not how it is marked up."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser

from django.http import HttpResponse

_EMPTY = {"input", "link", "meta", "br", "path", "rect", "circle", "img"}


@dataclass
class Node:
    tag: str
    attributes: dict[str, str]
    text: str = ""


class Page(HTMLParser):
    """Every element of a page with its whole text, in the order they begin."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.nodes: list[Node] = []
        self._open: list[Node] = []
        self.inside: dict[int, list[str]] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.inside[len(self.nodes)] = [outer.tag for outer in self._open]
        self.nodes.append(node)
        if tag not in _EMPTY:
            self._open.append(node)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop().tag != tag:
            pass

    def handle_data(self, data: str) -> None:
        for node in self._open:
            node.text += data

    def all(self, tag: str, **attributes: str) -> list[Node]:
        named = {name.replace("_", "-").strip("-"): value for name, value in attributes.items()}
        return [
            node
            for node in self.nodes
            if node.tag == tag and all(node.attributes.get(name) == value for name, value in named.items())
        ]

    def links(self, within: str) -> list[str]:
        return [
            node.attributes.get("href", "")
            for place, node in enumerate(self.nodes)
            if node.tag == "a" and within in self.inside[place]
        ]


def page_of(response: HttpResponse) -> Page:
    return Page(response.content.decode())


def words_in(page: Page, tag: str, **attributes: str) -> list[str]:
    """The texts of all such elements, white space as it is seen."""
    return [re.sub(r"\s+", " ", node.text).strip() for node in page.all(tag, **attributes)]
