"""Sends 1,000 events with Segment's own Python library, in little waves: host and key are given."""

from __future__ import annotations

import sys
import time

from segment.analytics.client import Client

host, key = sys.argv[1:]
client = Client(key, host=host, upload_interval=0.2, on_error=lambda error, _: sys.exit(str(error)))
for number in range(1000):
    client.track(f"person-{number % 20}", "Song Played", {"number": number})
    if number % 100 == 99:
        time.sleep(0.1)
client.flush()
client.join()
