"""The wall of this room: what pika and kombu raise becomes one of the hub's own errors, by what to do about it."""

from __future__ import annotations

import amqp.exceptions
import kombu.exceptions
import pika
import redis.exceptions
from pika import exceptions

from hub.errors import LangbenkError, SetupError, TryAgainError

_SETUP = (
    exceptions.IncompatibleProtocolError,
    exceptions.AuthenticationError,
    exceptions.ProbableAuthenticationError,
    exceptions.ProbableAccessDeniedError,
)
_REFUSED = 403
_NOT_FOUND = 404
_OTHER_ARGUMENTS = 406


def translate(error: BaseException, place: str) -> LangbenkError:
    """`place` says which broker and what was tried; the foreign text may hold a login and is left out."""
    if isinstance(error, LangbenkError):
        return error
    if isinstance(error, _SETUP) or _reply_code(error) == _REFUSED:
        return SetupError(f"{place}: RabbitMQ refuses this user or virtual host; see `rabbitmqctl list_permissions`")
    return TryAgainError(f"{place}: RabbitMQ does not answer ({type(error).__name__})")


def _reply_code(error: BaseException) -> object:
    """AMQP's own number for why it closed a channel or a connection, where it gave one."""
    closed = isinstance(error, exceptions.ConnectionClosed | exceptions.ChannelClosed)
    return error.args[0] if closed and error.args else None


def translate_declare(error: BaseException, place: str, queue: str) -> LangbenkError:
    """A refusal while making a queue is a matter of set-up, which no retry mends."""
    code = _reply_code(error)
    if code == _OTHER_ARGUMENTS:
        return SetupError(
            f"{place}: the queue {queue} exists with other arguments; once it is empty, "
            f"`rabbitmqctl delete_queue {queue}` lets the hub make it anew"
        )
    if code == _NOT_FOUND:
        return SetupError(f"{place}: the queue {queue} does not exist and may not be made by this user")
    return translate(error, place)


FOREIGN: tuple[type[Exception], ...] = (
    OSError,
    *(
        each
        for library in (kombu.exceptions, amqp.exceptions, redis.exceptions)
        for each in vars(library).values()
        if isinstance(each, type) and issubclass(each, Exception) and each.__module__ != "builtins"
    ),
)
"""What kombu and the engines under it may raise; they have no root in common."""

_SETUP_KOMBU = (
    amqp.exceptions.AccessRefused,
    amqp.exceptions.NotAllowed,
    redis.exceptions.AuthenticationError,
    redis.exceptions.NoPermissionError,
)


def translate_kombu(error: BaseException, place: str) -> LangbenkError:
    cause = error.__cause__ if isinstance(error, kombu.exceptions.OperationalError) else error
    if isinstance(cause, _SETUP_KOMBU):
        return SetupError(f"{place}: the broker refuses this user; see the login in LANGBENK_BROKER_URL")
    return TryAgainError(f"{place}: the broker does not answer ({type(cause or error).__name__})")


def parameters(url: str) -> pika.URLParameters:
    try:
        found = pika.URLParameters(url)
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise SetupError(
            "the broker's address cannot be read; it looks like amqp://user:password@host:5672/vhost"
        ) from error
    found.client_properties = {"product": "langbenk", "connection_name": "langbenk"}
    return found


def place(found: pika.URLParameters) -> str:
    """Host, port and virtual host, without the login."""
    return f"amqp://{found.host}:{found.port}/{found.virtual_host.lstrip('/')}"
