"""The routes of the project: the app and the admin."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("passwords.urls")),
]

handler400 = "passwords.problems.bad_request"
handler403 = "passwords.problems.permission_denied"
handler404 = "passwords.problems.page_not_found"
handler500 = "passwords.problems.server_error"
