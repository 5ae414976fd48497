import type { HostName } from "../model/names.ts";
import {
  type Condition,
  type InterventionPlan,
  MOST_LINKS,
  type PhasePlan,
  type Setup,
} from "../model/setup.ts";
import { FOLDER_NAMES, placeholders } from "../model/words.ts";
import { unknownName } from "./unknown-name.ts";
import { wiresUnsound } from "./wire-references.ts";

const PHASES = ["load", "drain", "end"];
const MOST_HOSTS = 8;

/**
 * Checks a setup for errors that the schema cannot find: names that the setup uses but does not define, phases in the wrong order,
 * conditions on an observer that does not run. Returns a sentence for each error, with its path; none means that the setup is valid.
 */
export function unsoundReferences(setup: Setup): string[] {
  return [
    ...hostsUnsound(setup),
    ...linksUnsound(setup),
    ...wiresUnsound(setup),
    ...programsUnsound(setup),
    ...phasesUnsound(setup),
    ...interventionsUnsound(setup),
  ];
}

function hostsUnsound(setup: Setup): string[] {
  const hosts = Object.keys(setup.hosts);
  const found = ["client", "server"]
    .filter((host) => !hosts.includes(host))
    .map((host) => `hosts: ${JSON.stringify(host)} is missing; every setup has "client" and "server"`);
  for (const host of hosts.filter((name) => FOLDER_NAMES.includes(name))) {
    found.push(`hosts.${host}: a host cannot have this name, because {${host}} means a folder in commands`);
  }
  if (hosts.length > MOST_HOSTS) {
    found.push(`hosts: there are ${hosts.length}, and at most ${MOST_HOSTS} are allowed`);
  }
  return found;
}

function linksUnsound(setup: Setup): string[] {
  const found = setup.links.flatMap((link, nth) => {
    if (link.kind === "loopback") return hostUnknown(setup, link.host, `links[${nth}].host`);
    const [a, b] = link.between;
    const same =
      a === b
        ? [`links[${nth}].between: a ${link.kind} link joins two hosts, and both are ${JSON.stringify(a)}`]
        : [];
    return [
      ...hostUnknown(setup, a, `links[${nth}].between[0]`),
      ...hostUnknown(setup, b, `links[${nth}].between[1]`),
      ...same,
    ];
  });
  const joining = setup.links.filter((link) => link.kind !== "loopback").length;
  if (joining > MOST_LINKS) {
    found.push(`links: there are ${joining} links between hosts, and at most ${MOST_LINKS} are allowed`);
  }
  return found;
}

function programsUnsound(setup: Setup): string[] {
  return Object.entries(setup.programs).flatMap(([name, plan]) => [
    ...hostUnknown(setup, plan.host, `programs.${name}.host`),
    ...(plan.foreign === undefined ? plan.run : []).flatMap((word, nth) =>
      wordUnsound(setup, word, `programs.${name}.run[${nth}]`),
    ),
    ...(plan.role === "client" && plan.listens !== undefined
      ? [`programs.${name}.listens: only a server can have this key`]
      : []),
    ...(plan.role === "server" && plan.when !== undefined
      ? [`programs.${name}.when: only a client can have this key`]
      : []),
    ...(plan.when === undefined ? [] : conditionUnsound(setup, plan.when, `programs.${name}.when`)),
  ]);
}

function wordUnsound(setup: Setup, word: string, path: string): string[] {
  return placeholders(word)
    .filter(({ whole }) => !FOLDER_NAMES.some((name) => whole === `{${name}}`))
    .flatMap(({ name }) => hostUnknown(setup, name, path));
}

function phasesUnsound(setup: Setup): string[] {
  const names = setup.phases.map((phase) => phase.name);
  const found = setup.phases.flatMap((phase, nth) => [
    ...conditionUnsound(setup, phase.until, `phases[${nth}].until`),
    ...boundUnsound(phase, `phases[${nth}].withinMs`),
  ]);
  if (names.length === 0) found.push("phases: there are none; a trial has at least one of load, drain, end");
  const inOrder = PHASES.filter((name) => names.some((found_) => found_ === name));
  if (names.join() !== inOrder.join()) {
    found.push(
      `phases: they are ${names.join(", ")}; each comes at most once, in the order load, drain, end`,
    );
  }
  return found;
}

