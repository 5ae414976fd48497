import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import {
  inside,
  makeNamespace,
  type NetworkNamespace,
  releaseNamespace,
} from "../../../harness/kernel/namespace.ts";
import { link, LOOPBACK_UP } from "../../../harness/lab/links.ts";
import { writeSysctl } from "../../../harness/lab/sysctl.ts";
import { parsePairs } from "../../../harness/observers/counters/parse.ts";
import { type Arm, CONNECTIONS } from "./arms.ts";
import { type Logged, startNginx } from "./nginx.ts";
import type { Told } from "./told.ts";

/** The results of one run: from the generator, from nginx's log, and from the kernel. */
export interface Turn<T = Told> {
  told: T;
  logged: Logged;
  /** Connections that nginx accepted: TcpPassiveOpens. */
  opened: number;
}

/** All sysctls that affect the result. There are many ports, and a port in TIME-WAIT on the client can be used again after a second. */
const SYSCTLS = {
  "net.ipv4.ip_local_port_range": "10000 65535",
  "net.ipv4.tcp_tw_reuse": "2",
  "net.ipv4.tcp_max_tw_buckets": "262144",
};

/** How long a generator may run beyond its time. */
const GRACE_MS = 15_000;

/** How often `watch` is called while a generator runs. */
const WATCH_MS = 50;

/** A generator that runs in a namespace. */
export interface Generator<T> extends Pick<Arm, "name" | "command"> {
  read: (said: string) => T;
  /** Called regularly while it runs. */
  watch?: (pid: number, namespace: NetworkNamespace) => void;
}

/**
 * Runs one arm for `seconds`, in a new network namespace with its own nginx, so that no turn has the TIME-WAIT sockets of the turn before.
 * Throws when the generator fails.
 */
export function takeTurn<T>(
  arm: Generator<T>,
  seconds: number,
  cores: { server: number; generator: number },
  folder: string,
): Promise<Turn<T>> {
  return inOwnNamespace(arm.name, async (namespace) => {
    const nginx = await startNginx(namespace, cores.server, folder);
    const before = passiveOpens(namespace);
    const told = await generate(arm, seconds, cores.generator, namespace);
    const opened = passiveOpens(namespace) - before;
    return { told, logged: await nginx.end(), opened };
  });
}

/** Runs `work` with a new network namespace that has only loopback. */
export async function inOwnNamespace<T>(
  name: string,
  work: (namespace: NetworkNamespace) => Promise<T>,
): Promise<T> {
  const namespace = makeNamespace(name);
  try {
    link(namespace, [LOOPBACK_UP]);
    for (const [sysctl, value] of Object.entries(SYSCTLS)) writeSysctl(namespace, sysctl, value);
    return await work(namespace);
  } finally {
    releaseNamespace(namespace);
  }
}

/** Runs a generator on a core for `seconds`, and parses its output. Throws when it fails, or does not end in time. */
export async function generate<T>(
  { command, read, watch }: Generator<T>,
  seconds: number,
  core: number,
  namespace: NetworkNamespace,
): Promise<T> {
  const args = ["-c", `${core}`, ...command(seconds)];
  const child = inside(namespace, () => spawn("taskset", args, { stdio: ["ignore", "pipe", "pipe"] }));
  const bound = setTimeout(() => child.kill("SIGKILL"), seconds * 1000 + GRACE_MS);
  const watcher = setInterval(() => watch?.(child.pid ?? -1, namespace), WATCH_MS);
  try {
    const [said, complained] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "exit"),
    ]);
    if (child.exitCode !== 0)
      throw new Error(`it ended with ${child.exitCode ?? child.signalCode}: ${complained.trim()}`);
    return read(said);
  } finally {
    clearTimeout(bound);
    clearInterval(watcher);
  }
}

function passiveOpens(namespace: NetworkNamespace): number {
  return counterOf("TcpPassiveOpens", namespace);
}

/** A counter of a namespace, by nstat's name; NaN when the kernel has no counter of this name. */
export function counterOf(name: string, namespace: NetworkNamespace): number {
  const counters = new Map<string, number>();
  parsePairs(
    inside(namespace, () => readFileSync("/proc/thread-self/net/snmp", "latin1")),
    counters,
  );
  return counters.get(name) ?? Number.NaN;
}

/** The same turn with nginx's counts, for a generator that did not count all its answers. It then has no latencies. */
export function countedByNginx(turn: Turn, seconds: number): Turn {
  const told = { ...turn.told, perSecond: turn.logged.answered / seconds, p50Ms: null, p99Ms: null };
  return { ...turn, told };
}

/**
 * The reason why a turn's own counts are not reliable, or null. Generators stop in the middle, so on each connection one logged answer can
 * be uncounted, and connections can be opened and not used. wrk opens one more connection to try the address.
 */
export function disagreement(
  { mode, countedBy }: Pick<Arm, "mode" | "countedBy">,
  { told, logged, opened }: Turn,
): string | null {
  const { requests, failures } = told;
  if (logged.refused > 0) return `${logged.refused} answers of nginx have another status than 200`;
  // Its own counts are not used.
  if (countedBy === "nginx") return logged.answered > 0 ? null : "nginx answered nothing";
  if (failures > 0) return `${failures} failures`;
  const unseen = logged.answered - requests;
  if (requests === 0 || unseen < 0 || unseen > CONNECTIONS)
    return `it counts ${requests} answers, nginx ${logged.answered}`;
  const [least, most] =
    mode === "short" ? [requests, requests + 2 * CONNECTIONS] : [CONNECTIONS, 2 * CONNECTIONS];
  if (opened >= least && opened <= most) return null;
  return `${opened} connections were opened for ${requests} requests`;
}
