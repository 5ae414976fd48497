import {
  atLeast,
  attemptsOk,
  exactly,
  failureMode,
  listenerPairs,
  portIsShared,
  quantity,
  samplesOf,
  setupOf,
  socketsAtEndOf,
  type Answer,
  type Bound,
  type Evidence,
  type ExactExpectation,
  type ListenersSample,
  type ProcessesSample,
  type ProcessRow,
  type Recording,
  type Setup,
} from "../../harness/experiment.ts";
import { advice, signs } from "./advice.ts";

const ATTEMPTS = 97;
/** By chance a server gets fewer than 23 of 97 connections about once in ten million trials. */
const A_SHARE = 23;
const LONG_MS = 1000;
/** The workers of one service begin together. */
const APART_MS = 1000;

function setup(program: string): Setup {
  const file = `{here}/${program}.py`;
  return setupOf({
    hosts: { server: { "net.core.somaxconn": "128" } },
    servers: { old: { run: `python3 ${file} 8080 v1`, listens: 8080 } },
    clients: {
      deployment: { run: `sh {here}/deploy.sh ${file} 8080 v2`, host: "server", withinMs: 30_000 },
      load: {
        run: `clients/short-tcp --to {server}:8080 --attempts ${ATTEMPTS} --rate 200 --concurrency 7 --at-signal`,
        withinMs: 30_000,
      },
    },
    phases: [
      { name: "load", until: { exited: ["load"] } },
      { name: "drain", until: { elapsedMs: 1500 } },
    ],
    interventions: [
      {
        name: "the requests begin",
        phase: "load",
        when: {
          all: [{ ready: ["load"] }, { any: [{ ready: ["deployment"] }, { exited: ["deployment"] }] }],
        },
        do: { signal: "SIGCONT", program: "load" },
      },
    ],
    everyMs: { sockets: 100, listeners: 250, counters: 500, processes: 250 },
  });
}

function reports(
  things: string,
  kind: string,
  version: string,
  bound: Bound,
  because: string,
): ExactExpectation {
  const of = (recording: Recording): number =>
    samplesOf(recording, "report").filter(
      ({ report }) => report["kind"] === kind && report["version"] === version,
    ).length;
  return quantity(things, { needs: ["program"], of }, bound).because(because);
}

/** A process and its ancestors, as far as they were recorded, itself first. */
function lineOf(pid: number, rows: Map<number, ProcessRow>): ProcessRow[] {
  const line: ProcessRow[] = [];
  for (let row = rows.get(pid); row !== undefined && !line.includes(row); row = rows.get(row.parentPid))
    line.push(row);
  return line;
}

/** Whether two processes are master and worker, or workers of one master: of a common ancestor that is the same program. */
function areOneService(one: number, other: number, rows: Map<number, ProcessRow>): boolean {
  const others = new Set(lineOf(other, rows).map(({ pid }) => pid));
  const common = lineOf(one, rows).find(({ pid }) => others.has(pid));
  return (
    common !== undefined &&
    (common.pid === one || common.pid === other || common.name === rows.get(one)?.name)
  );
}

/** Two listeners of one port in processes that have nothing to do with each other, and whether nobody waits at either. */
interface Strangers {
  who: string;
  isEmpty: boolean;
}

/** null when a look shows none. */
function strangersIn(look: ListenersSample, { processes }: ProcessesSample): Strangers | null {
  const rows = new Map(processes.map((row) => [row.pid, row]));
  for (const [one, other] of listenerPairs(look, "together")) {
    const [ours, theirs] = [one.pids ?? [], other.pids ?? []];
    const [a, b] = [rows.get(ours[0] ?? -1), rows.get(theirs[0] ?? -1)];
    if (a === undefined || b === undefined) continue;
    const apartMs = (a.ageMs ?? 0) - (b.ageMs ?? 0);
    const isElder = apartMs > 0 || (apartMs === 0 && a.pid < b.pid);
    const isApart = isElder && (apartMs >= APART_MS || a.name !== b.name);
    if (!isApart || ours.some((pid) => theirs.some((its) => areOneService(pid, its, rows)))) continue;
    const [first, second] = [`${a.name} (pid ${a.pid})`, `${b.name} (pid ${b.pid})`];
    return { who: `${first} and ${second} on port ${one.port}`, isEmpty: one.queue + other.queue === 0 };
  }
  return null;
}

