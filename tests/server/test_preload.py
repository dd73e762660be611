"""The workers share what is loaded before they are forked: the first request finds it all there."""

import os
import subprocess
import sys
from pathlib import Path

from tests.plugin import fresh_keys

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("passwords", "giropops", "django", "redis", "django_redis", "nacl")
PROGRAM = """
import sys
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "giropops.settings"
import django
django.setup()
from django.core.management import call_command
from django.template import engines
from django.test import Client
from django.urls import resolvers
from giropops.server import preload
import giropops.wsgi  # as gunicorn does with preload_app
call_command("migrate", verbosity=0)

preload.load_all()

modules = set(sys.modules)
cached = engines["django"].engine.template_loaders[0].get_template_cache
templates = set(cached)
routes = []
resolvers.normalize = routes.append  # Django calls it for each route that it reads
Client().get("/")
Client().post("/api/gerar-senha", {"tamanho": 12}, content_type="application/json")
Client().post("/", {"tamanho": 12})
late = [name for name in set(sys.modules) - modules if name.partition(".")[0] in sys.argv[1:]]
late += set(cached) - templates
late += routes
print(*sorted(late))
"""


def test_the_first_requests_load_no_code_no_templates_and_no_routes() -> None:
    result = subprocess.run(
        [sys.executable, "-c", PROGRAM, *PACKAGES],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DOTENV": "",
            "DATABASE_URL": "sqlite://:memory:",
            "REDIS_URL": "redis://127.0.0.1:1/0",
            "ALLOWED_HOSTS": "testserver",
            **fresh_keys(),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert (result.stdout.split(), result.returncode) == ([], 0), result.stderr
