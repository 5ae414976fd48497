import {
  atLeast,
  attemptsOk,
  between,
  exactly,
  failureMode,
  listenerPairs,
  outcomes,
  portIsShared,
  samplesOf,
  setupOf,
  socketsAtEndOf,
  type Answer,
  type Evidence,
  type Setup,
} from "../../harness/experiment.ts";
import { advice, signs } from "./advice.ts";

/** Clients that keep their connections: the reason why the old process is still there. One in 2^23 trials has none at the old process. */
const GUESTS = 23;
const ATTEMPTS = 97;
/** By chance fewer than 23 of 97 connections go to one of two sockets about once in ten million trials. */
const A_SHARE = 23;
const LONG_MS = 2000;

function setup(program: string): Setup {
  const server = `python3 {here}/${program}.py 8080`;
  const guests = {
    sockets: { host: "server", state: "ESTABLISHED", side: "listener" },
    atLeast: GUESTS,
  } as const;
  return setupOf({
    hosts: { server: { "net.core.somaxconn": "128", "net.ipv4.tcp_migrate_req": "0" } },
    servers: { old: server, new: server },
    clients: {
      guests: {
        run: `clients/long-tcp --to {server}:8080 --attempts ${GUESTS} --concurrency ${GUESTS} --hold-ms 600000`,
        withinMs: 660_000,
      },
      load: {
        run: `clients/short-tcp --to {server}:8080 --attempts ${ATTEMPTS} --concurrency ${ATTEMPTS} --rate 400 --timeout-ms 1500 --at-signal`,
        withinMs: 30_000,
      },
    },
    phases: [
      { name: "load", until: { exited: ["load"] } },
      { name: "drain", until: { elapsedMs: 1200 } },
    ],
    interventions: [
      {
        name: "the old process drains",
        phase: "load",
        when: { heldForMs: 200, condition: guests },
        do: { signal: "SIGHUP", program: "old" },
      },
      {
        name: "the requests begin",
        phase: "load",
        when: { all: [{ ready: ["load"] }, { heldForMs: 900, condition: guests }] },
        do: { signal: "SIGCONT", program: "load" },
      },
    ],
    everyMs: { sockets: 100, listeners: 100, counters: 500, processes: 250 },
  });
}

/** A listener at which connections wait, and their number never falls; and the last look in which none waited at another one of its port. */
interface Standing {
  inode: number;
  name: string;
  fromUs: number;
  toUs: number;
  queue: number;
  emptyUs: number;
}

/** Every such stretch of looks. */
function standing(evidence: Evidence): Standing[] {
  const all: Standing[] = [];
  let open: Standing[] = [];
  for (const look of samplesOf(evidence, "listeners")) {
    const { atUs } = look;
    const pairs = listenerPairs(look).filter(([one, other]) => one.queue > other.queue);
    const now = new Set(pairs.map(([one]) => one));
    open = [...now].map((listener) => {
      const { inode, address, port, queue } = listener;
      const isEmpty = pairs.some(([one, other]) => one === listener && other.queue === 0);
      const before = open.find((stretch) => stretch.inode === inode && stretch.queue <= queue);
      const begun = {
        inode,
        name: `${address}:${port}`,
        fromUs: atUs,
        toUs: atUs,
        queue,
        emptyUs: -Infinity,
      };
      const stretch = before ?? begun;
      if (before === undefined) all.push(begun);
      return Object.assign(stretch, { toUs: atUs, queue, emptyUs: isEmpty ? atUs : stretch.emptyUs });
    });
  }
  return all;
}

function oneDoesNotAccept(evidence: Evidence): Answer {
  const lengthMs = ({ fromUs, toUs }: Standing): number => (toUs - fromUs) / 1000;
  // Where the other queue is never empty, too, the whole service is overloaded.
  const beside = standing(evidence).filter(({ toUs, emptyUs }) => toUs - emptyUs < 1e6);
  const [longest] = beside.toSorted((one, other) => lengthMs(other) - lengthMs(one));
  if (longest === undefined) {
    return {
      holds: portIsShared(evidence) === null ? null : false,
      observed: "no sample showed two such listeners",
    };
  }
  const { name, queue } = longest;
  const stood = `${queue} connections waited at one listener of ${name}, and none at another`;
  return {
    holds: lengthMs(longest) >= LONG_MS,
    observed: `${stood}; the queue did not fall for ${(lengthMs(longest) / 1000).toFixed(2)} s`,
  };
}

const load = { program: "load" };
const kept = attemptsOk({ program: "guests" }, exactly(GUESTS)).because(
  "the clients from before are served, by the old process, too",
);
const listening = { host: "server", state: "LISTEN", port: 8080 } as const;
/** Connections that no process has accepted. */
const waiting = {
  host: "server",
  state: ["ESTABLISHED", "CLOSE-WAIT"],
  side: "listener",
  owner: "none",
} as const;

export const experiment = failureMode({
  id: "reuseport-zombie-listener",
  title: "A process that is being replaced still gets connections, and accepts none",
  question: "Who answers a client that the kernel hands to a process that only finishes its old work?",
  tags: ["listen", "so-reuseport", "restart", "accept-queue"],
  signs,
  advice,
  variants: {
    buggy: {
      summary: "the old process stops accepting, and keeps its listening socket",
      setup: setup("buggy"),
      exact: [
        kept,
        attemptsOk(load, between(A_SHARE, ATTEMPTS - A_SHARE)).because("the new process answers its share"),
        outcomes(load, "response timeout", between(A_SHARE, ATTEMPTS - A_SHARE)).because(
          "the others are connected by the kernel alone, and nobody reads their requests",
        ),
        socketsAtEndOf("drain", listening, exactly(2)).because(
          "the old process has not closed its listening socket",
        ),
        socketsAtEndOf("drain", waiting, between(A_SHARE, ATTEMPTS - A_SHARE)).because(
          "only accept() or the end of the listener takes a connection out of its queue",
        ),
      ],
    },
    fixed: {
      summary: "the old process closes its listening socket, and serves the clients that it has",
      setup: setup("fixed"),
      exact: [
        kept,
        attemptsOk(load, exactly(ATTEMPTS)).because(
          "the kernel chooses among the sockets that still listen: one",
        ),
        socketsAtEndOf("drain", listening, exactly(1)).because("the old process has closed its own"),
        socketsAtEndOf(
          "drain",
          { host: "server", state: "ESTABLISHED", side: "listener", port: 8080 },
          atLeast(GUESTS),
        ).because("closing a listener does nothing to connections that were accepted"),
        socketsAtEndOf("drain", waiting, exactly(0)).because("every connection is accepted"),
      ],
    },
  },
  symptom: [
    {
      claim: `for ${LONG_MS / 1000} s or longer connections wait at one listener of a port, never fewer, while another listener of that port has none waiting`,
      because: "a process that accepts empties its queue; the kernel does not know that this one does not",
      needs: ["sockets"],
      test: oneDoesNotAccept,
    },
  ],
  explains: {
    "close-wait-never-accepted": {
      because: "a client that gives up leaves its connection in the queue of the listener that nobody asks",
    },
    "accept-queue-overflow": { because: "nobody takes a connection out of the queue of the other listener" },
    "phantom-established": { because: "nobody takes a connection out of the queue of the other listener" },
  },
  overlaps: {},
});
