"""The list in which the Flask app, which this app replaces, stored secrets unencrypted."""

from typing import Final

from redis.exceptions import RedisError

from passwords.recents.connection import connect
from passwords.recents.contract import RecentsUnavailableError
from passwords.recents.store import CACHE_ALIAS

FLASK_LIST: Final = "senhas"


def delete_flask_list() -> bool:
    """Delete the list without reading it; return whether it existed. Keep a value of another type.

    Raises:
        RecentsUnavailableError: Redis does not answer, or refuses.
    """
    try:
        client = connect(CACHE_ALIAS)
        return client.type(FLASK_LIST) == b"list" and bool(client.delete(FLASK_LIST))
    except RedisError:
        raise RecentsUnavailableError from None
