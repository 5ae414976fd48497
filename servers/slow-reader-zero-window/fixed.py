# A game server. Every 100 ms it answers what its players have sent, and sends the state of the game to those who watch.
#
# What is right: a write waits for 200 ms. A watcher that has no room by then is dropped.
# On the wire: a watcher reads nothing and closes its window. After 200 ms it is dropped, and the players are answered.

import contextlib
import select
import socket
import sys
import time


def answered(player):
    """Answers what a player has sent. False when it is gone, in good order or not."""
    try:
        move = player.recv(4096)
        player.sendall(move)
    except OSError:
        return False
    return move != b""


players = socket.create_server(("", int(sys.argv[1])), backlog=97)
watchers = socket.create_server(("", int(sys.argv[2])), backlog=97)
playing, watching = [], []
state = b"x" * 65536

while True:
    for ready in select.select([players, watchers, *playing], [], [], 0)[0]:
        with contextlib.suppress(OSError):  # No descriptor is left: the next turn tries again.
            if ready is players:
                while select.select([players], [], [], 0)[0]:
                    player = players.accept()[0]
                    player.settimeout(0.2)
                    playing.append(player)
            elif ready is watchers:
                watcher = ready.accept()[0]
                watcher.settimeout(0.2)  # the fix
                watching.append(watcher)
            elif not answered(ready):
                playing.remove(ready)
                ready.close()
    for watcher in watching[:]:
        try:
            watcher.sendall(state)
        except OSError:
            watching.remove(watcher)
            watcher.close()
    time.sleep(0.1)
