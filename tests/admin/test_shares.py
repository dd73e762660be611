"""One-time links in the admin: seen and revoked, never read."""

from django.test import Client
from django.urls import reverse

from passwords.models import Action, AuditEntry, Share, ShareState
from tests.admin.conftest import SignIn
from tests.sharing.conftest import TEXT, MakeLink

LIST = "admin:passwords_share_changelist"


def _revoke(client: Client, share: Share) -> None:
    client.post(reverse(LIST), {"action": "revoke", "_selected_action": [share.pk]})


def test_the_list_shows_what_became_of_a_link(operador: Client, make_link: MakeLink) -> None:
    key, receipt = make_link(views=3)

    listed = operador.get(reverse(LIST)).content.decode()
    share = Share.objects.get()
    shown = operador.get(reverse("admin:passwords_share_change", args=[share.pk])).content.decode()

    assert "waiting" in listed
    assert receipt.receipt in shown
    for secret in (key.fragment, TEXT, share.verifier, share.link_id):
        assert secret not in listed + shown


def test_an_operador_revokes_a_link_of_somebody_else(operador: Client, make_link: MakeLink) -> None:
    make_link()

    _revoke(operador, Share.objects.get())

    share = Share.objects.get()
    assert share.state == ShareState.REVOKED
    assert share.payload is None
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.user_name) == (Action.SHARE_REVOKED, "operador")


def test_whoever_only_edits_policies_revokes_nothing(gestor: Client, make_link: MakeLink) -> None:
    make_link()

    _revoke(gestor, Share.objects.get())

    assert Share.objects.get().state == ShareState.LIVE


def test_whoever_may_only_look_revokes_nothing(sign_in: SignIn, make_link: MakeLink) -> None:
    make_link()
    client = sign_in("visitor")

    _revoke(client, Share.objects.get())

    assert Share.objects.get().state == ShareState.LIVE
