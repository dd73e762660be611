"""The load of a class, for Locust: `locust -f deploy/locust/locustfile.py --host http://localhost:5000`.

Each user keeps cookies, as a browser does, and so sees recents of its own.
"""

from locust import HttpUser, between, task


class Student(HttpUser):
    """Makes secrets through both APIs, and sometimes opens the recents and the page."""

    wait_time = between(0.5, 2)

    @task(5)
    def generate(self) -> None:
        """Make a password as the clients of the course do."""
        self.client.post(
            "/api/gerar-senha",
            json={"tamanho": 12, "incluir_numeros": True, "incluir_caracteres_especiais": True},
        )

    @task(2)
    def generate_passphrase(self) -> None:
        """Make a passphrase through the new API."""
        self.client.post("/api/v1/secrets", json={"kind": "passphrase", "words": 6})

    @task(2)
    def look_at_recents(self) -> None:
        """List the recent secrets."""
        self.client.get("/api/senhas")

    @task(1)
    def look_at_the_page(self) -> None:
        """Open the page."""
        self.client.get("/")
