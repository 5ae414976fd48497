import {
  atLeast,
  between,
  counterMoved,
  exactly,
  fact,
  repeats,
  quantity,
  segmentsSeen,
  socketsAtEndOf,
  socketsAtPeak,
  wireConnections,
  type Bound,
  type Condition,
  type ExactExpectation,
  type LinkPlan,
  type Recording,
  type Setup,
} from "../../harness/experiment.ts";

/** The four connections of most trials, by the order of their SYNs: whose FIN never arrives, and who holds the sender. */
const CLOSED_FIRST = 1;
const SHUT_DOWN_FIRST = 2;
const CLOSED_SECOND = 3;
const SHUT_DOWN_SECOND = 4;

type Wire = Extract<LinkPlan, { kind: "wire" }>;

function wire(rules: Wire["rules"]): Wire {
  return {
    kind: "wire",
    between: ["client", "server"],
    delayMs: [0, 0],
    bitsPerSecond: null,
    loss: 0,
    seed: 1,
    rules,
  };
}

/** All FINs of one end of a connection, however often it says them. */
function noFin(from: "client" | "server", connection: number): Wire["rules"][number] {
  const name = `no FIN from the ${from} of connection ${connection}`;
  return { name, match: { from, connection, flags: ["FIN"] }, do: { drop: true } };
}

function program(host: "client" | "server", args: string[]): Setup["programs"][string] {
  const plan = { host, role: host, program: "clients/calls", limits: {} };
  return { ...plan, args: [...args, "stay"], withinMs: 120_000 };
}

interface Trial {
  sysctls: { client: Record<string, string>; server: Record<string, string> };
  client: string[];
  server: string[];
  rules?: Wire["rules"];
  /** When the load is there, and when the trial is over. */
  there: Condition;
  over: Condition;
  withinMs: number;
  everyMs?: number;
}

function setup({ sysctls, client, server, rules = [], there, over, withinMs, everyMs = 100 }: Trial): Setup {
  return {
    hosts: { client: { sysctls: sysctls.client }, server: { sysctls: sysctls.server } },
    links: [wire(rules)],
    programs: { server: program("server", ["listen 8080 8", ...server]), client: program("client", client) },
    phases: [
      { name: "load", until: there, withinMs: 60_000 },
      { name: "drain", until: over, withinMs },
    ],
    interventions: [],
    observers: {
      sockets: { everyMs },
      counters: { everyMs: Math.max(500, everyMs) },
      processes: { everyMs: Math.max(500, everyMs) },
    },
  };
}

const left = (
  host: string,
  state: "FIN-WAIT-1" | "LAST-ACK",
  bound: Partial<Record<"atLeast" | "atMost", number>>,
) => ({ sockets: { host, state, port: 8080 }, ...bound }) satisfies Condition;

/** Four FINs that never arrive: from FIN-WAIT-1 and from LAST-ACK, of a socket that was closed and of one that a process holds. */
function unheard(
  sysctls: Trial["sysctls"],
  { held, withinMs, everyMs }: { held: number; withinMs: number; everyMs: number },
): Setup {
  const ends = (host: string, state: "FIN-WAIT-1" | "LAST-ACK") => left(host, state, { atMost: held });
  return setup({
    sysctls,
    client: [
      ...["connect {server}:8080", "close"],
      ...["connect {server}:8080", "shutdown write", "keep"],
      ...["connect {server}:8080", "shutdown write", "keep"],
      ...["connect {server}:8080", "shutdown write", "keep"],
    ],
    server: [
      ...["accept", "keep", "accept", "keep"],
      // So that the client's FIN has its ACK, and only the server's is not answered.
      ...["accept", "recv end", "wait 200", "close"],
      ...["accept", "recv end", "wait 200", "shutdown write", "keep"],
    ],
    rules: [
      noFin("client", CLOSED_FIRST),
      noFin("client", SHUT_DOWN_FIRST),
      noFin("server", CLOSED_SECOND),
      noFin("server", SHUT_DOWN_SECOND),
    ],
    there: {
      all: [left("client", "FIN-WAIT-1", { atLeast: 2 }), left("server", "LAST-ACK", { atLeast: 2 })],
    },
    over: { all: [ends("client", "FIN-WAIT-1"), ends("server", "LAST-ACK")] },
    withinMs,
    everyMs,
  });
}

