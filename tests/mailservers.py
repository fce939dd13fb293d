"""Real mail servers on loopback: Dovecot (IMAP, LMTP, sign-in by password and by OAuth token) for the tests.

`dovecot` is one server a session; every address exists in it, so a test takes a new one by `account()`.
"""

import base64
import contextlib
import hashlib
import hmac
import imaplib
import itertools
import json
import os
import pwd
import shutil
import signal
import smtplib
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

PASSWORD = "пароль почты".encode().hex()
KEY = b"a key of tests for the tokens of mailboxes"
READY_LIMIT_S = 15
_numbers = itertools.count(1)

_CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
mail_location = maildir:~/Maildir
mail_uid = {user}
mail_gid = {group}
first_valid_uid = 1
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2 oauthbearer
auth_failure_delay = 0
ssl = yes
ssl_cert = <{folder}/server.pem
ssl_key = <{folder}/server.key
postmaster_address = postmaster@localhost
recipient_delimiter = +
imap_idle_notify_interval = 30 secs
mail_max_userip_connections = 100
auth_username_chars =
default_vsz_limit = 1G
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {folder}/oauth2.conf
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/mail/%u allow_all_users=yes
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
protocol lmtp {{
  mail_plugins =
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Sent {{
    special_use = \\Sent
    auto = create
  }}
  mailbox Junk {{
    special_use = \\Junk
    auto = create
  }}
}}
"""
_OAUTH = """
introspection_mode = local
local_validation_key_dict = fs:posix:prefix={folder}/keys/
username_attribute = email
"""


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
    return port


def certificate(folder: Path, name: str = "localhost", file: str = "server") -> Path:
    """Make FILE.key and a self-signed FILE.pem in `folder` for `name`; returns the path of FILE.pem."""
    made = folder / f"{file}.pem"
    names = f"subjectAltName=DNS:{name}" + (",IP:127.0.0.1" if name == "localhost" else "")
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "30",
        "-subj",
        f"/CN={name}",
    ]
    command += ["-addext", names, "-keyout", str(folder / f"{file}.key"), "-out", str(made)]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - of this machine
    return made


@dataclass(frozen=True)
class Account:
    """An address of the real server; its password is the same for all."""

    address: str
    password: str = PASSWORD


class Dovecot:
    """IMAP on `imap_port` (STARTTLS) and `imaps_port` (TLS), LMTP on `lmtp_port`; `ca` is its certificate."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.imap_port, self.imaps_port, self.lmtp_port = (free_port() for _ in range(3))
        self.ca = certificate(folder)
        self._process: subprocess.Popen[bytes] | None = None
        self._write_config()

    def start(self) -> None:
        """Come up and wait until all three ports answer."""
        command = [_program(), "-F", "-c", str(self.folder / "dovecot.conf")]
        with (self.folder / "stderr.log").open("ab") as errors:
            self._process = subprocess.Popen(command, start_new_session=True, stderr=errors)  # noqa: S603 - found
        deadline = time.monotonic() + READY_LIMIT_S
        while not all(_answers(port) for port in (self.imap_port, self.imaps_port, self.lmtp_port)):
            if self._process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"Dovecot не запустился:\n{self.log()}")
            time.sleep(0.02)

    def kill(self) -> None:
        """SIGKILL to the master and all its children, as a power cut would."""
        process = self._process
        assert process is not None
        process.send_signal(signal.SIGSTOP)  # a child born after the look would live on and hold the port
        children = self._children()
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for pid in children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        shutil.rmtree(self.folder / "run", ignore_errors=True)

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(10)

    def account(self, name: str = "box") -> Account:
        """An address that no other test of this run has."""
        return Account(f"{name}{next(_numbers)}@localhost.example")

    def deliver(self, account: Account | str, raw: bytes, *, sender: str = "vera@client.example") -> None:
        """Put a letter into the INBOX as a mail server would, over LMTP; it lies there when this returns."""
        address = account.address if isinstance(account, Account) else account
        with smtplib.LMTP("127.0.0.1", self.lmtp_port) as lmtp:
            lmtp.sendmail(sender, [address], raw)

    def open(self, account: Account) -> imaplib.IMAP4:
        """A signed-in connection of the test's own, with INBOX selected."""
        imap = imaplib.IMAP4("127.0.0.1", self.imap_port)
        imap.login(account.address, account.password)
        imap.select("INBOX")
        return imap

    def letters(self, account: Account, folder: str = "INBOX") -> list[bytes]:
        """All letters of a folder, as they lie there."""
        with self.open(account) as imap:
            imap.select(folder, readonly=True)
            found = imap.uid("fetch", "1:*", "(BODY.PEEK[])")[1] if imap.search(None, "ALL")[1][0] else []
        return [one[1] for one in found if isinstance(one, tuple)]

    def home(self, account: Account) -> Path:
        """The maildir of an address."""
        return self.folder / "mail" / account.address / "Maildir"

    def token(self, account: Account, *, lives_s: int = 3600) -> str:
        """An access token that this server takes for `account`; an expired one with a negative life."""
        now = int(time.time())
        claims = {"email": account.address, "sub": account.address, "iat": now - 7200, "exp": now + lives_s}
        head = _base64(json.dumps({"alg": "HS256", "typ": "JWT", "kid": "default"}).encode())
        signed = f"{head}.{_base64(json.dumps(claims).encode())}"
        return f"{signed}.{_base64(hmac.new(KEY, signed.encode(), hashlib.sha256).digest())}"

    def log(self) -> str:
        path = self.folder / "dovecot.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def _children(self) -> list[int]:
        assert self._process is not None
        listing = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        return [int(pid) for pid in listing.read_text().split()]

    def _write_config(self) -> None:
        root = os.geteuid() == 0
        me = pwd.getpwuid(os.geteuid()).pw_name
        user = "mail" if root else me
        config = _CONFIG.format(
            folder=self.folder, user=user, group=user, password=PASSWORD,
            internal="dovecot" if root else me, internal_group="dovecot" if root else me,
            login="dovenull" if root else me,
            imap=self.imap_port, imaps=self.imaps_port, lmtp=self.lmtp_port,
        )  # fmt: skip
        (self.folder / "dovecot.conf").write_text(config)
        (self.folder / "oauth2.conf").write_text(_OAUTH.format(folder=self.folder))
        key = self.folder / "keys" / "default" / "HS256" / "default"
        key.parent.mkdir(parents=True)
        key.write_text(base64.b64encode(KEY).decode())
        (self.folder / "mail").mkdir(mode=0o777)
        (self.folder / "mail").chmod(0o777)


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def _program() -> str:
    found = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found is None or not Path("/usr/lib/dovecot/lmtp").exists():
        pytest.skip("нет Dovecot: поставьте dovecot-imapd и dovecot-lmtpd (scripts/test-machine)")
    return found


def running(folder: Path) -> Iterator[Dovecot]:
    """For fixtures: `yield from running(folder)`. The folder must be one that other users may enter."""
    _program()
    server = Dovecot(folder)
    server.start()
    yield server
    server.stop()
