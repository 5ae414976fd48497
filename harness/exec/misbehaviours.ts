import { samplesOf } from "../measure/evidence.ts";
import type { Misbehaviour } from "../model/exec.ts";
import { countOf } from "../model/count.ts";
import type { Recording } from "../model/recording.ts";
import type { InterventionPlan } from "../model/setup.ts";
import type { WireAction } from "../model/wire.ts";

/** What the server's side did besides answering: what the server reported, what was done to it, and what the wire did. Pure. */
export function misbehaviours(recording: Recording): Misbehaviour[] {
  return [...reportedBy(recording), ...doneTo(recording), ...byWire(recording)];
}

function reportedBy(recording: Recording): Misbehaviour[] {
  const times = new Map<string, number>();
  for (const { report } of samplesOf(recording, "report")) {
    const { kind, did } = report;
    if (kind === "misbehaviour" && typeof did === "string") times.set(did, (times.get(did) ?? 0) + 1);
  }
  return [...times].map(([did, count]) => ({ did: `the server ${did}`, times: count }));
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
  const { rules = [] } = samplesOf(recording, "wire").at(-1) ?? {};
  if (link?.kind !== "wire") return [];
  const lost = samplesOf(recording, "packet").filter(({ fate }) => fate === "lost").length;
  const acted = rules.flatMap(({ rule, segments }) => {
    const action = link.rules.find(({ name }) => name === rule)?.do;
    if (action === undefined || segments === 0) return [];
    return [{ did: `the wire ${actionInWords(action)} ${countOf(segments, "segment")} (${rule})`, times: 1 }];
  });
  return lost === 0 ? acted : [...acted, { did: `the wire lost ${countOf(lost, "segment")}`, times: 1 }];
}

function actionInWords(action: WireAction): string {
  if ("drop" in action) return "dropped";
  if ("pass" in action) return "passed";
  if ("corrupt" in action) return "corrupted";
  return "duplicateAfterMs" in action ? "repeated" : "held back";
}
