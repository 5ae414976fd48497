import type { EvilServer } from "../model/exec.ts";
import type { InterventionPlan } from "../model/setup.ts";

/** How an evil server is made: a program of servers/for-clients, and what the wire and the lab do besides. */
export interface EvilPlan extends EvilServer {
  run: [string, ...string[]];
  /** Where it serves, if that is not the port on which it is ready. */
  port?: number;
  /** What the wire does besides, as words of --wire. */
  wire?: string[];
  /** The option of its program that is the number of --at, and the number where a user gives none. */
  at?: { option: string; bytes: number };
  /** What is done to the server as soon as a connection has been open for OPEN_MS. */
  whenOpen?: InterventionPlan["do"];
}

/** The folder of their programs, and the first part of their names on the command line. */
export const FOR_CLIENTS = "for-clients";

/** The one of them that does nothing wrong. */
export const CORRECT = "answers";

/** The one port on which they serve. */
export const PORT = 8080;

/** How long a connection is open when the server vanishes or restarts: an answer is under way, or over. */
export const OPEN_MS = 300;

const program = (name: string, ...words: string[]): EvilPlan["run"] => [
  `${FOR_CLIENTS}/${name}`,
  ...["--port", String(PORT)],
  ...words,
];

const stopsAtByte = (what: "FIN" | "RST" | "nothing"): Pick<EvilPlan, "run" | "at"> => ({
  run: program("stops-at-byte", "--with", what),
  at: { option: "--at", bytes: 4096 },
});

export const EVIL_SERVERS: readonly EvilPlan[] = [
  {
    name: "closes-idle",
    title: "closes a connection 300 ms after its last answer, without a hint",
    copes: "takes a connection out of its pool when the FIN comes, and sends a request again that met a RST",
    explainedBy: "keep-alive-close-race",
    run: program("closes-idle"),
  },
  {
    name: "answers-and-closes",
    title: "closes after every answer, without Connection: close",
    copes: "closes its end when the FIN comes, and opens a connection for the next request",
    explainedBy: "http-first-close",
    run: program("answers-and-closes"),
  },
  {
    name: "half-closes",
    title: "ends its direction after an answer, and acknowledges and ignores what comes later",
    copes: "sends nothing more over a connection whose other end has finished, and closes it",
    explainedBy: "close-wait-leak",
    run: program("half-closes"),
  },
  {
    name: "truncates",
    title: "ends a body in the middle, with a FIN",
    copes: "compares what came with Content-Length, and reports an error",
    explainedBy: "close-delimited-truncation",
    run: program("truncates"),
  },
  {
    name: "resets-in-body",
    title: "resets the connection in the middle of a body",
    copes: "reports an error, and does not take half a body for a whole one",
    explainedBy: "linger-zero-reset",
    run: program("resets-in-body"),
  },
  {
    name: "drops-at-byte",
    title: "closes the connection at byte 4096 of an answer, with a FIN (--at N: at byte N)",
    copes: "reports an error, wherever in the head or in the body it was",
    explainedBy: "close-delimited-truncation",
    ...stopsAtByte("FIN"),
  },
  {
    name: "resets-at-byte",
    title: "resets the connection at byte 4096 of an answer (--at N: at byte N)",
    copes: "reports an error, wherever in the head or in the body it was",
    explainedBy: "linger-zero-reset",
    ...stopsAtByte("RST"),
  },
  {
    name: "stalls-at-byte",
    title: "sends 4096 bytes of an answer, and then nothing more (--at N: N bytes)",
    copes: "gives up after a time of its own without a byte, and closes the connection",
    explainedBy: "half-open-idle",
    ...stopsAtByte("nothing"),
  },
  {
    name: "hangs-up",
    title: "closes the connection at the first byte of a request (--at N: when it has read N bytes)",
    copes: "reports an error, or sends a request again that is safe to send twice, a few times at most",
    explainedBy: "reset-on-unread-data",
    run: program("hangs-up"),
    at: { option: "--bytes", bytes: 1 },
  },
  {
    name: "never-answers",
    title: "reads requests, and never answers",
    copes: "gives up after a time of its own, and closes the connection",
    explainedBy: "pool-starvation",
    run: program("never-answers"),
  },
  {
    name: "never-reads",
    title: "accepts connections and stalls: it never reads",
    copes: "gives up after a time of its own, also while it sends",
    explainedBy: "parked-connections",
    run: program("never-reads"),
  },
  {
    name: "accepts-slowly",
    title: "takes half a second to accept each connection, with a short accept queue",
    copes:
      "waits for its answer longer than for a connection, and keeps connections instead of making new ones",
    explainedBy: "blocked-acceptor",
    run: program("accepts-slowly"),
  },
  {
    name: "refuses-first",
    title: "refuses the first three connections",
    copes: "tries again after a pause, some times",
    explainedBy: "process-ends",
    run: program("refuses-first"),
    port: PORT,
  },
  {
    name: "drops-syn",
    title: "loses the first SYN: connect() takes a second",
    copes: "waits for a connection for more than a second, and shows its user no error",
    explainedBy: "syn-unanswered",
    run: program(CORRECT),
    wire: ["drop=SYN:1"],
  },
  {
    name: "vanishes",
    title: "is gone without a word in the middle of an answer: no FIN, no RST",
    copes: "gives up after a time of its own without a byte",
    explainedBy: "half-open-idle",
    run: program(CORRECT, "--bytes", "10000", "--seconds", "1"),
    whenOpen: { host: "server", become: "silent" },
  },
  {
    name: "comes-back",
    title: "is ended in the middle of an answer, and started again on the same port",
    copes: "reports an error or asks again, over a new connection, and is served",
    explainedBy: "restart-refused",
    run: program(CORRECT, "--bytes", "10000", "--seconds", "1"),
    whenOpen: { restart: "server" },
  },
];

/** The plan of an evil server, by its name on the command line; undefined for other servers. */
export function evilServer(name: string): EvilPlan | undefined {
  return EVIL_SERVERS.find((one) => `${FOR_CLIENTS}/${one.name}` === name);
}
