import type { HostName, PhaseName, ProgramName } from "./names.ts";
import type { Side, TcpState } from "./state.ts";
import type { WirePlan } from "./wire.ts";

/**
 * All that a trial is given: plain JSON, no functions, no prediction. It inherits nothing: every sysctl that
 * the outcome depends on is written here.
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
 * `direct` joins two hosts by a veth pair, `wire` by one whose every frame passes through our hands. Their ends are .1 and .2 of
 * 192.0.2.0/26 for the first link, of 198.51.100.0/26 for the second, of 203.0.113.0/26 for the third; .65 and .66 of 192.0.2.64/26
 * for the fourth, and so on; and ::1 and ::2 of 2001:db8:0:N::/64 for the N-th, from 0. `loopback` says that both ends of the connections lie on that one host.
 */
export type LinkPlan =
  | { kind: "direct"; between: [HostName, HostName] }
  | WirePlan
  | { kind: "loopback"; host: HostName };

/** How many links between hosts a setup may have: the three documentation networks of RFC 5737, each cut into four. */
export const MOST_LINKS = 12;

export interface ProgramPlan {
  host: HostName;
  /** A server is started first and runs to the end; a client starts with `load` and ends by itself. */
  role: "server" | "client";
  /**
   * The words of its command. The first is a program of lastack's (`close-wait-leak/buggy`, `clients/short-tcp`), a file (`./server.ts`,
   * `./a.out`: it starts with a dot or a slash), or a command on the PATH (`python3`). JavaScript and TypeScript are run by Node.
   *
   * In each word `{server}` becomes the IPv4 address of host `server` as this program's host reaches it, and `{server6}` the IPv6
   * one; `{here}` the folder of the experiment's file, or of the catalogue's reference programs, which is the working folder too; and
   * `{scratch}` an empty folder of this program's own, which goes with the trial.
   */
  run: [string, ...string[]];
  /** A server is ready when it listens on this port of its host. Absent, when it prints `ready <port>`. */
  listens?: number;
  limits: { nofile?: number };
  /** The bound on the wait for a server's ready line, and on a client's whole run. */
  withinMs: number;
}

/** A phase ends when its condition holds, or at its bound, and the recording says which. */
export interface PhasePlan {
  name: PhaseName;
  until: Condition;
  /** The bound. Absent where the condition is `elapsedMs`, which needs none. */
  withinMs?: number;
}

/** Which sockets are meant. What is absent is not asked. `port` is the service's port, at whichever end. */
export interface SocketSelector {
  host?: HostName;
  state?: TcpState | TcpState[];
  side?: Side;
  port?: number;
}

/** A question to the latest samples, as data. */
export type Condition =
  | { elapsedMs: number }
  | { exited: ProgramName[] }
  | { sockets: SocketSelector & { host: HostName }; atLeast?: number; atMost?: number }
  | { counter: string; host: HostName; atLeast: number }
  | { heldForMs: number; condition: Condition }
  | { all: Condition[] }
  | { any: Condition[] };

/** SIGINT is what Ctrl+C sends, SIGHUP what makes many servers read their configuration again, SIGSEGV what a program gets for touching memory that is not its own (signal(7)). */
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
 * Something done to the world, once: at a time in a phase, or when a condition first holds in it. `nth` counts the wires of the
 * setup from 0. A sysctl is written as those of a host are, under the feet of programs that run. `nothing` only says when: rules of
 * wires speak of it by its name.
 */
export interface InterventionPlan {
  name: string;
  phase: PhaseName;
  when: Condition;
  do:
    | { signal: InterventionSignal; program: ProgramName }
    | { sysctl: string; value: string; on: HostName }
    | { restart: ProgramName }
    | { link: "cut" | "join"; nth: number }
    | { host: HostName; become: HostBecomes }
    | { nothing: true };
}

/**
 * What a host becomes to those on the other ends of its wires. `silent`: no frame comes from it or reaches it. `unreachable`: the
 * same, and a router answers segments to it with an ICMP error. `rebooted`: a new stack with the same addresses and sysctls and
 * no programs is plugged in, and what the old one sends goes nowhere. `present`: as in the beginning, with the old stack.
 */
export type HostBecomes = "silent" | "present" | "rebooted" | "unreachable";

/** Which observers look, and how often. An absent observer leaves no samples: what needs them is inconclusive. */
export interface ObserversPlan {
  sockets?: { everyMs: number; tcpInfo?: boolean };
  listeners?: { everyMs: number };
  counters?: { everyMs: number };
  processes?: { everyMs: number };
}
