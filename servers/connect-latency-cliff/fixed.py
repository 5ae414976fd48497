# A worker that keeps its connection for the next job. It measures how long each connect() takes.
#
# What is right: all jobs share a connection, and one port is in use.
# On the wire: one handshake, then requests and answers.

import json
import socket
import statistics
import sys
import time

(host, port), jobs, groups = sys.argv[1].rsplit(":", 1), int(sys.argv[2]), int(sys.argv[3])
connect_us = []


def connected():
    connection = socket.socket()
    connection.settimeout(5)
    begun = time.perf_counter_ns()
    connection.connect((host, int(port)))
    connect_us.append((time.perf_counter_ns() - begun) / 1000)
    return connection


connection, kept = None, None
for _ in range(jobs):
    connection = kept or connected()
    connection.sendall(b"job\n")
    connection.recv(100)
    kept = connection  # the fix
    if connection is not kept:
        connection.close()

size = -(-len(connect_us) // groups)
for first in range(0, len(connect_us), size):
    some = connect_us[first : first + size]
    report = {"kind": "connects", "monotonicUs": time.monotonic_ns() // 1000, "first": first + 1, "count": len(some)}
    print(json.dumps(report | {"medianUs": round(statistics.median(some), 1)}), flush=True)
