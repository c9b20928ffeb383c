"""``{% fixed %}`` … ``{% endfixed %}``: parts of a template that look the same for everybody.

``{% fixed text_size %}``: the same for everybody with the same value of what is named, which must be one of a few.

``{% load fixed_parts %}``; it is named among the libraries of ``TEMPLATES``.
"""

from collections.abc import Sequence
from typing import Any

from django import template
from django.template.base import NodeList, Parser, Token
from django.utils.translation import get_language

register = template.Library()


class FixedNode(template.Node):
    """Rendered once a process, language and value of ``names``, and without the page's other variables.

    Nothing of a person can get in.
    """

    def __init__(self, nodelist: NodeList, names: Sequence[str]) -> None:
        self.nodelist = nodelist
        self.names = names
        self.rendered: dict[tuple[Any, ...], str] = {}

    def render(self, context: template.Context) -> Any:
        given = {name: context.get(name) for name in self.names}
        key = (get_language(), *given.values())
        if key not in self.rendered:
            self.rendered[key] = self.nodelist.render(context.new(given))
        return self.rendered[key]


@register.tag
def fixed(parser: Parser, token: Token) -> FixedNode:
    nodelist = parser.parse(("endfixed",))
    parser.delete_first_token()
    return FixedNode(nodelist, token.split_contents()[1:])
