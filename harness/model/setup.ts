import type { HostName, PhaseName, ProgramName } from "./names.ts";
import type { Side, TcpState } from "./state.ts";
import type { WirePlan } from "./wire.ts";

/**
 * Everything that a trial gets: plain JSON, without functions and without predictions. It has no defaults from the machine: every sysctl
 * on which the outcome depends is written here.
 */
export interface Setup {
  hosts: Record<HostName, HostPlan>;
  links: LinkPlan[];
  programs: Record<ProgramName, ProgramPlan>;
  phases: PhasePlan[];
  interventions: InterventionPlan[];
  observers: ObserversPlan;
}

export interface HostPlan {
  /** Dotted names, values as written to /proc/sys: `{ "net.ipv4.tcp_tw_reuse": "0" }`. */
  sysctls: Record<string, string>;
}

/**
 * `direct` joins two hosts by a veth pair. `wire` does too, but every frame passes through lastack's wire program. The addresses of the
 * ends are .1 and .2 of 192.0.2.0/26 for the first link, of 198.51.100.0/26 for the second and of 203.0.113.0/26 for the third; .65 and .66
 * of 192.0.2.64/26 for the fourth, and so on. In IPv6 they are ::1 and ::2 of 2001:db8:0:N::/64 for link N, counted from 0. `loopback`
 * means that both ends of the connections are on that one host.
 */
export type LinkPlan =
  | { kind: "direct"; between: [HostName, HostName] }
  | WirePlan
  | { kind: "loopback"; host: HostName };

/** The most links between hosts in a setup: the three documentation networks of RFC 5737, each divided into four. */
export const MOST_LINKS = 12;

export interface ProgramPlan {
  host: HostName;
  /** Servers are started first and run until the trial's end. Clients start in the phase `load` and exit by themselves. */
  role: "server" | "client";
  /** A client starts as soon as this holds in the phase `load`. Absent: with the phase. */
  when?: Condition;
  /**
   * The words of the command. The first is one of lastack's programs (`close-wait-leak/buggy`, `clients/short-tcp`), a file (`./server.ts`,
   * `./a.out`: it starts with a dot or a slash), or a command on the PATH (`python3`). Node runs JavaScript and TypeScript.
   *
   * In each word, `{server}` is replaced by the IPv4 address at which this program's host reaches the host `server`, and `{server6}` by the
   * IPv6 address. `{here}` is replaced by the folder of the experiment's file or of the catalogue's reference programs, which is also the
   * working folder. `{scratch}` is replaced by an empty folder for this program only, which is deleted with the trial.
   */
  run: [string, ...string[]];
  /** The server is ready when it listens on this port of its host. Absent: it is ready when it prints `ready <port>`. */
  listens?: number;
  limits: { nofile?: number };
  /** Absent: one of lastack's programs, or one that was written for it. */
  foreign?: ForeignPlan;
  /** The longest wait for a server to be ready, and the longest run of a client. */
  withinMs: number;
}

/**
 * A program that knows nothing of lastack: a user's own server or client. Its words have no placeholders but those of `reaches`. What it
 * prints is kept in files beside the recording or goes to the user's terminal, and is never read as a report. It has the user's environment
 * and working folder. A client may end as it likes.
 */
export interface ForeignPlan {
  /** Variables in addition to those of the user. */
  environment: Record<string, string>;
  /** A server is ready when it has printed this text. Absent: when it listens on the port `listens` or, without that, on any port. */
  readyText?: string;
  /**
   * The server whose client it is, by its address and its port, or this port of its host. They are in the client's environment as
   * LASTACK_HOST, LASTACK_PORT and LASTACK_URL, and in its words `{LASTACK_URL}` and the like are replaced by them.
   */
  reaches?: { server: ProgramName; port?: number };
  /** A server that was ready may end by itself: that is recorded, and is no fault of the trial. */
  mayEnd?: true;
}

/** A phase ends when its condition holds, or at its bound. The recording says which of the two happened. */
export interface PhasePlan {
  name: PhaseName;
  until: Condition;
  /** The bound. Absent with the condition `elapsedMs`, which needs none. */
  withinMs?: number;
}

/** Selects sockets. A key that is absent matches every socket. `port` is the service's port, at either end. */
export interface SocketSelector {
  host?: HostName;
  state?: TcpState | TcpState[];
  side?: Side;
  port?: number;
}

/** A condition on the latest samples, as data. */
export type Condition =
  | { elapsedMs: number }
  | { exited: ProgramName[] }
  | { ready: ProgramName[] }
  | { sockets: SocketSelector & { host: HostName }; atLeast?: number; atMost?: number }
  | { counter: string; host: HostName; atLeast: number }
  | { heldForMs: number; condition: Condition }
  | { all: Condition[] }
  | { any: Condition[] };

/**
 * Ctrl+C sends SIGINT. SIGHUP makes many servers read their configuration again. A program gets SIGSEGV for an invalid access to memory
 * (signal(7)).
 */
export const INTERVENTION_SIGNALS = [
  "SIGTERM",
  "SIGINT",
  "SIGHUP",
  "SIGSEGV",
  "SIGKILL",
  "SIGSTOP",
  "SIGCONT",
] as const;
export type InterventionSignal = (typeof INTERVENTION_SIGNALS)[number];

/**
 * Something that is done once during the trial: in `phase`, as soon as the condition `when` holds. `nth` counts the wires of the setup
 * from 0. `sysctl` is written like those of a host, but while programs run. `nothing` only marks a time, to which rules of wires and
 * scripts of peers refer by name. A signal goes to the program's first process or, with `group`, to its whole process group: its workers, too.
 */
export interface InterventionPlan {
  name: string;
  phase: PhaseName;
  when: Condition;
  do:
    | { signal: InterventionSignal; program: ProgramName; group?: true }
    | { sysctl: string; value: string; on: HostName }
    | { restart: ProgramName }
    | { link: "cut" | "join"; nth: number }
    | { host: HostName; become: HostBecomes }
    | { nothing: true };
  /** Its condition depends on a program that lastack does not know, and need never hold. */
  isOptional?: true;
}

/**
 * How a host appears to the hosts at the other ends of its wires. `silent`: no frame comes from it or reaches it. `unreachable`: the
 * same, and a router answers segments to it with an ICMP error. `rebooted`: the wires are connected to a new stack with the same addresses
 * and sysctls and without programs; frames from the old stack are discarded. `present`: as in the beginning, with the old stack.
 */
export type HostBecomes = "silent" | "present" | "rebooted" | "unreachable";

/** Which observers look, and how often. An absent observer records no samples; an expectation that needs them is inconclusive. */
export interface ObserversPlan {
  sockets?: { everyMs: number; tcpInfo?: boolean };
  listeners?: { everyMs: number };
  counters?: { everyMs: number };
  processes?: { everyMs: number };
}
