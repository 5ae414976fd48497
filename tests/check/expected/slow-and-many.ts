import type { ExpectedGrades } from "./row.ts";

/** What the probes of slow clients and of many requests must find. Written before they were run. */
export const rows: ExpectedGrades[] = [
  {
    server: "silent-client-blocks-acceptor/buggy",
    request: { http: "GET /" },
    fails: {
      "silent-clients": "one thread waits for the first silent client, and accepts nobody else",
      "half-a-request": "the same thread waits for the rest of the request",
      "one-byte-a-second": "the same thread waits for the next byte",
    },
  },
  { server: "silent-client-blocks-acceptor/fixed", request: { http: "GET /" }, fails: {} },
  {
    server: "slowloris/buggy",
    request: { http: "GET /" },
    fails: {},
    bugIsUnseen:
      "how long a request may take is the server's choice; `half-a-request` prints that it ended none of the slow connections",
  },
  { server: "slowloris/fixed", request: { http: "GET /" }, fails: {} },
  {
    server: "pipelined-requests/buggy",
    request: { http: "GET /" },
    fails: { "pipelined-requests": "it throws away what follows the first head of a read" },
  },
  { server: "pipelined-requests/fixed", request: { http: "GET /" }, fails: {} },
  {
    server: "many-requests/buggy",
    request: { http: "GET /" },
    fails: { "many-requests": "the 47th answer does not say that it is the last" },
  },
  { server: "many-requests/fixed", request: { http: "GET /" }, fails: {} },
];
