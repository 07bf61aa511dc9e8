"""The floor that `flow` is held against: a FastStream consumer that passes the same bytes on, and does nothing else.

Run as a process of its own: `python -m tests.bench.passing URL COUNT`. It takes so many letters from one quorum queue,
publishes each to another and waits for the broker's confirm; then it prints how many it passed on in a second.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time

import pika
from faststream import AckPolicy
from faststream.rabbit import Channel, QueueType, RabbitBroker, RabbitMessage, RabbitQueue

SOURCE = RabbitQueue("langbenk.passing.in", durable=True, queue_type=QueueType.QUORUM)
TARGET = RabbitQueue("langbenk.passing.out", durable=True, queue_type=QueueType.QUORUM)


def passed_on(url: str, letters: list[bytes]) -> float:
    """Letters a second, with the queue full before the consumer starts."""
    connection = pika.BlockingConnection(pika.URLParameters(url))
    channel = connection.channel()
    for queue in (SOURCE, TARGET):
        channel.queue_declare(queue.name, durable=True, arguments={"x-queue-type": "quorum"})
    for letter in letters:
        channel.basic_publish("", SOURCE.name, letter, pika.BasicProperties(delivery_mode=2))
    command = [sys.executable, "-m", "tests.bench.passing", url, str(len(letters))]
    try:  # with the connection open: one that closes may take letters with it
        return float(subprocess.run(command, capture_output=True, check=True, text=True, timeout=120).stdout)
    finally:
        connection.close()


async def _pass_on(url: str, count: int) -> float:
    broker = RabbitBroker(url, default_channel=Channel(prefetch_count=128, publisher_confirms=True), logger=None)
    done, began, passed = asyncio.Event(), 0.0, 0

    @broker.subscriber(SOURCE, ack_policy=AckPolicy.ACK)
    async def pass_on(message: RabbitMessage) -> None:
        nonlocal began, passed
        began = began or time.perf_counter()
        await broker.publish(message.body, TARGET, persist=True)
        passed += 1
        if passed == count:
            done.set()

    await broker.start()
    await done.wait()
    seconds = time.perf_counter() - began
    await broker.stop()
    return count / seconds


if __name__ == "__main__":
    sys.stdout.write(str(asyncio.run(_pass_on(sys.argv[1], int(sys.argv[2])))))
