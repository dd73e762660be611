"""Each draft that is kept has one row in the history."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("passwords", "0010_verifications")]

    operations = [
        migrations.AddField(
            model_name="generation",
            name="draft_id",
            field=models.UUIDField(editable=False, null=True, verbose_name="draft"),
        ),
        migrations.AddConstraint(
            model_name="generation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("draft_id__isnull", False)),
                fields=("draft_id",),
                name="one_row_a_draft",
            ),
        ),
    ]
