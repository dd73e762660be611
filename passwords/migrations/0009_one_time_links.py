"""One-time links."""


import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('passwords', '0008_channel'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='auditentry',
            name='action',
            field=models.CharField(choices=[('signed-in', 'signed in'), ('signed-out', 'signed out'), ('sign-in-failed', 'failed to sign in'), ('locked-out', 'was locked out'), ('second-factor-added', 'added a second factor'), ('second-factor-removed', 'removed a second factor'), ('recents-cleared', 'cleared recents'), ('history-exported', 'exported the history'), ('history-pruned', 'pruned the history'), ('policies-exported', 'exported policies'), ('policy-added', 'added a policy'), ('policy-changed', 'changed a policy'), ('policy-deleted', 'deleted a policy'), ('share-created', 'made a one-time link'), ('share-revoked', 'revoked a one-time link'), ('account-added', 'added an account or group'), ('account-changed', 'changed an account or group'), ('account-deleted', 'deleted an account or group')], max_length=24, verbose_name='action'),
        ),
        migrations.CreateModel(
            name='Share',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('receipt', models.CharField(max_length=32, unique=True, verbose_name='receipt')),
                ('link_id', models.CharField(max_length=32, unique=True)),
                ('verifier', models.CharField(max_length=64)),
                ('state', models.CharField(choices=[('live', 'waiting'), ('opened', 'opened'), ('expired', 'expired'), ('revoked', 'revoked'), ('locked', 'locked')], default='live', max_length=8, verbose_name='state')),
                ('has_passphrase', models.BooleanField(verbose_name='passphrase')),
                ('views_left', models.PositiveSmallIntegerField(verbose_name='views left')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='wrong attempts')),
                ('created_at', models.DateTimeField(verbose_name='when')),
                ('expires_at', models.DateTimeField(verbose_name='expires')),
                ('opened_at', models.DateTimeField(blank=True, null=True, verbose_name='last opened')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended')),
                ('user_name', models.CharField(blank=True, max_length=150, verbose_name='user name')),
                ('owner_hash', models.CharField(blank=True, max_length=32, verbose_name='anonymous owner')),
                ('size', models.PositiveIntegerField(verbose_name='bytes')),
                ('payload', models.BinaryField(null=True)),
                ('user', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='user')),
            ],
            options={
                'verbose_name': 'one-time link',
                'verbose_name_plural': 'one-time links',
                'ordering': ['-created_at', '-pk'],
                'default_permissions': ('view', 'change'),
                'indexes': [models.Index(fields=['state', 'expires_at', 'size'], name='share_state'), models.Index(fields=['ended_at'], name='share_ended'), models.Index(fields=['user', 'created_at'], name='share_user'), models.Index(fields=['owner_hash', 'created_at'], name='share_owner')],
            },
        ),
    ]
