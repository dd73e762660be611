"""The admin: policies to edit, and a history to read; neither ever shows a secret that is kept.

`GiropopsAdminConfig.ready` imports the modules that register models. They are not imported here:
Django imports this package for the class of the site, before the other apps have registered theirs.
"""
