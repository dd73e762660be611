"""Seed policies for the usual needs; each names its source.

They are written in English, as all of the code; the pages translate the seeded texts through the
catalogues, and show what a person wrote as it was written.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.utils.translation import gettext_noop as _

POLICIES = [
    {
        "slug": "nist-password",
        "name": _("Password for people (NIST)"),
        "description": _("15 characters, the least that NIST SP 800-63B-4 (section 3.1.1.2) allows for a password that is the only factor."),
        "kind": "characters",
        "parameters": {"length": 15, "exclude_lookalikes": True},
    },
    {
        "slug": "memorable-passphrase",
        "name": _("Memorable passphrase"),
        "description": _("Six words of the EFF's large wordlist (Bonneau, 2016)."),
        "kind": "passphrase",
        "parameters": {"words": 6, "wordlist": "eff-large"},
    },
    {
        "slug": "administrator",
        "name": _("Administrator (OWASP)"),
        "description": _("At least 128 bits, as OWASP ASVS 5.0 (11.5.1) asks of random values."),
        "kind": "characters",
        "parameters": {"bits": 128},
    },
    {
        "slug": "wifi",
        "name": _("Wi-Fi WPA2/WPA3"),
        "description": _("20 letters and digits that are easy to type; IEEE 802.11 takes 8 to 63 ASCII characters."),
        "kind": "characters",
        "parameters": {"length": 20, "symbols": False, "exclude_lookalikes": True},
    },
    {
        "slug": "database-account",
        "name": _("Database account"),
        "description": _("32 letters and digits, which need no quotes in a shell and no escapes in a URL (RFC 3986, section 2.3)."),
        "kind": "characters",
        "parameters": {"length": 32, "symbols": False},
    },
    {
        "slug": "pin",
        "name": _("6-digit PIN"),
        "description": _("6 digits without repeats or runs; NIST SP 800-63B-4 (section 3.2.10) recommends at least 6 for an activation secret."),
        "kind": "pin",
        "parameters": {"length": 6, "repeats_or_runs": False},
    },
    {
        "slug": "api-token",
        "name": _("API token"),
        "description": _("32 bytes in base64url (RFC 4648, section 5): 256 bits."),
        "kind": "token",
        "parameters": {"encoding": "base64url", "bytes": 32},
    },
    {
        "slug": "django-secret-key",
        "name": _("Django SECRET_KEY"),
        "description": _("50 characters out of 50, as Django's own get_random_secret_key()."),
        "kind": "token",
        "parameters": {"encoding": "django"},
    },
    {
        "slug": "legacy",
        "name": _("Default of the old app"),
        "description": _("8 letters: only for those who need what the app that this one replaces gave."),
        "kind": "characters",
        "parameters": {
            "length": 8,
            "digits": False,
            "symbols": False,
            "min_lowercase": 0,
            "min_uppercase": 0,
        },
    },
]  # fmt: skip


def add_policies(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    policy = apps.get_model("passwords", "Policy")
    policy.objects.using(schema_editor.connection.alias).bulk_create(
        (policy(position=place * 10, **content) for place, content in enumerate(POLICIES, start=1)),
        ignore_conflicts=True,  # who went back to 0001 has them
    )


class Migration(migrations.Migration):
    dependencies = [("passwords", "0001_initial")]

    operations = [migrations.RunPython(add_policies, migrations.RunPython.noop)]
