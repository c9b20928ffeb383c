"""Pages about oneself."""

import json

from django.test import Client

from members.domain import records
from members.models import User


def test_my_page_names_person_post_team_and_sending_unit(client: Client, ana: User) -> None:
    client.force_login(ana)

    page = client.get("/me/").content.decode()

    for text in ("安娜", "柳湾村工作队", "县农业农村局", "LX0001", "/password/", "/sign-out/", "/language/"):
        assert text in page
    assert "/admin/" not in page


def test_staff_find_the_way_to_their_pages(client: Client, cleo: User) -> None:
    client.force_login(cleo)

    assert 'href="/admin/"' in client.get("/me/").content.decode()


def test_my_page_needs_few_queries(client: Client, ana: User, django_assert_max_num_queries) -> None:
    client.force_login(ana)

    with django_assert_max_num_queries(7):
        client.get("/me/")


def test_my_data_is_mine_and_complete(client: Client, ana: User, dan: User, monkeypatch) -> None:
    monkeypatch.setattr(records, "_records", dict(records._records))
    records.register_record("exams", "Exams", lambda person: [{"title": f"测试 {person.code}"}])
    client.force_login(ana)

    response = client.get("/me/data/")

    data = json.loads(response.content)
    assert response["Content-Disposition"] == 'attachment; filename="yingzhi-LX0001.json"'
    assert (data["account"]["content"]["name"], data["account"]["content"]["staff_number"]) == ("安娜", "LX0001")
    assert [posting["village"] for posting in data["postings"]["content"]] == ["柳湾村"]
    assert data["roles"]["content"] == [{"role": data["roles"]["content"][0]["role"], "division": "青石镇"}]
    assert data["exams"]["content"] == [{"title": "测试 LX0001"}]
    assert "丹恩" not in response.content.decode()
    assert "password" not in data["account"]["content"]


def test_pages_about_oneself_need_a_sign_in(client: Client, db: None) -> None:
    assert client.get("/me/")["Location"] == "/sign-in/?next=/me/"
    assert client.get("/me/data/")["Location"] == "/sign-in/?next=/me/data/"
    assert client.get("/privacy/").status_code == 200
