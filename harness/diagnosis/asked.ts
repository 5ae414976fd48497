import { samplesOf } from "../measure/evidence.ts";
import type { View } from "../model/expectation.ts";
import type { SocketGroup } from "../model/sample.ts";
import type { Patient } from "./examine.ts";

/** Which subjects were asked about; all of the namespace when neither is set. */
export interface Asked {
  port: number | null;
  pid: number | null;
}

/** Whether a subject is among those that were asked about: those with that process, or with that service's port. */
export function isAsked({ subject, view, pids }: Patient, { port, pid }: Asked): boolean {
  if (pid !== null) return pids.has(pid);
  if (port === null) return true;
  if (subject.kind === "remains") return subject.port === port;
  const listens = subject.kind === "family" && subject.ports.includes(port);
  return listens || portsOf(view, "listener").has(port);
}

/** The subjects on this host at the other end of a connection of `own`, as far as its service listens on this host. */
export function otherEnds(patients: Patient[], own: Patient[]): Patient[] {
  const listened = new Set(own.flatMap(({ view }) => [...portsOf(view, "listener")]));
  const used = new Set(own.flatMap(({ view }) => [...portsOf(view, "connector")]));
  const meets = (ports: ReadonlySet<number>, others: ReadonlySet<number>): boolean =>
    [...ports].some((port) => others.has(port));
  return patients
    .filter((patient) => !own.includes(patient))
    .map((patient) => onlyPorts(patient, listened, used))
    .filter(
      ({ view }) => meets(portsOf(view, "connector"), listened) || meets(portsOf(view, "listener"), used),
    );
}

/** A patient with only the connections that lead to the asked ones: an accusation must be about these. */
function onlyPorts(
  { view, others = [], ...rest }: Patient,
  asConnector: ReadonlySet<number>,
  asListener: ReadonlySet<number>,
): Patient {
  const only = (one: View): View => onlyPortsOf(one, asConnector, asListener);
  return { ...rest, view: only(view), others: others.map(only) };
}

function onlyPortsOf(view: View, asConnector: ReadonlySet<number>, asListener: ReadonlySet<number>): View {
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