/** The looks that show the same two, without a break, and the last one of them with both accept queues empty. */
interface Stretch {
  who: string;
  fromUs: number;
  toUs: number;
  emptyUs: number;
}

function stretches(evidence: Evidence): Stretch[] {
  const looks = samplesOf(evidence, "processes");
  const all: Stretch[] = [];
  let last: Stretch | undefined;
  for (const look of samplesOf(evidence, "listeners")) {
    const processes = looks.findLast(({ atUs }) => atUs <= look.atUs);
    const found = processes === undefined ? null : strangersIn(look, processes);
    if (found?.who !== last?.who) {
      last =
        found === null
          ? undefined
          : { who: found.who, fromUs: look.atUs, toUs: look.atUs, emptyUs: -Infinity };
      if (last !== undefined) all.push(last);
    }
    if (last === undefined) continue;
    last.toUs = look.atUs;
    if (found?.isEmpty === true) last.emptyUs = look.atUs;
  }
  return all;
}

function sharedByStrangers(evidence: Evidence): Answer {
  const lengthMs = ({ fromUs, toUs }: Stretch): number => (toUs - fromUs) / 1000;
  const [longest] = stretches(evidence).toSorted((one, other) => lengthMs(other) - lengthMs(one));
  if (longest === undefined) {
    const isShared = portIsShared(evidence);
    const isUntold = isShared === null || (isShared && samplesOf(evidence, "processes").length === 0);
    return {
      holds: isUntold ? null : false,
      observed: "no sample showed two such listeners",
    };
  }
  const { who, toUs, emptyUs } = longest;
  const bothAccept = toUs - emptyUs < LONG_MS * 1000;
  return {
    holds: lengthMs(longest) >= LONG_MS && bothAccept,
    observed: `${who} listened for ${(lengthMs(longest) / 1000).toFixed(2)} s, and ${bothAccept ? "both accept" : "one of them does not accept"}`,
  };
}

const load = { program: "load" };
const listeners = { host: "server", state: "LISTEN", port: 8080 } as const;

export const experiment = failureMode({
  id: "accidental-port-sharing",
  title: "Two servers on one port, and only one of them was meant",
  question: "Who answers when a new version starts and the old one was not stopped?",
  tags: ["listen", "so-reuseport", "restart"],
  signs,
  advice,
  variants: {
    buggy: {
      summary: "both versions set SO_REUSEPORT",
      setup: setup("buggy"),
      exact: [
        attemptsOk(load, exactly(ATTEMPTS)).because("each request is answered, by one of the two"),
        socketsAtEndOf("drain", { ...listeners, receiveQueue: "empty" }, exactly(2)).because(
          "SO_REUSEPORT allows several sockets to listen on one port, and both programs accept",
        ),
        ...["v1", "v2"].map((version) =>
          reports(
            `requests answered by ${version}`,
            "answered",
            version,
            atLeast(A_SHARE),
            "a hash of both addresses and ports chooses the socket",
          ),
        ),
      ],
    },
    fixed: {
      summary: "both versions set SO_REUSEADDR",
      setup: setup("fixed"),
      exact: [
        attemptsOk(load, exactly(ATTEMPTS)).because("each request is answered"),
        reports("starts of v2 that are refused", "refused", "v2", exactly(1), "the port has a listener"),
        reports("requests answered by v1", "answered", "v1", exactly(ATTEMPTS), "nobody else listens"),
        socketsAtEndOf("drain", listeners, exactly(1)).because("the new version did not start"),
      ],
    },
  },
  symptom: [
    {
      claim: `for ${LONG_MS / 1000} s or longer two processes accept on one port that began ${APART_MS / 1000} s or more apart or are different programs, and are not of one service`,
      because:
        "the workers of a service have a master, or are the same program and begin together; these two were started by different occasions",
      needs: ["sockets"],
      test: sharedByStrangers,
    },
  ],
  overlaps: {},
});
