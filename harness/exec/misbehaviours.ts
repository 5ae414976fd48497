import { samplesOf } from "../measure/evidence.ts";
import type { Misbehaviour } from "../model/exec.ts";
import { countOf } from "../model/count.ts";
import type { Recording } from "../model/recording.ts";
import type { ProgramSample } from "../model/sample.ts";
import type { InterventionPlan } from "../model/setup.ts";
import type { WireAction, WirePlan } from "../model/wire.ts";
import { CORRECT, FOR_CLIENTS } from "./evil-servers.ts";
import { ran } from "./ran.ts";
import { SERVER } from "./scene.ts";

const SERVER_HOST = "server";

/** What the server's side did besides answering: what the server reported, what was done to it, and what the wire did. Pure. */
export function misbehaviours(recording: Recording): Misbehaviour[] {
  return [...reportedBy(recording), ...doneTo(recording), ...ofOwn(recording), ...byWire(recording)];
}

/** The rules of the wire that met no segment. What they were to do was not tried. A rule that lets segments pass does nothing. Pure. */
export function unmetRules(recording: Recording): string[] {
  return actions(recording).flatMap(({ rule, segments, action }) =>
    segments > 0 || "pass" in action ? [] : [rule],
  );
}

/** Whether a server for clients did nothing of what it does wrong: neither the program, nor what the lab does to it. Pure. */
export function hadNoOccasion(recording: Recording): boolean {
  const { programs, interventions } = recording.header.setup;
  const [program = ""] = programs[SERVER]?.run ?? [];
  const isEvil = program.startsWith(`${FOR_CLIENTS}/`) && program !== `${FOR_CLIENTS}/${CORRECT}`;
  if (!isEvil && interventions.length === 0) return false;
  return reportedBy(recording).length + doneTo(recording).length === 0;
}

function reportedBy(recording: Recording): Misbehaviour[] {
  const times = new Map<string, number>();
  for (const { report } of samplesOf(recording, "report")) {
    const { kind, did } = report;
    if (kind === "misbehaviour" && typeof did === "string") times.set(did, (times.get(did) ?? 0) + 1);
  }
  return [...times].map(([did, count]) => ({ did: `the server ${did}`, times: count }));
}

/** What is worth to know of the user's own server: that it ended while the command ran, and that it had a choice of ports. */
function ofOwn(recording: Recording): Misbehaviour[] {
  const plan = recording.header.setup.programs[SERVER];
  if (plan?.foreign === undefined) return [];
  const { toUs } = ran(recording);
  const events = samplesOf(recording, "program").filter(({ program }) => program === SERVER);
  const exit = events.find(({ event, atUs }) => event === "exited" && atUs < toUs);
  const given = events.find(({ event }) => event === "ready")?.port;
  const ports = portsOf(recording);
  return [
    ...(exit === undefined ? [] : [exitInWords(exit)]),
    ...(ports.length < 2 || plan.listens !== undefined
      ? []
      : [
          `the server listened on ${ports.join(" and ")}, and the command was given ${given} (--port N names another)`,
        ]),
  ].map((did) => ({ did, times: 1 }));
}

function exitInWords({ code, signal, lastLines }: ProgramSample): string {
  const how = signal === null || signal === undefined ? `with exit code ${code}` : `by ${signal}`;
  const last = lastLines?.at(-1);
  return `the server ended by itself, ${how}${last === undefined ? "" : `; it printed last: ${last}`}`;
}

/** The ports on which the server's host listened in any look. */
function portsOf(recording: Recording): number[] {
  const rows = samplesOf(recording, "listeners", SERVER_HOST).flatMap(({ listeners }) => listeners);
  return [...new Set(rows.map(({ port }) => port))].toSorted((a, b) => a - b);
}

function doneTo(recording: Recording): Misbehaviour[] {
  const plans = recording.header.setup.interventions;
  return samplesOf(recording, "intervention").flatMap(({ name, atUs, done }) => {
    const plan = plans.find((one) => one.name === name);
    if (plan === undefined || !done) return [];
    return [{ did: `${inWords(plan.do)} at ${(atUs / 1e6).toFixed(2)} s`, times: 1 }];
  });
}

function inWords(what: InterventionPlan["do"]): string {
  if ("restart" in what) return "the server was ended and started again";
  if ("become" in what) return `the server's host became ${what.become}`;
  if ("link" in what) return what.link === "cut" ? "the wire was cut" : "the wire was joined";
  if ("signal" in what) return `the server got ${what.signal}`;
  return "sysctl" in what ? `${what.sysctl} became ${what.value}` : "nothing was done";
}

function byWire(recording: Recording): Misbehaviour[] {
  const [link] = recording.header.setup.links;
  if (link?.kind !== "wire") return [];
  const acted = actions(recording)
    .filter(({ segments }) => segments > 0)
    .map(({ rule, segments, action }) => {
      return `the wire ${actionInWords(action)} ${countOf(segments, "segment")} (${rule})`;
    });
  const lost = samplesOf(recording, "packet").filter(({ fate }) => fate === "lost").length;
  const always = treatment(link, lost);
  return [...acted, ...always].map((did) => ({ did, times: 1 }));
}

/** What the wire did to all segments alike. */
function treatment({ delayMs: [there, back], bitsPerSecond, loss, seed }: WirePlan, lost: number): string[] {
  const delay =
    there === back ? `${there} ms` : `${there} ms from the client, and by ${back} ms from the server`;
  return [
    ...(there + back === 0 ? [] : [`the wire delayed each segment by ${delay}`]),
    ...(bitsPerSecond === null ? [] : [`the wire carried ${bitsPerSecond / 1000} kbit/s each way`]),
    ...(loss === 0 && lost === 0
      ? []
      : [
          `the wire lost ${countOf(lost, "segment")} (${Number((loss * 100).toPrecision(3))} % at random, seed ${seed})`,
        ]),
  ];
}

/** The rules of the wire, and on how many segments each has acted; none without the wire's own count. */
function actions(recording: Recording): { rule: string; segments: number; action: WireAction }[] {
  const [link] = recording.header.setup.links;
  const { rules = [] } = samplesOf(recording, "wire").at(-1) ?? {};
  if (link?.kind !== "wire") return [];
  return rules.flatMap(({ rule, segments }) => {
    const action = link.rules.find(({ name }) => name === rule)?.do;
    return action === undefined ? [] : [{ rule, segments, action }];
  });
}

function actionInWords(action: WireAction): string {
  if ("drop" in action) return "dropped";
  if ("pass" in action) return "passed";
  if ("corrupt" in action) return "corrupted";
  return "duplicateAfterMs" in action ? "repeated" : "held back";
}
