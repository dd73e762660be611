"""Make the groups, mark the default policies, and give every policy its first revision."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.utils import timezone

# What a permission is called is what `auth` would call it, had it made it itself.
GROUPS = {
    "operadores": [("generation", "view")],
    "gestores": [
        *(("policy", action) for action in ("view", "add", "change", "delete")),
        ("historicalpolicy", "view"),
    ],
}
VERBOSE_NAMES = {
    "generation": "generation",
    "policy": "policy",
    "historicalpolicy": "revision of a policy",
}
DEFAULTS = ["nist-password", "memorable-passphrase", "pin", "api-token"]


def make_groups(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    alias = schema_editor.connection.alias
    content_types = apps.get_model("contenttypes", "ContentType").objects.using(alias)
    permissions = apps.get_model("auth", "Permission").objects.using(alias)
    groups = apps.get_model("auth", "Group").objects.using(alias)
    for name, granted in GROUPS.items():
        group, _ = groups.get_or_create(name=name)
        for model, action in granted:
            content_type, _ = content_types.get_or_create(app_label="passwords", model=model)
            permission, _ = permissions.get_or_create(
                content_type=content_type,
                codename=f"{action}_{model}",
                defaults={"name": f"Can {action} {VERBOSE_NAMES[model]}"},
            )
            group.permissions.add(permission)


def mark_defaults(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    policies = apps.get_model("passwords", "Policy").objects.using(schema_editor.connection.alias)
    if not policies.filter(default=True).exists():  # who went back has theirs
        policies.filter(slug__in=DEFAULTS).update(default=True)


def add_first_revisions(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    alias = schema_editor.connection.alias
    revision = apps.get_model("passwords", "HistoricalPolicy")
    policies = apps.get_model("passwords", "Policy").objects.using(alias)
    now = timezone.now()
    revision.objects.using(alias).bulk_create(
        revision(**values, history_date=now, history_type="+")
        for values in policies.exclude(pk__in=revision.objects.using(alias).values("id")).values()
    )


class Migration(migrations.Migration):
    dependencies = [
        ("passwords", "0003_policies_with_a_past"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.RunPython(make_groups, migrations.RunPython.noop),
        migrations.RunPython(mark_defaults, migrations.RunPython.noop),
        migrations.RunPython(add_first_revisions, migrations.RunPython.noop),
    ]
