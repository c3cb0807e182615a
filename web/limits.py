"""How often one browser or one address may ask. Counted in this process only: a brake, not a
ledger.
"""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from web.refusals import Refusal

_MOST_KEPT = 20_000


class Limit:
    """A bucket for each key that holds `most` and fills up again within `seconds`."""

    def __init__(
        self, most: int, seconds: float, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most = most
        self._per_second = most / seconds
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: str) -> float:
        """Take one; returns 0, or the seconds to wait if none is left."""
        with self._lock:
            now = self._clock()
            left, at = self._buckets.pop(key, (float(self._most), now))
            left = min(self._most, left + (now - at) * self._per_second)
            granted = left >= 1
            self._buckets[key] = (left - 1 if granted else left, now)
            if len(self._buckets) > _MOST_KEPT:
                self._buckets.popitem(last=False)
            return 0.0 if granted else (1 - left) / self._per_second

    def demand(self, key: str) -> None:
        """Take one. Refuses with 429 and how many seconds to wait."""
        wait = self.take(key)
        if wait:
            seconds = str(max(1, math.ceil(wait)))
            raise Refusal(
                429, "too_many", f"Too many at once: wait {seconds} s.", {"Retry-After": seconds}
            )
