"""Let those who see the history see the audit, too."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def grant(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    alias = schema_editor.connection.alias
    content_type, _ = (
        apps.get_model("contenttypes", "ContentType")
        .objects.using(alias)
        .get_or_create(app_label="passwords", model="auditentry")
    )
    permission, _ = (
        apps.get_model("auth", "Permission")
        .objects.using(alias)
        .get_or_create(
            content_type=content_type,
            codename="view_auditentry",
            defaults={"name": "Can view audit entry"},
        )
    )
    groups = apps.get_model("auth", "Group").objects.using(alias)
    for group in groups.filter(name="operadores"):
        group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [("passwords", "0005_audit")]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
