import { isAnybodyThere } from "../diagnosis/diagnose.ts";
import { examine, type Examination, watch } from "../diagnosis/examine.ts";
import { usersOfPort } from "../diagnosis/port-users.ts";
import { Redaction } from "../diagnosis/redact.ts";
import { releaseNamespace, type NetworkNamespace } from "../kernel/namespace.ts";
import type { Asked } from "../model/examined.ts";
import { readProcess } from "../observers/processes/proc.ts";
import { InputError, UsageError } from "../runs/errors.ts";
import { interruptible } from "../runs/interrupt.ts";
import { parseOptions, wholeNumber, type Command } from "./command.ts";
import { diagnosing, print, type Work } from "./doctor/file.ts";
import { originNow, refuseTaken, writeExamination } from "./doctor/recording.ts";
import { watchDoctor, type WatchPlan } from "./doctor/watch.ts";
import { EXIT, exitOfDiagnosis, leave } from "./exit.ts";
import { diagnoseSaved } from "./doctor/saved.ts";
import { openNamespace, PID_MOST, whyNoLook } from "./namespace.ts";
import type { Terminal } from "./terminal.ts";

const help = `lastack doctor - name the failure mode of a live process or port

Usage: lastack doctor [--port N | --pid P] [--seconds S] [--watch] [OPTIONS]
       lastack doctor --from FILE... [--interval S] [--port N | --pid P] [OPTIONS]

  --port N        the program that listens on port N, and the other ends of its connections on
                  this host
  --pid P         the program of process P, in the network namespace of that process
  --seconds S     seconds of looking (default 3)
  --watch         go on until Ctrl+C, judge the last S seconds about once a second, and print findings when
                  they appear and when they are gone: on a terminal with a line of what is so now, elsewhere
                  only these lines
  --out FILE      also write what was read to FILE, as a recording (with --watch, the last S seconds of it)
  --from FILE...  diagnose what was saved; nothing is looked at. It is such a recording (lastack judge FILE
                  does the same), or the text of ss, netstat, nstat, /proc/net/netstat, /proc/net/snmp or
                  sysctl -a, each once or twice, in files, in one file or on standard input (-), or the
                  folder of a sosreport
  --interval S    the seconds from one saved text to the next, where the text does not show it
  --redact        replace addresses and the names of processes, in all output and in the recording: the same
                  one always by the same one. Numbers, ports and states are left
  --json          one JSON document; with --watch, one a line

Without --port and --pid, every program of this network namespace that has a TCP socket. The symptoms are
those of the experiments (lastack list): the same that the laboratory tests on its own recordings. What a
healthy program can show, too, is printed as a remark and is no finding. The command only reads: sockets,
counters, sysctls and /proc. As an ordinary user it sees only the descriptors of that user's processes.

Exits 0 when nothing was found and every symptom could be judged; 1 when something was found; 2 when
nothing was found but some symptoms could not be judged, or there was nothing to look at. On a machine
that is starved, where samples come late, nothing can be ruled out: that is 2, too. --watch exits 1 when
something was found at any time; otherwise the last S seconds decide. Without --watch, Ctrl+C exits 130.

Examples:
  lastack doctor
  lastack doctor --port 8080
  lastack doctor --pid 4711 --seconds 10 --json
  lastack doctor --port 8080 --watch
  lastack doctor --redact --out incident.ndjson
  lastack doctor --from incident.ndjson
  lastack doctor --from ss.1 ss.2 nstat.1 nstat.2 --interval 5`;

const OPTIONS = {
  port: { type: "string" },
  pid: { type: "string" },
  seconds: { type: "string" },
  watch: { type: "boolean", default: false },
  out: { type: "string" },
  from: { type: "string", multiple: true },
  interval: { type: "string" },
  redact: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
} as const;

const SECONDS = "3";

export const command: Command = {
  help,
  async run(args, terminal) {
    const { values, positionals } = parseOptions(args, OPTIONS, { interval: "from" });
    const [word] = positionals;
    if (values.from === undefined && word !== undefined)
      throw new UsageError(`This command takes only options, and "${word}" is not one.`);
    const asked = askedOf(values);
    const seconds = wholeNumber(values.seconds ?? SECONDS, "--seconds", 1, 3600);
    if (values.out !== undefined) refuseTaken(values.out);
    const work: Work = {
      asked,
      json: values.json,
      out: values.out ?? null,
      redaction: values.redact ? new Redaction() : null,
      diagnose: await diagnosing(),
    };
    if (values.from === undefined)
      return values.watch ? watchLive(work, seconds, terminal) : examineLive(work, seconds, terminal);
    const given = (["watch", "seconds"] as const).find(
      (name) => values[name] !== undefined && values[name] !== false,
    );
    if (given !== undefined)
      throw new UsageError(
        `--${given} looks at this machine, and --from reads what was saved: leave one out.`,
      );
    return diagnoseSaved([...values.from, ...positionals], values.interval, work, terminal);
  },
};

