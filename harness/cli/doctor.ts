import { diagnose } from "../diagnosis/diagnose.ts";
import { examine } from "../diagnosis/examine.ts";
import { currentNamespace, namespaceOf, type NetworkNamespace } from "../kernel/namespace.ts";
import type { FailureMode } from "../model/experiment.ts";
import { diagnosisJson, reportDiagnosis } from "../report/doctor.ts";
import { loadCatalogue } from "../runs/catalogue.ts";
import { InputError, UsageError } from "../runs/errors.ts";
import { parseOptionsOnly, wholeNumber, type Command } from "./command.ts";
import { EXIT } from "./exit.ts";

/** The bound on pids: PID_MAX_LIMIT, include/linux/threads.h. */
const PID_MOST = 4_194_304;

const help = `lastack doctor - name the failure mode of a live process or port

Usage: lastack doctor [--port N | --pid P] [--duration S] [--json]

  --port N        the program that listens on port N, and the other ends of its connections on
                  this host
  --pid P         the program of process P, in the network namespace of that process
  --duration S    seconds of looking (default 3)
  --json          one JSON document

Without --port and --pid, every program of this network namespace that has a TCP socket. The symptoms are
those of the experiments (lastack list): the same that the laboratory tests on its own recordings. The
command only reads: sockets, counters, sysctls and /proc. As an ordinary user it sees only the descriptors
of that user's processes.

Exits 0 when nothing was found and every symptom could be judged; 1 when something was found; 2 when
nothing was found but some symptoms could not be judged.

Examples:
  lastack doctor
  lastack doctor --port 8080
  lastack doctor --pid 4711 --duration 10 --json`;

export const command: Command = {
  help,
  async run(args, terminal) {
    const { values } = parseOptionsOnly(args, {
      port: { type: "string" },
      pid: { type: "string" },
      duration: { type: "string", default: "3" },
      json: { type: "boolean", default: false },
    });
    const port = values.port === undefined ? null : wholeNumber(values.port, "--port", 1, 65_535);
    const pid = values.pid === undefined ? null : wholeNumber(values.pid, "--pid", 1, PID_MOST);
    if (port !== null && pid !== null) throw new UsageError("--port and --pid cannot be combined.");
    const seconds = wholeNumber(values.duration, "--duration", 1, 3600);
    const modes = (await loadCatalogue())
      .map(({ experiment }) => experiment)
      .filter((experiment): experiment is FailureMode => experiment.kind === "failure-mode");
    const stop = new AbortController();
    process.once("SIGINT", () => stop.abort());
    const examination = await examine(openNamespace(pid), { seconds, signal: stop.signal });
    const diagnosis = diagnose(modes, examination, { port, pid });
    if (diagnosis.examined.length === 0 && (port ?? pid) !== null)
      throw new InputError(nobodyThere(port, pid));
    terminal.out(
      values.json
        ? JSON.stringify(diagnosisJson(diagnosis, examination), null, 2)
        : reportDiagnosis(diagnosis, examination, terminal),
    );
    if (stop.signal.aborted) return EXIT.interrupted;
    if (diagnosis.found.length > 0) return EXIT.finding;
    return diagnosis.undecided.length > 0 ? EXIT.inconclusive : EXIT.clean;
  },
};

function openNamespace(pid: number | null): NetworkNamespace {
  try {
    return pid === null ? currentNamespace("here") : namespaceOf(pid);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT") throw new InputError(`There is no process ${pid}.`);
    throw new InputError(
      `No permission to read the network namespace of process ${pid} (${code}): run this as its user, or as root.`,
    );
  }
}

function nobodyThere(port: number | null, pid: number | null): string {
  return port === null
    ? `Process ${pid} has no TCP socket in its network namespace.`
    : `No socket of this network namespace has the port ${port}. A server in a container has a namespace of its own: use --pid.`;
}
