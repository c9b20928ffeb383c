"""What a page of the library costs on the wire: everything on a first visit, compressed, without pictures."""

import gzip
import re
from pathlib import Path

import lightningcss
import pytest
from django.conf import settings
from django.test import Client

from config.storage import BROWSERS, BUNDLES
from members.models import User
from tests.factories.cms import a_handbook, an_entry, entry_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]
MOST_BYTES = 40_000
ENTRIES = 60


def bytes_of_page(client: Client, address: str) -> int:
    return len(client.get(address, headers={"Accept-Encoding": "gzip"}).content)


def bytes_of_file(address: str) -> int:
    name = address.removeprefix(settings.STATIC_URL)
    path = settings.BASE_DIR / "static" / name
    if name in BUNDLES:
        return len(gzip.compress(lightningcss.bundle_css(str(path), browsers_list=BROWSERS).encode()))
    return len(gzip.compress(Path(path).read_bytes()))


def first_visit(client: Client, address: str) -> int:
    """The page with its styles, scripts and seal; with a worker, what that fetches as well."""
    html = client.get(address).content.decode()
    files = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', html))
    total = bytes_of_page(client, address) + sum(bytes_of_file(file) for file in files)
    if "data-offline-note" in html:
        # It looks at this page once more, because it was not there yet when the page came.
        total += bytes_of_page(client, "/service-worker.js") + bytes_of_page(client, "/offline/")
        total += bytes_of_page(client, address)
    return total


def test_a_first_visit_is_small(client: Client, ana: User) -> None:
    text = "".join(f"第{number}句，驻村工作队每季度入户走访，先看住房，再看饮水，再看收入。" for number in range(20))
    entry = entry_of(a_handbook(*(an_entry(f"驻村天数的第{n}条规定怎样计算", text=text) for n in range(ENTRIES))))
    chapter = entry.get_parent()
    client.force_login(ana)
    addresses = {
        "handbook": chapter.get_parent().url,
        "chapter": chapter.url,
        "entry": entry.url,
        "search": "/search/?q=驻村天数",
    }

    totals = {place: first_visit(client, address) for place, address in addresses.items()}

    print(f"bytes of a first visit: {totals}")  # noqa: T201
    assert {place: total for place, total in totals.items() if total > MOST_BYTES} == {}
