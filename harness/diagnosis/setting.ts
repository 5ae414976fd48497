import { localPorts, sysctl } from "../measure/evidence.ts";
import { fullestQueue } from "../measure/listeners.ts";
import { nearestToLimit } from "../measure/processes.ts";
import type { Knob } from "../model/advice.ts";
import type { View } from "../model/expectation.ts";

const SOMAXCONN = "net.core.somaxconn";
const HERE = "in this network namespace";

/** A setting, as it was read on the examined host. */
export interface Setting {
  name: string;
  /** Its value, and what follows from it: a part of a sentence. null: it was not visible. */
  reads: string | null;
  /** Whether it is what limits here, so that changing it can help. null: that cannot be told. */
  binds: boolean | null;
}

/** Reads a setting on a view. Of the two limits of an accept queue, the one that binds is told at the fullest queue. */
export function settingOf(knob: Knob, view: View): Setting {
  if (knob === "somaxconn" || knob === "backlog") return queueLimit(knob, view);
  if (knob === "max-syn-backlog") return synBacklog(view);
  if (knob === "descriptors") return descriptorLimit(view);
  return sysctlSetting(knob, view);
}

/**
 * The kernel gives a listener the smaller of the backlog and somaxconn (__sys_listen() in net/socket.c), and reads somaxconn only in listen().
 * So a listener with less than somaxconn got what the program asked for, or began when somaxconn was smaller.
 */
function queueLimit(knob: "somaxconn" | "backlog", view: View): Setting {
  const name = knob === "somaxconn" ? SOMAXCONN : "a larger backlog";
  const limit = sysctl(view, SOMAXCONN);
  const fullest = fullestQueue(view);
  if (limit === null || fullest === null) return { name, reads: null, binds: null };
  const { backlog, port } = fullest;
  const somaxconn = Number(limit);
  if (backlog === somaxconn) {
    const reads =
      knob === "somaxconn"
        ? `${SOMAXCONN} = ${somaxconn} ${HERE}; listen() got ${backlog} on port ${port}`
        : `${SOMAXCONN} = ${somaxconn} cuts it off`;
    return { name, reads, binds: knob === "somaxconn" };
  }
  if (backlog > somaxconn) {
    const reads = `listen() got ${backlog} on port ${port} before ${SOMAXCONN} was lowered to ${somaxconn}`;
    return { name, reads, binds: null };
  }
  const reads =
    knob === "somaxconn"
      ? `it is ${somaxconn} here, and listen() got only ${backlog}`
      : `listen() got ${backlog} on port ${port}; ${SOMAXCONN} = ${somaxconn} allows more`;
  return { name, reads, binds: knob === "backlog" };
}

/**
 * Without SYN cookies the kernel refuses unknown clients from three quarters of tcp_max_syn_backlog on (tcp_conn_request() in
 * net/ipv4/tcp_input.c). With cookies it does not read it. The listener's backlog limits the same queue.
 */
function synBacklog(view: View): Setting {
  const name = "net.ipv4.tcp_max_syn_backlog";
  const [limit, cookies] = [sysctl(view, name), sysctl(view, "net.ipv4.tcp_syncookies")];
  const fullest = fullestQueue(view);
  if (limit === null || cookies === null || fullest === null) return { name, reads: null, binds: null };
  if (cookies !== "0") return { name, reads: "it is not read while SYN cookies are on", binds: false };
  const { backlog, port } = fullest;
  return Number(limit) * 0.75 < backlog
    ? { name, reads: `${name} = ${limit} here, and the backlog of port ${port} is ${backlog}`, binds: true }
    : {
        name,
        reads: `it is ${limit} here, and the backlog of port ${port} is only ${backlog}`,
        binds: false,
      };
}

function descriptorLimit(view: View): Setting {
  const name = "the limit of open files";
  const nearest = nearestToLimit(view, {});
  if (nearest === null) return { name, reads: null, binds: null };
  const { pid, limit, descriptors } = nearest;
  return {
    name,
    reads: `${nearest.name} (pid ${pid}) has ${descriptors} of ${limit} descriptors`,
    binds: true,
  };
}

function sysctlSetting({ sysctl: name, unless }: Exclude<Knob, string>, view: View): Setting {
  const value = sysctl(view, name);
  if (value === null) return { name, reads: null, binds: null };
  if (value === unless) return { name, reads: `it is ${value} here already`, binds: false };
  const ports = name === "net.ipv4.ip_local_port_range" ? localPorts(view) : null;
  const more = ports === null ? "" : `: ${ports} ports`;
  const reads = value === "" ? `${name} is empty here` : `${name} = ${value} here${more}`;
  return { name, reads, binds: true };
}
