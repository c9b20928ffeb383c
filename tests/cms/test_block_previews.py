"""Every block shows in the editor's menu how it will look on a member's page."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.blocks import Block

from cms.models import EntryPage
from members.models import User

pytestmark = pytest.mark.django_db
SHOWN = {
    "heading": "入户前先看台账",
    "text": "先问住房，再问饮水。",
    "steps": "<li>登记</li>",
    "table": "<td>每季度一遍</td>",
    "key_figure": "<b>50</b>",
    "warning": "不要代签。",
    "image": "img/example.svg",
    "document": "驻村工作队管理办法",
    "question": "你们村的风险户是怎么发现的？",
}


def blocks() -> dict[str, Any]:
    found: dict[str, Any] = EntryPage._meta.get_field("body").stream_block.child_blocks  # type: ignore[union-attr]
    return found


def test_every_block_has_a_preview_and_says_what_it_is_for() -> None:
    assert {name: block.is_previewable and bool(block.get_description()) for name, block in blocks().items()} == (
        dict.fromkeys(SHOWN, True)
    )


@pytest.mark.parametrize("name", SHOWN)
def test_a_preview_wears_the_members_look(client: Client, ben: User, name: str) -> None:
    client.force_login(ben)
    block = blocks()[name]
    Block.definition_registry[block.definition_prefix] = block

    answer = client.get(reverse("wagtailadmin_block_preview"), {"id": block.definition_prefix})

    text = answer.content.decode()
    assert (answer.status_code, "css/look.css" in text, SHOWN[name] in text) == (200, True, True)


def test_a_preview_is_for_staff(client: Client, ana: User) -> None:
    client.force_login(ana)

    assert client.get(reverse("wagtailadmin_block_preview"), {"id": "x"}).status_code == 302
