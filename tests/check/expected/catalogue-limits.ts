import { NO_DRAIN, SPINS, TWO_WRITES } from "./reasons.ts";
import type { ExpectedGrades } from "./row.ts";

const line = { raw: "hello\\n" };
const page = { http: "GET /" };

const DIES = "an EMFILE of accept() that nobody catches ends the process";
const NEVER_FREE = "the descriptors of clients that have gone are never free again";
const ONE_THREAD =
  "its one thread waits in sendall() for a client that does not read, and serves nobody else meanwhile";
const CUT = "its RST discards what a slow reader has not taken yet";

/** Servers that write what comes back, and ask no write() whether there was room. */
const ECHOES = [
  "accept-queue-overflow/buggy",
  "accept-queue-overflow/fixed-by-backlog",
  "blocked-acceptor/buggy",
  "blocked-acceptor/fixed",
  "close-handshake-without-deadline/server",
  "close-wait-held/buggy",
  "close-wait-held/fixed",
  "ephemeral-port-exhaustion/server",
  "idle-connection-hoard/buggy",
  "idle-connection-hoard/fixed",
  "idle-connection-hoard/fixed-by-limit",
  "invisible-descriptor-leak/buggy",
  "invisible-descriptor-leak/fixed",
  "phantom-established/buggy",
  "phantom-established/fixed",
  "phantom-established/fixed-by-backlog",
  "short-against-long/tcp-server",
  "syn-queue-overflow/buggy",
  "syn-queue-overflow/fixed",
];

/** What the probes of a server's limits must find at the servers of catalogue.ts and catalogue-http.ts. Written before they were run. */
export const rows: ExpectedGrades[] = [
  ...ECHOES.map((server) => ({ server, request: line, fails: { "reader-stops": NO_DRAIN } })),
  {
    server: "service-port-in-ephemeral-range/buggy",
    request: line,
    port: 40_022,
    fails: { "reader-stops": NO_DRAIN },
  },
  {
    server: "service-port-in-ephemeral-range/fixed",
    request: line,
    port: 8022,
    fails: { "reader-stops": NO_DRAIN },
  },
  { server: "end-of-file-spin/buggy", request: line, fails: { "reader-stops": ONE_THREAD } },
  { server: "end-of-file-spin/fixed", request: line, fails: { "reader-stops": ONE_THREAD } },

  {
    server: "close-wait-exhaustion/one-by-one",
    request: line,
    fails: { "descriptors-run-out": NEVER_FREE },
  },
  { server: "end-of-file-spin/buggy", request: line, fails: { "descriptors-run-out": NEVER_FREE } },
  { server: "invisible-descriptor-leak/buggy", request: line, fails: { "descriptors-run-out": NEVER_FREE } },
  {
    server: "end-of-file-spin/fixed",
    request: line,
    fails: {
      "descriptors-run-out": {
        grade: "warn",
        because:
          "accept() fails with EMFILE, and its selector finds the listening socket ready again at once",
      },
    },
  },
  {
    server: "close-wait-never-accepted/buggy",
    request: { raw: "number 23\\n" },
    fails: { "descriptors-run-out": "a client without a first line ends the only thread that accepts" },
  },
  {
    server: "close-wait-never-accepted/fixed",
    request: { raw: "number 23\\n" },
    fails: {
      "descriptors-run-out": "an EMFILE of accept() that nobody catches ends the thread that accepts",
    },
  },
  {
    server: "prefork-by-design/workers",
    request: line,
    fails: { "descriptors-run-out": "an EMFILE of accept() that nobody catches ends a worker" },
  },
  ...["reuseport-zombie-listener", "somaxconn-clamp"].flatMap((id) =>
    ["buggy", "fixed"].map((variant) => ({
      server: `${id}/${variant}`,
      request: line,
      fails: { "descriptors-run-out": DIES },
    })),
  ),
  ...["buggy", "fixed"].flatMap((variant) => [
    {
      server: `select-fd-limit/${variant}`,
      request: line,
      words: ["977"],
      fails: { "descriptors-run-out": DIES },
    },
    {
      server: `slow-reader-zero-window/${variant}`,
      request: line,
      words: ["8081"],
      fails: { "descriptors-run-out": DIES },
    },
  ]),
  ...[
    "close-wait-not-reading/buggy",
    "close-wait-not-reading/fixed",
    "fin-not-forwarded/backend",
    "forked-child-holds-listener/buggy",
    "forked-child-holds-listener/fixed",
    "forked-child-holds-listener/fixed-by-exec",
  ].map((server) => ({ server, request: line, fails: { "descriptors-run-out": SPINS } })),
  ...[
    "close-wait-idle-pool/server",
    "keep-alive-close-race/fixed",
    "pmtu-blackhole/buggy",
    "pmtu-blackhole/fixed",
  ].map((server) => ({ server, request: page, fails: { "descriptors-run-out": SPINS } })),
  {
    server: "http-keep-alive/http_server",
    request: page,
    words: ["HTTP/1.1", "/"],
    fails: { "descriptors-run-out": SPINS, "nagle-stall": TWO_WRITES },
  },
  { server: "keep-alive-close-race/fixed", request: page, fails: { "nagle-stall": TWO_WRITES } },

  { server: "linger-zero-reset/buggy", request: line, fails: { "whole-answers": CUT } },
  { server: "reset-on-unread-data/buggy", request: line, fails: { "whole-answers": CUT } },
];
