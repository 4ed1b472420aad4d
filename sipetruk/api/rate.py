"""How much one caller may ask for per minute, counted in cost, in the memory of this process.

With several processes each counts on its own, so the true bound is the limit times their number: enough against a
runaway script, not meant as accounting.
"""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from sipetruk.api.faults import Code, RequestRefused

COST_PER_MINUTE = 40_000
MIN_COST = 10
"""What the cheapest operation counts: reading a request is work as well."""
CALLERS_KEPT = 10_000
WINDOW = 60.0


@dataclass
class _Bucket:
    level: float
    at: float


class Rate:
    """A bucket per caller that fills evenly: `COST_PER_MINUTE` a minute."""

    def __init__(self, limit: int = COST_PER_MINUTE, clock: Callable[[], float] = time.monotonic) -> None:
        self.limit = limit
        self._clock = clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()
        self._lock = threading.Lock()

    def charge(self, caller: str, cost: int) -> dict[str, str]:
        """Take the cost from the caller's bucket; the headers that tell how much is left, or `RequestRefused` 429."""
        price = min(max(cost, MIN_COST), self.limit)
        with self._lock:
            bucket = self._bucket(caller)
            enough = bucket.level >= price
            if enough:
                bucket.level -= price
            level = bucket.level
        headers = {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(int(level)),
            "RateLimit-Reset": str(self._seconds_until(self.limit - level)),
        }
        if not enough:
            wait = self._seconds_until(price - level)
            raise RequestRefused(
                429,
                f"Terlalu banyak permintaan. Coba lagi dalam {wait} detik.",
                Code.RATE_LIMITED,
                headers={**headers, "Retry-After": str(wait)},
            )
        return headers

    def _bucket(self, caller: str) -> _Bucket:
        now = self._clock()
        bucket = self._buckets.setdefault(caller, _Bucket(self.limit, now))
        bucket.level = min(self.limit, bucket.level + (now - bucket.at) * self.limit / WINDOW)
        bucket.at = now
        self._buckets.move_to_end(caller)
        while len(self._buckets) > CALLERS_KEPT:
            self._buckets.popitem(last=False)
        return bucket

    def _seconds_until(self, amount: float) -> int:
        return math.ceil(amount * WINDOW / self.limit)
