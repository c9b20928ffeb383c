"""A browser's part of the work, as cheap as it can be made: it shares the two cores with the server."""

import json
import re
from collections.abc import Mapping
from http.client import HTTPConnection
from importlib import import_module
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from members.models import User
from tests.benchmarks.server import Server

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def session_cookie(person: User) -> str:
    """A signed-in session, made without the sign-in page: signing in is a figure of its own."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(person.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()
    store.save()
    return f"{settings.SESSION_COOKIE_NAME}={store.session_key}"


class Browser:
    """One person's connection, cookies and count of transferred bytes."""

    def __init__(self, server: Server, cookie: str = "") -> None:
        self.link: HTTPConnection = server.connect()
        self.cookies = dict([cookie.split("=", 1)]) if cookie else {}
        self.body_bytes = 0
        self.header_bytes = 0

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, bytes, Any]:
        sent = {"Accept-Encoding": "br, gzip", **(headers or {})}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self.link.request(method, path, body, sent)
        response = self.link.getresponse()
        content = response.read()
        self.body_bytes += len(content)
        self.header_bytes += sum(len(name) + len(value) + 4 for name, value in response.getheaders())
        for header in response.headers.get_all("Set-Cookie") or []:
            name, value = header.split(";")[0].split("=", 1)
            self.cookies[name] = value
        return response.status, content, response.headers

    def page(self, path: str) -> str:
        status, content, headers = self.ask("GET", path)
        if status != 200:
            raise RuntimeError(f"{path}: {status}")
        return plain(content, headers)

    def form(self, path: str, page: str, **fields: str) -> tuple[int, str]:
        token = TOKEN.search(page)
        body = urlencode({"csrfmiddlewaretoken": token[1] if token else "", **fields}).encode()
        status, _content, headers = self.ask("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})
        return status, headers.get("Location", "")

    def save(self, uuid: str, grant: str, responses: list[dict[str, Any]]) -> int:
        body = json.dumps({"responses": responses}).encode()
        headers = {"Content-Type": "application/json", "Authorization": f"Attempt {grant}"}
        return self.ask("PATCH", f"/api/v1/attempts/{uuid}/responses/", body, headers)[0]


def plain(content: bytes, headers: Any) -> str:
    """A body without its compression."""
    encoding = headers.get("Content-Encoding", "")
    if encoding == "gzip":
        import gzip

        return gzip.decompress(content).decode()
    if encoding == "br":
        import brotli

        return brotli.decompress(content).decode()
    return content.decode()
