"""Eight thousand people at once: start within a minute, then an answer every twenty seconds each.

The load is open: every request has its moment on a timetable, and how long it took is counted from that
moment, so a server that falls behind cannot hide it.
"""

import asyncio
import heapq
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Figure = tuple[str, float, str]

PEOPLE = 8_000
RAMP_SECONDS = 60
STEADY_SECONDS = 60
SAVE_EVERY_SECONDS = 20
CONNECTIONS = 48
CSRF = "b" * 32
GRANT = re.compile(rb'data-capability="([^"]+)"')
OPTION = re.compile(rb'name="q(\d+)"[^>]*?\svalue="([^"]+)"')


def figures(*, by: Any) -> Iterator[Figure]:
    """Publish for everybody, serve, and let another process press."""
    from common.clock import now
    from members.models import User
    from tests.benchmarks.client import session_cookie
    from tests.benchmarks.county import make_exam, publish
    from tests.benchmarks.server import serving

    exam = publish(make_exam("八千人", by=by, at=now()), by=by, at=now())
    people = User.objects.filter(username__startswith="bench").order_by("code")[:PEOPLE]
    cookies = [session_cookie(person) for person in people]
    with serving(threads=4) as server, tempfile.NamedTemporaryFile("w", suffix=".json") as plan:
        json.dump({"port": server.port, "exam": str(exam.uuid), "cookies": cookies}, plan)
        plan.flush()
        before = server.cpu_seconds()
        output = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.thousands", plan.name], capture_output=True, text=True, check=True
        )
        spent = server.cpu_seconds() - before
    found = json.loads(output.stdout)
    for name in ("start", "save in the first minute", "save after it"):
        times = found[name]
        yield f"{len(cookies)} at once: {name}, median", 1000 * times["median"], "ms"
        yield f"{len(cookies)} at once: {name}, p95", 1000 * times["p95"], "ms"
        yield f"{len(cookies)} at once: {name}, requests", times["count"], "requests"
    yield f"{len(cookies)} at once: errors", found["errors"], "requests"
    yield f"{len(cookies)} at once: server and database", spent / found["seconds"], "cores"


# -- the process that presses: no Django in it ----------------------------------------------


@dataclass
class Person:
    cookie: str
    uuid: str = ""
    grant: str = ""
    options: list[tuple[int, str]] = field(default_factory=list)
    saved: int = 0


@dataclass
class Press:
    """Connections, the timetable, and how long everything took."""

    port: int
    exam: str
    people: list[Person]
    began: float = 0.0
    timetable: list[tuple[float, int]] = field(default_factory=list)
    times: dict[str, list[float]] = field(
        default_factory=lambda: {"start": [], "save in the first minute": [], "save after it": []}
    )
    errors: int = 0

    async def run(self) -> None:
        self.began = time.perf_counter()
        step = RAMP_SECONDS / len(self.people)
        self.timetable = [(number * step, number) for number in range(len(self.people))]
        heapq.heapify(self.timetable)
        await asyncio.gather(*(self.connection() for _ in range(CONNECTIONS)))

    async def connection(self) -> None:
        link = await asyncio.open_connection("127.0.0.1", self.port, limit=2**20)
        while self.timetable:
            due, number = heapq.heappop(self.timetable)
            await asyncio.sleep(max(0.0, self.began + due - time.perf_counter()))
            try:
                await self.act(link, self.people[number], due)
            except (OSError, ValueError, AttributeError, asyncio.IncompleteReadError):
                self.errors += 1
                link = await asyncio.open_connection("127.0.0.1", self.port, limit=2**20)
            if due + SAVE_EVERY_SECONDS <= RAMP_SECONDS + STEADY_SECONDS:
                heapq.heappush(self.timetable, (due + SAVE_EVERY_SECONDS, number))
        link[1].close()

    async def act(self, link: Any, person: Person, due: float) -> None:
        if person.grant:
            await self.save(link, person)
            name = "save in the first minute" if due < RAMP_SECONDS else "save after it"
        else:
            await self.start(link, person)
            name = "start"
        self.times[name].append(time.perf_counter() - self.began - due)

    async def start(self, link: Any, person: Person) -> None:
        cookie = f"{person.cookie}; csrftoken={CSRF}"
        form = f"csrfmiddlewaretoken={CSRF}".encode()
        kind = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        status, headers, _body = await ask(link, "POST", f"/exams/{self.exam}/start/", kind, form)
        if status != 302:
            raise ValueError(status)
        address = re.search(rb"(?i)location: *(\S+)", headers)[1].decode()  # type: ignore[index]
        status, _headers, body = await ask(link, "GET", address, {"Cookie": cookie})
        person.grant = GRANT.search(body)[1].decode()  # type: ignore[index]
        person.uuid = address.strip("/").split("/")[-1]
        first = {int(number): option.decode() for number, option in reversed(OPTION.findall(body))}
        person.options = sorted(first.items())

    async def save(self, link: Any, person: Person) -> None:
        number, option = person.options[person.saved % len(person.options)]
        person.saved += 1
        body = json.dumps(
            {"responses": [{"number": number, "answer": {"options": [option]}, "sequence": person.saved}]}
        )
        headers = {"Authorization": f"Attempt {person.grant}", "Content-Type": "application/json"}
        status, _headers, answer = await ask(
            link, "PATCH", f"/api/v1/attempts/{person.uuid}/responses/", headers, body.encode()
        )
        if status != 200 or json.loads(answer)["saved"] != [number]:
            raise ValueError(status)


async def ask(
    link: Any, method: str, path: str, headers: dict[str, str], body: bytes = b""
) -> tuple[int, bytes, bytes]:
    reader, writer = link
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    writer.write("\r\n".join([*lines, "", ""]).encode() + body)
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: *(\d+)", head)
    content = await reader.readexactly(int(length[1])) if length else b""
    return int(head.split(b" ", 2)[1]), head, content


def summary(times: list[float]) -> dict[str, float]:
    ordered = sorted(times) or [0.0]
    return {"count": len(times), "median": ordered[len(ordered) // 2], "p95": ordered[int(len(ordered) * 0.95)]}


def main(plan: dict[str, Any]) -> None:
    press = Press(plan["port"], plan["exam"], [Person(cookie) for cookie in plan["cookies"]])
    asyncio.run(press.run())
    found: dict[str, Any] = {name: summary(times) for name, times in press.times.items()}
    print(json.dumps({**found, "errors": press.errors, "seconds": time.perf_counter() - press.began}))


if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_text("utf-8")))