/** A phase must have a bound, unless its condition is elapsedMs. */
function boundUnsound({ until, withinMs }: PhasePlan, path: string): string[] {
  const isTimed = "elapsedMs" in until;
  if (isTimed && withinMs !== undefined) return [`${path}: leave it out, because elapsedMs ends the phase`];
  if (!isTimed && withinMs === undefined)
    return [`${path}: missing; only a phase that elapsedMs ends has no bound`];
  const leastMs = earliestMs(until);
  if (withinMs === undefined || leastMs < withinMs) return [];
  return [`${path}: it is ${withinMs}, and the phase's condition cannot hold before ${leastMs} ms are over`];
}

/** The time, from the beginning of a phase, before which its condition cannot hold. */
function earliestMs(condition: Condition): number {
  if ("elapsedMs" in condition) return condition.elapsedMs;
  if ("heldForMs" in condition) return condition.heldForMs + earliestMs(condition.condition);
  if ("all" in condition) return Math.max(...condition.all.map(earliestMs));
  return "any" in condition ? Math.min(...condition.any.map(earliestMs)) : 0;
}

function interventionsUnsound(setup: Setup): string[] {
  const names = setup.interventions.map((plan) => plan.name);
  return setup.interventions.flatMap((plan, nth) => {
    const path = `interventions[${nth}]`;
    const found = [
      ...actionUnsound(setup, plan.do, `${path}.do`),
      ...conditionUnsound(setup, plan.when, `${path}.when`),
    ];
    if (names.indexOf(plan.name) !== nth) {
      found.push(`${path}.name: the name ${JSON.stringify(plan.name)} is used more than once`);
    }
    const phases = setup.phases.map(({ name }) => name);
    found.push(...unknownName("phase", plan.phase, phases, `${path}.phase`));
    return found;
  });
}

function actionUnsound(setup: Setup, action: InterventionPlan["do"], path: string): string[] {
  const wires = setup.links.filter((link) => link.kind === "wire");
  if ("restart" in action) return programUnknown(setup, action.restart, `${path}.restart`);
  if ("signal" in action) return programUnknown(setup, action.program, `${path}.program`);
  if ("sysctl" in action) return hostUnknown(setup, action.on, `${path}.on`);
  if ("link" in action) {
    if (action.nth < wires.length) return [];
    return [`${path}.nth: there is no wire ${action.nth}; the setup has ${wires.length}, counted from 0`];
  }
  if (!("host" in action)) return [];
  const ends = [...new Set(wires.flatMap((link) => link.between))];
  return unknownName("host with a wire", action.host, ends, `${path}.host`);
}

function conditionUnsound(setup: Setup, condition: Condition, path: string): string[] {
  if ("exited" in condition) {
    return condition.exited.flatMap((program, nth) =>
      programUnknown(setup, program, `${path}.exited[${nth}]`),
    );
  }
  if ("ready" in condition) {
    return condition.ready.flatMap((program, nth) => programUnknown(setup, program, `${path}.ready[${nth}]`));
  }
  if ("sockets" in condition) {
    const found = hostUnknown(setup, condition.sockets.host, `${path}.sockets.host`);
    if (condition.atLeast === undefined && condition.atMost === undefined) {
      found.push(`${path}: needs atLeast or atMost; without both it always holds`);
    }
    return [...found, ...unobserved(setup, "sockets", path)];
  }
  if ("counter" in condition) {
    return [...hostUnknown(setup, condition.host, `${path}.host`), ...unobserved(setup, "counters", path)];
  }
  if ("heldForMs" in condition) return conditionUnsound(setup, condition.condition, `${path}.condition`);
  if ("all" in condition) return partsUnsound(setup, condition.all, `${path}.all`);
  if ("any" in condition) return partsUnsound(setup, condition.any, `${path}.any`);
  return [];
}

function partsUnsound(setup: Setup, parts: Condition[], path: string): string[] {
  return parts.flatMap((part, nth) => conditionUnsound(setup, part, `${path}[${nth}]`));
}

function unobserved(setup: Setup, observer: "sockets" | "counters", path: string): string[] {
  return setup.observers[observer] === undefined
    ? [`${path}: needs ${observer}, but observers.${observer} is absent, so it can never hold`]
    : [];
}

function hostUnknown(setup: Setup, host: HostName, path: string): string[] {
  return unknownName("host", host, Object.keys(setup.hosts), path);
}

function programUnknown(setup: Setup, program: string, path: string): string[] {
  return unknownName("program", program, Object.keys(setup.programs), path);
}
