import { ArgumentError } from "./argument-error.ts";
import { shown } from "./shown.ts";
import type { HostName, PhaseName, ProgramName } from "./names.ts";
import type {
  Condition,
  HostPlan,
  InterventionPlan,
  LinkPlan,
  ObserversPlan,
  PhasePlan,
  ProgramPlan,
  Setup,
} from "./setup.ts";
import type { WirePlan } from "./wire.ts";

/**
 * A setup as an experiment file writes it: only what differs from the defaults. `setupOf` adds the defaults. Sysctls have no default: each
 * one on which an outcome depends is written here.
 */
export interface ShortSetup {
  /** Sysctls of every host. */
  sysctls?: Sysctls;
  /** Hosts with sysctls of their own, in addition to the sysctls of every host. */
  hosts?: Record<HostName, Sysctls>;
  /** Default: a veth pair between `client` and `server`. Hosts that a link joins need not be listed in `hosts`. */
  links?: ShortLink[];
  /** By default they run on the host `server` and must be ready within 10 s. They start in this order. */
  servers?: Record<ProgramName, ShortProgram>;
  /** By default they run on the host `client` and must exit within 20 s. They start with the phase `load`. */
  clients?: Record<ProgramName, ShortProgram>;
  /** Default of `withinMs`: the longest bound of the programs that the phase waits for (`exited`, `ready`); 20 s without any. */
  phases: ShortPhases | PhasePlan[];
  /** Default: none. */
  interventions?: InterventionPlan[];
  /** How often each observer looks, in milliseconds. An absent observer does not look. Default: `EVERY_MS`. */
  everyMs?: { [observer in keyof ObserversPlan]?: number };
  /** Each look at the sockets also reads the kernel's struct tcp_info (linux/tcp.h). */
  tcpInfo?: boolean;
}

/** Dotted names, and values as they are written to /proc/sys. */
export type Sysctls = Record<string, string>;

/** When a phase ends, and its bound where that is not the default. */
export type ShortPhase = Condition | Omit<PhasePlan, "name">;

/** The phases by name, in their order. */
export type ShortPhases = { [phase in PhaseName]?: ShortPhase };

/** The words of a command line, separated by blanks; or a list of words, where a word contains blanks. The first names the program. */
export type CommandLine = string | readonly string[];

/** Only the command, or the command with what differs from the defaults. */
export type ShortProgram =
  | CommandLine
  | {
      run: CommandLine;
      host?: HostName;
      withinMs?: number;
      /** RLIMIT_NOFILE, getrlimit(2). */
      nofile?: number;
      /** A server that does not print `ready <port>` is ready when it listens on this port. */
      listens?: number;
      /** A client starts as soon as this holds in the phase `load`. */
      when?: Condition;
    };

/**
 * A link of a short setup. Defaults of a wire: no delay, no loss, no rules; it joins `client` and `server`; `seed` is its place in `links`,
 * from 1. A single number in `delayMs` is the delay in each direction.
 */
export type ShortLink =
  | Exclude<LinkPlan, WirePlan>
  | (Pick<WirePlan, "kind"> & Partial<Omit<WirePlan, "delayMs">> & { delayMs?: number | [number, number] });

/** How often the observers look at each host, in milliseconds, where a setup does not say. */
export const EVERY_MS = { sockets: 100, listeners: 500, counters: 500, processes: 200 } as const;

const CLIENT_AND_SERVER: [HostName, HostName] = ["client", "server"];
const READY_WITHIN_MS = 10_000;
const DONE_WITHIN_MS = 20_000;

const SETUP_KEYS = [
  "sysctls",
  "hosts",
  "links",
  "servers",
  "clients",
  "phases",
  "interventions",
  "everyMs",
  "tcpInfo",
] as const satisfies readonly (keyof ShortSetup)[];
const PROGRAM_KEYS = ["run", "host", "withinMs", "nofile", "listens", "when"] as const;

/**
 * The complete setup of a short one. It only fills in defaults; `validateSetup` checks the complete setup. What it does not know would be
 * lost here, so it throws an ArgumentError that names an unknown key: not every experiment is TypeScript.
 */
export function setupOf(short: ShortSetup): Setup {
  refuseUnknown("setupOf", short, SETUP_KEYS);
  const links = (short.links ?? [{ kind: "direct", between: CLIENT_AND_SERVER }]).map(wholeLink);
  const servers = Object.entries(short.servers ?? {}).map(([name, one]) => [name, serverPlan(one)] as const);
  const clients = Object.entries(short.clients ?? {}).map(([name, one]) => [name, clientPlan(one)] as const);
  const programs = Object.fromEntries([...servers, ...clients]);
  return {
    hosts: hostPlans(short, links),
    links,
    programs,
    phases: wholePhases(short.phases).map((phase) => bounded(phase, programs)),
    interventions: short.interventions ?? [],
    observers: observersPlan(short),
  };
}

