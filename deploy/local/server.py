"""A local server as its users hold it: an address, and hands to stop, crash and freeze it."""

from collections.abc import Callable
from dataclasses import dataclass

from deploy.local.process import Child


@dataclass
class Server:
    """A running server that can be ended in several ways and started again on the same data and address."""

    name: str
    address: str
    child: Child
    launch: Callable[[], Child]

    @property
    def pid(self) -> int:
        """Its process id; another after `start`."""
        return self.child.pid

    @property
    def running(self) -> bool:
        """Say whether its process has not ended."""
        return self.child.running

    def stop(self) -> None:
        """End it in order."""
        self.child.stop()

    def kill(self) -> None:
        """Crash it: kill -9."""
        self.child.kill()

    def pause(self) -> None:
        """Freeze it."""
        self.child.pause()

    def resume(self) -> None:
        """Let it go on."""
        self.child.resume()

    def mend(self) -> None:
        """Have it run and answer again, whatever was done to it."""
        if self.running:
            self.resume()
        else:
            self.start()

    def start(self) -> None:
        """Start it again after `stop` or `kill`, and wait until it is ready."""
        self.child = self.launch()
