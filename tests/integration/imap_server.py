"""A throw-away Dovecot: IMAP and LMTP on loopback, its mail in a folder that goes with it."""

from __future__ import annotations

import contextlib
import grp
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration.certificates import Certificate

PASSWORD = "bao-cao-2024"
START_WITHIN_SECONDS = 20.0

_CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap lmtp
listen = 127.0.0.1
ssl = {ssl}
ssl_cert = <{folder}/certificate.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
auth_failure_delay = 0
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 0
first_valid_gid = 0
mail_location = maildir:{folder}/mail/%n
recipient_delimiter = +
shutdown_clients = yes
mailbox_idle_check_interval = 1 secs
auth_mechanisms = plain login{more_mechanisms}
{token_passdb}
passdb {{
  driver = static
  mechanisms = plain login
  args = "password={password}"
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%n allow_all_users=yes
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap_port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp_port}
  }}
}}
"""


_TOKEN_PASSDB = """passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {folder}/oauth2.conf
}}
"""

_INTROSPECTION = """introspection_mode = post
introspection_url = http://127.0.0.1:{port}/introspect
active_attribute = active
active_value = true
username_attribute = username
"""


class DovecotDidNotStartError(RuntimeError):
    """The server did not answer in time; `log` is what it said."""

    def __init__(self, log: str) -> None:
        super().__init__(f"Dovecot did not start:\n{log}")
        self.log = log


@dataclass(kw_only=True)
class Dovecot:
    """A server that can be stopped and started again on the same ports."""

    folder: Path
    imap_port: int
    lmtp_port: int
    as_owner: list[str]
    user: str = "baocao"
    """Whose mailbox is meant; every name has one, and a mailbox of its own is an empty one."""
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def address(self) -> str:
        """A tagged address of the user."""
        return f"{self.user}+r12-abc@tinh.example"

    def start(self) -> None:
        """Start, and wait until it answers."""
        self._process = subprocess.Popen(
            [*self.as_owner, "dovecot", "-F", "-c", self.folder / "dovecot.conf"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        until = time.monotonic() + START_WITHIN_SECONDS
        while self._process.poll() is None and time.monotonic() < until:
            try:
                with socket.create_connection(("127.0.0.1", self.imap_port), timeout=5) as line:
                    if line.recv(100).startswith(b"* OK"):
                        return
            except OSError:
                time.sleep(0.05)
        log = self.folder / "log"
        raise DovecotDidNotStartError(log.read_text(errors="replace") if log.exists() else "")

    def stop(self) -> None:
        """Stop; every connection ends."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(20)
            # those that serve a connection linger for ten seconds more
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process = None

    def deliver(self, raw: bytes, *, sender: str = "vanthu@xa.example") -> None:
        """Have a mail delivered to a tagged address of the user, by LMTP."""
        with socket.create_connection(("127.0.0.1", self.lmtp_port), timeout=10) as line:
            hears = line.makefile("rb")
            for said in (
                b"",
                b"LHLO localhost\r\n",
                f"MAIL FROM:<{sender}>\r\n".encode(),
                f"RCPT TO:<{self.address}>\r\n".encode(),
                b"DATA\r\n",
                raw.replace(b"\r\n.", b"\r\n..") + b".\r\n",
                b"QUIT\r\n",
            ):
                line.sendall(said)
                answer = hears.readline()
                while answer[3:4] == b"-":
                    answer = hears.readline()
                if answer[:1] not in (b"2", b"3"):
                    raise AssertionError(answer)
            hears.close()

    def files(self) -> list[Path]:
        """The user's mails as they lie on the disk."""
        maildir = self.folder / "mail" / self.user
        return sorted([*maildir.glob("new/*"), *maildir.glob("cur/*")])

    def seen(self) -> list[bool]:
        """Which of the user's mails are marked as seen, in the order they came."""
        return ["S" in file.name.partition(":2,")[2] for file in self.files()]


@contextlib.contextmanager
def running_dovecot(
    certificate: Certificate | None = None, *, introspection_port: int | None = None
) -> Iterator[Dovecot]:
    """Make a server, run it, and leave nothing behind. With a certificate it speaks STARTTLS; with a port at
    which to ask whether a token holds, it takes tokens too (XOAUTH2).

    Dovecot's login refuses to run as root; root's tests run it as the user dovecot, which Debian's package
    makes.
    """
    folder = Path(tempfile.mkdtemp(prefix="dondoc-imap-"))
    owner, become = pwd.getpwuid(os.geteuid()), []
    if owner.pw_uid == 0:
        owner = pwd.getpwnam("dovecot")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        become = ["--reuid=dovecot", "--regid=dovecot", "--init-groups"]
    imap_port, lmtp_port = _free_ports()
    try:
        for file in (certificate.pem, certificate.key) if certificate else ():
            shutil.copy(file, folder / file.name)
            shutil.chown(folder / file.name, owner.pw_uid, owner.pw_gid)
        written = _CONFIGURATION.format(
            folder=folder,
            ssl="yes" if certificate else "no",
            user=owner.pw_name,
            group=grp.getgrgid(owner.pw_gid).gr_name,
            uid=owner.pw_uid,
            gid=owner.pw_gid,
            password=PASSWORD,
            imap_port=imap_port,
            lmtp_port=lmtp_port,
            more_mechanisms=" xoauth2" if introspection_port else "",
            token_passdb=_TOKEN_PASSDB.format(folder=folder) if introspection_port else "",
        )
        if introspection_port:
            (folder / "oauth2.conf").write_text(_INTROSPECTION.format(port=introspection_port))
        if not certificate:
            written = "\n".join(line for line in written.split("\n") if not line.startswith("ssl_"))
        (folder / "dovecot.conf").write_text(written)
        as_owner = ["setpriv", *become, "--pdeathsig=TERM", "--"]
        server = Dovecot(folder=folder, imap_port=imap_port, lmtp_port=lmtp_port, as_owner=as_owner)
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]
