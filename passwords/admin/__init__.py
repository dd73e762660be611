"""The admin: editable policies, and the read-only history and audit. It shows no kept secret.

`GiropopsAdminConfig.ready` imports the modules that register models. They are not imported here:
Django imports this package for the class of the site before other apps register their models.
"""
