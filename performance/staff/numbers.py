"""Points as people write them."""

from decimal import Decimal


def plain(value: Decimal, *, signed: bool = False) -> str:
    """``2.50`` -> ``2.5``, ``10.00`` -> ``10``; ``signed`` with its sign, the true minus of print."""
    text = f"{abs(value):.2f}".rstrip("0").rstrip(".")
    if value < 0:
        return f"−{text}"
    return f"+{text}" if signed and value else text
