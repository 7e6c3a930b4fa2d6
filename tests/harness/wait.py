"""Waiting for a condition: the only place in the tests where time is allowed to pass.

Tests say how long a thing may take with the programs as they are used, on a machine that has nothing
else to do. Here that is stretched to what the sanitizers and the machine's load make of it."""

import os
import time

# From one look at the condition to the next: quick at first, then less often, as looking costs the
# machine time that what is waited for needs itself.
SHORTEST, LONGEST = 0.01, 0.2
# What the sanitizers cost; MIMAMORI_PATIENCE names another factor.
PATIENCE = float(os.environ.get('MIMAMORI_PATIENCE', 3))
MOST = 10


def patient(seconds):
    """So many seconds, stretched to what this machine needs for them now."""
    load = os.getloadavg()[0] / (os.cpu_count() or 1)
    return seconds * min(PATIENCE * max(1, load), max(PATIENCE, MOST))


def wait_for(condition, timeout=10, what=None):
    """Calls condition() until it answers something true and returns that.

    After patient(timeout) seconds it fails with what was waited for. An AssertionError of the
    condition counts as "not yet" and is the reason that is shown in the end."""
    begin = time.monotonic()
    interval = SHORTEST
    while True:
        reason = None
        try:
            answer = condition()
            if answer:
                return answer
        except AssertionError as error:
            reason = error
        waited = time.monotonic() - begin
        if waited >= patient(timeout):
            name = what or getattr(condition, '__name__', 'condition')
            raise AssertionError(f'waited {waited:.1f} s in vain: {name}') from reason
        time.sleep(interval)
        interval = min(1.25 * interval, LONGEST)
