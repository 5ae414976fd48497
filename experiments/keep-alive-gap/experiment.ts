import {
  attemptsOk,
  connections,
  counterMoved,
  exactly,
  fact,
  setupOf,
  socketsAtEndOf,
  type ExactExpectation,
  type Setup,
} from "../../harness/experiment.ts";

const REQUESTS = 11;
/** Between two requests. */
const GAP_MS = 500;

function setup(idleMs: number): Setup {
  return setupOf({
    sysctls: { "net.ipv4.tcp_tw_reuse": "0", "net.ipv4.tcp_timestamps": "1" },
    servers: { server: { run: `keep-alive-gap/server --port 8080 --idle-ms ${idleMs}`, withinMs: 30_000 } },
    clients: {
      load: {
        run: `clients/long-http --to {server}:8080 --attempts ${REQUESTS} --rate ${1000 / GAP_MS}`,
        withinMs: 30_000,
      },
    },
    phases: {
      load: { exited: ["load"] },
      drain: {
        until: {
          all: [{ elapsedMs: 300 }, { sockets: { host: "server", state: "ESTABLISHED" }, atMost: 0 }],
        },
        withinMs: 5000,
      },
    },
    everyMs: { sockets: 100, counters: 500 },
  });
}

const all = attemptsOk({ program: "load" }, exactly(REQUESTS)).because("every request is answered");
const made = (count: number, because: string): ExactExpectation =>
  connections({ program: "load" }, exactly(count)).because(because);
const left = (host: "client" | "server", count: number, because: string): ExactExpectation =>
  socketsAtEndOf("drain", { host, state: "TIME-WAIT", port: 8080 }, exactly(count)).because(because);

export const experiment = fact({
  id: "keep-alive-gap",
  title: "Keep-alive, and requests further apart than the server waits",
  question: "When does keep-alive save no TIME-WAIT at all?",
  tags: ["keep-alive", "time-wait"],
  variants: {
    "idle-limit-longer": {
      summary: "a request every 500 ms, and a server that waits for 3 s",
      setup: setup(3000),
      exact: [
        all,
        made(1, "each request uses the connection of the previous one"),
        left("client", 1, "the client closes at the end"),
        left("server", 0, "the server's idle limit was never reached"),
      ],
    },
    "idle-limit-shorter": {
      summary: "a request every 500 ms, and a server that waits for 50 ms",
      setup: setup(50),
      exact: [
        all,
        made(REQUESTS, "the connection of the previous request is always closed"),
        counterMoved({ host: "server", counter: "TcpExtTW" }, exactly(REQUESTS - 1)).because(
          "there are as many TIME-WAIT as without keep-alive, all but the last at the server",
        ),
        left("client", 1, "the client closes the last one"),
      ],
    },
  },
});