function askedOf(values: { port?: string; pid?: string }): Asked {
  const port = values.port === undefined ? null : wholeNumber(values.port, "--port", 1, 65_535);
  const pid = values.pid === undefined ? null : wholeNumber(values.pid, "--pid", 1, PID_MOST);
  if (port !== null && pid !== null) throw new UsageError("--port and --pid cannot be combined.");
  return { port, pid };
}

/** Looks for some seconds, and prints what was found. Ctrl+C ends the looking. */
async function examineLive(work: Work, seconds: number, terminal: Terminal): Promise<number> {
  const { asked, redaction } = work;
  const namespace = openNamespace(asked.pid, "doctor");
  const stop = new AbortController();
  process.once("SIGINT", () => {
    stop.abort();
    process.once("SIGINT", leave);
  });
  const origin = originNow();
  const read = await examined(namespace, asked, { seconds, signal: stop.signal });
  const examination = redaction?.examination(read) ?? read;
  const diagnosis = work.diagnose(examination, asked);
  if ((asked.port ?? asked.pid) !== null && diagnosis.found.length === 0 && !isAnybodyThere(diagnosis))
    throw new InputError(nobodyThere(namespace, asked, redaction));
  print(work, { examination, diagnosis }, terminal);
  if (work.out !== null) writeExamination(work.out, examination, { asked, origin, redaction }, terminal);
  return stop.signal.aborted ? EXIT.interrupted : exitOfDiagnosis(diagnosis);
}

/** Looks until Ctrl+C, or until the process that was asked about has ended, and prints what changes. */
async function watchLive(work: Work, seconds: number, terminal: Terminal): Promise<number> {
  const { asked, redaction, json } = work;
  const namespace = openNamespace(asked.pid, "doctor");
  return interruptible({ end: () => {}, leave: () => leave(EXIT.interrupted) }, async (interrupted) => {
    const ended = new AbortController();
    const signal = AbortSignal.any([interrupted, ended.signal]);
    const examinations = whileThere(watch(namespace, { seconds, signal, asked }), asked.pid, ended);
    const plan: WatchPlan = {
      examinations,
      seconds,
      diagnose: (examination) => work.diagnose(examination, asked),
      redaction,
      json,
    };
    const { code, last } = await watchDoctor(plan, terminal);
    if (work.out !== null && last !== null) {
      const examination = redaction?.examination(last) ?? last;
      writeExamination(work.out, examination, { asked, origin: originNow(), redaction }, terminal);
    }
    if (!ended.signal.aborted) return code;
    terminal.err(`lastack: Process ${asked.pid} has ended, and so has the watch.`);
    return code === EXIT.finding ? code : EXIT.inconclusive;
  });
}

/** Passes examinations on until a process has ended; then it aborts. Throws InputError for a namespace that may not be looked at. */
async function* whileThere(
  examinations: AsyncIterable<Examination>,
  pid: number | null,
  ended: AbortController,
): AsyncGenerator<Examination> {
  const begun = startOf(pid);
  try {
    for await (const examination of examinations) {
      yield examination;
      if (startOf(pid) !== begun) return ended.abort();
    }
  } catch (error) {
    throw whyNoLook(error, pid, "doctor");
  }
}

/** Throws InputError when the process that was asked about has ended by the last look. */
async function examined(
  namespace: NetworkNamespace,
  asked: Asked,
  how: { seconds: number; signal: AbortSignal },
): Promise<Examination> {
  const { pid } = asked;
  const begun = startOf(pid);
  let examination: Examination;
  try {
    examination = await examine(namespace, { ...how, asked });
  } catch (error) {
    throw whyNoLook(error, pid, "doctor");
  }
  if (pid !== null && startOf(pid) !== begun) {
    throw new InputError(
      `Process ${pid} ended while it was examined: nothing can be concluded. Without --pid, lastack doctor shows what it left behind.`,
    );
  }
  return examination;
}

/** When a process began, in clock ticks since boot; null when there is none. */
function startOf(pid: number | null): number | null {
  return pid === null ? null : (readProcess(String(pid))?.startTicks ?? null);
}

function nobodyThere(namespace: NetworkNamespace, { port, pid }: Asked, redaction: Redaction | null): string {
  if (port === null) return `Process ${pid} has no TCP socket in its network namespace.`;
  const users = usersOfPort(namespace, port).map((user) => redaction?.portUser(user) ?? user);
  releaseNamespace(namespace);
  const held = users.find(({ name }) => name !== null);
  if (held !== undefined) {
    return `Nobody listens on port ${port}. It is the local port of a connection of ${held.name} (pid ${held.pid}) to ${held.remote}: use --pid ${held.pid} for that process.`;
  }
  if (users.length > 0) {
    const states = tally(users.map(({ state }) => state));
    return `Nobody listens on port ${port}. What is left of its connections belongs to no visible process: ${states}.`;
  }
  return `No socket of this network namespace has the port ${port}. A server in a container has a namespace of its own: use --pid.`;
}

/** `23 TIME-WAIT, 5 CLOSE-WAIT` */
function tally(states: string[]): string {
  const counts = new Map<string, number>();
  for (const state of states) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [...counts].map(([state, count]) => `${count} ${state}`).join(", ");
}
