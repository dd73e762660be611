"""The verification of the chain as an action of the audit, and the name of the history's rows."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('passwords', '0009_one_time_links'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='generation',
            options={'ordering': ['-created_at', '-pk'], 'verbose_name': 'request', 'verbose_name_plural': 'requests'},
        ),
        migrations.AlterField(
            model_name='auditentry',
            name='action',
            field=models.CharField(choices=[('signed-in', 'signed in'), ('signed-out', 'signed out'), ('sign-in-failed', 'failed to sign in'), ('locked-out', 'was locked out'), ('second-factor-added', 'added a second factor'), ('second-factor-removed', 'removed a second factor'), ('recents-cleared', 'cleared recents'), ('history-exported', 'exported the history'), ('history-pruned', 'pruned the history'), ('chain-verified', 'verified the chain'), ('policies-exported', 'exported policies'), ('policy-added', 'added a policy'), ('policy-changed', 'changed a policy'), ('policy-deleted', 'deleted a policy'), ('share-created', 'made a one-time link'), ('share-revoked', 'revoked a one-time link'), ('account-added', 'added an account or group'), ('account-changed', 'changed an account or group'), ('account-deleted', 'deleted an account or group')], max_length=24, verbose_name='action'),
        ),
    ]
