"""The real server, and what it and the database cost in CPU seconds."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from django.db import connection

TICKS = os.sysconf("SC_CLK_TCK")
WORKERS = 2
BARE_REQUESTS = 1500


def _stat(pid: int) -> list[str]:
    # The name in parentheses may hold spaces; what follows it does not.
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def tree(root: int) -> list[int]:
    """``root`` and every living process below it."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int(_stat(int(entry.name))[1])
            except (FileNotFoundError, ProcessLookupError):
                continue
    found = [root]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found


def cpu_seconds(root: int) -> float:
    """CPU seconds of a process tree, those of ended children included."""
    ticks = 0
    for pid in tree(root):
        try:
            ticks += sum(int(value) for value in _stat(pid)[11:15])
        except (FileNotFoundError, ProcessLookupError):
            continue
    return ticks / TICKS


def forget_peak() -> None:
    """From here on ``peak_mib`` counts anew; a process otherwise begins with the peak of the one that started it."""
    Path("/proc/self/clear_refs").write_text("5", "ascii")


def peak_mib() -> float:
    """The most memory this process held since ``forget_peak``."""
    held = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text("ascii"))
    assert held
    return int(held[1]) / 1024


def database_pid() -> int | None:
    """The process all PostgreSQL backends hang below; None for SQLite, whose work is the server's own."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        return int((Path(cursor.fetchone()[0]) / "postmaster.pid").read_text().splitlines()[0])


def spent() -> float:
    """CPU seconds of this process, and of the database where it is another one."""
    database = database_pid()
    return time.process_time() + (cpu_seconds(database) if database else 0)


@dataclass
class Server:
    """A running server on a port of this machine."""

    pid: int
    port: int

    def cpu_seconds(self) -> float:
        """Server processes and database together."""
        database = database_pid()
        return cpu_seconds(self.pid) + (cpu_seconds(database) if database else 0)

    def connect(self) -> HTTPConnection:
        link = HTTPConnection("127.0.0.1", self.port, timeout=60)
        link.connect()
        link.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return link


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(threads: int = 2, application: str = "config.wsgi:application") -> Iterator[Server]:
    """granian as the README runs it, on this process's settings and database."""
    port = _free_port()
    command = [
        str(Path(sys.executable).parent / "granian"),
        "--interface",
        "wsgi",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    command += [
        "--workers",
        str(WORKERS),
        "--blocking-threads",
        str(threads),
        "--no-ws",
        "--log-level",
        "warning",
        "--backlog",
        "2048",
    ]
    process = subprocess.Popen([*command, application], start_new_session=True)
    server = Server(process.pid, port)
    try:
        _wait(server)
        yield server
    finally:
        # It tells its workers itself; one that is ended beside it looks to it like one that died.
        process.terminate()
        process.wait(timeout=120)


def _wait(server: Server) -> None:
    for _attempt in range(1200):
        try:
            link = server.connect()
            link.request("GET", "/healthz")
            if link.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not start")


def bare_view() -> float:
    """CPU milliseconds of a Django view that does nothing, on the same server, now.

    The same work costs three times as much in one hour as in another, on machines that are shared: figures are
    compared by how often this one goes into them.
    """
    with serving(application="tests.benchmarks.bare:application") as server:
        link = server.connect()
        before = cpu_seconds(server.pid)
        for _request in range(BARE_REQUESTS):
            link.request("GET", "/healthz")
            link.getresponse().read()
        return 1000 * (cpu_seconds(server.pid) - before) / BARE_REQUESTS
