"""The picture of a badge, and a picture that carries its credential (Open Badges 3.0, section 5.3.2.1 "Baking")."""

from xml.sax.saxutils import quoteattr

_NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
# An open book in a ring, with a seal: the green and the vermilion of the house.
_DRAWING = (
    '<circle cx="128" cy="128" r="120" fill="#1d5a42"/>'
    '<circle cx="128" cy="128" r="106" fill="none" stroke="#fffefb" stroke-width="3"/>'
    '<path d="M128 96c-16-12-40-16-64-12v82c24-4 48 0 64 12 16-12 40-16 64-12V84c-24-4-48 0-64 12z" fill="#fffefb"/>'
    '<path d="M128 96v82" stroke="#1d5a42" stroke-width="4"/>'
    '<path d="M80 106c12-1 22 1 32 6M80 128c12-1 22 1 32 6M176 106c-12-1-22 1-32 6M176 128c-12-1-22 1-32 6" '
    'fill="none" stroke="#1d5a42" stroke-width="5" stroke-linecap="round"/>'
    '<circle cx="190" cy="190" r="30" fill="#b2321b" stroke="#fffefb" stroke-width="4"/>'
    '<path d="M177 190l9 10 17-19" fill="none" stroke="#fffefb" stroke-width="6" stroke-linecap="round"/>'
)


def badge_image(credential: str = "") -> str:
    """An SVG; with a credential (compact JWS) baked into it if one is given."""
    opening = '<svg xmlns="http://www.w3.org/2000/svg"'
    baked = ""
    if credential:
        opening += f' xmlns:openbadges="{_NAMESPACE}"'
        baked = f"<openbadges:credential verify={quoteattr(credential)}></openbadges:credential>"
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return f'{head}{opening} viewBox="0 0 256 256" width="256" height="256">{baked}{_DRAWING}</svg>\n'
