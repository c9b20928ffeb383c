"""axe-core on a page that may be asked several times: its half megabyte is read once for every page opened."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SCRIPT = Axe().axe_script
GRAVE = {"serious", "critical"}


def grave_violations(page: Page, options: dict[str, Any]) -> list[dict[str, Any]]:
    """What axe finds on the page as it looks now and calls serious or worse."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(SCRIPT)
    found = page.evaluate("options => axe.run(options).then(results => results.violations)", options)
    return [violation for violation in found if violation["impact"] in GRAVE]
