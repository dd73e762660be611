"""API tokens, and their creation and revocation as actions of the audit."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('passwords', '0012_operadores_revoke_links'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='auditentry',
            name='action',
            field=models.CharField(choices=[('signed-in', 'signed in'), ('signed-out', 'signed out'), ('sign-in-failed', 'failed to sign in'), ('locked-out', 'was locked out'), ('second-factor-added', 'added a second factor'), ('second-factor-removed', 'removed a second factor'), ('recents-cleared', 'cleared recents'), ('history-exported', 'exported the history'), ('history-pruned', 'pruned the history'), ('chain-verified', 'verified the chain'), ('policies-exported', 'exported policies'), ('policy-added', 'added a policy'), ('policy-changed', 'changed a policy'), ('policy-deleted', 'deleted a policy'), ('share-created', 'made a one-time link'), ('share-revoked', 'revoked a one-time link'), ('token-created', 'made an API token'), ('token-revoked', 'revoked an API token'), ('account-added', 'added an account or group'), ('account-changed', 'changed an account or group'), ('account-deleted', 'deleted an account or group')], max_length=24, verbose_name='action'),
        ),
        migrations.CreateModel(
            name='ApiToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(editable=False, max_length=64, unique=True)),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('scopes', models.JSONField(default=list, verbose_name='scopes')),
                ('created_at', models.DateTimeField(verbose_name='created')),
                ('expires_at', models.DateTimeField(verbose_name='expires')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='revoked')),
                ('last_used_at', models.DateTimeField(blank=True, null=True, verbose_name='last used')),
                ('last_four', models.CharField(max_length=4, verbose_name='last characters')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='user')),
            ],
            options={
                'verbose_name': 'API token',
                'verbose_name_plural': 'API tokens',
                'ordering': ['-created_at', '-pk'],
            },
        ),
    ]
