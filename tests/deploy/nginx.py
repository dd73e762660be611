"""A real nginx with one of the project's files."""

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import requests

from tests.live import ROOT
from tests.servers import LoopbackServer, find_program, free_port

NAME: Final = "localhost"
"""The host name behind which the app is."""
_FOLDER: Final = ROOT / "deploy" / "nginx"


class Nginx(LoopbackServer):
    """nginx with a file of deploy/nginx/, a certificate of its own, and loopback ports.

    Args:
        configuration: the name of the file.
        addresses: what to replace in it.
    """

    def __init__(self, configuration: str, addresses: Mapping[str, str]) -> None:
        super().__init__()
        self._configuration = _FOLDER / configuration
        self._addresses = addresses
        self.plain_port = free_port()

    @property
    def base_url(self) -> str:
        """The scheme and authority behind which the app is."""
        return f"https://{NAME}:{self.port}"

    @property
    def certificate(self) -> Path:
        """The certificate that signs itself."""
        return self.folder / "senhas.crt"

    def _prepare(self) -> None:
        subprocess.run(
            [
                *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
                *("-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"),
                *("-out", self.certificate, "-keyout", self.folder / "senhas.key"),
            ],
            check=True,
            capture_output=True,
        )

    def _spawn(self, log: int) -> subprocess.Popen[bytes]:
        site = self._configuration.read_text(encoding="utf-8")
        for ours, here in {
            "listen 80;": f"listen 127.0.0.1:{self.plain_port};",
            "listen 443 ssl;": f"listen 127.0.0.1:{self.port} ssl;",
            **self._addresses,
            "https://senhas.example.com": self.base_url,
            "/etc/nginx/senhas.example.com": str(self.folder / "senhas"),
            "senhas.example.com": NAME,
        }.items():
            assert ours in site
            site = site.replace(ours, here)
        folders = "".join(
            f"{kind}_temp_path {self.folder / kind};\n"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (self.folder / "nginx.conf").write_text(
            f"daemon off; master_process off; pid {self.folder / 'nginx.pid'};\n"
            f"error_log stderr; events {{}}\nhttp {{ access_log off;\n{folders}{site} }}\n",
            encoding="utf-8",
        )
        return subprocess.Popen(
            [find_program("nginx"), "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )

    def _answers(self) -> bool:
        try:
            requests.get(
                f"{self.base_url}/healthz",
                verify=str(self.certificate),
                timeout=5,
                allow_redirects=False,
            )
        except requests.RequestException:
            return False
        return True
