"""Figures of sitting an exam, taken through the real server."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from statistics import mean

from django.db import connection

from common.clock import now
from exams.models import Attempt, Exam
from members.models import User
from tests.benchmarks.client import Browser, session_cookie
from tests.benchmarks.county import PASSWORD, QUESTIONS_A_PAPER, make_exam, publish
from tests.benchmarks.server import Server, serving

Figure = tuple[str, float, str]

ATTEMPTS = 60
WARM_UP = 6
SIGN_INS = 40
GRANT = re.compile(r'data-capability="([^"]+)"')
OPTION = re.compile(r'name="q(\d+)"[^>]*\svalue="([^"]+)"')
ASSET = re.compile(r'(?:href|src)="(/static/[^"]+\.(?:css|js))"')


def figures(people: list[User], *, by: User) -> Iterator[Figure]:
    """Whole attempts one after another, the storm of starts, sign-ins, bytes and growth."""
    one_by_one = publish(make_exam("逐个", by=by, at=now()), by=by, at=now())
    storm = publish(make_exam("同时", by=by, at=now()), by=by, at=now())
    with serving() as server:
        yield from _whole_attempts(server, one_by_one, people)
        yield from _storm(server, storm, people)
        yield from _sign_ins(server, people)


# -- one after another ----------------------------------------------------------------------


def start(browser: Browser, exam: Exam) -> tuple[str, str, str]:
    """Exam page and start; the attempt's uuid, its grant and its page."""
    page = browser.page(f"/exams/{exam.uuid}/")
    status, location = browser.form(f"/exams/{exam.uuid}/start/", page)
    if status != 302:
        raise RuntimeError(f"start answered {status}")
    sheet = browser.page(location)
    return location.strip("/").split("/")[-1], GRANT.search(sheet)[1], sheet  # type: ignore[index]


def first_options(sheet: str) -> dict[int, str]:
    """For each question the first option on its page."""
    found: dict[int, str] = {}
    for number, value in OPTION.findall(sheet):
        found.setdefault(int(number), value)
    if len(found) != QUESTIONS_A_PAPER:
        raise RuntimeError(f"{len(found)} questions on the page")
    return found


def save_all(browser: Browser, uuid: str, grant: str, options: dict[int, str]) -> None:
    for number, option in options.items():
        status = browser.save(uuid, grant, [{"number": number, "answer": {"options": [option]}, "sequence": 1}])
        if status != 200:
            raise RuntimeError(f"saving answered {status}")


def _whole_attempts(server: Server, exam: Exam, people: list[User]) -> Iterator[Figure]:
    browsers = [Browser(server, session_cookie(person)) for person in people[: ATTEMPTS + WARM_UP]]
    for browser in browsers[:WARM_UP]:
        _sit(server, browser, exam)
    size, costs = _database_bytes(), []
    for browser in browsers[WARM_UP:]:
        costs.append(_sit(server, browser, exam))
    finished = len(browsers) - WARM_UP
    yield "whole attempt without sign-in", mean(cost["whole"] for cost in costs), "CPU s"
    yield "exam page, start and paper", 1000 * mean(cost["start"] for cost in costs), "CPU ms"
    yield "saving one answer", 1000 * mean(cost["saves"] for cost in costs) / QUESTIONS_A_PAPER, "CPU ms"
    yield "hand-in and result", 1000 * mean(cost["result"] for cost in costs), "CPU ms"
    yield "database growth per finished attempt", (_database_bytes() - size) / finished / 1024, "KiB"
    yield from _transferred(server, exam, people[ATTEMPTS + WARM_UP])


def _sit(server: Server, browser: Browser, exam: Exam) -> dict[str, float]:
    """CPU seconds of one attempt by part."""
    moments = [server.cpu_seconds()]
    uuid, grant, sheet = start(browser, exam)
    moments.append(server.cpu_seconds())
    save_all(browser, uuid, grant, first_options(sheet))
    moments.append(server.cpu_seconds())
    status, location = browser.form(f"/attempts/{uuid}/", sheet, action="hand_in")
    if status != 302:
        raise RuntimeError(f"hand-in answered {status}")
    browser.page(location)
    moments.append(server.cpu_seconds())
    parts = [late - early for early, late in pairwise(moments)]
    return {"start": parts[0], "saves": parts[1], "result": parts[2], "whole": sum(parts)}


