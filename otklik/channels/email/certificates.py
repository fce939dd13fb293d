"""The door's certificate for STARTTLS: yours, or one made by ourselves so that letters need not come in the clear.

Put yours as `door.pem` (key and chain in one file) into OTKLIK_HOME; it is read when the intake starts.
"""

import os
import ssl
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.utils import timezone

from otklik.env import env

NAME = "door.pem"
LIFE = timedelta(days=3650)


def context(folder: Path | None = None) -> ssl.SSLContext:
    """For the server's side. Makes `door.pem` in `folder` (default: the home) when there is none."""
    path = (folder or env().home) / NAME
    if not path.exists():
        _make(path)
    made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    made.load_cert_chain(path)
    return made


def _make(path: Path) -> None:
    """A self-signed certificate; written whole or not at all, readable by us alone."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "otklik")])
    now = timezone.now()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + LIFE)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(private + made.public_bytes(pem))
    unfinished.replace(path)
