"""``{% fixed %}`` … ``{% endfixed %}``: parts of a template that look the same for everybody.

``{% load fixed_parts %}``; it is named among the libraries of ``TEMPLATES``.
"""

from typing import Any

from django import template
from django.template.base import NodeList, Parser, Token
from django.utils.translation import get_language

register = template.Library()


class FixedNode(template.Node):
    """Rendered once a process and language, and without the page's variables: nothing of a person can get in."""

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist
        self.rendered: dict[str | None, str] = {}

    def render(self, context: template.Context) -> Any:
        language = get_language()
        if language not in self.rendered:
            self.rendered[language] = self.nodelist.render(context.new({}))
        return self.rendered[language]


@register.tag
def fixed(parser: Parser, token: Token) -> FixedNode:
    nodelist = parser.parse(("endfixed",))
    parser.delete_first_token()
    return FixedNode(nodelist)
