import {
  between,
  callsEnded,
  counterMoved,
  counterStill,
  exactly,
  fact,
  mark,
  neverSeen,
  quantity,
  segmentsSeen,
  setupOf,
  socketsAtEndOf,
  socketsAtPeak,
  socketSeries,
  type Condition,
  type ExactExpectation,
  type InterventionPlan,
  type Recording,
  type Setup,
  type ShortLink,
  type ShortPhase,
} from "../../harness/experiment.ts";

/** SYNs of a stranger that sends no third segment. */
const STRANGERS = 47;
const PORT = 8080;
/** The small backlog that the program gives to listen(); somaxconn is always larger. */
const SHORT = 23;
const HALF = 11;
const LONG = 997;
/** The least number of segments of one short connection that reach the server. */
const SEGMENTS = 5;

interface Queue {
  cookies: "0" | "1" | "2";
  maxSynBacklog: number;
  backlog: number;
  /** Whether the client has had a connection before the strangers come. */
  isKnown?: boolean;
  /** Whether the trial lasts until the kernel gives up some of the strangers. */
  isLong?: boolean;
  /** The value that tcp_max_syn_backlog gets while the server listens, before the strangers come. */
  raisedTo?: number;
}

const halfOpen = { host: "server", state: "SYN-RECEIVED", side: "listener", port: PORT } as const;

const MAY_COME = "the strangers may come";
const HAVE_COME = "the strangers have come";

function links(isKnown: boolean): ShortLink[] {
  return [
    {
      kind: "wire",
      rules: [
        {
          name: "the client's SYN comes after them",
          match: { from: "client", flags: ["SYN"], connection: isKnown ? 2 : 1 },
          do: { holdUntil: HAVE_COME },
        },
      ],
    },
    {
      kind: "wire",
      between: ["stranger", "server"],
      peer: {
        host: "stranger",
        connections: STRANGERS,
        port: 40_001,
        to: PORT,
        steps: [
          { after: MAY_COME },
          { send: { flags: ["SYN"], windowBytes: 10_000, options: { mssBytes: 1460 } } },
        ],
      },
    },
  ];
}

function raise(to: number | undefined): InterventionPlan[] {
  if (to === undefined) return [];
  const write = { sysctl: "net.ipv4.tcp_max_syn_backlog", value: String(to), on: "server" };
  return [{ name: "the sysctl is raised", phase: "load", when: { elapsedMs: 0 }, do: write }];
}

function interventions(isKnown: boolean): InterventionPlan[] {
  const firstIsOver: Condition = { sockets: { host: "client", state: "TIME-WAIT", port: PORT }, atLeast: 1 };
  const came: Condition = {
    counter: "TcpInSegs",
    host: "server",
    atLeast: STRANGERS + (isKnown ? SEGMENTS : 0),
  };
  return [
    mark(MAY_COME, isKnown ? firstIsOver : { elapsedMs: 0 }),
    mark(HAVE_COME, { heldForMs: 200, condition: came }),
  ];
}

function setup({ cookies, maxSynBacklog, backlog, isKnown = false, isLong = false, raisedTo }: Queue): Setup {
  const asks = [`connect {server}:${PORT}`, "send 97", "recv 47", "close"];
  const serves = ["accept", "recv 97", "send 47", "recv end", "close"];
  return setupOf({
    hosts: {
      client: { "net.ipv4.tcp_syn_retries": "1", "net.ipv4.tcp_syn_linear_timeouts": "0" },
      server: {
        "net.core.somaxconn": "4096",
        "net.ipv4.tcp_syncookies": cookies,
        "net.ipv4.tcp_max_syn_backlog": String(maxSynBacklog),
        "net.ipv4.tcp_synack_retries": "5",
        "net.ipv4.tcp_no_metrics_save": "0",
      },
    },
    links: links(isKnown),
    servers: {
      server: {
        run: ["clients/calls", `listen ${PORT} ${backlog}`, ...serves, ...serves, "stay"],
        withinMs: 20_000,
      },
    },
    clients: { client: ["clients/calls", ...(isKnown ? asks : []), ...asks] },
    phases: { load: { exited: ["client"] }, drain: isLong ? crowdedDrain : { elapsedMs: 200 } },
    interventions: [...raise(raisedTo), ...interventions(isKnown)],
    everyMs: { sockets: 100, listeners: 1000, counters: 100, processes: 5000 },
  });
}

