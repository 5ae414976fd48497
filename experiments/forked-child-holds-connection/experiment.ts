import {
  areGivenConnections,
  atLeast,
  attemptsOk,
  exactly,
  exampleRows,
  failureMode,
  neverSeen,
  outcomes,
  samplesOf,
  setupOf,
  sharedSockets,
  socketsAtEndOf,
  socketsShared,
  socketsStay,
  type Answer,
  type Evidence,
  type ExactExpectation,
  type Setup,
} from "../../harness/experiment.ts";
import { advice, signs } from "./advice.ts";

/** Connections of each scene. */
const CONNECTIONS = 23;

/** Which process holds on, and which end closes first: a server on a port of its own for each. */
const SCENES = [
  { name: "child-client", port: 8080, holder: "child", first: "client" },
  { name: "child-server", port: 8081, holder: "child", first: "server" },
  { name: "parent-client", port: 8082, holder: "parent", first: "client" },
  { name: "parent-server", port: 8083, holder: "parent", first: "server" },
] as const;

/** Both processes hold the descriptor for 500 ms. A client that waits for the server waits for 3 s. */
function load(port: number, first: "client" | "server"): string {
  return [
    `clients/short-tcp --to {server}:${port} --attempts ${CONNECTIONS} --rate 100 --concurrency ${CONNECTIONS}`,
    `--close ${first} --timeout-ms 3000 --hold-ms ${first === "client" ? 500 : 0}`,
  ].join(" ");
}

function setup(program: string): Setup {
  return setupOf({
    // The clients' FIN-WAIT-2 ends after 2 s. TIME-WAIT is counted, so no port may be reused.
    sysctls: { "net.ipv4.tcp_tw_reuse": "0", "net.ipv4.tcp_fin_timeout": "2" },
    servers: Object.fromEntries(
      SCENES.map(({ name, port, holder, first }) => [
        `server-${name}`,
        `${program} --port ${port} --holder ${holder} --first ${first}`,
      ]),
    ),
    clients: Object.fromEntries(SCENES.map(({ name, port, first }) => [`load-${name}`, load(port, first)])),
    phases: { load: { exited: SCENES.map(({ name }) => `load-${name}`) }, drain: { elapsedMs: 500 } },
  });
}

const closeWait = (port: number) =>
  ({ host: "server", state: "CLOSE-WAIT", side: "listener", port }) as const;

const noFin =
  "close() only gives back a descriptor; the FIN is sent when the last process that holds one has closed it";

/** All FINs are exchanged in all scenes: the end that closed first is left with TIME-WAIT, and no end waits. */
const healthy: ExactExpectation[] = [
  ...SCENES.map(({ name }) =>
    attemptsOk({ program: `load-${name}` }, exactly(CONNECTIONS)).because(
      "no end waits for a FIN that does not come",
    ),
  ),
  socketsAtEndOf("drain", { host: "server", state: ["CLOSE-WAIT", "ESTABLISHED"] }, exactly(0)).because(
    "every connection was shut down, whoever still holds its descriptor",
  ),
  socketsAtEndOf(
    "drain",
    { host: "client", state: "TIME-WAIT", side: "connector" },
    exactly(2 * CONNECTIONS),
  ).because("in the two scenes in which the client closes first, it keeps TIME-WAIT"),
  socketsAtEndOf(
    "drain",
    { host: "server", state: "TIME-WAIT", side: "listener" },
    exactly(2 * CONNECTIONS),
  ).because("in the two scenes in which the server closes first, it keeps TIME-WAIT"),
];

/** Connections of a listener that only another process holds. */
const elsewhere = { side: "listener", timer: "none", owner: "process" } as const;
const LONG = { forMs: 1000 };
const SHARED_MS = 300;
const held = socketsStay({ ...elsewhere, state: ["CLOSE-WAIT", "ESTABLISHED"] }, atLeast(1), LONG).because(
  "",
);
const ended = socketsStay(
  { ...elsewhere, state: "CLOSE-WAIT", receiveQueue: "empty" },
  atLeast(1),
  LONG,
).because("");

/**
 * Whether another process holds connections that it does not serve. A server with a child for each connection looks the same while the
 * client is there. But when the client has ended an answered connection, such a child closes it; and nobody else holds it then.
 */
function isForgotten(evidence: Evidence): Answer {
  if (areGivenConnections(evidence)) {
    return { holds: false, observed: "processes that do not listen are given connections, and inherit none" };
  }
  const left = ended.test(evidence);
  if (left.holds === true && hasAnswered(evidence)) return left;
  const stay = held.test(evidence);
  if (stay.holds !== true) {
    const left = leftTogether(evidence);
    if (left === 0) return stay;
    return {
      holds: true,
      observed: `${left} connections that the listening process does not hold, in other processes that also hold some of its own`,
    };
  }
  const shared = connectionsShared(evidence);
  return {
    holds: shared > 0,
    observed: `${stay.observed}; ${shared} connections held by the same processes for ${SHARED_MS / 1000} s or longer`,
  };
}

/**
 * Whether data was sent over one of the recorded connections that the peer has ended, after the last that came from there, and nothing since. On
 * a busy server there are always some that are about to close.
 */
