"""How QTI 2.1 and 3.0 spell the same things: ``responseIdentifier`` here, ``response-identifier`` there."""

import re
from dataclasses import dataclass
from functools import cache
from xml.sax.saxutils import quoteattr

_HUMP = re.compile(r"(?<=[a-z0-9])([A-Z])")


@cache
def _kebab(name: str) -> str:
    return _HUMP.sub(lambda found: f"-{found[1].lower()}", name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """Names are given in the spelling of version 2."""

    namespace: str
    manifest_namespace: str
    schema: tuple[str, str]
    resource_type: str
    match_correct: str
    is_3: bool

    def element(self, name: str, *content: str, **attributes: str) -> str:
        """An element of QTI; ``content`` is XML already."""
        written = f"qti-{_kebab(name)}" if self.is_3 else name
        said = "".join(f" {_kebab(key) if self.is_3 else key}={quoteattr(value)}" for key, value in attributes.items())
        return f"<{written}{said}>{''.join(content)}</{written}>" if content else f"<{written}{said}/>"

    def beside(self, content: str) -> str:
        """Content of feedback and guides, which version 3 wraps."""
        return self.element("contentBody", content) if self.is_3 else content


QTI_21 = Dialect(
    namespace="http://www.imsglobal.org/xsd/imsqti_v2p1",
    manifest_namespace="http://www.imsglobal.org/xsd/imscp_v1p1",
    schema=("QTIv2.1 Package", "1.0.0"),
    resource_type="imsqti_item_xmlv2p1",
    match_correct="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct",
    is_3=False,
)
QTI_30 = Dialect(
    namespace="http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
    manifest_namespace="http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1",
    schema=("QTI Package", "3.0.0"),
    resource_type="imsqti_item_xmlv3p0",
    match_correct="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct.xml",
    is_3=True,
)
