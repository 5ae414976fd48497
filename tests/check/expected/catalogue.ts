import { EXITS_AT_ONCE } from "./reasons.ts";
import type { ExpectedGrades } from "./row.ts";

const line = { raw: "hello\\n" };

const SHORT_QUEUE =
  "who finds no room in its short queue is served a second or more later; `burst` prints how many they are";
const ONE_BY_ONE =
  "it serves one connection after another, and waits five seconds for each client that says nothing";
const ONLY_IN_A_DEPLOYMENT = "it shows when a second process takes the port over, and a check has one";
const GIVES_UP = "a client that answers none of its lines for 1.5 s is taken for gone, and reset";
const NEVER_CLOSES =
  "it never answers a client's FIN: all connections stay in CLOSE-WAIT, with their descriptors";
const NO_DEADLINE = "end() is shutdown(), and nothing limits the wait for the client's FIN";

/** What the probes must find at the reference servers that answer lines, and keep connections. Written before they were run. */
export const rows: ExpectedGrades[] = [
  { server: "accept-queue-overflow/buggy", request: line, fails: {}, bugIsUnseen: SHORT_QUEUE },
  { server: "accept-queue-overflow/fixed", request: line, fails: {} },
  { server: "accept-queue-overflow/fixed-by-backlog", request: line, fails: {} },
  {
    server: "accidental-port-sharing/buggy",
    request: line,
    words: ["v1"],
    fails: {},
    bugIsUnseen: ONLY_IN_A_DEPLOYMENT,
  },
  { server: "accidental-port-sharing/fixed", request: line, words: ["v1"], fails: {} },
  {
    server: "blocked-acceptor/buggy",
    request: line,
    fails: {},
    bugIsUnseen: "only a request for the report blocks it, for 20 s, and a check waits 5 s for an answer",
  },
  { server: "blocked-acceptor/fixed", request: line, fails: {} },
  { server: "close-handshake-without-deadline/server", request: line, fails: {} },
  {
    server: "close-wait-exhaustion/one-by-one",
    request: line,
    fails: {
      "client-closes-first": NEVER_CLOSES,
      "abort-before-request": "nothing closes the descriptor of a connection that is over",
      "abort-in-request": "nothing closes the descriptor of a connection that is over",
      "abort-after-request": "nothing closes the descriptor of a connection that is over",
      "abort-in-response": "nothing closes the descriptor of a connection that is over",
      "reset-before-accept": "nothing closes the descriptor of a connection that is over",
      "silent-clients": "its one thread waits for the first silent client, without a limit",
      "vanished-client-idle": "its one thread waits for a client that is gone, without a limit",
    },
    byDesign: "it is a buggy server, and named for the way in which it accepts",
  },
  {
    server: "close-wait-never-accepted/buggy",
    request: { raw: "number 23\\n" },
    fails: {
      "silent-clients": "the thread that accepts waits for the first line of each client",
      "half-a-request": "the thread that accepts waits for the first line of each client",
      "one-byte-a-second": "the thread that accepts waits for the first line of each client",
      "abort-before-request": "a client without a first line ends the only thread that accepts",
      "abort-in-request": "a client without a first line ends the only thread that accepts",
      "reset-before-accept": "a client without a first line ends the only thread that accepts",
    },
  },
  { server: "close-wait-never-accepted/fixed", request: { raw: "number 23\\n" }, fails: {} },
  {
    server: "close-wait-not-reading/buggy",
    request: line,
    fails: {
      "abort-before-request":
        "a client that connects and closes without a word leaves a lock locked, and nobody is served any more",
    },
  },
  { server: "close-wait-not-reading/fixed", request: line, fails: {} },
  { server: "emfile-accept/buggy", request: line, fails: {} },
  { server: "emfile-accept/fixed", request: line, fails: {} },
  { server: "emfile-accept/fixed-by-pause", request: line, fails: {} },
  {
    server: "end-of-file-spin/buggy",
    request: line,
    fails: {
      "client-closes-first": NEVER_CLOSES,
      "abort-before-request": "nobody closes a connection that is over: 97 descriptors without a row",
      "abort-in-request": "nobody closes a connection that is over",
      "abort-after-request": "nobody closes a connection that is over",
      "abort-in-response": "nobody closes a connection that is over",
      "reset-before-accept": "nobody closes a connection that is over",
    },
  },
  { server: "end-of-file-spin/fixed", request: line, fails: {} },
  { server: "ephemeral-port-exhaustion/server", request: line, fails: {} },
  {
    server: "forked-child-holds-listener/buggy",
    request: line,
    fails: {
      "stop-under-load": "its worker outlives it, and holds the listening socket",
    },
  },
  { server: "forked-child-holds-listener/fixed", request: line, fails: {} },
  { server: "forked-child-holds-listener/fixed-by-exec", request: line, fails: {} },
  {
    server: "half-open-writer/buggy",
    request: { raw: "ok\\n" },
    fails: {},
    bugIsUnseen:
      "how long data may stay unacknowledged is the server's choice; `vanished-client-idle` prints that the server only repeats it",
  },
  {
    server: "half-open-writer/fixed",
    request: { raw: "ok\\n" },
    fails: {
      "idle-connection": {
        grade: "warn",
        because: GIVES_UP,
      },
      "client-never-closes": { grade: "warn", because: GIVES_UP },
    },
  },
  { server: "half-open-writer/fixed-by-user-timeout", request: { raw: "ok\\n" }, fails: {} },
  {
    server: "idle-connection-hoard/buggy",
    request: line,
    fails: {},
    bugIsUnseen:
      "how many idle connections a server keeps, and for how long, is its choice; `idle-connection` prints that it closed none",
  },
  { server: "idle-connection-hoard/fixed", request: line, fails: {} },
  { server: "idle-connection-hoard/fixed-by-limit", request: line, fails: {} },
  {
    server: "invisible-descriptor-leak/buggy",
    request: line,
    fails: {
      "client-closes-first": NEVER_CLOSES,
    },
    either: {
      "abort-after-request":
        "of clients that reset behind their FIN only descriptors are left, and a race decides of how many",
    },
  },
  { server: "invisible-descriptor-leak/fixed", request: line, fails: {} },
  { server: "nagle-delayed-ack/buggy", request: line, fails: {} },
  { server: "nagle-delayed-ack/fixed", request: line, fails: {} },
  { server: "nagle-delayed-ack/fixed-by-one-write", request: line, fails: {} },
  { server: "phantom-established/buggy", request: line, fails: {}, bugIsUnseen: SHORT_QUEUE },
  { server: "phantom-established/fixed", request: line, fails: {} },
  { server: "phantom-established/fixed-by-backlog", request: line, fails: {} },
  { server: "prefork-by-design/children", request: line, fails: {} },
  { server: "prefork-by-design/workers", request: line, fails: {} },
  {
    server: "reuseport-close-resets/buggy",
    request: line,
    fails: { "silent-clients": ONE_BY_ONE },
    bugIsUnseen: ONLY_IN_A_DEPLOYMENT,
  },
  {
    server: "reuseport-close-resets/fixed",
    request: line,
    fails: { "silent-clients": ONE_BY_ONE },
    byDesign:
      "what becomes of connections that wait in its queue is its subject, and one after another they do",
  },
  {
    server: "reuseport-zombie-listener/buggy",
    request: line,
    fails: {},
    bugIsUnseen: ONLY_IN_A_DEPLOYMENT,
  },
  { server: "reuseport-zombie-listener/fixed", request: line, fails: {} },
  {
    server: "select-fd-limit/buggy",
    request: line,
    words: ["977"],
    fails: {
      "silent-clients":
        "47 silent clients and 977 open files are more descriptors than select() can watch: whoever comes then is not served",
    },
  },
  { server: "select-fd-limit/fixed", request: line, words: ["977"], fails: {} },
  {
    server: "service-port-in-ephemeral-range/buggy",
    request: line,
    port: 40_022,
    fails: {},
    bugIsUnseen:
      "another program of its host must connect while it is stopped, and in a check nothing else runs there",
  },
  { server: "service-port-in-ephemeral-range/fixed", request: line, port: 8022, fails: {} },
  { server: "short-against-long/tcp-server", request: line, fails: {} },
  {
    server: "slow-reader-zero-window/buggy",
    request: line,
    words: ["8081"],
    fails: {},
    bugIsUnseen: "who does not read is a client of its other port, and a check talks to one",
  },
  { server: "slow-reader-zero-window/fixed", request: line, words: ["8081"], fails: {} },
  {
    server: "somaxconn-clamp/buggy",
    request: line,
    fails: {},
    bugIsUnseen: "its queue is as long as net.core.somaxconn, which is 4096 unless somebody has lowered it",
  },
  { server: "somaxconn-clamp/fixed", request: line, fails: {} },
  { server: "syn-queue-overflow/buggy", request: line, fails: {}, bugIsUnseen: SHORT_QUEUE },
  { server: "syn-queue-overflow/fixed", request: line, fails: {} },
  // Servers that answer once, and close, or leave the close to their clients.
  { server: "close-wait-leak/closing-server", request: line, fails: {} },
  {
    server: "close-wait-held/buggy",
    request: line,
    fails: {},
    either: EXITS_AT_ONCE,
    bugIsUnseen:
      "CLOSE-WAIT stays where a client shuts down its direction and then reads nothing, and no probe does both",
  },
  {
    server: "close-wait-held/fixed",
    request: line,
    fails: {
      "idle-connection": {
        grade: "warn",
        because:
          "its limit of a second does not tell a client that is idle from one that does not read, and resets both",
      },
    },
    either: EXITS_AT_ONCE,
  },
  { server: "connection-limits/short", request: line, fails: {} },
  { server: "fin-not-forwarded/backend", request: line, fails: {} },
  {
    server: "linger-zero-reset/buggy",
    request: line,
    fails: {
      "client-never-closes": {
        grade: "warn",
        because: "it closes with SO_LINGER {1, 0}: an RST right behind the page",
      },
    },
  },
  { server: "linger-zero-reset/fixed", request: line, fails: {} },
  { server: "linger-zero-reset/fixed-by-closing-second", request: line, fails: {} },
  { server: "lingering-close/close-at-once", request: line, fails: {} },
  {
    server: "lingering-close/drain",
    request: line,
    fails: { "client-never-closes": NO_DEADLINE },
    byDesign: "drain-with-bound stands beside it, and the deadline is what they differ in",
  },
  { server: "lingering-close/drain-with-bound", request: line, fails: {} },
  {
    server: "reset-on-unread-data/buggy",
    request: line,
    fails: {
      "client-never-closes": {
        grade: "warn",
        because: "it closes with the request unread: an RST right behind the page",
      },
    },
  },
  { server: "reset-on-unread-data/fixed", request: line, fails: {} },
];
