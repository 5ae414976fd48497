import { unobservedHosts } from "../measure/axis.ts";
import { samplesOf } from "../measure/evidence.ts";
import { printedBeside } from "../model/quoted.ts";
import type { Recording } from "../model/recording.ts";
import type { PeerStep } from "../model/peer.ts";
import type { ProgramSample, WireSample } from "../model/sample.ts";

/** The reasons, as sentences, why a trial did not take place as its setup says and nothing can be concluded from it. None for a sound one. */
export function whyUnsound(recording: Recording): string[] {
  const failed = samplesOf(recording, "program").filter((sample) => sample.event === "failed");
  const faults = samplesOf(recording, "fault").map((sample) => sample.because);
  const reason = samplesOf(recording, "end").at(-1)?.reason;
  return [
    ...unobservedHosts(recording).map(
      (host) => `${host} was not observed here: judge its recording together with this one`,
    ),
    ...failed.map(programFailed),
    ...faults.filter((fault) => !failed.some((sample) => repeats(fault, sample))),
    ...unmet(recording),
    ...samplesOf(recording, "wire").flatMap((sample) => wireUnfit(recording, sample)),
    ...samplesOf(recording, "wire").flatMap((sample) => scriptUnfinished(recording, sample)),
    ...(reason === "interrupted" ? ["the trial was interrupted"] : []),
    ...(reason === "fault" && faults.length === 0
      ? ["the trial ended in a fault that it did not explain"]
      : []),
    ...(recording.cutOff === null ? [] : [`the recording is not whole: ${recording.cutOff}`]),
  ];
}

/** Whether a fault only repeats that this program failed: the failure ends the trial, and the trial records it as a fault again. */
function repeats(fault: string, { program, because }: ProgramSample): boolean {
  return fault.startsWith(`program ${program} (`) && fault.includes(`) ${because ?? "failed"};`);
}

/** A phase that reached its time limit before its condition held did not serve its purpose. */
function unmet(recording: Recording): string[] {
  const bounds = new Map(
    recording.header.setup.phases.map((phase) => [phase.name as string, phase.withinMs]),
  );
  return samplesOf(recording, "phase")
    .filter((sample) => sample.event === "end" && sample.met === false)
    .map(
      ({ phase }) =>
        `the phase ${phase} reached its limit of ${bounds.get(phase) ?? "?"} ms before its condition held`,
    );
}

/**
 * A rule that never matched tested nothing. Frames that were lost against the plan, and segments that were not recorded although the plan
 * wants them, prove nothing.
 */
function wireUnfit(recording: Recording, { link, rules, lostFrames, untoldSegments }: WireSample): string[] {
  const idle = rules.filter((rule) => rule.segments === 0);
  const plan = recording.header.setup.links.filter(({ kind }) => kind === "wire")[link];
  const isCounted = plan?.kind === "wire" && plan.segments === "counted";
  return [
    ...idle.map(({ rule }) => `the rule "${rule}" of wire ${link} never matched a segment`),
    ...(lostFrames === 0 ? [] : [`wire ${link} lost ${lostFrames} frames that it had no room for`]),
    ...(untoldSegments === 0 || isCounted
      ? []
      : [`${untoldSegments} segments of wire ${link} are not in the recording: there were too many`]),
  ];
}

type Unfinished = NonNullable<WireSample["unfinished"]>[number];

/** A script that did not reach its end did not serve its purpose. One sentence for each step at which scripts stopped. */
function scriptUnfinished(recording: Recording, { link, unfinished = [] }: WireSample): string[] {
  const plan = recording.header.setup.links.filter(({ kind }) => kind === "wire")[link];
  const steps = plan?.kind === "wire" ? (plan.peer?.steps ?? []) : [];
  const isAlike = (one: Unfinished, other: Unfinished): boolean =>
    one.step === other.step && one.unmet === other.unmet;
  const firsts = unfinished.filter((one, n) => unfinished.findIndex((other) => isAlike(one, other)) === n);
  return firsts.map((first) => {
    const { connection, step, unmet } = first;
    const others = unfinished.filter((one) => isAlike(one, first)).length - 1;
    const whose = `connection ${connection}${others === 0 ? "" : ` and ${others} more`}`;
    const how = unmet ? awaited(step, steps[step]) : `it was still at steps[${step}] when the trial ended`;
    return `the script of the peer on wire ${link} did not come to its end (${whose}): ${how}`;
  });
}

function awaited(step: number, plan: PeerStep | undefined): string {
  if (plan === undefined || !("await" in plan)) return `steps[${step}] was not met in its time`;
  const { flags = [], without = [], payload } = plan.await;
  const wanted = [
    flags.join("-") || "a segment",
    ...(without.length === 0 ? [] : [`without ${without.join("-")}`]),
    ...(payload === undefined ? [] : [`with ${payload === "some" ? "a" : "no"} payload`]),
  ];
  return `steps[${step}] awaits ${wanted.join(" ")}, and none came within ${plan.withinMs} ms`;
}

function programFailed({
  program,
  because = "failed",
  lastLines = [],
  standardError,
}: ProgramSample): string {
  const whole = standardError === undefined ? "" : ` (whole in ${standardError}, beside the recording)`;
  return `the program ${program} ${because}; ${printedBeside(because, lastLines)}${whole}`;
}
