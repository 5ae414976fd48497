import {
  attemptsOk,
  atLeast,
  descriptorsLeft,
  exactly,
  exampleRows,
  failureMode,
  processStays,
  samplesOf,
  setupOf,
  socketsAtEndOf,
  socketsStay,
  type Answer,
  type Setup,
  type SocketExample,
  type SymptomExpectation,
  type View,
} from "../../harness/experiment.ts";
import { advice, signs } from "./advice.ts";

const CLIENTS = 23;
/** How long a connection must stand, and the process spin. */
const SPIN_MS = 1500;

function setup(program: string): Setup {
  return setupOf({
    sysctls: { "net.ipv4.tcp_tw_reuse": "0" },
    servers: { server: { run: `python3 {here}/${program}.py 8080`, listens: 8080 } },
    clients: { load: `clients/short-tcp --to {server}:8080 --attempts ${CLIENTS} --rate 100` },
    phases: [
      { name: "load", until: { exited: ["load"] } },
      { name: "drain", until: { elapsedMs: 2200 } },
    ],
    everyMs: { sockets: 100, listeners: 500, counters: 250, processes: 100 },
    tcpInfo: true,
  });
}

const ended = { state: "CLOSE-WAIT", owner: ["listener", "process"] } as const;

/** Whether an end owes nothing: nobody has spoken, or this end has spoken last. null without tcp_info. */
function owesNothing({ tcpInfo }: SocketExample, exchanged: string | undefined): boolean | null {
  if (tcpInfo === undefined || exchanged === undefined) return null;
  return (
    exchanged === "nothing" || (exchanged === "both" && tcpInfo.lastDataSentMs <= tcpInfo.lastDataReceivedMs)
  );
}

/** For how long the same connection was seen in CLOSE-WAIT with nothing left to say, in microseconds, by its local and remote end. */
function longestFinished(view: View): { us: number; name: string; isKnown: boolean } | null {
  const since = new Map<number, number>();
  let longest: { us: number; name: string; isKnown: boolean } | null = null;
  for (const { atUs, groups } of samplesOf(view, "sockets")) {
    const there = groups
      .filter(({ state, owner }) => state === "CLOSE-WAIT" && (owner === "listener" || owner === "process"))
      .flatMap(({ examples, exchanged }) =>
        examples.map((row) => ({ row, owes: owesNothing(row, exchanged) })),
      )
      .filter(({ owes }) => owes !== false);
    const inodes = new Set(there.map(({ row }) => row.inode));
    for (const inode of since.keys()) if (!inodes.has(inode)) since.delete(inode);
    for (const { row, owes } of there) {
      const fromUs = since.get(row.inode) ?? atUs;
      since.set(row.inode, fromUs);
      if (longest !== null && atUs - fromUs <= longest.us) continue;
      longest = { us: atUs - fromUs, name: `${row.local} to ${row.remote}`, isKnown: owes === true };
    }
  }
  return longest;
}

function isFinished(view: View): Answer {
  const longest = longestFinished(view);
  if (longest === null || longest.us < SPIN_MS * 1000) {
    return { holds: false, observed: "no connection stood in CLOSE-WAIT for so long" };
  }
  const { us, name, isKnown } = longest;
  const seen = `${name} stood in CLOSE-WAIT for ${(us / 1e6).toFixed(2)} s`;
  return isKnown
    ? { holds: true, observed: `${seen}, and no answer is owed on it` }
    : { holds: null, observed: `${seen}, and it was not recorded whether an answer is owed on it` };
}

const finished: SymptomExpectation = {
  claim: `one connection stands in CLOSE-WAIT for ${SPIN_MS / 1000} s or longer, on which no answer is owed`,
  because:
    "the other end has closed, and this end has answered what it was asked: a process that works for this connection would owe an answer",
  needs: ["sockets"],
  test: isFinished,
};

