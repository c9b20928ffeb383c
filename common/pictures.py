"""A picture on its way into a file or out of one."""

from io import BytesIO
from typing import NamedTuple


class Picture(NamedTuple):
    """The bytes of a picture with its name and the words for whoever cannot see it."""

    name: str
    content: bytes
    description: str = ""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels. Raises what Pillow raises for bytes that are no picture."""
        # Late: most tables are written without pictures, and need no Pillow.
        from PIL import Image

        with Image.open(BytesIO(self.content)) as opened:
            return opened.size
