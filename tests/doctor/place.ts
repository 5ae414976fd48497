import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inside, makeNamespace, type NetworkNamespace } from "../../harness/kernel/namespace.ts";
import { SockDiag } from "../../harness/kernel/sockdiag/dump.ts";
import { stateMask } from "../../harness/kernel/sockdiag/state.ts";
import { link, LOOPBACK_UP } from "../../harness/lab/links.ts";
import { compiled, packageRoot } from "../../harness/lab/paths.ts";
import { listensOn } from "../../harness/observers/listening.ts";
import type { TcpState } from "../../harness/model/state.ts";
import { asUser, type Who } from "../lab/user.ts";
import { until } from "../lab/wait.ts";

/** How long a program may take to be ready, and sockets to come, on a machine with time to spare. */
const READY_WITHIN_MS = 30_000;

/** What `lastack doctor --json` printed, as far as tests read it. */
export interface Doctored {
  status: number | null;
  stderr: string;
  document: DoctorDocument | null;
}

export interface DoctorDocument {
  seconds: number;
  looks: number;
  longestLookMs: number;
  /** Why what was not seen is not ruled out: a starved machine. */
  lack: string | null;
  examined: { subject: { name: string; pid?: number }; isOtherEnd: boolean }[];
  findings: {
    mode: string;
    subject: { name: string; kind: string; pids?: number[] };
    evidence: { observed: string }[];
  }[];
  remarks: { mode: string; subject: { name: string } }[];
  undecided: { mode: string; subject: { name: string }; because: string }[];
  ruledOut: string[];
}

const folders: string[] = [];
process.once("exit", () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function folderUntilExit(): string {
  const folder = mkdtempSync(join(tmpdir(), "lastack-place-"));
  folders.push(folder);
  return folder;
}

/** A network namespace with its loopback up, and the programs that a test starts in it. They end with the test's pid namespace. */
export class Place {
  readonly namespace: NetworkNamespace;
  /** An empty folder. */
  readonly folder = folderUntilExit();
  readonly #diag: SockDiag;

  constructor(name: string) {
    this.namespace = makeNamespace(name);
    link(this.namespace, [LOOPBACK_UP]);
    this.#diag = inside(this.namespace, () => new SockDiag());
  }

  /** Starts a program. What it prints on standard error is printed, so that a failure shows it. */
  start(executable: string, ...args: string[]): ChildProcess {
    return inside(this.namespace, () =>
      spawn(executable, args, { cwd: packageRoot, detached: true, stdio: ["ignore", "ignore", "inherit"] }),
    );
  }

  /** Starts one of the project's compiled programs: `servers/close-wait-leak/fixed`, `clients/short-tcp`. */
  node(program: string, ...args: string[]): ChildProcess {
    return this.start(process.execPath, compiled(`${program}.js`), ...args);
  }

  /** Starts a server and waits until something listens on the port. */
  async serve(port: number, start: () => unknown): Promise<void> {
    start();
    const listens = await until(
      () => listensOn({ namespace: this.namespace }, port),
      (is) => is,
      READY_WITHIN_MS,
    );
    if (!listens) throw new Error(`${this.namespace.name}: nothing listens on port ${port}`);
  }

  /** Waits until so many sockets are in a state. */
  async sockets(state: TcpState, atLeast: number, ports: number[]): Promise<void> {
    const count = await until(
      () => this.#diag.sockets({ states: stateMask([state]), ports }).length,
      (seen) => seen >= atLeast,
      READY_WITHIN_MS,
    );
    if (count < atLeast)
      throw new Error(`${this.namespace.name}: ${count} of ${atLeast} sockets are ${state}`);
  }

  /** Runs the doctor here. */
  doctor(...args: string[]): Promise<Doctored> {
    return this.startDoctor(...args).ended;
  }

  /** Starts the doctor here. */
  startDoctor(...args: string[]): StartedDoctor {
    return startDoctor(this.namespace, args);
  }

  /** Runs something as if in this namespace. */
  inside<T>(f: () => T): T {
    return inside(this.namespace, f);
  }
}

export interface StartedDoctor {
  pid: number;
  /** Resolves when it has begun to look: then it has a netlink socket of sock_diag. */
  looks: Promise<void>;
  ended: Promise<Doctored>;
}

/** Starts the doctor in a network namespace, as that user. */
export function startDoctor(namespace: NetworkNamespace, args: string[], who: Who = "own"): StartedDoctor {
  const command = [process.execPath, compiled("harness/cli/main.js"), "doctor", "--json", ...args];
  const [executable, ...words] = asUser(who, command);
  const child = inside(namespace, () => spawn(executable, words, { stdio: ["ignore", "pipe", "pipe"] }));
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const ended = (once(child, "close") as Promise<[number | null]>).then(([status]) => ({
    status,
    stderr,
    document: stdout === "" ? null : (JSON.parse(stdout) as DoctorDocument),
  }));
  return { pid: child.pid ?? 0, looks: looksOf(child), ended };
}

/** Resolves when a doctor has begun to look, or has ended. */
export async function looksOf(child: ChildProcess): Promise<void> {
  await until(
    () => child.exitCode !== null || hasDiagSocket(child.pid ?? 0),
    (is) => is,
    READY_WITHIN_MS,
  );
}

/** Whether a process has a socket of NETLINK_SOCK_DIAG (4), by the third and fourth columns of its /proc/PID/net/netlink. */
function hasDiagSocket(pid: number): boolean {
  try {
    const lines = readFileSync(`/proc/${pid}/net/netlink`, "latin1").split("\n");
    return lines.some((line) => {
      const [, protocol, port] = line.trim().split(/\s+/);
      return protocol === "4" && port === String(pid);
    });
  } catch {
    return false;
  }
}
