import { createServer, type AddressInfo, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { socketAddress } from "../../harness/kernel/address.ts";
import { Epoll } from "../../harness/kernel/epoll.ts";
import { shutdown } from "../../harness/kernel/socket.ts";
import { descriptorOf } from "../../harness/kernel/sockopt.ts";
import type { ClientPlan } from "../../harness/load/plan.ts";
import { monotonicUs } from "../load/clock.ts";
import { Deadlines } from "../load/deadlines.ts";
import { readOptions } from "../load/options.ts";
import { peerEnd } from "../load/peer-end.ts";
import { Connection } from "./connection.ts";
import { http } from "./http.ts";
import { Views } from "./views.ts";

const opened: (() => void)[] = [];
afterEach(() => {
  for (const close of opened.splice(0)) close();
});

/** Calls `then` when the client has a whole answer and has not closed yet. */
class Answered extends Deadlines<Connection> {
  readonly #then: (connection: Connection) => void;

  constructor(then: (connection: Connection) => void) {
    super(5000);
    this.#then = then;
  }

  override stop(connection: Connection): void {
    super.stop(connection);
    this.#then(connection);
  }
}

test.each([
  ["the server's FIN that came after the last read was first", true],
  ["without a FIN of the server, the client's is first", false],
])("%s", async (_, closes) => {
  const peers: Socket[] = [];
  const server = createServer((peer) => {
    peers.push(peer);
    peer.on("error", () => {});
    peer.once("data", () => peer.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
  });
  opened.push(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const epoll = new Epoll(8);
  const timeouts = new Answered(({ fd }) => {
    if (closes) shutdown(descriptorOf(peers[0]!), "write");
    // On loopback a FIN has arrived when the call that sends it returns.
    expect(peerEnd(fd)).toBe(closes ? "fin" : "open");
  });
  const { plan } = readOptions(["--to", `127.0.0.1:${port}`, "--attempts", "1"], {
    keepOpen: false,
    flags: [],
  }) as { plan: ClientPlan };
  let ended: boolean | null = null;
  const connection = new Connection(
    1,
    {
      address: socketAddress("127.0.0.1", port),
      protocol: http.protocol(plan, {}),
      close: "client",
      keepOpen: false,
      responsesMost: 1,
      portsWanted: false,
      hold: false,
      epoll,
      near: true,
      buffer: new Views(1024),
      timeouts,
      holds: new Deadlines(0),
      onAttempt: () => {},
      onIdle: () => {},
      onClosed: ({ peerEnded }) => (ended = peerEnded),
    },
    monotonicUs(),
  );
  connection.begin(1, monotonicUs(), monotonicUs());
  await expect
    .poll(() => {
      const count = epoll.wait(0);
      for (let index = 0; index < count; index++) connection.onEvents(epoll.eventsAt(index));
      return ended;
    })
    .toBe(closes);
  epoll.close();
  for (const peer of peers) peer.destroy();
});
