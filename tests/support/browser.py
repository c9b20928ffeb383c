"""The Chromium of this machine, quiet, and the screens of the product's people."""

import os
import shutil
from typing import Any

PHONE = {"width": 360, "height": 800}
DESK = {"width": 1280, "height": 900}
NAMES = ("chromium", "chromium-browser", "google-chrome")
# Nothing but the pages under test goes over the network.
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]


def launch_arguments() -> dict[str, Any]:
    """For Playwright's ``launch``: the system's Chromium where there is one, otherwise Playwright's own."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    # Chromium's own sandbox does not work for root.
    arguments = [*QUIET, "--no-sandbox"] if os.geteuid() == 0 else QUIET
    return {"args": arguments, **({"executable_path": found} if found else {})}
