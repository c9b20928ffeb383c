"""The QR code of an entry's stable address."""

from io import BytesIO

import segno

# A phone reads it from paper that was folded; four modules of white around it, also on a dark screen.
LOOK = {"scale": 4, "border": 4, "dark": "#000", "light": "#fff", "omitsize": True}


def drawn_code(address: str) -> bytes:
    """``address`` as an SVG drawing, which may stand in a page as it is."""
    drawn = BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", xmldecl=False, **LOOK)
    return drawn.getvalue()
