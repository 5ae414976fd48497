import { samplesOf } from "../measure/evidence.ts";
import { withValues } from "../measure/unread.ts";
import type { Asked } from "../model/examined.ts";
import type { View } from "../model/expectation.ts";
import type { SocketGroup } from "../model/sample.ts";
import type { Patient } from "./examine.ts";

export type { Asked };

/**
 * Why a subject is examined: it was asked about; it is at the other end of a connection of one that was; or the asked port is nobody's, but
 * the local port of one of its connections.
 */
export type Role = "asked" | "other end" | "local user";

/**
 * Who is examined: the subjects that were asked about, and where a port or a process was, the other ends of their connections, and whoever
 * has the port as a local one.
 */
export function examinedAmong(patients: Patient[], asked: Asked): { patient: Patient; role: Role }[] {
  const own = patients.filter((patient) => isAsked(patient, asked));
  const others = asked.port === null && asked.pid === null ? [] : otherEnds(patients, own);
  return [
    ...own.map((patient) => ({ patient, role: "asked" as const })),
    ...others.map((patient) => ({ patient, role: "other end" as const })),
    ...localUsers(patients, asked).map((patient) => ({ patient, role: "local user" as const })),
  ];
}

/** Whether a subject is among those that were asked about: those with that process, or with that service's port. */
function isAsked({ subject, view, pids }: Patient, { port, pid }: Asked): boolean {
  if (pid !== null) return pids.has(pid);
  if (port === null) return true;
  if (subject.kind === "remains") return subject.port === port;
  const listens = subject.kind === "family" && subject.ports.includes(port);
  return listens || portsOf(view, "listener").has(port);
}

/** The subjects on this host at the other end of a connection of `own`, as far as its service listens on this host. */
function otherEnds(patients: Patient[], own: Patient[]): Patient[] {
  const listened = new Set(own.flatMap(({ view }) => [...portsOf(view, "listener")]));
  const used = new Set(own.flatMap(({ view }) => [...portsOf(view, "connector")]));
  const meets = (ports: ReadonlySet<number>, others: ReadonlySet<number>): boolean =>
    [...ports].some((port) => others.has(port));
  return patients
    .filter((patient) => !own.includes(patient))
    .map((patient) => ofViews(patient, (view) => onlyPorts(view, listened, used)))
    .filter(
      ({ view }) => meets(portsOf(view, "connector"), listened) || meets(portsOf(view, "listener"), used),
    );
}

/**
 * Whoever has the asked port although nobody listens on it: as the local port of a connection. Only these connections of theirs are
 * examined, and as such of a service's port: whoever asks about a port takes it for one.
 */
export function localUsers(patients: Patient[], { port }: Asked): Patient[] {
  if (port === null || patients.some(({ view }) => listensOn(view, port))) return [];
  return patients
    .map((patient) => ofViews(patient, (view) => usedLocally(view, port)))
    .filter(({ view }) => portsOf(view, "connector").size > 0);
}

/** A view with only the connections whose local port this is. */
function usedLocally(view: View, port: number): View {
  const samples = view.samples.map((sample) => {
    if (sample.kind === "listeners") return { ...sample, listeners: [] };
    if (sample.kind !== "sockets") return sample;
    const groups = sample.groups.flatMap((group) => {
      const examples = group.examples.filter(({ local }) => local.endsWith(`:${port}`));
      const some = withValues(group, { count: examples.length, examples });
      return examples.length === 0 ? [] : [some];
    });
    return { ...sample, groups };
  });
  return { ...view, samples, servicePorts: [port] };
}

/** A patient of whom another part is read. */
function ofViews({ view, others, ...rest }: Patient, part: (view: View) => View): Patient {
  return { ...rest, view: part(view), ...(others !== undefined && { others: others.map(part) }) };
}

/** Whether some look saw a listener on the port. */
function listensOn(view: View, port: number): boolean {
  return samplesOf(view, "sockets").some(({ groups }) =>
    groups.some((group) => group.state === "LISTEN" && group.port === port),
  );
}

/** A view with only the connections that lead to the asked ones: an accusation must be about these. */
function onlyPorts(view: View, asConnector: ReadonlySet<number>, asListener: ReadonlySet<number>): View {
  const samples = view.samples.map((sample) => {
    if (sample.kind === "listeners") {
      return { ...sample, listeners: sample.listeners.filter(({ port }) => asListener.has(port)) };
    }
    if (sample.kind !== "sockets") return sample;
    const groups = sample.groups.filter(({ side, port }) =>
      (side === "connector" ? asConnector : asListener).has(port),
    );
    return { ...sample, groups };
  });
  return { ...view, samples };
}

/** The services' ports of all connections that some look saw. */
function portsOf(view: View, side: SocketGroup["side"]): Set<number> {
  const groups = samplesOf(view, "sockets").flatMap((sample) => sample.groups);
  return new Set(groups.filter((group) => group.side === side).map(({ port }) => port));
}
