"""QTI as other programs write it, for tests."""

from io import BytesIO
from zipfile import ZipFile

NS_21 = "http://www.imsglobal.org/xsd/imsqti_v2p1"
NS_22 = "http://www.imsglobal.org/xsd/imsqti_v2p2"
NS_30 = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
MATCH = '<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"/>'


def item(inner: str, *, namespace: str = NS_21, identifier: str = "i1") -> str:
    name = "qti-assessment-item" if namespace == NS_30 else "assessmentItem"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{name} xmlns="{namespace}" identifier="{identifier}" title="题" '
        f'adaptive="false" timeDependent="false">{inner}</{name}>'
    )


def key(*right: str, cardinality: str = "single", mapping: str = "", base: str = "identifier") -> str:
    correct = "".join(f"<value>{each}</value>" for each in right)
    return (
        f'<responseDeclaration identifier="RESPONSE" cardinality="{cardinality}" baseType="{base}">'
        f"{f'<correctResponse>{correct}</correctResponse>' if right else ''}"
        f"{f'<mapping defaultValue=%s0%s>{mapping}</mapping>' % (chr(34), chr(34)) if mapping else ''}"
        "</responseDeclaration>"
    )


def mapped(**points: float) -> str:
    return "".join(f'<mapEntry mapKey="{name}" mappedValue="{value}"/>' for name, value in points.items())


def choices(*texts: str, before: str = "", prompt: str = "问题", shuffle: str = "true") -> str:
    offered = "".join(
        f'<simpleChoice identifier="{name}">{text}</simpleChoice>' for name, text in zip("ABCDEFG", texts, strict=False)
    )
    return (
        f'<itemBody>{before}<choiceInteraction responseIdentifier="RESPONSE" shuffle="{shuffle}" maxChoices="1">'
        f"<prompt>{prompt}</prompt>{offered}</choiceInteraction></itemBody>"
    )


def manifest(*resources: tuple[str, str], namespace: str = "http://www.imsglobal.org/xsd/imscp_v1p1") -> str:
    """``resources`` are types with addresses."""
    listed = "".join(
        f'<resource identifier="r{number}" type="{kind}" href="{href}"><metadata><lom xmlns="urn:lom"><general/></lom>'
        f'</metadata><file href="{href}"/></resource>'
        for number, (kind, href) in enumerate(resources)
    )
    return f'<manifest xmlns="{namespace}" identifier="m"><organizations/><resources>{listed}</resources></manifest>'


def package(members: dict[str, str | bytes]) -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()
