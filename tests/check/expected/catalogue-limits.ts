import { SPINS } from "./reasons.ts";
import type { ExpectedGrades } from "./row.ts";

const line = { raw: "hello\\n" };
const page = { http: "GET /" };

const NEVER_FREE = "the descriptors of clients that have gone are never free again";
const CUT = "its RST discards what a slow reader has not taken yet";

/** What the probes of a server's limits must find at the servers of catalogue.ts and catalogue-http.ts. Written before they were run. */
export const rows: ExpectedGrades[] = [
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
    fails: {
      "descriptors-run-out": SPINS,
      "nagle-stall": "http.server writes the head and the body of an answer each by itself",
    },
    byDesign: "it is Python's http.server with its defaults",
  },

  { server: "linger-zero-reset/buggy", request: line, fails: { "whole-answers": CUT } },
  { server: "reset-on-unread-data/buggy", request: line, fails: { "whole-answers": CUT } },
];
