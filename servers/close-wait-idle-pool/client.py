# A client with a pool of HTTP connections. It needs them all at once, then none for a while, and then as many at once as it is told.
#
# What is right: a connection is looked at when it is taken from the pool, and one that the server has ended is closed and replaced.
# urllib3 and others do the same. Nobody looks at a connection that nobody needs.
# On the wire: the server's FIN is acknowledged and not answered. The client's own FIN follows when the connection is taken.

import http.client
import json
import select
import sys
import time

server, size, again = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
free = []
attempt = 0


def has_ended(connection):
    """Between two requests nothing can arrive but the end."""
    return bool(select.select([connection.sock], [], [], 0)[0])


def take():
    if not free:
        return http.client.HTTPConnection(server)
    connection = free.pop()
    if has_ended(connection):
        connection.close()
    return connection


def ask(at_once):
    """http.client connects at a request if there is no connection, or none any more."""
    global attempt
    taken = [(time.monotonic_ns(), take()) for _ in range(at_once)]
    for _, connection in taken:
        connection.request("GET", "/")
    for begun, connection in taken:
        body = connection.getresponse().read()
        free.append(connection)
        attempt += 1
        outcome = "ok" if body == b"23\n" else {"phase": "response", "code": "truncated", "call": "recv"}
        report = {"kind": "attempt", "monotonicUs": begun // 1000, "attempt": attempt, "connection": attempt}
        report |= {"localPort": None, "connectMs": None, "firstByteMs": None}
        print(json.dumps(report | {"totalMs": (time.monotonic_ns() - begun) / 1e6, "outcome": outcome}), flush=True)


ask(size)
time.sleep(3.2)
for _ in range(size // again):
    ask(again)
time.sleep(0.5)
