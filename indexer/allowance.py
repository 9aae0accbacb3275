"""What a question may take for extras, after which it goes without more of them."""

from __future__ import annotations

import time
from dataclasses import dataclass

AT_ONCE = 12


@dataclass(frozen=True, slots=True)
class Allowance:
    """Until when extras may go on.

    With an engine in this process that is processor time of this thread, and one thing is asked
    after the other. An engine elsewhere takes none of it: then it is time by the clock, and several
    things are asked `at_once`.
    """

    until: float
    remote: bool = False

    @classmethod
    def of(cls, seconds: float, remote: bool) -> Allowance:
        """So many seconds from now."""
        return cls((time.monotonic() if remote else time.thread_time()) + seconds, remote)

    @property
    def spent(self) -> bool:
        """Whether the time is over."""
        return (time.monotonic() if self.remote else time.thread_time()) > self.until

    @property
    def at_once(self) -> int:
        """How many things to ask in one go."""
        return AT_ONCE if self.remote else 1
