# A station with 23 sensors, each with a connection to a collector. It sends three readings of each: one at once, two after a pause.
#
# What is right: before it writes it looks whether the collector has finished, and then connects again.
# On the wire: the collector's FIN is answered with a FIN, and the next reading goes over a new connection.

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
        if self.has_ended():  # the fix
            self.connect_again()
        self.connection.sendall(line)

    def has_ended(self):
        try:
            return self.connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
        except BlockingIOError:
            return False

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
