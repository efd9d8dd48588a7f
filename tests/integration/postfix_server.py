"""A throw-away Postfix: takes mail on loopback and hands it to an LMTP server, such as our listener."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

START_WITHIN_SECONDS = 20.0

_MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file_prefixes = {folder}
maillog_file = {folder}/log
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mta.tinh.example
mydestination =
alias_maps =
alias_database =
local_recipient_maps =
mynetworks = 127.0.0.0/8
relay_domains = {domains}
relay_transport = lmtp:inet:127.0.0.1:{lmtp_port}
default_transport = error:no mail leaves this machine
recipient_delimiter = +
smtputf8_enable = yes
queue_run_delay = 1s
minimal_backoff_time = 1s
maximal_backoff_time = 1s
"""

_MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 1 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
lmtp unix - - n - - lmtp
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


class PostfixDidNotStartError(RuntimeError):
    """The server did not answer in time; `log` is what it said."""

    def __init__(self, log: str) -> None:
        super().__init__(f"Postfix did not start:\n{log}")
        self.log = log


@dataclass(frozen=True, kw_only=True)
class Postfix:
    """A running server, and the port that it takes mail on."""

    port: int
    folder: Path

    def log(self) -> str:
        """What it did."""
        log = self.folder / "log"
        return log.read_text(errors="replace") if log.exists() else ""


@contextmanager
def running_postfix(lmtp_port: int, domains: str = "dondoc.example") -> Iterator[Postfix]:
    """Make a server whose mails for these domains go to that LMTP port, run it, and leave nothing behind.

    Postfix's master must be started by root.
    """
    folder = Path(tempfile.mkdtemp(prefix="dondoc-postfix-"))
    folder.chmod(0o755)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    try:
        (folder / "main.cf").write_text(_MAIN.format(folder=folder, lmtp_port=lmtp_port, domains=domains))
        (folder / "master.cf").write_text(_MASTER.format(port=port))
        (folder / "queue").mkdir()
        (folder / "data").mkdir()
        owner = pwd.getpwnam("postfix")
        os.chown(folder / "data", owner.pw_uid, owner.pw_gid)
        with (folder / "said").open("wb") as said:
            server = subprocess.Popen(
                ["setpriv", "--pdeathsig=TERM", "--", "/usr/sbin/postfix", "-c", folder, "start-fg"],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
        made = Postfix(port=port, folder=folder)
        try:
            _wait_for(server, made)
            yield made
        finally:
            # the command forks: the server itself is another process, in a session of its own
            subprocess.run(
                ["/usr/sbin/postfix", "-c", folder, "stop"],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
            )
            server.wait(20)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(server: subprocess.Popen[bytes], made: Postfix) -> None:
    until = time.monotonic() + START_WITHIN_SECONDS
    while server.poll() is None and time.monotonic() < until:
        try:
            with socket.create_connection(("127.0.0.1", made.port), timeout=5) as line:
                if line.recv(100).startswith(b"220"):
                    return
        except OSError:
            time.sleep(0.05)
    raise PostfixDidNotStartError((made.folder / "said").read_text(errors="replace") + made.log())
