"""How much one caller may ask for per minute, counted in cost, together for all processes of a server on one machine."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from sipetruk.api.buckets import Buckets
from sipetruk.api.faults import Code, RequestRefused

COST_PER_MINUTE = 40_000
MIN_COST = 10
"""What the cheapest operation counts: reading a request is work as well."""
WINDOW = 60.0


class Rate:
    """A bucket per caller that fills evenly: `COST_PER_MINUTE` a minute.

    `buckets` are those of a file that other processes use too; without them this process counts on its own.
    """

    def __init__(self, limit: int = COST_PER_MINUTE, clock: Callable[[], float] = time.monotonic, buckets: Buckets | None = None) -> None:
        self.limit = limit
        self._clock = clock
        self._buckets = buckets or Buckets()

    def charge(self, caller: str, cost: int) -> dict[str, str]:
        """Take the cost from the caller's bucket; the headers that tell how much is left, or `RequestRefused` 429."""
        price = min(max(cost, MIN_COST), self.limit)
        is_enough, level = self._buckets.take(caller, price, self.limit, WINDOW, self._clock())
        headers = {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(int(level)),
            "RateLimit-Reset": str(self._seconds_until(self.limit - level)),
        }
        if not is_enough:
            wait = self._seconds_until(price - level)
            raise RequestRefused(
                429,
                f"Terlalu banyak permintaan. Coba lagi dalam {wait} detik.",
                Code.RATE_LIMITED,
                headers={**headers, "Retry-After": str(wait)},
            )
        return headers

    def _seconds_until(self, amount: float) -> int:
        return math.ceil(amount * WINDOW / self.limit)
