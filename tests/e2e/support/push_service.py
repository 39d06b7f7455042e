"""A push service on this machine, and a browser that decrypts its pushes."""

import base64
import json
import os
import struct
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


class PushService:
    """Answers with ``status`` and keeps ``pushes``: (path, headers, body)."""

    def __init__(self):
        self.status = 201
        self.pushes = []
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                service.pushes.append((self.path, dict(self.headers), body))
                self.send_response(service.status)
                self.end_headers()

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()


class Browser:
    """A browser with its own keys, registered as Odoo's service worker does it."""

    def __init__(self, service, name):
        self._service = service
        self._path = f"/push/{name}"
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._auth = os.urandom(16)

    def register(self, person):
        vapid = person.call("mail.push.device", "get_web_push_vapid_public_key")
        person.call(
            "mail.push.device",
            "register_devices",
            endpoint=self._service.url + self._path,
            keys={"p256dh": _encode(self._public()), "auth": _encode(self._auth)},
            vapid_public_key=vapid,
        )
        return self

    def received(self):
        """Return this browser's payloads, decrypted."""
        pushes = list(self._service.pushes)
        return [self._decrypt(body) for path, _, body in pushes if path == self._path]

    def _public(self):
        return _point(self._key.public_key())

    def _decrypt(self, body):
        """Decrypt by RFC 8291 and 8188 the single record that a push may have."""
        salt, _size, length = struct.unpack("!16sLB", body[:21])
        sender, record = body[21 : 21 + length], body[21 + length :]
        point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        shared = self._key.exchange(ec.ECDH(), point)
        info = b"WebPush: info\x00" + self._public() + sender
        secret = _derive(self._auth, info, shared, 32)
        key = _derive(salt, b"Content-Encoding: aes128gcm\x00", secret, 16)
        nonce = _derive(salt, b"Content-Encoding: nonce\x00", secret, 12)
        text = AESGCM(key).decrypt(nonce, record, None)
        assert text.endswith(b"\x02"), "not a single record"
        return json.loads(text[:-1])


def _point(key):
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _derive(salt, info, secret, length):
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


def _encode(value):
    return base64.urlsafe_b64encode(value).decode().rstrip("=")
