"""How static files are served: one stylesheet, hashed names, compressed beforehand."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lightningcss
from whitenoise.storage import CompressedManifestStaticFilesStorage

# Each names others by @import. In development they arrive one by one under their own names;
# collectstatic makes one file of them, because a chain of imports is slow on a phone.
BUNDLES = ("css/look.css",)
# Cascade layers need these browsers anyway; nothing newer may be assumed in the syntax.
BROWSERS = ["chrome 99", "edge 99", "firefox 97", "safari 15.4", "ios_saf 15.4"]


class BundlingStorage(CompressedManifestStaticFilesStorage):
    """Inlines ``@import … layer(x)`` as ``@layer x`` when collecting, and hashes the modules scripts import."""

    support_js_module_import_aggregation = True

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        if not dry_run:
            paths = paths | {name: self._bundled(name, paths) for name in BUNDLES}
        yield from super().post_process(paths, dry_run=dry_run, **options)

    def _bundled(self, name: str, paths: dict[str, Any]) -> tuple["BundlingStorage", str]:
        # From the source, not from what was collected: collecting again must not bundle a bundle.
        storage, path = paths[name]
        bundled = lightningcss.bundle_css(storage.path(path), browsers_list=BROWSERS)
        Path(self.path(name)).write_text(bundled, encoding="utf-8")
        return self, name