/** Two clients that read nothing, and a server that has more to say than there is room for: it closes one, and ends the other. */
function zeroWindow(): Setup {
  const reader = ["set SO_RCVBUF 4096", "connect {server}:8080", "keep"];
  return setup({
    sysctls: {
      client: {},
      server: {
        "net.ipv4.tcp_wmem": "4096 262144 262144",
        "net.ipv4.tcp_orphan_retries": "0",
        "net.ipv4.tcp_retries2": "15",
        "net.ipv4.tcp_rto_max_ms": "2000",
      },
    },
    client: [...reader, ...reader],
    server: ["accept", "send 97000", "close", "accept", "send 97000", "shutdown write", "keep"],
    there: left("server", "FIN-WAIT-1", { atLeast: 2 }),
    over: { all: [{ elapsedMs: 6000 }, left("server", "FIN-WAIT-1", { atMost: 1 })] },
    withinMs: 15_000,
  });
}

/** A peer that takes 50 bytes, says that there is no room for more, and is silent from then on. */
function fullAndSilent(host: string, seed: number, between: [string, string]): Wire {
  return {
    ...wire([]),
    between,
    seed,
    peer: {
      host,
      connections: 1,
      port: 8080,
      steps: [
        { await: { flags: ["SYN"] }, withinMs: 60_000 },
        { send: { flags: ["SYN", "ACK"], windowBytes: 50, options: { mssBytes: 1460 } } },
        { await: { payload: "some" }, withinMs: 5000 },
        { send: { flags: ["ACK"], windowBytes: 0 } },
      ],
    },
  };
}

/** Two hosts that close with bytes to send and a closed window in their way: nothing is set at one, 8 tries at the other. */
function unansweredProbes(): Setup {
  const host = (sysctls: Record<string, string>) => ({ sysctls });
  // A probe's wait is doubled as often as tcp_retries2 says, so that eight of them take seconds.
  const quick = { "net.ipv4.tcp_retries2": "1" };
  const closer = (name: string, to: string): Setup["programs"][string] => ({
    host: name,
    role: "client",
    program: "clients/calls",
    limits: {},
    withinMs: 90_000,
    args: [`connect {${to}}:8080`, "send 97", "close", "stay"],
  });
  return {
    hosts: {
      client: host(quick),
      server: host({}),
      other: host({ ...quick, "net.ipv4.tcp_orphan_retries": "8" }),
      silent: host({}),
    },
    links: [
      fullAndSilent("server", 1, ["client", "server"]),
      fullAndSilent("silent", 2, ["other", "silent"]),
    ],
    programs: { client: closer("client", "server"), other: closer("other", "silent") },
    phases: [
      {
        name: "load",
        until: {
          all: [left("client", "FIN-WAIT-1", { atLeast: 1 }), left("other", "FIN-WAIT-1", { atLeast: 1 })],
        },
        withinMs: 60_000,
      },
      {
        name: "drain",
        until: {
          all: [left("client", "FIN-WAIT-1", { atMost: 0 }), left("other", "FIN-WAIT-1", { atMost: 0 })],
        },
        withinMs: 15_000,
      },
    ],
    interventions: [],
    observers: { sockets: { everyMs: 100 }, counters: { everyMs: 500 }, processes: { everyMs: 500 } },
  };
}

/** Two orphans in FIN-WAIT-2, one of a program that told the kernel not to keep it. */
function unwanted(): Setup {
  const ended = ["connect {server}:8080", "shutdown write", "wait 300"];
  return setup({
    sysctls: { client: { "net.ipv4.tcp_fin_timeout": "60" }, server: {} },
    client: [...ended, "close", ...ended, "set TCP_LINGER2 -1", "close"],
    server: ["accept", "keep", "accept", "keep"],
    there: { counter: "TcpExtTCPAbortOnLinger", host: "client", atLeast: 1 },
    over: { elapsedMs: 500 },
    withinMs: 5000,
  });
}

/** How often the FIN that does not arrive came to the wire once more, while nobody ended the programs. */
function finsRepeated(recording: Recording, connection: number): number | null {
  const packets = wireConnections(recording).find((one) => one.connection === connection)?.packets;
  if (packets === undefined) return null;
  const host = connection < CLOSED_SECOND ? "client" : "server";
  return [...repeats(packets)].filter(
    ([{ from, flags, phase }, { kind }]) =>
      from === host && flags.includes("FIN") && phase !== "end" && kind === "retransmission",
  ).length;
}

const repeated = (connection: number, bound: Bound, because: string): ExactExpectation =>
  quantity(
    `repetitions of the FIN of connection ${connection}`,
    { needs: ["packet"], of: (recording: Recording) => finsRepeated(recording, connection) },
    bound,
  ).because(because);

const probes = (link: number, bound: Bound, because: string): ExactExpectation =>
  quantity(
    `window probes on wire ${link}`,
    {
      needs: ["packet"],
      of: (recording: Recording) =>
        wireConnections(recording)
          .filter((one) => one.link === link)
          .flatMap(({ packets }) => [...repeats(packets)])
          .filter(([{ phase }, { kind }]) => phase !== "end" && kind === "window probe").length,
    },
    bound,
  ).because(because);

