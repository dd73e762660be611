"""The history's own mark of what is in the daily totals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import migrations, models

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def begin_after_the_sealed_rows(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Until now a row was added to the totals when it was sealed: go on after the last of those.

    Workers of the old release that still run add what they seal: the dashboard may count the
    requests of those minutes twice.
    """
    alias = schema_editor.connection.alias
    seals = apps.get_model("passwords", "Seal").objects.using(alias).filter(journal="history")
    seal = seals.order_by("sequence").last()
    anchor = apps.get_model("passwords", "Anchor").objects.using(alias).order_by("pk").last()
    last_pks = [seal.last_pk if seal else 0, anchor.last_pks.get("history", 0) if anchor else 0]
    mark = apps.get_model("passwords", "SummedHistory").objects.using(alias)
    mark.create(pk=1, last_pk=max(last_pks))


class Migration(migrations.Migration):
    dependencies = [("passwords", "0006_operadores_see_the_audit")]

    operations = [
        migrations.CreateModel(
            name="SummedHistory",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("last_pk", models.BigIntegerField(default=0)),
            ],
            options={"default_permissions": ()},
        ),
        migrations.RunPython(begin_after_the_sealed_rows, migrations.RunPython.noop),
    ]