/** In a loop of system calls; a computation spends next to nothing in the kernel. */
const LEAST_IN_KERNEL = 0.1;
/** The kernel counts this time in ticks of 10 ms. */
const LEAST_CPU_MS = 200;

/** Of a process that holds such a connection: how much of the processor time that it used was in the kernel. null where that is unknown. */
function inKernel(view: View): { pid: number; share: number | null } | null {
  const pids = new Set(exampleRows(view, ended).flatMap((row) => row.pids));
  const looks = samplesOf(view, "processes").map(({ processes }) => processes);
  for (const pid of pids) {
    const own = looks.flatMap((processes) => processes.find((one) => one.pid === pid) ?? []);
    const [first, last] = [own[0], own.at(-1)];
    if (first === undefined || last === undefined) continue;
    const cpuMs = last.cpuMs - first.cpuMs;
    if (cpuMs < LEAST_CPU_MS) continue;
    const isKnown = first.kernelMs !== undefined && last.kernelMs !== undefined;
    return { pid, share: isKnown ? ((last.kernelMs ?? 0) - (first.kernelMs ?? 0)) / cpuMs : null };
  }
  return null;
}

function isMadeOfCalls(view: View): Answer {
  const most = inKernel(view);
  if (most === null) return { holds: false, observed: "no such process used a processor" };
  const { pid, share } = most;
  if (share === null) return { holds: null, observed: "the processor time in the kernel was not recorded" };
  return {
    holds: share >= LEAST_IN_KERNEL,
    observed: `${Math.round(share * 100)} % of the processor time of pid ${pid} was spent in the kernel`,
  };
}

const served = attemptsOk({ program: "load" }, exactly(CLIENTS)).because(
  "a loop that finds everything ready serves the next client too, only later",
);

export const experiment = failureMode({
  id: "end-of-file-spin",
  title: "A process that reads the same end-of-file for ever",
  question: "Why does a server use a whole processor when its clients have gone?",
  tags: ["close-wait", "processor", "descriptors"],
  signs,
  advice,
  variants: {
    buggy: {
      summary: "no bytes are taken for nothing yet, and the descriptor stays in the selector",
      setup: setup("buggy"),
      exact: [
        served,
        socketsStay(
          {
            host: "server",
            ...ended,
            side: "listener",
            port: 8080,
            timer: "none",
            receiveQueue: "empty",
            exchanged: "both",
          },
          exactly(CLIENTS),
          { forMs: SPIN_MS },
        ).because("the FIN was read, and nobody closes"),
        processStays({ program: "server" }, "busy", { forMs: SPIN_MS }).because(
          "end-of-file is readable for ever, so the selector never waits",
        ),
      ],
    },
    fixed: {
      summary: "at end-of-file the server unregisters the descriptor and closes it",
      setup: setup("fixed"),
      exact: [
        served,
        processStays({ program: "server" }, "sleeping", { forMs: SPIN_MS }).because(
          "only the listening socket is left in the selector, and no client comes",
        ),
        socketsAtEndOf("drain", { host: "client", state: "TIME-WAIT" }, exactly(CLIENTS)).because(
          "both FINs were exchanged, and the client closed first",
        ),
        socketsAtEndOf("drain", { state: "CLOSE-WAIT" }, exactly(0)).because("the server has closed in turn"),
      ],
    },
  },
  symptom: [
    finished,
    processStays({ holds: ended }, "busy", { forMs: SPIN_MS }).because(
      "the process that holds it uses a processor all the time",
    ),
    {
      claim: `${LEAST_IN_KERNEL * 100} % or more of the processor time of such a process is spent in the kernel`,
      because:
        "it calls the kernel again and again; a process that computes, and leaves connections waiting, does not",
      needs: ["processes", "sockets"],
      test: isMadeOfCalls,
    },
    descriptorsLeft({ holds: ended }, atLeast(2)).because(
      "with no descriptor left it would be accept() that fails for ever: emfile-accept",
    ),
  ],
  overlaps: {},
});