/** The phase ends before the kernel can give the strangers up because of tcp_synack_retries. */
const crowdedDrain: ShortPhase = {
  until: { any: [{ sockets: halfOpen, atMost: HALF }, { elapsedMs: 12_000 }] },
  withinMs: 15_000,
};

const held = (count: number, because: string): ExactExpectation =>
  socketsAtPeak(halfOpen, exactly(count)).because(because);
/** The client too is half-open for a moment, and a look can come at that moment. */
const heldWithClient = (count: number, because: string): ExactExpectation =>
  socketsAtPeak(halfOpen, between(count, count + 1)).because(because);
const counted = (counter: string, times: number, because: string): ExactExpectation =>
  counterMoved({ host: "server", counter }, exactly(times)).because(because);

const connects = (result: 0 | "ETIMEDOUT", because: string): ExactExpectation =>
  callsEnded({ program: "client", call: "connect" }, result, exactly(1)).because(because);

/** SYNs of the client that the server drops when it has no room: `tcp_syn_retries` is 1. */
const CLIENT_SYNS = 2;

/** How many seconds the queue was at its longest. */
function allHeldSeconds(recording: Recording): number | null {
  const seen = socketSeries(recording, halfOpen);
  const most = seen.points.filter(({ value }) => value === seen.peak?.value);
  const [first, last] = [most.at(0), most.at(-1)];
  return first === undefined || last === undefined ? null : (last.atUs - first.atUs) / 1e6;
}

/** The signs of a SYN queue that has room for `room` strangers and drops all others. */
const full = (room: number, by: "backlog" | "sysctl"): ExactExpectation[] => [
  connects("ETIMEDOUT", "both of its SYNs are dropped"),
  segmentsSeen({ link: 0, from: "server" }, exactly(0)).because("the server sends the client nothing"),
  counted(
    "TcpExtListenDrops",
    STRANGERS - room + CLIENT_SYNS,
    "every SYN without room, including both of the client",
  ),
  by === "backlog"
    ? counted(
        "TcpExtTCPReqQFullDrop",
        STRANGERS - room + CLIENT_SYNS,
        "this counter is only for a full SYN queue",
      )
    : counterStill({ host: "server", counter: "TcpExtTCPReqQFullDrop" }).because(
        "the queue is not full by the backlog: the rest is kept for known peers",
      ),
  counterStill({ host: "server", counter: "TcpExtListenOverflows" }).because("the accept queue is empty"),
  counterStill({ host: "server", counter: "TcpExtSyncookiesSent" }).because("cookies are off"),
];

const crowded: ExactExpectation[] = [
  socketsAtEndOf("drain", halfOpen, exactly(HALF)).because(
    "while old requests take more than half of the backlog, the kernel gives up those whose SYN-ACK was repeated twice",
  ),
  quantity(
    "s for which all of them were held",
    { needs: ["sockets"], of: allHeldSeconds },
    between(6, 10),
  ).because("1 + 2 + 4 s, though tcp_synack_retries is 5, with which it would be 63 s"),
];