function refuseUnknown(where: string, value: object, known: readonly string[]): void {
  refuseOther(where, value);
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  throw new ArgumentError(
    `${where} has the unknown key ${JSON.stringify(unknown)}; its keys are ${known.join(", ")}`,
  );
}

/** Refuses what is no object: not every experiment is TypeScript. */
function refuseOther(where: string, value: unknown): void {
  if (Object(value) !== value)
    throw new ArgumentError(`${where} takes an object, and this is ${shown(value)}`);
}

function hostPlans({ sysctls = {}, hosts = {} }: ShortSetup, links: LinkPlan[]): Record<HostName, HostPlan> {
  const joined = links.flatMap((link) => (link.kind === "loopback" ? [link.host] : link.between));
  const names = new Set([...joined, ...CLIENT_AND_SERVER, ...Object.keys(hosts)]);
  return Object.fromEntries([...names].map((name) => [name, { sysctls: { ...sysctls, ...hosts[name] } }]));
}

function wholeLink(link: ShortLink, nth: number): LinkPlan {
  if (link.kind !== "wire") return link;
  const { delayMs = 0, ...rest } = link;
  const bothWays: [number, number] = typeof delayMs === "number" ? [delayMs, delayMs] : delayMs;
  const ordinary = { between: CLIENT_AND_SERVER, bitsPerSecond: null, loss: 0, seed: nth + 1, rules: [] };
  return { ...ordinary, ...rest, delayMs: bothWays };
}

const serverPlan = (short: ShortProgram): ProgramPlan => programPlan(short, "server", READY_WITHIN_MS);
const clientPlan = (short: ShortProgram): ProgramPlan => programPlan(short, "client", DONE_WITHIN_MS);

function programPlan(short: ShortProgram, role: "server" | "client", otherwiseMs: number): ProgramPlan {
  const whole = isCommand(short) ? { run: short } : short;
  refuseUnknown(`a ${role} of setupOf`, whole, PROGRAM_KEYS);
  const { run, host = role, withinMs = otherwiseMs, nofile, listens, when } = whole;
  if (!isCommand(run))
    throw new ArgumentError(`a ${role} of setupOf has in "run" its command line, and this is ${shown(run)}`);
  const [program = "", ...rest] = typeof run === "string" ? run.trim().split(/\s+/) : run;
  const limits = nofile === undefined ? {} : { nofile };
  return {
    host,
    role,
    run: [program, ...rest],
    limits,
    withinMs,
    ...(listens !== undefined && { listens }),
    ...(when !== undefined && { when }),
  };
}

function isCommand(short: ShortProgram): short is CommandLine {
  return typeof short === "string" || Array.isArray(short);
}

function wholePhases(short: ShortPhases | PhasePlan[]): PhasePlan[] {
  if (Array.isArray(short)) return short;
  refuseOther("phases of setupOf", short);
  return Object.entries(short).map(([name, end]) => ({
    name: name as PhaseName,
    ...("until" in end ? end : { until: end }),
  }));
}

function bounded(phase: PhasePlan, programs: Record<ProgramName, ProgramPlan>): PhasePlan {
  if (phase.withinMs !== undefined || "elapsedMs" in phase.until) return phase;
  const bounds = waitedFor(phase.until).flatMap((name) => programs[name]?.withinMs ?? []);
  return { ...phase, withinMs: bounds.length === 0 ? DONE_WITHIN_MS : Math.max(...bounds) };
}

/** The programs whose end, or whose being ready, a condition waits for. */
function waitedFor(condition: Condition): ProgramName[] {
  if ("exited" in condition) return condition.exited;
  if ("ready" in condition) return condition.ready;
  if ("condition" in condition) return waitedFor(condition.condition);
  if ("all" in condition) return condition.all.flatMap(waitedFor);
  return "any" in condition ? condition.any.flatMap(waitedFor) : [];
}

function observersPlan({ everyMs = EVERY_MS, tcpInfo }: ShortSetup): ObserversPlan {
  const plans = Object.fromEntries(
    Object.entries(everyMs).map(([observer, ms]) => [observer, { everyMs: ms }]),
  );
  const sockets = plans["sockets"];
  return sockets !== undefined && tcpInfo === true ? { ...plans, sockets: { ...sockets, tcpInfo } } : plans;
}
