"""How often something may be tried from one place; counted in the cache, so by each process where that is its own."""

from dataclasses import dataclass
from hashlib import sha256

from django.core.cache import cache


@dataclass(frozen=True, slots=True)
class Rate:
    """``most`` times within ``seconds`` of the first one. ``name`` keeps it apart from other rates."""

    name: str
    most: int
    seconds: int

    def is_used_up(self, who: str) -> bool:
        return int(cache.get(self._key(who), 0)) >= self.most

    def count(self, who: str) -> None:
        key = self._key(who)
        if not cache.add(key, 1, timeout=self.seconds):
            try:
                cache.incr(key)
            except ValueError:
                # It ran out between the two.
                cache.add(key, 1, timeout=self.seconds)

    def _key(self, who: str) -> str:
        return f"rate.{self.name}.{sha256(who.encode()).hexdigest()[:24]}"
