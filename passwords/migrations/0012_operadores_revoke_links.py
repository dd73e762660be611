"""Let those who see the history see one-time links, and revoke them."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def grant(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    alias = schema_editor.connection.alias
    content_type, _ = (
        apps.get_model("contenttypes", "ContentType")
        .objects.using(alias)
        .get_or_create(app_label="passwords", model="share")
    )
    permissions = apps.get_model("auth", "Permission").objects.using(alias)
    groups = apps.get_model("auth", "Group").objects.using(alias)
    for action in ("view", "change"):
        permission, _ = permissions.get_or_create(
            content_type=content_type,
            codename=f"{action}_share",
            defaults={"name": f"Can {action} one-time link"},
        )
        for group in groups.filter(name="operadores"):
            group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [("passwords", "0011_drafts")]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
