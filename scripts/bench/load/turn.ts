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
import { runIp } from "../../../harness/lab/ip.ts";
import { writeSysctl } from "../../../harness/lab/sysctl.ts";
import { parsePairs } from "../../../harness/observers/counters/parse.ts";
import { type Arm, CONNECTIONS } from "./arms.ts";
import { type Logged, startNginx } from "./nginx.ts";
import type { Told } from "./told.ts";

/** What a generator told of one run, and what nginx and the kernel saw of it. */
export interface Turn<T = Told> {
  told: T;
  logged: Logged;
  /** Connections that were opened towards nginx: TcpPassiveOpens. */
  opened: number;
}

/** All that the outcome hangs on. The ports are many, and one in TIME-WAIT on the client is free again after a second. */
const SYSCTLS = {
  "net.ipv4.ip_local_port_range": "10000 65535",
  "net.ipv4.tcp_tw_reuse": "2",
  "net.ipv4.tcp_max_tw_buckets": "262144",
};

/** How long a generator may take beyond its time. */
const GRACE_MS = 15_000;

/**
 * One arm for so many seconds, in a network namespace of its own with an nginx of its own: no turn finds the TIME-WAIT sockets
 * of the one before. Throws when the generator fails.
 */
export async function takeTurn<T>(
  arm: Pick<Arm, "name" | "command"> & { read: (said: string) => T },
  seconds: number,
  cores: { server: number; generator: number },
  folder: string,
): Promise<Turn<T>> {
  const namespace = makeNamespace(arm.name);
  try {
    runIp(namespace, ["link set lo up"]);
    for (const [name, value] of Object.entries(SYSCTLS)) writeSysctl(namespace, name, value);
    const nginx = await startNginx(namespace, cores.server, folder);
    const before = passiveOpens(namespace);
    const told = await generate(arm, seconds, cores.generator, namespace);
    const opened = passiveOpens(namespace) - before;
    return { told, logged: await nginx.end(), opened };
  } finally {
    releaseNamespace(namespace);
  }
}

async function generate<T>(
  arm: Pick<Arm, "command"> & { read: (said: string) => T },
  seconds: number,
  core: number,
  namespace: NetworkNamespace,
): Promise<T> {
  const command = ["-c", `${core}`, ...arm.command(seconds)];
  const child = inside(namespace, () => spawn("taskset", command, { stdio: ["ignore", "pipe", "pipe"] }));
  const bound = setTimeout(() => child.kill("SIGKILL"), seconds * 1000 + GRACE_MS);
  const [said, complained] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
  clearTimeout(bound);
  if (child.exitCode !== 0)
    throw new Error(`it ended with ${child.exitCode ?? child.signalCode}: ${complained.trim()}`);
  return arm.read(said);
}

function passiveOpens(namespace: NetworkNamespace): number {
  const counters = new Map<string, number>();
  parsePairs(
    inside(namespace, () => readFileSync("/proc/thread-self/net/snmp", "latin1")),
    counters,
  );
  return counters.get("TcpPassiveOpens") ?? Number.NaN;
}

/**
 * Why a turn's own count is not to be believed, or null. Generators stop in the middle: an answer a connection may be logged that
 * was not counted, and a connection may be opened and not used. wrk opens one more to try the address.
 */
export function disagreement({ mode }: Pick<Arm, "mode">, { told, logged, opened }: Turn): string | null {
  const { requests, failures } = told;
  if (failures > 0) return `${failures} failures`;
  if (logged.refused > 0) return `${logged.refused} answers of nginx are no 200`;
  const unseen = logged.answered - requests;
  if (requests === 0 || unseen < 0 || unseen > CONNECTIONS)
    return `it counts ${requests} answers, nginx ${logged.answered}`;
  const [least, most] =
    mode === "short" ? [requests, requests + 2 * CONNECTIONS] : [CONNECTIONS, 2 * CONNECTIONS];
  if (opened >= least && opened <= most) return null;
  return `${opened} connections were opened for ${requests} requests`;
}
