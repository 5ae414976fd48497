import { EXITS_AT_ONCE, HTTP_OF_NODE, HTTP_OF_PYTHON, SPINS } from "./reasons.ts";
import type { ExpectedGrades } from "./row.ts";

const line = { raw: "hello\\n" };
const page = { http: "GET /" };

/** What the probes of a connection's ends must find. Written before they were run. */
export const rows: ExpectedGrades[] = [
  {
    server: "close-wait-leak/buggy",
    request: line,
    fails: {
      "descriptors-run-out": "the descriptors of clients that have gone are never free again",
      "client-closes-first":
        "it never answers the client's FIN: all 997 stay in CLOSE-WAIT, with their descriptors",
    },
    either: {
      "abort-after-request":
        "of clients that reset behind their FIN only descriptors are left, and a race decides of how many",
    },
  },
  { server: "close-wait-leak/fixed", request: line, fails: {} },
  {
    server: "half-close-after-request/buggy",
    request: line,
    fails: {
      "half-close-after-request": "Node answers the client's FIN at once, and the answer comes after that",
    },
  },
  { server: "half-close-after-request/fixed", request: line, fails: {} },
  {
    server: "abort-before-request/buggy",
    request: line,
    fails: {
      "abort-before-request": "an exception leaves the thread before it closes: 97 descriptors without a row",
      "abort-in-request": "the same",
      "abort-after-request": "the same: the RST comes instead of the client's end-of-file",
      "abort-in-response": "the same",
      "reset-before-accept": "the same, at the first recv() after accept()",
    },
  },
  { server: "abort-before-request/fixed", request: line, fails: {} },
  {
    server: "abort-in-request/buggy",
    request: line,
    fails: {
      "abort-before-request": "an error that nobody listens for ends the process",
      "abort-in-request": "the same",
      "abort-after-request": "the same",
      "abort-in-response": "the same",
      "reset-before-accept": "the same",
    },
  },
  { server: "abort-in-request/fixed", request: line, fails: {} },
  {
    server: "abort-in-response/buggy",
    request: page,
    fails: {
      "abort-in-response": "pipe() leaves the file open when its response is destroyed",
      "half-close-after-request": HTTP_OF_NODE,
      "abort-after-request": "the same: the film is larger than the room in the kernel",
    },
    either: EXITS_AT_ONCE,
  },
  {
    server: "abort-in-response/fixed",
    request: page,
    fails: { "half-close-after-request": HTTP_OF_NODE },
    either: EXITS_AT_ONCE,
  },
  {
    server: "reset-before-accept/buggy",
    request: line,
    fails: {
      "reset-before-accept": "a connection without an address throws, and that ends the process",
      "abort-before-request": "among 97 clients that reset at once, some do so before accept()",
    },
    either: {
      "abort-in-request": "of 11 clients, one may reset before accept(), or none",
      "abort-after-request": "the same",
    },
  },
  { server: "reset-before-accept/fixed", request: line, fails: {} },
  {
    server: "silent-client-blocks-acceptor/buggy",
    request: page,
    fails: {
      "early-answer-to-upload": HTTP_OF_PYTHON,
      "vanished-client-idle":
        "it serves one connection at a time, and waits without a limit for one that is gone",
    },
  },
  {
    server: "silent-client-blocks-acceptor/fixed",
    request: page,
    fails: {
      "descriptors-run-out": SPINS,
      "early-answer-to-upload": HTTP_OF_PYTHON,
    },
  },
  {
    server: "half-open-idle/buggy",
    request: line,
    fails: {},
    bugIsUnseen:
      "how long an idle connection is kept is the server's choice; `vanished-client-idle` prints that no timer runs for a client that is gone",
  },
  { server: "half-open-idle/fixed", request: line, fails: {} },
  { server: "half-open-idle/fixed-by-keepalive", request: line, fails: {} },
  {
    server: "early-answer-to-upload/buggy",
    request: page,
    fails: {
      "early-answer-to-upload": "it closes with the upload unread: the rest of the answer is discarded",
    },
  },
  { server: "early-answer-to-upload/fixed", request: page, fails: {} },
  {
    server: "fin-wait-2-pileup/buggy",
    request: line,
    fails: {
      "client-never-closes": "end() is shutdown(), and nothing limits the wait for the client's FIN",
    },
  },
  { server: "fin-wait-2-pileup/fixed", request: line, fails: {} },
  { server: "fin-wait-2-pileup/fixed-by-close", request: line, fails: {} },
  {
    server: "client-never-closes/buggy",
    request: line,
    tls: true,
    fails: {
      "client-never-closes": "unwrap() waits for the client's close_notify, and no timer of its own ends it",
    },
  },
  { server: "client-never-closes/fixed", request: line, tls: true, fails: {} },
  {
    server: "websocket-close-unanswered/buggy",
    request: page,
    fails: {
      "websocket-close-unanswered": "it waits for the client's Close frame, and no timer of its own ends it",
    },
  },
  { server: "websocket-close-unanswered/fixed", request: page, fails: {} },
];
