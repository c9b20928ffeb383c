"""What is committed is the product's, not one machine's."""

import re
import subprocess

import pytest
from django.conf import settings

# Homes, work folders and temporary files of a machine, and package hosts other than the public ones.
OF_ONE_MACHINE = re.compile(
    r"(?<![\w.])/(?:home|Users|root|work|mnt|media)/[\w.-]+"
    r"|(?<![\w./])/tmp/[\w.-]+"
    r"|[A-Z]:\\\\?Users\\"
    r"|--(?:extra-)?index-url"
)
TEXT = (".py", ".toml", ".txt", ".md", ".sh", ".html", ".css", ".js", ".po", ".yml", ".yaml", ".cfg", ".ini", ".json")
NAMES = ("Makefile", "Procfile", "run")
THIS = "tests/architecture/test_tracked_files.py"


def tracked() -> list[str]:
    result = subprocess.run(["git", "ls-files"], cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)
    if result.returncode:
        pytest.skip("not a git checkout")
    return result.stdout.splitlines()


def test_no_tracked_file_names_a_path_of_one_machine() -> None:
    found = {}
    for name in tracked():
        path = settings.BASE_DIR / name
        if name == THIS or not path.is_file() or (path.suffix not in TEXT and path.name not in NAMES):
            continue
        if hits := OF_ONE_MACHINE.findall(path.read_text("utf-8", errors="replace")):
            found[name] = hits

    assert found == {}


@pytest.mark.parametrize(
    "line", ["cd /home/ana/yingzhi", "see /root/x", 'open("/tmp/x.sqlite3")', "C:\\Users\\ana", "--index-url x"]
)
def test_control_such_a_path_is_found(line: str) -> None:
    assert OF_ONE_MACHINE.search(line)


@pytest.mark.parametrize(
    "line", ["/exams/", "static/home/x.css", "https://example.org/home/x", "var/tmp/x", "/usr/lib/postgresql"]
)
def test_control_addresses_of_the_product_are_not(line: str) -> None:
    assert not OF_ONE_MACHINE.search(line)


def test_what_is_made_is_not_tracked() -> None:
    made = re.compile(r"(^|/)(var|\.venv|__pycache__|node_modules)/|\.(mo|pyc|sqlite3)$")

    assert [name for name in tracked() if made.search(name)] == []
