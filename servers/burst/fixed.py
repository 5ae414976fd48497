# An echo server with one thread, on epoll in its edge-triggered mode.
#
# What is right: it accepts until there is nobody left to accept. Then the next client is an edge again.
# On the wire: as many clients at once as there may be, each is answered.

import select
import socket
import struct
import sys
import time

# A client that takes nothing for so long is dropped: 0 s and 200,000 µs.
SEND_LIMIT = struct.pack("ll", 0, 200_000)
epoll = select.epoll()
connections = {}


def accept():
    while True:  # the fix
        try:
            connection, _ = listener.accept()
        except BlockingIOError:
            return
        except OSError:
            # No descriptor is left. Setting the mode again makes epoll report those who wait.
            time.sleep(0.05)
            epoll.modify(listener, select.EPOLLIN | select.EPOLLET)
            return
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, SEND_LIMIT)
        connections[connection.fileno()] = connection
        epoll.register(connection, select.EPOLLIN)


def answer(number):
    connection = connections[number]
    try:
        come = connection.recv(4096)
        if come:
            connection.sendall(come)
            return
    except OSError:
        pass
    del connections[number]
    connection.close()


listener = socket.create_server(("", int(sys.argv[1])), backlog=511)
listener.setblocking(False)
epoll.register(listener, select.EPOLLIN | select.EPOLLET)
while True:
    for number, _ in epoll.poll():
        if number == listener.fileno():
            accept()
        else:
            answer(number)
