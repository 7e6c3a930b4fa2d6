"""Waiting for a condition: the only place in the tests where time is allowed to pass."""

import time

INTERVAL = 0.01


def wait_for(condition, timeout=10, what=None):
    """Calls condition() until it answers something true and returns that.

    After timeout seconds it fails with what was waited for. An AssertionError of the condition
    counts as "not yet" and is the reason that is shown in the end."""
    deadline = time.monotonic() + timeout
    while True:
        reason = None
        try:
            answer = condition()
            if answer:
                return answer
        except AssertionError as error:
            reason = error
        if time.monotonic() >= deadline:
            name = what or getattr(condition, '__name__', 'condition')
            raise AssertionError(f'waited {timeout} s in vain: {name}') from reason
        time.sleep(INTERVAL)
