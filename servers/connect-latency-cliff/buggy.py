# A worker that opens a connection for each job, and closes it first. It measures how long each connect() takes.
#
# What is wrong: every closed connection keeps its port for the 60 s of TIME-WAIT. connect() looks for a free port among one half of
# net.ipv4.ip_local_port_range first. When all of these are in use for this destination, each call searches the whole half in vain.
# On the wire: nothing unusual. The time is spent in the kernel, before the SYN is sent.

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
    # The bug: the connection is not kept for the next job.
    if connection is not kept:
        connection.close()

size = -(-len(connect_us) // groups)
for first in range(0, len(connect_us), size):
    some = connect_us[first : first + size]
    report = {"kind": "connects", "monotonicUs": time.monotonic_ns() // 1000, "first": first + 1, "count": len(some)}
    print(json.dumps(report | {"medianUs": round(statistics.median(some), 1)}), flush=True)
