import {
  atLeast,
  attemptsOk,
  exactly,
  failureMode,
  samplesOf,
  setupOf,
  socketsAtEndOf,
  socketsStay,
  type Answer,
  type Setup,
  type Sockets,
  type SocketsSample,
  type SymptomExpectation,
  type View,
} from "../../harness/experiment.ts";
import { advice, signs } from "./advice.ts";

/** Connections that begin a request and never finish it. */
const DRIPPING = 47;
/** Requests of a client that finishes them, over connections that it keeps. */
const REQUESTS = 53;
/** How long a request must be unfinished. */
const UNFINISHED_MS = 1500;
/** Over so long the bytes of a connection are compared. */
const COMPARED_MS = 1000;
/** A phone with bad reception sends an upload faster than this. */
const MOST_BYTES_A_SECOND = 1000;

function setup(server: string): Setup {
  return setupOf({
    servers: { server: `${server} --port 8080` },
    clients: {
      drip: `slowloris/drip --to {server}:8080 --connections ${DRIPPING}`,
      load: `clients/long-http --to {server}:8080 --attempts ${REQUESTS} --rate 17 --concurrency 3`,
    },
    phases: [{ name: "load", until: { exited: ["load"] } }],
    everyMs: { sockets: 100, listeners: 500, counters: 500, processes: 250 },
    tcpInfo: true,
  });
}

const unanswered = {
  state: "ESTABLISHED",
  side: "listener",
  owner: ["listener", "process", "shared"],
  sendQueue: "empty",
  exchanged: "received",
} as const satisfies Sockets;

/** The recorded connections of a listening port that were never answered: what had come at the first and at the last look of each. */
interface AtPort {
  /** The most of these connections in one look, recorded or not. */
  count: number;
  received: Map<string, Received>;
}

interface Received {
  fromUs: number;
  toUs: number;
  /** Bytes that had come at these two times. */
  first: number;
  last: number;
  /** In how many more looks nothing waited to be read than in how many something did. */
  read: number;
}

function unansweredByPort(looks: SocketsSample[]): Map<number, AtPort> {
  const ports = new Map<number, AtPort>();
  for (const { atUs, groups } of looks) {
    for (const { state, side, port, exchanged, count, examples } of groups) {
      if (state !== unanswered.state || side !== unanswered.side || exchanged !== "received") continue;
      const at: AtPort = ports.get(port) ?? { count: 0, received: new Map() };
      ports.set(port, at);
      at.count = Math.max(at.count, count);
      for (const { local, remote, receiveQueueBytes, tcpInfo } of examples) {
        const bytes = tcpInfo?.bytesReceived ?? 0;
        const key = `${local} ${remote}`;
        const { fromUs, first, read } = at.received.get(key) ?? { fromUs: atUs, first: bytes, read: 0 };
        const now = receiveQueueBytes === 0 ? 1 : -1;
        at.received.set(key, { fromUs, toUs: atUs, first, last: bytes, read: read + now });
      }
    }
  }
  return ports;
}

/** How many of them go on sending, and so little at a time that no request comes of it; reckoned from the recorded ones. */
function dripping({ count, received }: AtPort): number {
  const compared = [...received.values()].filter(({ fromUs, toUs }) => toUs - fromUs >= COMPARED_MS * 1000);
  const slow = compared.filter(({ fromUs, toUs, first, last, read }) => {
    const bytesASecond = (last - first) / ((toUs - fromUs) / 1_000_000);
    return read > 0 && first > 0 && last > first && bytesASecond <= MOST_BYTES_A_SECOND;
  });
  return compared.length === 0 ? 0 : Math.round((count * slow.length) / compared.length);
}

/** Whether some other connection of the port was answered: then those who listen there answer when they have a request. */
function answersOthers(looks: SocketsSample[], port: number): boolean {
  return looks.some(({ groups }) =>
    groups.some((group) => group.side === "listener" && group.port === port && group.exchanged === "both"),
  );
}

function isDripped(view: View): Answer {
  const looks = samplesOf(view, "sockets");
  const counts = [...unansweredByPort(looks)].map(([port, at]) => ({ port, count: dripping(at) }));
  const most = counts
    .filter(({ port }) => answersOthers(looks, port))
    .toSorted((one, other) => other.count - one.count)
    .at(0);
  if (most === undefined) return { holds: false, observed: "no port that answers has such connections" };
  return {
    holds: most.count >= 5,
    observed: `at port ${most.port}, ${most.count} connections went on sending a little, and had no answer; others had one`,
  };
}

const drips: SymptomExpectation = {
  claim: `at a port that answers others, at least 5 connections go on sending less than ${MOST_BYTES_A_SECOND} bytes a second, which are read, and have never had an answer`,
  because:
    "a client that waits for an answer has sent its request and is quiet, an idle pool was answered, and a collector of logs answers nobody",
  needs: ["sockets"],
  test: isDripped,
};

const others = attemptsOk({ program: "load" }, exactly(REQUESTS)).because(
  "Node needs no thread for a connection: what the slow ones take is descriptors and memory",
);

export const experiment = failureMode({
  id: "slowloris",
  title: "Requests that never end",
  question: "How long does a server wait for the rest of a request?",
  tags: ["http", "timeout", "limits", "descriptors"],
  signs,
  advice,
  variants: {
    buggy: {
      summary: "no limit for the time of a request",
      setup: setup("slowloris/buggy"),
      exact: [
        socketsStay({ host: "server", ...unanswered, owner: "listener", port: 8080 }, exactly(DRIPPING), {
          forMs: 2000,
        }).because("a head ends with an empty line, and as long as that may come there is nothing to answer"),
        others,
      ],
    },
    fixed: {
      summary: "a second for the head of a request",
      setup: setup("slowloris/fixed"),
      exact: [
        socketsAtEndOf("load", { host: "server", ...unanswered, port: 8080 }, exactly(0)).because(
          "the time counts from the beginning of the request, and no further header makes it longer",
        ),
        socketsStay({ host: "server", ...unanswered, owner: "listener", port: 8080 }, exactly(DRIPPING), {
          forMs: 500,
        }).because("for the first second it is the same: the limit is one of time and not of number"),
        others,
      ],
    },
  },
  symptom: [
    socketsStay(unanswered, atLeast(5), { forMs: UNFINISHED_MS }).because(
      "something came, and nothing was sent",
    ),
    drips,
  ],
  overlaps: {},
});