const silent = segmentsSeen({ flags: ["RST"], phase: "drain" }, exactly(0)).because(
  "the kernel gives up in silence: the other end is not told",
);
const noTailProbe = { "net.ipv4.tcp_early_retrans": "0" };

export const experiment = fact({
  id: "orphans",
  title: "Connections that no process holds any more",
  question: "For how long does a kernel go on with a connection that its program has closed?",
  tags: ["close", "orphans", "fin-wait-1", "last-ack", "wire"],
  variants: {
    "few-retries": {
      summary: "tcp_orphan_retries is 2, tcp_retries2 is 4, and no FIN arrives",
      setup: unheard(
        {
          client: { ...noTailProbe, "net.ipv4.tcp_orphan_retries": "2", "net.ipv4.tcp_retries2": "4" },
          server: { ...noTailProbe, "net.ipv4.tcp_orphan_retries": "2", "net.ipv4.tcp_retries2": "4" },
        },
        { held: 0, withinMs: 30_000, everyMs: 100 },
      ),
      exact: [
        repeated(CLOSED_FIRST, between(2, 3), "of a closed socket, tcp_orphan_retries decides"),
        repeated(SHUT_DOWN_FIRST, between(4, 5), "of one that a process holds, tcp_retries2"),
        repeated(CLOSED_SECOND, between(2, 3), "in LAST-ACK as in FIN-WAIT-1"),
        repeated(SHUT_DOWN_SECOND, between(4, 5), "in LAST-ACK as in FIN-WAIT-1"),
        silent,
      ],
    },
    "unanswered-probes": {
      summary:
        "a window is closed, and nobody answers any more: nothing is set here, tcp_orphan_retries is 8 at another host",
      setup: unansweredProbes(),
      exact: [
        probes(0, exactly(8), "0, which is the default, stands for 8 tries"),
        probes(1, exactly(8), "here 8 was said"),
        socketsAtEndOf("drain", { host: "client", state: "FIN-WAIT-1", owner: "none" }, exactly(0)).because(
          "that was the last try",
        ),
        silent,
      ],
    },
    "short-longest-wait": {
      summary:
        "tcp_orphan_retries is 0 at the client and 8 at the server, and no timer may be longer than 1 s",
      setup: unheard(
        {
          client: {
            ...noTailProbe,
            "net.ipv4.tcp_orphan_retries": "0",
            "net.ipv4.tcp_rto_max_ms": "1000",
          },
          server: {
            ...noTailProbe,
            "net.ipv4.tcp_orphan_retries": "8",
            "net.ipv4.tcp_rto_max_ms": "1000",
          },
        },
        { held: 1, withinMs: 20_000, everyMs: 100 },
      ),
      exact: [
        repeated(CLOSED_FIRST, between(2, 4), "0 stands for 8 only until the timer has reached its longest"),
        repeated(CLOSED_SECOND, atLeast(7), "a number that was said is a number"),
        silent,
      ],
    },
    "zero-window": {
      summary: "the other end's window is closed; no timer may be longer than 2 s",
      setup: zeroWindow(),
      exact: [
        segmentsSeen({ from: "server", flags: ["FIN"], phase: "drain" }, exactly(0)).because(
          "a FIN has its place behind the last byte, which the window keeps back",
        ),
        socketsAtPeak(
          { host: "server", state: "FIN-WAIT-1", timer: "persist", owner: "none" },
          exactly(1),
        ).because("a closed socket in FIN-WAIT-1 has the answer still to deliver"),
        socketsAtEndOf("drain", { host: "server", state: "FIN-WAIT-1", owner: "none" }, exactly(0)).because(
          "an orphan whose probes have backed off to the longest timer is given up, though they were answered",
        ),
        socketsAtEndOf(
          "drain",
          { host: "server", state: "FIN-WAIT-1", timer: "persist", owner: ["listener", "process"] },
          exactly(1),
        ).because("for a process the kernel asks on, for as long as it is answered"),
      ],
    },
    unwanted: {
      summary: "of two closed sockets in FIN-WAIT-2, the kernel was told not to keep one: TCP_LINGER2 -1",
      setup: unwanted(),
      exact: [
        counterMoved({ host: "client", counter: "TcpExtTCPAbortOnLinger" }, exactly(1)).because(
          "the kernel counts what it does not keep",
        ),
        segmentsSeen({ from: "client", flags: ["RST"], phase: "load" }, exactly(1)).because(
          "who is not kept is not waited for either: the other end is told at once",
        ),
        socketsAtEndOf(
          "drain",
          { host: "client", state: "FIN-WAIT-2", timer: "timewait", owner: "none" },
          exactly(1),
        ).because("the other waits for its FIN, without a process"),
      ],
    },
  },
});
