# A service with a thread for each client, and a pool of five connections to a database.
#
# What is wrong: a connection is given back when the query has succeeded. A query that fails takes its connection out of the pool for ever. When
# five have failed, every thread waits for a connection.
# On the wire: requests are acknowledged and not answered, and nothing goes to the database, whose answers have all been read.

import queue
import socket
import socketserver
import sys

backend = sys.argv[2].rsplit(":", 1)
# The pool knows all its connections, also those that are lent.
connections = [socket.create_connection(backend) for _ in range(5)]
free = queue.Queue()
for one in connections:
    free.put(one)


class QueryError(Exception):
    pass


def ask(connection):
    connection.sendall(b"temperature?\n")
    answer = connection.recv(100)
    if answer.startswith(b"error"):
        raise QueryError(answer)
    return answer


def temperature():
    connection = free.get()
    answer = ask(connection)
    # The bug: an exception in the line above does not come past here.
    free.put(connection)
    return answer


class Service(socketserver.StreamRequestHandler):
    def handle(self):
        self.rfile.readline()
        try:
            self.wfile.write(b"temperature " + temperature())
        except QueryError:
            self.wfile.write(b"unknown\n")


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 199


Server(("", int(sys.argv[1])), Service).serve_forever()
