#!/usr/bin/env python3
"""Follows every job of a plotty daemon, through its restarts, without losing or repeating a change.

python3 examples/follow.py [ws://localhost:8766/ws]     (Debian: python3-websockets)
"""
import asyncio
import json
import sys

import websockets

URL = sys.argv[1] if len(sys.argv) > 1 else "ws://localhost:8766/ws"
FIRST_DELAY_S = 0.5
LONGEST_DELAY_S = 30


async def follow():
    delay = FIRST_DELAY_S
    since = None
    while True:
        try:
            async with websockets.connect(URL) as socket:
                message = {"type": "SUBSCRIBE", "channels": ["jobs", "system"]}
                await socket.send(json.dumps({**message, "since": since} if since else message))
                async for text in socket:
                    event = json.loads(text)
                    if event["type"] == "subscribed":
                        delay = FIRST_DELAY_S
                        since = {"epoch": event["epoch"], "seq": since["seq"] if since else event["seq"]}
                    show(event)
                    since["seq"] = max(since["seq"], event.get("to_seq", 0), event.get("seq", 0))
        except (OSError, websockets.exceptions.WebSocketException) as error:
            print(f"no daemon: {error}", file=sys.stderr)
        await asyncio.sleep(delay)
        delay = min(delay * 2, LONGEST_DELAY_S)


def show(event):
    if event["type"] == "job_state_change":
        print(f"{event['job_id']}: {event['from_state'] or '-'} -> {event['to_state']}", flush=True)
    elif event["type"] == "system_alert":
        print(f"{event['level']}: {event['message']}", flush=True)
    elif event["type"] == "gap":
        print(f"missed for good: {event['from_seq']} to {event['to_seq']}", flush=True)


try:
    asyncio.run(follow())
except KeyboardInterrupt:
    sys.exit(130)
