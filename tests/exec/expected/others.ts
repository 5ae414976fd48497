import { clean, type ExecCase, fixture, once } from "./case.ts";

/** A server of the catalogue, with the clients of its experiment. */
export const OF_THE_CATALOGUE: ExecCase[] = (["buggy", "fixed"] as const).map((variant) => ({
  server: "unconsumed-body/server",
  command: [
    process.execPath,
    `dist/servers/unconsumed-body/${variant}.js`,
    ...["--to", "{LASTACK_HOST}:{LASTACK_PORT}"],
  ],
  copes: variant === "fixed",
  status: variant === "buggy" ? 1 : 0,
  exitCode: 0,
  findings: variant === "buggy" ? ["unconsumed-body"] : [],
  client:
    variant === "buggy"
      ? { connections: { begun: 23, requests: 23 }, unread: { most: 23, last: 23 } }
      : { connections: { begun: 1, requests: 23 }, unread: { last: 0, lastBytes: 0 }, resets: { sent: 0 } },
  ...(variant === "buggy" && { resetsSent: 23 }),
  did: [],
  because: variant === "buggy" ? "it reads no body" : "it throws away each body",
}));

/** The words of --wire, with a client that copes: the kernel does most of it. */
export const WIRES: ExecCase[] = [
  {
    server: "for-clients/answers",
    wire: ["drop=ANSWER:1", "delay=5ms"],
    command: fixture("one-request"),
    copes: true,
    ...clean,
    exitCode: 0,
    client: { connections: { begun: 1, requests: 1 }, unanswered: 0 },
    did: [
      ...once("the wire dropped 1 segment (drop=ANSWER:1)"),
      ...once("the wire delayed each segment by 5 ms"),
    ],
    because: "the kernel repeats the answer",
  },
  {
    server: "for-clients/answers",
    wire: ["drop=ANSWER:1-"],
    command: fixture("gives-up"),
    copes: true,
    ...clean,
    exitCode: 3,
    client: { connections: { begun: 1, requests: 1 }, unanswered: 1, waiting: 0 },
    did: [],
    because: "an answer that the wire has dropped, however often, has not come",
  },
  {
    server: "for-clients/answers",
    wire: ["hold=ANSWER:1-:1500ms"],
    command: fixture("gives-up"),
    copes: true,
    ...clean,
    exitCode: 3,
    client: { connections: { begun: 1, requests: 1 } },
    did: [],
    because: "its own limit is a second",
  },
  {
    server: "for-clients/answers",
    wire: ["repeat=REQUEST:1", "corrupt=ANSWER:1"],
    command: fixture("one-request"),
    copes: true,
    ...clean,
    exitCode: 0,
    client: { connections: { begun: 1, requests: 1 }, unanswered: 0 },
    did: [
      ...once("the wire repeated 1 segment (repeat=REQUEST:1)"),
      ...once("the wire corrupted 1 segment (corrupt=ANSWER:1)"),
    ],
    because: "the kernel drops what came twice, and what has a wrong checksum",
  },
  {
    server: "for-clients/answers",
    wire: ["@tests/fixtures/exec/late-syn-ack.json", "seed=7"],
    command: fixture("one-request"),
    copes: true,
    ...clean,
    exitCode: 0,
    client: { connections: { begun: 1, requests: 1 } },
    did: [
      ...once("the wire held back 1 segment (late SYN-ACK)"),
      ...once("the wire delayed each segment by 2 ms from the client, and by 4 ms from the server"),
      ...once("the wire lost 0 segments (0.001 % at random, seed 7)"),
    ],
    because: "the file has a rule and the settings of the whole wire",
  },
  {
    server: "for-clients/answers",
    wire: ["drop=SYN:2"],
    command: fixture("one-request"),
    copes: true,
    status: 2,
    exitCode: 0,
    findings: [],
    client: { connections: { begun: 1, synsAgain: 0 } },
    did: [],
    untold: "No segment met these rules of the wire, so they were not tried: drop=SYN:2.",
    because: "there is no second SYN, so it is not known what the client would have made of it",
  },
];
