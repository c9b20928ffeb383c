"""The real server in processes of its own, on the database of the running test."""

import os
import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from django.conf import settings
from django.db import connection

# Two workers import everything at once, perhaps on a busy machine.
START_SECONDS = 150
HERE = "127.0.0.1"


def database_url() -> str:
    """The test database as another process names it."""
    name, place = connection.settings_dict["NAME"], connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    password = f":{place['PASSWORD']}" if place["PASSWORD"] else ""
    return f"postgres://{place['USER']}{password}@{place['HOST']}:{place['PORT']}/{name}"


class Server:
    """Granian with two workers, as ``make run`` starts it. Tests that use it commit their rows."""

    def __init__(self) -> None:
        self.port = _free_port()

    def start(self) -> "Server":
        granian = Path(sys.executable).with_name("granian")
        options = ["--interface", "wsgi", "--host", HERE, "--port", str(self.port), "--workers", "2"]
        options += ["--blocking-threads", "2", "--no-ws", "--log-level", "error"]
        environment = {
            **os.environ,
            "DATABASE_URL": database_url(),
            "DJANGO_SETTINGS_MODULE": "config.settings.development",
            "SECRET_KEY": settings.SECRET_KEY,
        }
        self.process = subprocess.Popen(
            [granian, *options, "config.wsgi:application"],
            env=environment,
            cwd=settings.BASE_DIR,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._wait_until_it_answers()
        return self

    def _wait_until_it_answers(self) -> None:
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            try:
                caller = HTTPConnection(HERE, self.port, timeout=5)
                caller.request("GET", "/healthz")
                if caller.getresponse().status == 200:
                    return
            except (OSError, HTTPException):
                time.sleep(0.1)
            finally:
                caller.close()
        self.kill()
        raise AssertionError("the server did not come up")

    def kill(self) -> None:
        """SIGKILL to every process of it: nothing is tidied up, no request is answered any more."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HERE, 0))
        return int(probe.getsockname()[1])