export const experiment = fact({
  id: "syn-queue-length",
  title: "How many handshakes can be in progress",
  question: "How long is the SYN queue, and what do SYN cookies change?",
  tags: ["handshake", "backlog", "syn-cookies", "wire"],
  variants: {
    "short-backlog": {
      summary: "no cookies, a backlog of 23, tcp_max_syn_backlog 64",
      setup: setup({ cookies: "0", maxSynBacklog: 64, backlog: SHORT, isLong: true }),
      exact: [
        held(SHORT + 1, "the backlog limits this queue, too"),
        ...full(SHORT + 1, "backlog"),
        ...crowded,
      ],
    },
    "short-backlog-wide-sysctl": {
      summary: "no cookies, a backlog of 23, tcp_max_syn_backlog 1024",
      setup: setup({ cookies: "0", maxSynBacklog: 1024, backlog: SHORT }),
      exact: [
        held(SHORT + 1, "the backlog, the smaller limit, applies first"),
        ...full(SHORT + 1, "backlog"),
      ],
    },
    "narrow-sysctl": {
      summary: "no cookies, a backlog of 997, tcp_max_syn_backlog 16",
      setup: setup({ cookies: "0", maxSynBacklog: 16, backlog: LONG }),
      exact: [
        held(13, "without cookies, the last quarter of tcp_max_syn_backlog is for peers that are known"),
        ...full(13, "sysctl"),
      ],
    },
    "narrow-sysctl-known-client": {
      summary:
        "no cookies, a backlog of 997, tcp_max_syn_backlog 16, and the client has had a connection before",
      setup: setup({ cookies: "0", maxSynBacklog: 16, backlog: LONG, isKnown: true }),
      exact: [
        heldWithClient(13, "strangers find as much room as before"),
        callsEnded({ program: "client", call: "connect" }, 0, exactly(2)).because(
          "the kernel has stored a round trip for this address (ip tcp_metrics)",
        ),
      ],
    },
    "narrow-sysctl-raised": {
      summary: "tcp_max_syn_backlog is 16 when the server begins to listen, and 1024 when the strangers come",
      setup: setup({ cookies: "0", maxSynBacklog: 16, backlog: LONG, raisedTo: 1024 }),
      exact: [
        heldWithClient(STRANGERS, "it is read for every SYN: no new listen() is needed"),
        connects(0, "there is room"),
      ],
    },
    wide: {
      summary: "no cookies, a backlog of 997, tcp_max_syn_backlog 1024",
      setup: setup({ cookies: "0", maxSynBacklog: 1024, backlog: LONG }),
      exact: [
        heldWithClient(STRANGERS, "there is room for all"),
        connects(0, "there is room for the client too"),
        counterStill({ host: "server", counter: "TcpExtListenDrops" }).because("nothing is dropped"),
      ],
    },
    cookies: {
      summary: "tcp_syncookies 1, a backlog of 23, tcp_max_syn_backlog 64",
      setup: setup({ cookies: "1", maxSynBacklog: 64, backlog: SHORT }),
      exact: [
        held(SHORT + 1, "cookies are sent only when the queue is full"),
        connects(0, "its SYN is not stored, but its third segment brings back what the server needs"),
        counted("TcpExtSyncookiesSent", STRANGERS - SHORT - 1 + 1, "for those that find no room"),
        counted("TcpExtSyncookiesRecv", 1, "the client's"),
        counterStill({ host: "server", counter: "TcpExtListenDrops" }).because("nothing is dropped"),
      ],
    },
    "cookies-wide-sysctl": {
      summary: "tcp_syncookies 1, a backlog of 23, tcp_max_syn_backlog 1024",
      setup: setup({ cookies: "1", maxSynBacklog: 1024, backlog: SHORT }),
      exact: [
        held(SHORT + 1, "with cookies, tcp_max_syn_backlog is not read"),
        connects(0, "as before"),
        counted("TcpExtSyncookiesSent", STRANGERS - SHORT - 1 + 1, "as before"),
      ],
    },
    "cookies-always": {
      summary: "tcp_syncookies 2, a backlog of 997, tcp_max_syn_backlog 1024",
      setup: setup({ cookies: "2", maxSynBacklog: 1024, backlog: LONG }),
      exact: [
        neverSeen(halfOpen).because("no SYN is stored, though there is room"),
        connects(0, "a cookie is enough"),
        counted("TcpExtSyncookiesSent", STRANGERS + 1, "every SYN is answered with one"),
        counted("TcpExtSyncookiesRecv", 1, "the client's"),
      ],
    },
  },
});
