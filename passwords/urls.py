"""The routes of the app: the page, the API of old and the API of now."""

from django.urls import path

from passwords import api, views

app_name = "passwords"

urlpatterns = [
    path("", views.home, name="home"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("strength", views.strength, name="strength"),
    path("preferences", views.preferences, name="preferences"),
    path("recents/qr", views.qr, name="qr"),
    path("recents/forget", views.forget, name="forget"),
    path("recents/clear", views.clear, name="clear"),
    path("api/gerar-senha", api.legacy_generate, name="legacy-generate"),
    path("api/senhas", api.legacy_recents, name="legacy-recents"),
    path("api/v1/secrets", api.secrets, name="api-secrets"),
    path("api/v1/recents", api.recents, name="api-recents"),
    path("api/v1/recents/<str:item_id>", api.recent, name="api-recent"),
    path("api/v1/policies", api.policies, name="api-policies"),
    path("api/v1/openapi.json", api.openapi, name="api-openapi"),
]
