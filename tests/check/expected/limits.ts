import { SPINS } from "./reasons.ts";
import type { ExpectedGrades } from "./row.ts";

const line = { raw: "hello\\n" };
const page = { http: "GET /" };

/** What the probes of a server's limits must find: its queue, its descriptors, its memory, and answers that take long. Written before they were run. */
export const rows: ExpectedGrades[] = [
  {
    server: "silent-clients/buggy",
    request: page,
    tls: true,
    fails: {
      "silent-clients": "accept() waits for the ClientHello of the first silent client",
      "descriptors-run-out": SPINS,
    },
  },
  {
    server: "silent-clients/fixed",
    request: page,
    tls: true,
    fails: { "descriptors-run-out": SPINS },
  },
  {
    server: "burst/buggy",
    request: line,
    fails: { burst: "one edge for 199 clients: it accepts 16 of them, and waits for the next edge" },
  },
  { server: "burst/fixed", request: line, fails: {} },
  // Its backlog is 4: those who find no room are served a second later.
  { server: "accept-queue-overflow/fixed", request: line, fails: {} },
  {
    server: "emfile-accept/buggy",
    request: line,
    fails: { "descriptors-run-out": SPINS },
  },
  { server: "emfile-accept/fixed", request: line, fails: {} },
  { server: "emfile-accept/fixed-by-pause", request: line, fails: {} },
  {
    server: "nagle-delayed-ack/buggy",
    request: line,
    fails: {
      "nagle-stall": "two small writes, and Nagle's algorithm holds the second back",
    },
  },
  { server: "nagle-delayed-ack/fixed", request: line, fails: {} },
  { server: "nagle-delayed-ack/fixed-by-one-write", request: line, fails: {} },
  {
    server: "reader-stops/buggy",
    request: line,
    fails: {
      "reader-stops": "write() is never asked whether there is room, and requests are read all the while",
    },
  },
  { server: "reader-stops/fixed", request: line, fails: {} },
  {
    server: "whole-answers/buggy",
    request: page,
    fails: {
      "whole-answers": "its limit of 800 ms is for the whole answer, and the slow readers take longer",
    },
  },
  { server: "whole-answers/fixed", request: page, fails: {} },
];