def _transferred(server: Server, exam: Exam, person: User) -> Iterator[Figure]:
    """Bytes of one attempt from an empty cache: pages, styles, scripts and every answer of the server."""
    browser = Browser(server, session_cookie(person))
    uuid, grant, sheet = start(browser, exam)
    pages = browser.body_bytes
    for address in sorted(set(ASSET.findall(sheet)) | _imported(browser, sheet)):
        browser.ask("GET", address)
    taking = browser.body_bytes
    save_all(browser, uuid, grant, first_options(sheet))
    _status, location = browser.form(f"/attempts/{uuid}/", sheet, action="hand_in")
    browser.page(location)
    yield "transferred for the pages up to the paper", pages / 1024, "KiB"
    yield "transferred until the paper can be answered, with scripts and styles", taking / 1024, "KiB"
    yield "transferred for one attempt, bodies", browser.body_bytes / 1024, "KiB"
    yield (
        "transferred for one attempt, with response headers",
        (browser.body_bytes + browser.header_bytes) / 1024,
        "KiB",
    )


def _imported(browser: Browser, sheet: str) -> set[str]:
    """Modules that the page's scripts import, as the browser would find them."""
    found: set[str] = set()
    waiting = [address for address in ASSET.findall(sheet) if address.endswith(".js")]
    counter = Browser.__new__(Browser)
    counter.link, counter.cookies, counter.body_bytes, counter.header_bytes = browser.link, {}, 0, 0
    while waiting:
        address = waiting.pop()
        text = counter.page(address)
        for name in re.findall(r'from\s*"\./([^"]+)"', text):
            module = f"{address.rpartition('/')[0]}/{name}"
            if module not in found:
                found.add(module)
                waiting.append(module)
    return found


def _database_bytes() -> int:
    """What the exam tables and their indexes take, in bytes."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r' AND relname LIKE 'exams_%'"
            )
            return int(cursor.fetchone()[0])
        cursor.execute("PRAGMA wal_checkpoint(FULL)")
        cursor.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
        return int(cursor.fetchone()[0])


# -- all at once ----------------------------------------------------------------------------


def at_once(tasks: list[Callable[[], None]]) -> float:
    """Run every task in a thread of its own, all released together; seconds until the last has ended."""
    gate, errors = threading.Barrier(len(tasks) + 1), []

    def run(task: Callable[[], None]) -> None:
        gate.wait()
        try:
            task()
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=[task]) for task in tasks]
    for thread in threads:
        thread.start()
    gate.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return time.perf_counter() - began


def _storm(server: Server, exam: Exam, people: list[User]) -> Iterator[Figure]:
    """Everybody has the exam page open and presses start in the same moment."""
    seats = []
    for person in people:
        browser = Browser(server, session_cookie(person))
        seats.append((browser, browser.page(f"/exams/{exam.uuid}/")))

    def press_start(browser: Browser, page: str) -> None:
        status, location = browser.form(f"/exams/{exam.uuid}/start/", page)
        if status != 302:
            raise RuntimeError(f"start answered {status}")
        browser.page(location)

    before = server.cpu_seconds()
    seconds = at_once([lambda seat=seat: press_start(*seat) for seat in seats])  # type: ignore[misc]
    yield f"{len(seats)} starts at once, each", 1000 * (server.cpu_seconds() - before) / len(seats), "CPU ms"
    yield f"{len(seats)} starts at once, the last has the paper after", seconds, "s"
    if Attempt.objects.filter(candidate__exam=exam).count() != len(seats):
        raise RuntimeError("not everybody has an attempt")


def _sign_ins(server: Server, people: list[User]) -> Iterator[Figure]:
    costs = []
    for person in people[:SIGN_INS]:
        browser = Browser(server)
        before = server.cpu_seconds()
        page = browser.page("/sign-in/")
        status, _location = browser.form("/sign-in/", page, username=person.username, password=PASSWORD)
        if status != 302:
            raise RuntimeError(f"sign-in answered {status}")
        costs.append(server.cpu_seconds() - before)
    yield "signing in, page and form", 1000 * mean(costs[5:]), "CPU ms"
