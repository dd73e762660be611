"""The field that was called surface is called channel; the columns keep their name."""

from django.db import migrations, models

CHANNELS = [("web", "Web"), ("api", "API"), ("command", "Command"), ("admin", "Admin")]


def _renamed(model: str, field: "models.CharField[str, str]") -> list[migrations.operations.base.Operation]:
    return [
        migrations.AlterField(model_name=model, name="surface", field=field),
        migrations.RenameField(model_name=model, old_name="surface", new_name="channel"),
    ]


def _field(label: str | None = None) -> "models.CharField[str, str]":
    return models.CharField(verbose_name=label, choices=CHANNELS, db_column="surface", max_length=8)


class Migration(migrations.Migration):
    dependencies = [("passwords", "0007_summed_history")]

    # Only Django's picture of the tables changes: no column, index or constraint does.
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveIndex(model_name="generation", name="generation_surface"),
                migrations.RemoveConstraint(model_name="dailytotal", name="one_daily_total"),
                *_renamed("generation", _field("channel")),
                *_renamed("auditentry", _field("channel")),
                *_renamed("dailytotal", _field()),
                migrations.AddIndex(
                    model_name="generation",
                    index=models.Index(
                        fields=["channel", "created_at"], name="generation_surface"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="dailytotal",
                    constraint=models.UniqueConstraint(
                        fields=["day", "channel", "kind", "policy_slug", "bits"],
                        name="one_daily_total",
                    ),
                ),
            ]
        )
    ]
