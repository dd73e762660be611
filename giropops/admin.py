"""The admin with the app's own site in the place of Django's."""

from django.contrib.admin.apps import AdminConfig


class GiropopsAdminConfig(AdminConfig):
    """Django's admin, whose site is ours."""

    default_site = "passwords.adminsite.GiropopsAdminSite"
