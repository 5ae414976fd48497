# A service with a thread for each client, and a pool of five connections to a database.
#
# What is right: the connection goes back to the pool whatever becomes of the query.
# On the wire: a question to the database for each request, and an answer to each.

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
    try:
        return ask(connection)
    finally:  # the fix
        free.put(connection)


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