function hasAnswered(evidence: Evidence): boolean {
  return exampleRows(evidence, { ...elsewhere, state: "CLOSE-WAIT" }).some(
    ({ tcpInfo }) =>
      tcpInfo !== undefined &&
      tcpInfo.bytesAcked > 0 &&
      tcpInfo.lastDataSentMs <= tcpInfo.lastDataReceivedMs &&
      tcpInfo.lastDataSentMs >= LONG.forMs,
  );
}

/**
 * How many connections of a listener only other processes hold, several together, of which one also shares a connection with the listening
 * process: descriptors were passed on without intent. The two processes of an SSH login share their connection, but none with the daemon.
 */
function leftTogether(evidence: Evidence): number {
  const rows = samplesOf(evidence, "sockets").flatMap(({ groups }) => groups);
  const listening = new Set(
    rows
      .filter(({ state }) => state === "LISTEN")
      .flatMap(({ examples }) => examples.flatMap(({ pids }) => pids)),
  );
  const connections = new Set(
    rows
      .filter(
        ({ state, side, owner }) => state === "ESTABLISHED" && side === "listener" && owner === "shared",
      )
      .flatMap(({ examples }) => examples.map(({ inode }) => inode)),
  );
  const shared = sharedSockets(evidence)
    .filter(({ inode, fromUs, toUs }) => connections.has(inode) && toUs - fromUs >= LONG.forMs * 1000)
    .map(({ holders }) => holders.map(({ pid }) => pid));
  const lent = new Set(shared.filter((pids) => pids.some((pid) => listening.has(pid))).flat());
  return shared.filter((pids) => !pids.some((pid) => listening.has(pid)) && pids.some((pid) => lent.has(pid)))
    .length;
}

/**
 * How many sockets the same processes held for longer than fork() and close() take on a busy machine, without listening ones: workers share a
 * listener by design.
 */
function connectionsShared(evidence: Evidence): number {
  const listening = samplesOf(evidence, "sockets")
    .flatMap(({ groups }) => groups.filter(({ state }) => state === "LISTEN"))
    .flatMap(({ examples }) => examples.map(({ inode }) => inode));
  return sharedSockets(evidence).filter(
    ({ inode, fromUs, toUs }) => !listening.includes(inode) && toUs - fromUs >= SHARED_MS * 1000,
  ).length;
}

export const experiment = failureMode({
  id: "forked-child-holds-connection",
  title: "A connection that one process closed and another still holds",
  question: "Who ends a connection when two processes hold its descriptor?",
  tags: ["tour", "close-wait", "descriptors", "processes"],
  signs,
  advice,
  variants: {
    buggy: {
      summary: "one of two processes closes its descriptor; the other never does",
      setup: setup("forked-child-holds-connection/buggy"),
      exact: [
        socketsShared({ host: "server" }, atLeast(1)).because(
          "a child that is given a descriptor shares the socket",
        ),
        socketsAtEndOf("drain", { ...closeWait(8080), owner: "process" }, exactly(CONNECTIONS)).because(
          `the server closed, and its child still holds the descriptor: ${noFin}`,
        ),
        socketsAtEndOf("drain", { ...closeWait(8082), owner: "listener" }, exactly(CONNECTIONS)).because(
          `the child that served is gone, and the server itself still holds the descriptor: ${noFin}`,
        ),
        ...([8081, 8083] as const).map((port) =>
          neverSeen({ host: "server", state: ["FIN-WAIT-1", "FIN-WAIT-2", "TIME-WAIT"], port }).because(
            `the server closed first, and yet no FIN went out: ${noFin}`,
          ),
        ),
        ...(["load-child-server", "load-parent-server"] as const).map((program) =>
          outcomes({ program }, "close timeout", exactly(CONNECTIONS)).because(
            "a client that waits for the server's end-of-file waits for as long as the other holder lives",
          ),
        ),
      ],
    },
    fixed: {
      summary: "end() before destroy(): shutdown() acts on the connection, whoever holds a descriptor",
      setup: setup("forked-child-holds-connection/fixed"),
      exact: [
        socketsShared({ host: "server" }, atLeast(1)).because(
          "the descriptors are still shared; sharing alone does no harm",
        ),
        ...healthy,
      ],
    },
    "fixed-by-cloexec": {
      summary: "no child is given the descriptor, so close() is the last one",
      setup: setup("forked-child-holds-connection/fixed-by-cloexec"),
      exact: [
        socketsShared({ host: "server" }, exactly(0)).because(
          "a descriptor that is closed on exec is never shared",
        ),
        ...healthy,
      ],
    },
  },
  symptom: [
    {
      ...held,
      claim: `${held.claim}; in CLOSE-WAIT and answered, or several processes hold connections together`,
      because:
        "another process holds connections of a listener, and the listening process does not; a child that serves them by design would have closed those that the client has ended",
      needs: ["sockets", "processes"],
      test: isForgotten,
    },
  ],
  overlaps: {
    "shared-descriptor/close": "it is the same fault, on one connection, to show what each call sends",
    "shared-descriptor/linger-zero":
      "the same fault; without the other process the close() would have sent a RST",
  },
});
