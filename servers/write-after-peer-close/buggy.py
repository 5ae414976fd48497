# A station with 23 sensors, each with a connection to a collector. It sends three readings of each: one at once, two after a pause.
#
# What is wrong: it only writes. It never reads, so it does not learn that the collector has closed. send() puts the next reading into the
# kernel's queue and returns, and that is taken for success.
# On the wire: a reading after the collector's FIN, and a RST as the answer. That reading is lost, and nobody is told.

import errno
import json
import socket
import sys
import time

collector = sys.argv[1].rsplit(":", 1)
sent = 0


class Sensor:
    def __init__(self):
        self.connection = socket.create_connection(collector)

    def send(self, line):
        # The bug: nobody asks whether the other end has finished.
        self.connection.sendall(line)

    def connect_again(self):
        self.connection.close()
        self.connection = socket.create_connection(collector)


def send(sensor):
    global sent
    sent += 1
    begun, outcome = time.monotonic_ns(), "ok"
    line = b"%d\n" % sent
    try:
        sensor.send(line)
    except OSError as error:
        outcome = {"phase": "request", "code": errno.errorcode[error.errno], "call": "send"}
        sensor.connect_again()
        sensor.send(line)
    report = {"kind": "attempt", "monotonicUs": begun // 1000, "attempt": sent, "connection": sent, "localPort": None}
    report |= {"connectMs": None, "firstByteMs": None, "totalMs": (time.monotonic_ns() - begun) / 1e6}
    print(json.dumps(report | {"outcome": outcome}), flush=True)


sensors = [Sensor() for _ in range(23)]
for pause in (0, 2.4, 0.1):
    time.sleep(pause)
    for sensor in sensors:
        send(sensor)
time.sleep(0.3)
