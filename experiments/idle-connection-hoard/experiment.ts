import {
  atLeast,
  atMost,
  attemptsOk,
  counterMoved,
  descriptorsLeft,
  descriptorsOf,
  exactly,
  failureMode,
  mostReckoned,
  quantity,
  setupOf,
  socketsAtEndOf,
  socketsStay,
  type Bound,
  type Evidence,
  type Setup,
} from "../../harness/experiment.ts";
import { advice, signs } from "./advice.ts";

/** Connections of one client, which it uses once and keeps. */
const HOARD = 97;
/** Descriptors that the server may have: fewer than the hoard, and some are the runtime's own. */
const DESCRIPTORS = 71;
/** Other clients, which come when the hoard is more than two seconds old. */
const CLIENTS = 23;
const COME_AFTER_MS = 3000;
/** Connections that the server of fixed-by-limit allows one address. */
const MOST_EACH = 11;
/** How long a hoarded connection is silent: longer than the cure allows, and shorter than the trial. */
const IDLE_MS = 1500;

/** A server with fewer descriptors than this has too few anyway. */
const LEAST = 20;

function setup(server: string): Setup {
  return setupOf({
    // An orphaned FIN-WAIT-2 has no descriptor. It goes soon, so that the end of a trial is easy to read.
    sysctls: { "net.ipv4.tcp_fin_timeout": "2", "net.ipv4.tcp_tw_reuse": "0" },
    links: [
      { kind: "direct", between: ["hoarder", "server"] },
      { kind: "direct", between: ["client", "server"] },
    ],
    servers: { server: { run: `${server} --port 8080`, nofile: DESCRIPTORS } },
    clients: {
      hoarder: {
        run: `idle-connection-hoard/hoarder --to {server}:8080 --connections ${HOARD}`,
        host: "hoarder",
        withinMs: 60_000,
      },
      load: `clients/short-tcp --to {server}:8080 --attempts ${CLIENTS} --rate 20 --delay-ms ${COME_AFTER_MS}`,
    },
    phases: { load: { exited: ["load"] }, drain: { elapsedMs: 300 } },
    tcpInfo: true,
  });
}

const held = { state: "ESTABLISHED", side: "listener", owner: "listener" } as const;
const quiet = { receiveQueue: "empty", sendQueue: "empty" } as const;
const hoarded = { host: "hoarder", state: "ESTABLISHED", side: "connector", port: 8080 } as const;

const served = (bound: Bound): ReturnType<typeof attemptsOk> => attemptsOk({ program: "load" }, bound);

/** The largest number, in one look, of sockets whose peer answers probes and has long sent no data. */
function longIdle(evidence: Evidence): number | null {
  const probed = { state: "ESTABLISHED", side: "listener", timer: "keepalive" } as const;
  return mostReckoned(evidence, probed, ({ tcpInfo }) =>
    tcpInfo === undefined ? null : tcpInfo.lastDataReceivedMs >= IDLE_MS,
  );
}

export const experiment = failureMode({
  id: "idle-connection-hoard",
  title: "Connections that nobody uses and nobody closes, until no one else is let in",
  question: "What happens to a server whose clients keep their connections for ever?",
  tags: ["keep-alive", "descriptors", "limits"],
  signs,
  advice,
  variants: {
    buggy: {
      summary: "no idle timeout, no limit for a client; keep-alive probes are on",
      setup: setup("idle-connection-hoard/buggy"),
      exact: [
        socketsStay({ ...held, ...quiet, timer: "keepalive", port: 8080 }, atLeast(23), {
          forMs: IDLE_MS,
        }).because("the client does not close them, and the server has no reason to"),
        descriptorsLeft({ program: "server" }, atMost(1)).because(
          "each of them takes one of the server's descriptors",
        ),
        counterMoved({ host: "server", counter: "TcpExtTCPKeepAlive" }, atLeast(47)).because(
          "probes are sent, and the client's kernel answers them: a probe only checks that the peer is there",
        ),
        served(exactly(0)).because(
          "with EMFILE Node accepts a newcomer and closes it at once: it is connected, but gets no answer",
        ),
      ],
    },
    fixed: {
      summary: "the program closes connections that are idle for 1 s",
      setup: setup("idle-connection-hoard/fixed"),
      exact: [
        served(exactly(CLIENTS)).because("the descriptors are free again before the others come"),
        socketsAtEndOf("drain", { ...hoarded }, exactly(0)).because(
          "the hoarder has lost all its connections",
        ),
        descriptorsLeft({ program: "server" }, atMost(1)).because(
          "for the first second the shortage is the same as without the timeout, which limits time and not number",
        ),
      ],
    },
    "fixed-by-limit": {
      summary: "eleven connections for each address, idle or not",
      setup: setup("idle-connection-hoard/fixed-by-limit"),
      exact: [
        served(exactly(CLIENTS)).because("they come from another address, and its eleven are free"),
        socketsAtEndOf("drain", { ...hoarded }, exactly(MOST_EACH)).because(
          "the hoarder keeps the connections that it got: nothing here limits their idle time",
        ),
        quantity(
          "descriptors of the server at the end",
          descriptorsOf({ program: "server" }, "last"),
          atMost(DESCRIPTORS - MOST_EACH),
        ).because("one address cannot take all descriptors"),
      ],
    },
  },
  symptom: [
    socketsStay({ ...held, ...quiet, timer: "keepalive" }, atLeast(LEAST), { forMs: IDLE_MS }).because(
      "they are idle, but not half-open: the other end answers the probes",
    ),
    quantity(
      `connections that received nothing for ${IDLE_MS / 1000} s, and whose peer is there`,
      { needs: ["sockets"], of: longIdle },
      // A recording keeps only examples of the sockets, a reference recording very few.
      atLeast(1),
    ).because("they are the same connections all the time, unlike those of a busy server"),
    descriptorsLeft({}, atMost(2)).because("none is left for the next client"),
  ],
  overlaps: {
    "connection-limits/short-silent":
      "a hoard too, at a server that closes after its answer: its connections received no data at all, as bytes_received in ss -ti shows",
    "connection-limits/many-machines":
      "a hoard too, of six clients with eleven connections each: a limit for each address does not end it",
  },
});
