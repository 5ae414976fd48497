import { readFileSync } from "node:fs";
import { inside, type NetworkNamespace } from "../../kernel/namespace.ts";
import { parseProcTcp, type ProcTcpRow } from "../../kernel/proc-tcp.ts";
import { SockDiag } from "../../kernel/sockdiag/dump.ts";
import { ALL_STATES, LISTEN } from "../../kernel/sockdiag/state.ts";
import type { Way } from "../../model/census.ts";
import { type OpenCounters, openCounters } from "../counters.ts";
import type { Row } from "../sockets/row.ts";

/** A socket as a census reads it. `cookie`: the kernel's number for it; null where the way does not show it. */
export interface SourceRow extends Row {
  cookie: number | null;
}

/** The sysctls that a census needs beside the sockets. */
export const CENSUS_SYSCTLS = [
  "net.ipv4.ip_local_port_range",
  "net.ipv4.tcp_max_tw_buckets",
  "net.ipv4.tcp_tw_reuse",
] as const;
export type CensusSysctl = (typeof CENSUS_SYSCTLS)[number];

/** Where a census reads the sockets of a network namespace. */
export interface SocketSource {
  way: Way;
  /** The values as /proc/sys has them. Those that cannot be read are absent. */
  sysctls: Partial<Record<CensusSysctl, string>>;
  counters: OpenCounters;
  /** Visits each socket: LISTEN rows first. A row is valid only during its visit. */
  each: (visit: (row: SourceRow) => void) => void;
  close: () => void;
}

export interface SourceOptions {
  /** Only sockets with this port at either end. */
  port: number | null;
  /** Whether the rows have struct tcp_info. */
  tcpInfo: boolean;
}

/** Reads by sock_diag in a namespace. Errors: those of setns(2) and of a netlink socket. `pid`: whose namespace it is, for the reader. */
export function diagSource(
  namespace: NetworkNamespace,
  pid: number | null,
  { port, tcpInfo }: SourceOptions,
): SocketSource {
  const { diag, sysctls, counters } = inside(namespace, () => ({
    diag: new SockDiag(),
    sysctls: readSysctls(),
    counters: openCounters("/proc/thread-self/net"),
  }));
  const query = { states: ALL_STATES, tcpInfo, ...(port !== null && { ports: [port] }) };
  return {
    way: { by: "sock_diag", pid, because: null, missing: [] },
    sysctls,
    counters,
    each: (visit) => diag.each(query, visit),
    close: () => {
      diag.close();
      counters.close();
    },
  };
}

/** What /proc/net/tcp does not show, in words. */
const MISSING_IN_PROC = [
  "the backlog of listeners",
  "the times and byte counts of tcp_info",
  "the sysctls of that namespace (the ephemeral ports are taken to be 32768 to 60999)",
];

/**
 * Reads /proc/PID/net/tcp and tcp6; without a pid, those of this thread. Every user may read them (proc(5)), without entering the namespace.
 * Throws the system's error when the process has ended or /proc hides it.
 */
export function procSource(pid: number | null, because: string, { port }: SourceOptions): SocketSource {
  const folder = pid === null ? "/proc/thread-self/net" : `/proc/${pid}/net`;
  const rows = (): ProcTcpRow[] =>
    ["tcp", "tcp6"].flatMap((file) => parseProcTcp(readTable(`${folder}/${file}`)));
  // Whether it can be read at all.
  rows();
  const counters = openCounters(folder);
  return {
    way: { by: "proc", pid, because, missing: MISSING_IN_PROC },
    sysctls: {},
    counters,
    each: (visit) => {
      const meant = rows().filter(
        ({ localPort, remotePort }) => port === null || localPort === port || remotePort === port,
      );
      const [listening, others] = [meant.filter(isListening), meant.filter((row) => !isListening(row))];
      for (const row of [...listening, ...others]) visit({ ...row, ...WITHOUT });
    },
    close: () => counters.close(),
  };
}

const WITHOUT = { cookie: null, tcpInfo: () => null, exchanged: () => null };

function isListening({ state }: ProcTcpRow): boolean {
  return state === LISTEN;
}

/** A kernel without IPv6 has no tcp6. */
function readTable(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT" && path.endsWith("6")) return "";
    throw error;
  }
}

function readSysctls(): SocketSource["sysctls"] {
  return Object.fromEntries(
    CENSUS_SYSCTLS.flatMap((name) => {
      try {
        return [[name, readFileSync(`/proc/sys/${name.replaceAll(".", "/")}`, "utf8").trim()]];
      } catch {
        return [];
      }
    }),
  );
}
