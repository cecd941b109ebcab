"""Mistakes that the check has to find: each takes one safeguard out of the running product.

What comes in: a mutant's name, in the process that is to have it. What goes out: the product, changed.

    ack-before-commit   the worker tells the broker that it is done, and then begins
    no-inbox            the register does not know which messages it has had
    no-confirms         who publishes does not wait for the broker
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

MUTANTS = ("ack-before-commit", "no-inbox", "no-confirms")


def mutate(name: str | None) -> None:
    """Take the safeguard out."""
    match name:
        case "ack-before-commit":
            _ack_before_commit()
        case "no-inbox":
            _no_inbox()
        case "no-confirms":
            _no_confirms()


def _ack_before_commit() -> None:
    from kernel import rabbitmq

    next_batch, ack = rabbitmq.Consumer.next_batch, rabbitmq.Batch.ack

    async def acknowledged(self: rabbitmq.Consumer) -> rabbitmq.Batch:
        batch = await next_batch(self)
        await ack(batch)
        return batch

    async def nothing(_self: rabbitmq.Batch) -> None:
        return None

    rabbitmq.Consumer.next_batch = acknowledged  # type: ignore[method-assign]  # a mutant
    rabbitmq.Batch.ack = nothing  # type: ignore[method-assign]  # a mutant


def _no_inbox() -> None:
    from subgraphs.events.registration import taking

    async def nothing_known(*_: Any) -> dict[Any, Any]:
        return {}

    async def kept_nowhere(*_: Any) -> None:
        return None

    taking.SqlReceiving._known = nothing_known  # type: ignore[method-assign]  # a mutant
    taking.SqlReceiving._keep_inbox = kept_nowhere  # type: ignore[method-assign]  # a mutant


def _no_confirms() -> None:
    from kernel import rabbitmq

    async def publish(self: rabbitmq.Link, letters: Sequence[rabbitmq.Letter], **_: Any) -> tuple[rabbitmq.NotTaken, ...]:
        underlay = await rabbitmq._underlay(self._publishing)
        for letter in letters:
            task = asyncio.ensure_future(rabbitmq._publish(underlay, letter, 30))
            _sent.add(task)
            task.add_done_callback(_forgotten)
        await asyncio.sleep(0)
        return ()

    rabbitmq.Link.publish = publish  # type: ignore[method-assign]  # a mutant


_sent: set[Any] = set()


def _forgotten(task: Any) -> None:
    _sent.discard(task)
    if not task.cancelled():
        task.exception()
