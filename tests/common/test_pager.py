"""The pages of staff lists."""

import re

import pytest
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.test import RequestFactory

ROWS = range(30)


def links(address: str, *, page: int, **context: object) -> list[str]:
    request = RequestFactory().get(address)
    shown = Paginator(ROWS, 10).get_page(page)
    html = render_to_string("staff/_pager.html", {"page": shown, **context}, request=request)
    return re.findall(r'href="([^"]+)"', html)


@pytest.fixture(autouse=True)
def _plain_context(settings):
    """What the product's pages are given beside is not needed, and would ask the database."""
    settings.TEMPLATES = [
        {**each, "OPTIONS": {**each["OPTIONS"], "context_processors": ["django.template.context_processors.request"]}}
        if each["BACKEND"].endswith("DjangoTemplates")
        else each
        for each in settings.TEMPLATES
    ]


def test_other_pages_keep_the_filters_of_the_address():
    found = links("/?only=late&q=a%26b&p=2", page=2)

    assert found == ["?only=late&amp;q=a%26b&amp;p=1", "?only=late&amp;q=a%26b&amp;p=3"]


def test_pages_of_columns_keep_the_page_of_the_rows():
    found = links("/?p=3", page=1, columns=True)

    assert found == ["?p=3&amp;s=2"]


def test_a_list_of_one_page_has_no_pager():
    request = RequestFactory().get("/")

    html = render_to_string("staff/_pager.html", {"page": Paginator([1], 10).get_page(1)}, request=request)

    assert html.strip() == ""
