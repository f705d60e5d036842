"""A process that ends with its parent, however the parent goes.

Between parent and child stands a watcher that holds a pipe: it sees the end of the pipe even when the parent is
killed, and ends the child then. Each stands in a session of its own, so that Ctrl-C on a terminal reaches the parent
alone, which ends the others in order.
"""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

GRACE_SECONDS = 10.0
"""How long a child may take to end before it is killed."""


class Tethered:
    """A child process with its output in a log file."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        with log.open("ab") as output:
            self._watcher = subprocess.Popen(  # noqa: S603  our own interpreter and arguments
                [sys.executable, "-m", "flows.scheduling.tether", *command],
                env={**environment},
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def ended_with(self) -> int | None:
        """Give the exit code; none while it runs."""
        return self._watcher.poll()

    def end(self) -> None:
        """End the child and wait until it is gone."""
        if self._watcher.stdin:
            self._watcher.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            self._watcher.wait(timeout=GRACE_SECONDS + 5)
            return
        self._watcher.kill()
        self._watcher.wait()


def hold(command: Sequence[str]) -> int:
    """Run a command until it ends, or until the pipe on standard input does; give its exit code."""
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603  what our parent asked for
    while child.poll() is None:
        readable, _, _ = select.select([sys.stdin], [], [], 1.0)
        if readable and not os.read(sys.stdin.fileno(), 1):
            break
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(timeout=GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
    return child.wait()


def main() -> None:
    """Hold what the arguments name; signals are for the parent to pass on.

    They are caught and not ignored, since a child would inherit that.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    sys.exit(hold(sys.argv[1:]))


if __name__ == "__main__":
    main()
