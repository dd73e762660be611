"""Encrypt the stored texts of links with a new key, while the links are in use."""

from passwords.models import Share
from passwords.sharing import encryption


def reencrypt() -> int:
    """Encrypt the texts of live links with the first of RECENTS_KEYS; return how many had another.

    A text is replaced only while it is there: a link that ends meanwhile does not get it back.
    """
    changed = 0
    links = Share.objects.filter(payload__isnull=False)
    for pk in links.values_list("pk", flat=True):
        for link_id, payload in links.filter(pk=pk).values_list("link_id", "payload"):
            new = encryption.reencrypt(bytes(payload or b""), share_id=bytes.fromhex(link_id))
            if new:
                changed += links.filter(pk=pk).update(payload=new)
    return changed
