#!/usr/bin/env bash
# A Chromium and a Chinese font for the browser tests. Debian's packages where they can be had,
# Playwright's own download elsewhere.
set -euo pipefail
cd "$(dirname "$0")/.."

have_browser() { command -v chromium || command -v chromium-browser || command -v google-chrome; } >/dev/null 2>&1

if ! have_browser || ! fc-list :lang=zh 2>/dev/null | grep -q .; then
  if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-wqy-microhei gettext >/dev/null
  fi
fi
have_browser || .venv/bin/playwright install chromium
