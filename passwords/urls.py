"""The routes of the app: the page, the Flask app's API and the current API."""

from django.urls import path

from passwords.api import shares
from passwords.api import views as api
from passwords.web import sharing
from passwords.web import views as web

app_name = "passwords"

urlpatterns = [
    # The first are the fastest to find.
    path("", web.home, name="home"),
    path("api/gerar-senha", api.legacy_generate, name="legacy-generate"),
    path("api/senhas", api.legacy_recents, name="legacy-recents"),
    path("api/v1/secrets", api.secrets, name="api-secrets"),
    path("api/v1/recents", api.recents, name="api-recents"),
    path("favicon.ico", web.favicon, name="favicon"),
    path("keep", web.keep, name="keep"),
    path("preferences", web.preferences, name="preferences"),
    path("recents/qr", web.qr, name="qr"),
    path("recents/read-aloud", web.read_aloud, name="read-aloud"),
    path("recents/write", web.write, name="write"),
    path("recents/hand-over", web.hand_over, name="hand-over"),
    path("recents/names", web.rename, name="rename"),
    path("recents/forget", web.forget, name="forget"),
    path("recents/clear", web.clear, name="clear"),
    path("s", sharing.open_link, name="open-link"),
    path("share", sharing.share, name="share"),
    path("shares", sharing.shares, name="shares"),
    path("api/", api.contract_page, name="api"),
    path("api/v1/recents/<str:item_id>", api.recent, name="api-recent"),
    path("api/v1/shares", shares.shares, name="api-shares"),
    path("api/v1/shares/status", shares.status, name="api-share-status"),
    path("api/v1/shares/open", shares.open_share, name="api-share-open"),
    path("api/v1/shares/<str:receipt>", shares.share, name="api-share"),
    path("api/v1/policies", api.policies, name="api-policies"),
    path("api/v1/openapi.json", api.openapi, name="api-openapi"),
]
