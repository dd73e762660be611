"""The reference: a Flask app that does what the old one did, to measure the shipped app against.

Plain text in one Redis list for everybody, no history, no encryption, no CSRF, no languages; the
same routes and fields. It draws as the old one did, from a predictable generator: for measuring
only.
"""

import os
import random  # noqa: TID251  # what the old app did; nobody gets these passwords
import string

import redis
from flask import Flask, Response, jsonify, render_template, request
from jinja2 import DictLoader

app = Flask(__name__)
store = redis.Redis.from_url(os.environ["REDIS_URL"], decode_responses=True)

PAGE = """<!doctype html>
<html lang="pt-BR">
<head><meta charset="utf-8"><title>Gerador de Senhas</title>
<link rel="stylesheet" href="/static/style.css"></head>
<body><h1>Gerador de Senhas</h1>
<form method="post">
<label>Tamanho <input type="number" name="tamanho" value="8"></label>
<label><input type="checkbox" name="incluir_numeros"> Incluir números</label>
<label><input type="checkbox" name="incluir_caracteres_especiais"> Incluir especiais</label>
<button>Gerar</button>
</form>
{% if senha %}<p>Senha gerada: <code>{{ senha }}</code></p>{% endif %}
<h2>Últimas senhas</h2>
<ul>{% for senha in senhas %}<li><code>{{ senha }}</code></li>{% endfor %}</ul>
</body></html>
"""
# Through a loader, so that it is compiled once, as a template in a file is.
app.jinja_loader = DictLoader({"index.html": PAGE})


def make_password(length: int, *, digits: bool, symbols: bool) -> str:
    """Draw a password and push it onto everybody's list."""
    alphabet = string.ascii_letters
    if digits:
        alphabet += string.digits
    if symbols:
        alphabet += string.punctuation
    password = "".join(random.choice(alphabet) for _ in range(length))  # noqa: S311  # see above
    store.lpush("senhas", password)
    return password


@app.route("/", methods=["GET", "POST"])
def page() -> str:
    """Show the page, after a POST with a new password."""
    password = None
    if request.method == "POST":
        password = make_password(
            int(request.form.get("tamanho", 8)),
            digits=request.form.get("incluir_numeros") == "on",
            symbols=request.form.get("incluir_caracteres_especiais") == "on",
        )
    return render_template("index.html", senha=password, senhas=store.lrange("senhas", 0, 9))


@app.post("/api/gerar-senha")
def generate() -> Response:
    """Answer with a new password."""
    wanted = request.get_json()
    password = make_password(
        int(wanted.get("tamanho", 8)),
        digits=wanted.get("incluir_numeros", False),
        symbols=wanted.get("incluir_caracteres_especiais", False),
    )
    return jsonify({"senha": password})


@app.get("/api/senhas")
def recents() -> Response:
    """Answer with everybody's last passwords."""
    listed = store.lrange("senhas", 0, 9)
    return jsonify([{"id": place, "senha": item} for place, item in enumerate(listed, start=1)])


@app.get("/healthz")
def health() -> str:
    """Answer that it answers."""
    return "ok"
