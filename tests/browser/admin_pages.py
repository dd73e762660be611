"""The pages of the admin that are ours, by the name of their picture."""

from typing import Final

ADMIN_PAGES: Final = {
    "dashboard": "/admin/",
    "policies": "/admin/passwords/policy/",
    "policy": "/admin/passwords/policy/1/change/",
    "past": "/admin/passwords/policy/1/history/",
    "revision": "/admin/passwords/policy/1/history/1/",
    "import": "/admin/passwords/policy/import/",
    "history": "/admin/passwords/generation/",
    "audit": "/admin/passwords/auditentry/",
    "links": "/admin/passwords/share/",
    "tokens": "/admin/passwords/apitoken/",
    "new-token": "/admin/passwords/apitoken/add/",
    "second-factor": "/admin/second-factor/",
}
