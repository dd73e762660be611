"""Patterns are a kind of secret. No table changes: only the choices that Django knows."""

from django.db import migrations, models

KINDS = [
    ("characters", "Password"),
    ("passphrase", "Passphrase"),
    ("pin", "PIN"),
    ("token", "Token"),
    ("pattern", "Pattern"),
]


def _field(label: str | None) -> "models.CharField[str, str]":
    return models.CharField(verbose_name=label, choices=KINDS, max_length=16)


class Migration(migrations.Migration):
    dependencies = [("passwords", "0013_api_tokens")]

    operations = [
        migrations.AlterField(model_name=model, name="kind", field=_field(label))
        for model, label in (
            ("dailytotal", None),
            ("generation", "kind"),
            ("historicalpolicy", "kind"),
            ("policy", "kind"),
        )
    ]
