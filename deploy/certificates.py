"""Makes what TLS inside compose.yaml needs: an authority, and a certificate with its key a server.

    python certificates.py AUTHORITY CERTIFICATES NAME[:UID]...

AUTHORITY (a folder) keeps the authority's key, which no server sees; CERTIFICATES gets `ca.pem`
and for each name `NAME.pem` and `NAME.key`, the key with mode 0600 and of the user UID. What is
there and good stays as it is: the command may be given again at any time, and renews what ends
within a year. Certificates are for the name, `localhost` and 127.0.0.1, to serve and to ask; what
a name may do is for who is asked to say (`nodes_dn`, `admin_dn`). Form: RFC 5280.
"""

from __future__ import annotations

import ipaddress
import os
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY_YEARS, CERTIFICATE_YEARS, RENEWED_YEARS = 20, 5, 1
USAGE = 2  # as in sysexits.h
PUBLIC, PRIVATE = 0o644, 0o600


@dataclass(frozen=True, slots=True)
class Authority:
    """Who signs."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def main(told: list[str]) -> int:
    """Make what is missing; prints one line a file that was made."""
    if len(told) < 3:
        print("certificates.py AUTHORITY CERTIFICATES NAME[:UID]...", file=sys.stderr)
        return USAGE
    place, folder = Path(told[0]), Path(told[1])
    authority = kept_authority(place) or new_authority(place)
    write(folder / "ca.pem", pem(authority.certificate), PUBLIC)
    for name, _, user in (one.partition(":") for one in told[2:]):
        if not is_good(folder, name, authority):
            certify(folder, name, int(user) if user else None, authority)
    return 0


def kept_authority(place: Path) -> Authority | None:
    """The authority of this folder, unless there is none that outlives what it would sign."""
    if not (place / "ca.pem").exists():
        return None
    certificate = x509.load_pem_x509_certificate((place / "ca.pem").read_bytes())
    if certificate.not_valid_after_utc < in_years(CERTIFICATE_YEARS):
        return None
    key = serialization.load_pem_private_key((place / "ca.key").read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise SystemExit(f"{place / 'ca.key'}: not a key that this program has made")
    return Authority(certificate, key)


def new_authority(place: Path) -> Authority:
    """An authority, kept in the folder; the certificate last, so that it is never without key."""
    key, name = ec.generate_private_key(ec.SECP256R1()), named("Jarshy's authority")
    usage = x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    made = (
        begun(name, name, key.public_key(), AUTHORITY_YEARS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    write(place / "ca.key", private(key), PRIVATE)
    write(place / "ca.pem", pem(made), PUBLIC)
    return Authority(made, key)


def is_good(folder: Path, name: str, authority: Authority) -> bool:
    """Whether a name has its key and a certificate of this authority that lasts for a while."""
    path = folder / f"{name}.pem"
    if not path.exists() or not (folder / f"{name}.key").exists():
        return False
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    try:
        certificate.verify_directly_issued_by(authority.certificate)
    except (ValueError, InvalidSignature):
        return False
    return certificate.not_valid_after_utc > in_years(RENEWED_YEARS)


def certify(folder: Path, name: str, user: int | None, authority: Authority) -> None:
    """A new key and its certificate, the certificate last: without it both are made again."""
    key = ec.generate_private_key(ec.SECP256R1())
    names: list[x509.GeneralName] = [x509.DNSName(name), x509.DNSName("localhost")]
    names.append(x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
    both = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH])
    by = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key())
    issuer = authority.certificate.subject
    made = (
        begun(named(name), issuer, key.public_key(), CERTIFICATE_YEARS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(both, critical=False)
        .add_extension(by, critical=False)
        .sign(authority.key, hashes.SHA256())
    )
    (folder / f"{name}.pem").unlink(missing_ok=True)
    write(folder / f"{name}.key", private(key), PRIVATE, user)
    write(folder / f"{name}.pem", pem(made), PUBLIC)


def begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, years: int
) -> x509.CertificateBuilder:
    """What all certificates have; valid since yesterday, as clocks differ."""
    builder = x509.CertificateBuilder(issuer, subject, key, x509.random_serial_number())
    return builder.not_valid_before(in_years(0) - timedelta(days=1)).not_valid_after(
        in_years(years)
    )


def write(path: Path, content: bytes, mode: int, user: int | None = None) -> None:
    """Put a file in place whole, its mode and user before its content."""
    if mode == PUBLIC and path.exists() and path.read_bytes() == content:
        return
    part = path.with_name(f"{path.name}.new")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE), "wb") as file:
        os.fchmod(file.fileno(), mode)
        if user is not None:
            os.fchown(file.fileno(), user, user)
        file.write(content)
        os.fsync(file.fileno())
    part.rename(path)
    print(f"made {path}")


def in_years(years: int) -> datetime:
    """The day in so many years."""
    return datetime.now(UTC).replace(microsecond=0) + timedelta(days=365 * years)


def named(name: str) -> x509.Name:
    """A name with nothing but CN, as opensearch.yml compares it."""
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def pem(certificate: x509.Certificate) -> bytes:
    """A certificate as text."""
    return certificate.public_bytes(serialization.Encoding.PEM)


def private(key: ec.EllipticCurvePrivateKey) -> bytes:
    """A key as text, in the form that Java reads: PKCS 8, without a password."""
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
