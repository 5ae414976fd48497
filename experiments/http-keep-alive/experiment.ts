import {
  answersOn,
  atMost,
  between,
  exactly,
  fact,
  keptReport,
  quantity,
  setupOf,
  type Bound,
  type ExactExpectation,
  type Recording,
  type Setup,
  type ShortProgram,
} from "../../harness/experiment.ts";
import { signs } from "./signs.ts";

/** The forms of the client's request. The client never closes first. */
type Asked = "HTTP/1.1" | "HTTP/1.1, close" | "HTTP/1.0" | "HTTP/1.0, keep-alive";

const PORT = 8080;
/** How long the client waits for the server's FIN: longer than Node's 5 s, even with the second that newer releases add. */
const WAIT_MS = 8000;
/** A server that closes after the answer does so within this time, even on a busy machine. */
const AT_ONCE_MS = 290;

const NGINX: ShortProgram = { run: "nginx -p {scratch} -e stderr -c {here}/nginx.conf", listens: PORT };
const python = (protocol: string): ShortProgram => ({
  run: `python3 {here}/http_server.py ${PORT} ${protocol} {scratch}`,
  listens: PORT,
});

function setup(server: ShortProgram): Setup {
  return setupOf({
    sysctls: { "net.ipv4.tcp_tw_reuse": "0" },
    servers: { server },
    clients: {
      asker: { run: `http-keep-alive/asker --to {server}:${PORT} --wait-ms ${WAIT_MS}`, withinMs: 30_000 },
    },
    phases: { load: { exited: ["asker"] }, drain: { elapsedMs: 200 } },
    everyMs: { sockets: 250, listeners: 1000, counters: 1000, processes: 1000 },
  });
}

/** How many answers came on the connection: two if it was still open for a second request. */
const answers = (asked: Asked, count: number, because: string): ExactExpectation =>
  quantity(`answers on the connection that asked with ${asked}`, answersOn(asked), exactly(count)).because(
    because,
  );

/** The time from the last answer to the server's FIN; if no FIN came, the time that the client waited. */
const ended = (asked: Asked, bound: Bound, because: string): ExactExpectation =>
  quantity(
    `ms from the last answer to the server's FIN, asked with ${asked}`,
    {
      needs: ["report"],
      of: (recording: Recording) => {
        if (keptReport(recording, asked, "answers") === null) return null;
        const endedMs = keptReport(recording, asked, "endedMs");
        return typeof endedMs === "number" ? endedMs : WAIT_MS;
      },
    },
    bound,
  ).because(because);

/** Whether the Connection header of the first answer has this value. */
const headerIs = (asked: Asked, value: string, because: string): ExactExpectation =>
  quantity(
    `answers to ${asked} whose Connection header is ${value === "" ? "absent" : `"${value}"`}`,
    {
      needs: ["report"],
      of: (recording: Recording) => {
        const header = keptReport(recording, asked, "connection");
        return header === null ? null : Number(String(header).toLowerCase() === value);
      },
    },
    exactly(1),
  ).because(because);

const closesAtOnce = [
  answers("HTTP/1.1, close", 1, "the client announced that this is the last request"),
  ended("HTTP/1.1, close", atMost(AT_ONCE_MS), "so the server closes after its answer"),
  answers("HTTP/1.0", 1, "in HTTP/1.0 a connection carries one request unless the client asks for more"),
  ended("HTTP/1.0", atMost(AT_ONCE_MS), "the end of the connection is the end of the answer"),
];

export const experiment = fact({
  id: "http-keep-alive",
  title: "Which servers keep an HTTP connection, what they announce, and for how long",
  question:
    "What do servers answer to HTTP/1.0 and 1.1, with and without a Connection header, and when do they close?",
  tags: ["http", "keep-alive", "nginx", "python"],
  signs,
  variants: {
    node: {
      summary: "Node's http server with its defaults",
      setup: setup(`http-keep-alive/node --port ${PORT}`),
      exact: [
        answers("HTTP/1.1", 2, "in HTTP/1.1 a connection stays unless one end sends close"),
        headerIs("HTTP/1.1", "keep-alive", "Node sends it, though it need not"),
        ended("HTTP/1.1", between(4000, 7900), "keepAliveTimeout is 5 s, to which newer versions add 1 s"),
        answers("HTTP/1.0, keep-alive", 2, "in HTTP/1.0 the connection is kept if the client asks for it"),
        ...closesAtOnce,
      ],
    },
    nginx: {
      summary: "nginx with keepalive_timeout 2s",
      setup: setup(NGINX),
      exact: [
        answers("HTTP/1.1", 2, "in HTTP/1.1 a connection stays unless one end sends close"),
        headerIs("HTTP/1.1", "keep-alive", "nginx sends it, though it need not"),
        ended("HTTP/1.1", between(1000, 3900), "keepalive_timeout, which is 75 s by default"),
        answers("HTTP/1.0, keep-alive", 2, "in HTTP/1.0 the connection is kept if the client asks for it"),
        ...closesAtOnce,
      ],
    },
    python: {
      summary: "Python's http.server with its defaults, which include HTTP/1.0",
      setup: setup(python("HTTP/1.0")),
      exact: [
        answers("HTTP/1.1", 1, "the client could keep it, but the server does not"),
        ended("HTTP/1.1", atMost(AT_ONCE_MS), "a server of HTTP/1.0 closes after each answer"),
        headerIs("HTTP/1.1", "", "the version of the answer, HTTP/1.0, is enough"),
        answers("HTTP/1.0, keep-alive", 1, "this server ignores keep-alive in HTTP/1.0"),
        ...closesAtOnce,
      ],
    },
    "python-http-1.1": {
      summary: "Python's http.server with protocol HTTP/1.1",
      setup: setup(python("HTTP/1.1")),
      exact: [
        answers("HTTP/1.1", 2, "in HTTP/1.1 a connection stays unless one end sends close"),
        headerIs("HTTP/1.1", "", "in HTTP/1.1 no header is needed to keep it"),
        ended("HTTP/1.1", exactly(WAIT_MS), "this server has no idle limit"),
        ...closesAtOnce,
      ],
    },
  },
});
