import type { Asked } from "../diagnosis/asked.ts";
import { diagnose, type Diagnosis } from "../diagnosis/diagnose.ts";
import { examine, type Examination } from "../diagnosis/examine.ts";
import { usersOfPort } from "../diagnosis/port-users.ts";
import { releaseNamespace, type NetworkNamespace } from "../kernel/namespace.ts";
import type { FailureMode } from "../model/experiment.ts";
import { readProcess } from "../observers/processes/proc.ts";
import { diagnosisJson, reportDiagnosis } from "../report/doctor.ts";
import { loadCatalogue } from "../runs/all-experiments.ts";
import { InputError, UsageError } from "../runs/errors.ts";
import { parseOptions, wholeNumber, type Command } from "./command.ts";
import { EXIT, leave } from "./exit.ts";
import { savedExamination } from "./saved.ts";
import type { Terminal } from "./terminal.ts";
import { openNamespace, PID_MOST, whyNoLook } from "./namespace.ts";

const help = `lastack doctor - name the failure mode of a live process or port

Usage: lastack doctor [--port N | --pid P] [--duration S] [--json]
       lastack doctor --from FILE... [--interval S] [--port N | --pid P] [--json]

  --port N        the program that listens on port N, and the other ends of its connections on
                  this host
  --pid P         the program of process P, in the network namespace of that process
  --duration S    seconds of looking (default 3)
  --from FILE...  judge what somebody saved, and not this host: the text of ss, netstat, nstat,
                  /proc/net/netstat, /proc/net/snmp or sysctl -a, each once or twice, in files,
                  in one file or on standard input (-); or the folder of a sosreport
  --interval S    the seconds from one saved look to the next, where the text does not show it
  --json          one JSON document

Without --port and --pid, every program of this network namespace that has a TCP socket. The symptoms are
those of the experiments (lastack list): the same that the laboratory tests on its own recordings. What a
healthy program can show, too, is printed as a remark and is no finding. The command only reads: sockets,
counters, sysctls and /proc. As an ordinary user it sees only the descriptors of that user's processes.

Exits 0 when nothing was found and every symptom could be judged; 1 when something was found; 2 when
nothing was found but some symptoms could not be judged, or there was nothing to look at.

Examples:
  lastack doctor
  lastack doctor --port 8080
  lastack doctor --pid 4711 --duration 10 --json
  lastack doctor --from ss.1 ss.2 nstat.1 nstat.2 --interval 5`;

const OPTIONS = {
  port: { type: "string" },
  pid: { type: "string" },
  duration: { type: "string" },
  from: { type: "string", multiple: true },
  interval: { type: "string" },
  json: { type: "boolean", default: false },
} as const;

export const command: Command = {
  help,
  async run(args, terminal) {
    const { values, positionals } = parseOptions(args, OPTIONS, { interval: "from" });
    const port = values.port === undefined ? null : wholeNumber(values.port, "--port", 1, 65_535);
    const pid = values.pid === undefined ? null : wholeNumber(values.pid, "--pid", 1, PID_MOST);
    if (port !== null && pid !== null) throw new UsageError("--port and --pid cannot be combined.");
    const [word] = positionals;
    if (values.from === undefined && word !== undefined)
      throw new UsageError(`This command takes only options, and "${word}" is not one.`);
    if (values.from !== undefined && values.duration !== undefined)
      throw new UsageError("--from reads what was saved: --duration has nothing to look at.");
    const seconds = wholeNumber(values.duration ?? "3", "--duration", 1, 3600);
    const modes = (await loadCatalogue())
      .map(({ experiment }) => experiment)
      .filter((experiment): experiment is FailureMode => experiment.kind === "failure-mode");
    const asked = { port, pid };
    if (values.from !== undefined) {
      const intervalS = values.interval === undefined ? null : secondsOf(values.interval);
      return judgeSaved([...values.from, ...positionals], intervalS, {
        modes,
        asked,
        terminal,
        json: values.json,
      });
    }
    const namespace = openNamespace(pid, "doctor");
    const stop = new AbortController();
    process.once("SIGINT", () => {
      stop.abort();
      process.once("SIGINT", leave);
    });
    const examination = await examined(namespace, asked, { seconds, signal: stop.signal });
    const diagnosis = diagnose(modes, examination, asked);
    if ((port ?? pid) !== null && diagnosis.found.length === 0 && !isAnybodyThere(diagnosis))
      throw new InputError(nobodyThere(namespace, asked));
    const exit = print(diagnosis, examination, { terminal, json: values.json });
    return stop.signal.aborted ? EXIT.interrupted : exit;
  },
};

/** Prints a diagnosis, and returns its exit code. */
function print(
  diagnosis: Diagnosis,
  examination: Examination,
  { terminal, json }: { terminal: Terminal; json: boolean },
): number {
  terminal.out(
    json
      ? JSON.stringify(diagnosisJson(diagnosis, examination), null, 2)
      : reportDiagnosis(diagnosis, examination, terminal),
  );
  if (diagnosis.found.length > 0) return EXIT.finding;
  const isOpen = diagnosis.undecided.length > 0 || diagnosis.examined.length === 0;
  return isOpen ? EXIT.inconclusive : EXIT.clean;
}

function judgeSaved(
  files: readonly string[],
  intervalS: number | null,
  how: { modes: FailureMode[]; asked: Asked; terminal: Terminal; json: boolean },
): number {
  const examination = savedExamination(files, intervalS);
  const diagnosis = diagnose(how.modes, examination, how.asked);
  const { port, pid } = how.asked;
  if (diagnosis.examined.length === 0 && (port ?? pid) !== null) {
    const what =
      port === null
        ? `process ${pid} with a socket`
        : `listener on port ${port}, and nothing of its connections`;
    throw new InputError(`The saved text shows no ${what}.`);
  }
  return print(diagnosis, examination, how);
}

/** `2`, `0.5`. */
function secondsOf(text: string): number {
  const seconds = Number(text);
  if (!/^\d+(?:\.\d+)?$/.test(text) || seconds <= 0 || seconds > 86_400)
    throw new UsageError(`--interval takes seconds, more than 0 and at most 86400, and ${text} is not that.`);
  return seconds;
}

/** Throws InputError when the process that was asked about has ended by the last look. */
async function examined(
  namespace: NetworkNamespace,
  { pid }: Asked,
  how: { seconds: number; signal: AbortSignal },
): Promise<Examination> {
  const begun = startOf(pid);
  let examination: Examination;
  try {
    examination = await examine(namespace, how);
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

/** Whether some process has what was asked about. What is left of a port's connections is nobody, and never healthy. */
function isAnybodyThere({ examined }: Diagnosis): boolean {
  return examined.some(({ subject, isOtherEnd }) => {
    if (isOtherEnd) return false;
    return subject.kind === "family" || (subject.kind === "remains" && subject.isHeld);
  });
}

function nobodyThere(namespace: NetworkNamespace, { port, pid }: Asked): string {
  if (port === null) return `Process ${pid} has no TCP socket in its network namespace.`;
  const users = usersOfPort(namespace, port);
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
