import type { InterventionPlan } from "../../harness/model/setup.ts";
import { CONNECT, fin, LISTEN, PAUSE, type Provoked, provoked, rst } from "./provoke.ts";

const held = { host: "server", state: "ESTABLISHED", side: "listener", port: 8080 } as const;

/** As soon as the server has the connection. */
function onceConnected(action: InterventionPlan["do"], name: string): InterventionPlan {
  return {
    name,
    phase: "load",
    when: { heldForMs: 200, condition: { sockets: held, atLeast: 1 } },
    do: action,
  };
}

const killed = onceConnected({ signal: "SIGKILL", program: "server" }, "the server is killed");
const silent = onceConnected({ host: "server", become: "silent" }, "the server is silent");
const rebooted = onceConnected({ host: "server", become: "rebooted" }, "the server is rebooted");

const killedLater: InterventionPlan = {
  ...killed,
  // No condition shows that the server has read and set what it is to: on a busy machine that takes a while.
  when: { heldForMs: 1200, condition: { sockets: held, atLeast: 4 } },
};
/** The same calls four times. */
const four = (...calls: string[]): string[] => [...calls, ...calls, ...calls, ...calls];

const gone = { sockets: { host: "client", port: 8080 }, atMost: 0 } as const;

/** Every cause that can be provoked in namespaces, by the name of the cause or of the case. For orphan-limit.ts it takes the whole kernel. */
export const PROVOKED: Record<string, Provoked> = {
  close: provoked(
    {
      server: [LISTEN, "accept", "recv end", PAUSE, "close"],
      client: [CONNECT, "send 97", PAUSE, "close", PAUSE, PAUSE],
    },
    fin("client", "close"),
    fin("server", "close"),
  ),
  shutdown: provoked(
    {
      server: [LISTEN, "accept", "recv end", PAUSE, "shutdown write", PAUSE, "close"],
      client: [CONNECT, "shutdown write", "recv end", PAUSE, "close"],
    },
    fin("client", "shutdown"),
    fin("server", "shutdown"),
  ),
  "shutdown and data": provoked(
    {
      server: [LISTEN, "accept", "recv end", "send 97", PAUSE, "close"],
      client: [CONNECT, "shutdown write", "recv end", "close", PAUSE],
    },
    fin("client", "shutdown"),
    fin("server", "close"),
  ),
  "unread bytes": provoked(
    { server: [LISTEN, "accept", PAUSE, "close"], client: [CONNECT, "send 97", "recv end", "close"] },
    rst("server", "unread-bytes"),
  ),
  "linger 0": provoked(
    {
      server: [LISTEN, "accept", "recv end", "close"],
      client: [CONNECT, "send 97", "set SO_LINGER 0", PAUSE, "close", PAUSE],
    },
    rst("client", "linger-zero"),
  ),
  "linger2 after shutdown": provoked(
    {
      server: [LISTEN, "accept", "recv end", PAUSE, PAUSE, "close"],
      client: [CONNECT, "set TCP_LINGER2 -1", "shutdown write", PAUSE, "close", PAUSE],
    },
    fin("client", "shutdown"),
    rst("client", "linger2"),
  ),
  "shutdown, over at once": provoked(
    {
      server: [LISTEN, "accept", "recv end", "close"],
      client: [CONNECT, "shutdown write", PAUSE, "close", PAUSE],
    },
    fin("client", "shutdown"),
    fin("server", "close"),
  ),
  "linger2 after close": provoked(
    {
      server: [LISTEN, "accept", "recv end", PAUSE, "close"],
      client: [CONNECT, "set TCP_LINGER2 -1", "close", PAUSE, PAUSE],
    },
    fin("client", "close"),
    rst("client", "linger2"),
  ),
  "no listener": provoked(
    { server: [LISTEN], client: ["connect {server}:8081", PAUSE] },
    rst("server", "no-listener"),
  ),
  "process killed": provoked(
    {
      server: [LISTEN, "accept", "recv 97"],
      client: [CONNECT, "send 97", "recv end", PAUSE, "close", PAUSE],
      interventions: [killed],
    },
    { ...fin("server", "process-ended"), made: "close" },
    fin("client", "close"),
  ),
  "process killed with unread bytes": provoked(
    {
      server: [LISTEN, "accept"],
      client: [CONNECT, "send 97", "recv end", "close"],
      interventions: [killed],
    },
    { ...rst("server", "process-ended"), made: "unread-bytes" },
  ),
  "keep-alive": provoked(
    {
      server: [LISTEN, "accept"],
      client: [
        ...["set SO_KEEPALIVE 1", "set TCP_KEEPIDLE 1", "set TCP_KEEPINTVL 1", "set TCP_KEEPCNT 2"],
        ...[CONNECT, "recv end", "close"],
      ],
      interventions: [silent],
    },
    rst("client", "keep-alive"),
  ),
  "user timeout": provoked(
    {
      server: [LISTEN, "accept", "recv 97"],
      client: ["set TCP_USER_TIMEOUT 900", CONNECT, "send 97", "wait 600", "send 97", "recv end", "close"],
      interventions: [silent],
    },
    { host: "client", ending: "nothing", cause: "user-timeout" },
  ),
  "retries exhausted": provoked(
    {
      server: [LISTEN, "accept", "recv 97"],
      client: [CONNECT, "send 97", "wait 600", "close", "stay"],
      interventions: [silent],
      hosts: { client: { "net.ipv4.tcp_orphan_retries": "1" } },
      until: {
        load: { until: { all: [{ elapsedMs: 1000 }, gone] }, withinMs: 20_000 },
        drain: { elapsedMs: 250 },
      },
    },
    fin("client", "close"),
    { host: "client", ending: "nothing", cause: "retries-exhausted" },
  ),
  backlog: provoked(
    {
      server: ["listen 8080 1"],
      client: [CONNECT, "keep", CONNECT, "keep", CONNECT, "keep", "stay"],
      hosts: {
        server: {
          "net.core.somaxconn": "4096",
          "net.ipv4.tcp_abort_on_overflow": "1",
          "net.ipv4.tcp_synack_retries": "5",
          "net.ipv4.tcp_syncookies": "1",
          "net.ipv4.tcp_max_syn_backlog": "1024",
        },
      },
      link: {
        kind: "wire",
        rules: [
          {
            name: "the first third segment comes last",
            match: { from: "client", connection: 1, without: ["SYN"], until: "the queue is full" },
            do: { holdUntil: "the queue is full" },
          },
        ],
      },
      interventions: [
        {
          name: "the queue is full",
          phase: "load",
          when: { sockets: held, atLeast: 2 },
          do: { nothing: true },
        },
      ],
      until: {
        load: { until: { sockets: held, atLeast: 2 }, withinMs: 20_000 },
        drain: { elapsedMs: 400 },
      },
    },
    rst("server", "backlog"),
  ),
  disconnected: provoked(
    {
      server: [LISTEN, "accept", "recv end", "close"],
      client: [CONNECT, "send 97", PAUSE, "disconnect", PAUSE],
    },
    rst("client", "disconnect"),
  ),
  "disconnected, with unread bytes": provoked(
    {
      server: [LISTEN, "accept", "send 97", "recv end", "close"],
      client: [CONNECT, PAUSE, "disconnect", PAUSE],
    },
    rst("client", "disconnect"),
  ),
  "disconnected after shutdown": provoked(
    {
      server: [LISTEN, "accept", "recv end", PAUSE, PAUSE, "close"],
      client: [CONNECT, "shutdown write", PAUSE, "disconnect", PAUSE],
    },
    fin("client", "shutdown"),
    rst("client", "disconnect"),
  ),
  "listener closed": provoked(
    { server: [LISTEN, "wait 600", "unlisten"], client: [CONNECT, "recv end", "close"] },
    rst("server", "listener-closed"),
  ),
  "data after close": provoked(
    {
      server: [LISTEN, "accept", "recv end", PAUSE, "send 97"],
      client: [CONNECT, "close", PAUSE, PAUSE],
    },
    fin("client", "close"),
    rst("client", "data-after-close"),
  ),
  "linger 0 and unread bytes at once": provoked(
    {
      server: [
        LISTEN,
        ...["accept", "keep", "accept", "recv 97", "set SO_LINGER 0", "keep"],
        ...["accept", "keep", "accept", "recv 97", "set SO_LINGER 0", "wait 200"],
      ],
      client: [...four("connect {server}:8080", "send 97", "keep"), "stay"],
      interventions: [killedLater],
      until: { load: { until: { exited: ["server"] }, withinMs: 30_000 }, drain: { elapsedMs: 250 } },
    },
    { ...rst("server", "process-ended"), made: "unread-bytes" },
    { ...rst("server", "process-ended"), made: "linger-zero" },
    { ...rst("server", "process-ended"), made: "unread-bytes" },
    { ...rst("server", "process-ended"), made: "linger-zero" },
  ),
  "wrong acknowledgement": provoked(
    {
      server: [LISTEN, "accept", "keep", "accept"],
      client: [
        ...["bind 40001", CONNECT, "send 97", "set SO_LINGER 0", PAUSE, "close"],
        ...["bind 40001", CONNECT, PAUSE],
        "stay",
      ],
      link: {
        kind: "wire",
        rules: [
          {
            name: "the first reset is lost",
            match: { from: "client", flags: ["RST"], nth: { from: 1, to: 1 } },
            do: { drop: true },
          },
        ],
      },
      until: {
        load: { until: { sockets: held, atLeast: 1 }, withinMs: 20_000 },
        drain: { elapsedMs: 1500 },
      },
    },
    rst("client", "linger-zero"),
    rst("client", "wrong-acknowledgement"),
  ),
  "a script's reset": provoked(
    {
      server: null,
      client: [CONNECT, "recv end", "close"],
      link: {
        kind: "wire",
        peer: {
          host: "server",
          connections: 1,
          port: 8080,
          steps: [
            { await: { flags: ["SYN"] }, withinMs: 20_000 },
            { send: { flags: ["SYN", "ACK"], windowBytes: 1000 } },
            { await: { flags: ["ACK"] }, withinMs: 5000 },
            { send: { flags: ["RST", "ACK"], windowBytes: 0 } },
          ],
        },
      },
    },
    rst("server", "script"),
  ),
  "no connection": provoked(
    {
      server: [LISTEN, "accept"],
      client: [CONNECT, "wait 600", "send 97", "recv end", "close"],
      interventions: [rebooted],
    },
    rst("server", "no-connection"),
  ),
};
