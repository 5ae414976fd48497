# A client that sends texts over connections of their own, ends each text with its direction, and waits for the answers.
#
# What is right: shutdown(SHUT_WR) says that the request is complete, and the answer can still be read.
# On the wire: a text and a FIN. From then on this end is in FIN-WAIT-2, without a timer, for as long as the answer takes.

import json
import socket
import sys
import time

TEXT = b"one two three\n"

server = sys.argv[1].rsplit(":", 1)
waiting = []
for _ in range(int(sys.argv[2])):
    begun = time.monotonic_ns()
    connection = socket.create_connection(server)
    connection.sendall(TEXT)
    connection.shutdown(socket.SHUT_WR)
    waiting.append((begun, connection))

for attempt, (begun, connection) in enumerate(waiting, 1):
    with connection:
        answer = connection.makefile("rb").read()
    outcome = "ok" if answer == b"3\n" else {"phase": "response", "code": "truncated", "call": "recv"}
    report = {"kind": "attempt", "monotonicUs": begun // 1000, "attempt": attempt, "connection": attempt}
    report |= {"localPort": None, "connectMs": None, "firstByteMs": None}
    print(json.dumps(report | {"totalMs": (time.monotonic_ns() - begun) / 1e6, "outcome": outcome}), flush=True)
