"""The admin: policies to edit, and a history to read; neither ever shows a secret that is kept.

`PasswordsConfig.ready` imports the modules that register models. They are not imported here, since
Django imports this package for the class of the site, before the other apps have registered theirs.
"""
