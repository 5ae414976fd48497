# A relay's pool: it opens connections to several backends in turn, from one address, and keeps them.
#
# What is right: with IP_BIND_ADDRESS_NO_PORT, bind() sets the address and leaves the port to connect(), which knows the destination.
# On the wire: every connection is made, until one backend has all ports of the range for itself.

import errno
import json
import signal
import socket
import sys
import time

signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
address, wanted, backends = sys.argv[1], int(sys.argv[2]), [word.rsplit(":", 1) for word in sys.argv[3:]]
pool = []
# In include/uapi/linux/in.h. Python has a name for it since 3.11.
IP_BIND_ADDRESS_NO_PORT = 24


def connected(backend):
    one = socket.socket()
    one.settimeout(5)
    one.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)  # the fix
    one.bind((address, 0))
    one.connect(backend)
    return one


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
