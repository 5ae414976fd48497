import { EXITS_AT_ONCE, HTTP_OF_NODE, HTTP_OF_PYTHON } from "./reasons.ts";
import type { ExpectedGrades } from "./row.ts";

const page = { http: "GET /" };

const SLOW_CLIENTS =
  "each of its clients may keep it waiting for a second, one after another: that is enough for one silent client, and not for many";

/** What the probes must find at the reference servers that speak HTTP. Written before they were run. */
export const rows: ExpectedGrades[] = [
  {
    server: "close-delimited-truncation/buggy",
    request: page,
    fails: {},
    bugIsUnseen:
      "half of an answer that ends with its connection looks like a whole one, and that is the bug",
  },
  {
    server: "close-wait-idle-pool/server",
    request: page,
    fails: {
      "early-answer-to-upload": HTTP_OF_PYTHON,
      "reuse-at-idle-close": { grade: "warn", because: "it closes after a second, and has not said so" },
    },
  },
  { server: "http-first-close/node", request: page, fails: {} },
  {
    server: "http-keep-alive/http_server",
    request: page,
    words: ["HTTP/1.1", "/"],
    fails: { "early-answer-to-upload": HTTP_OF_PYTHON },
  },
  { server: "http-keep-alive/node", request: page, fails: {} },
  {
    server: "keep-alive-close-race/fixed",
    request: page,
    fails: { "early-answer-to-upload": HTTP_OF_PYTHON },
  },
  {
    server: "keep-alive-gap/server",
    request: page,
    fails: {
      "reuse-at-idle-close": { grade: "warn", because: "it closes after five seconds, and has not said so" },
    },
  },
  { server: "listener-backlog/node", request: page, fails: {} },
  {
    server: "pmtu-blackhole/buggy",
    request: page,
    fails: { "early-answer-to-upload": HTTP_OF_PYTHON },
    bugIsUnseen: "what loses its segments is a link on the way, and the way of a check carries all of them",
  },
  { server: "pmtu-blackhole/fixed", request: page, fails: { "early-answer-to-upload": HTTP_OF_PYTHON } },
  { server: "pool-per-call/server", request: page, fails: {} },
  {
    server: "proxy-without-upstream-keep-alive/backend",
    request: page,
    fails: { "half-close-after-request": HTTP_OF_NODE },
  },
  { server: "requests-per-connection-churn/server", request: page, fails: {} },
  { server: "short-against-long/http-server", request: page, fails: {} },
  { server: "short-against-long/https-server", request: page, tls: true, fails: {} },
  {
    server: "silent-client-blocks-acceptor/fixed-by-timeout",
    request: page,
    fails: {
      "early-answer-to-upload": HTTP_OF_PYTHON,
      "silent-clients": SLOW_CLIENTS,
      "half-a-request": SLOW_CLIENTS,
      "one-byte-a-second": SLOW_CLIENTS,
    },
    byDesign: "it is the cure that is too weak, beside the one that is not",
  },
  {
    server: "time-wait-bucket-overflow/buggy",
    request: page,
    fails: {},
    bugIsUnseen:
      "where TIME-WAIT stays, and how many there may be, is no fault by itself; `who-closes-first` prints that they stay at the server",
  },
  { server: "time-wait-bucket-overflow/fixed", request: page, fails: {} },
  { server: "unconsumed-body/server", request: page, fails: {}, either: EXITS_AT_ONCE },
  { server: "web-visits/server", request: page, fails: {} },
];
