# A relay's pool: it opens connections to several backends in turn, and keeps them.
#
# What is wrong: source_address chooses the address to call from, with a bind() before connect(). bind() does not know the destination
# yet, so port 0 means "a port that nobody uses", and that port is taken for all destinations.
# On the wire: ordinary connections, until all ports of net.ipv4.ip_local_port_range are taken. Then bind() fails with EADDRINUSE, and no
# packet leaves, although no backend has more than a part of these ports.

import errno
import json
import signal
import socket
import sys
import time

signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
address, wanted, backends = sys.argv[1], int(sys.argv[2]), [word.rsplit(":", 1) for word in sys.argv[3:]]
pool = []


def connected(backend):
    # The bug: the port is chosen before the destination is known.
    return socket.create_connection(backend, timeout=5, source_address=(address, 0))


for attempt in range(1, wanted + 1):
    host, port = backends[attempt % len(backends)]
    begun, local, outcome = time.monotonic_ns(), None, "ok"
    try:
        pool.append(connected((host, int(port))))
        local = pool[-1].getsockname()[1]
    except OSError as error:
        outcome = {"phase": "connect", "code": errno.errorcode.get(error.errno, "timeout"), "call": "connect"}
    ms = (time.monotonic_ns() - begun) / 1e6
    report = {"kind": "attempt", "monotonicUs": begun // 1000, "attempt": attempt, "connection": attempt, "localPort": local}
    report |= {"connectMs": ms if local else None, "firstByteMs": None, "totalMs": ms if local else None}
    print(json.dumps(report | {"outcome": outcome}), flush=True)

print("ready", backends[0][1], flush=True)
signal.pause()
