import * as z from "zod";
import { recordedSysctls } from "../../lab/sysctl.ts";
import type { Given } from "../../model/expectation.ts";
import { FAILURE_PHASES } from "../../model/sample.ts";
import type { Condition, Setup } from "../../model/setup.ts";
import { TCP_STATES } from "../../model/state.ts";
import { complaints } from "../../recording/complaint.ts";
import { phaseName } from "../../recording/setup-schema.ts";
import { strict } from "../../recording/strict.ts";
import { unknownName } from "../../recording/unknown-name.ts";
import * as bounds from "./bounds.ts";
import * as selectors from "./selectors.ts";

const OUTCOME = new RegExp(`^(?:ok|never begun|(?:${FAILURE_PHASES.join("|")}) \\S.*)$`);

/** What the functions of the vocabulary are given, by the names that model/expectation.ts gives them. */
const givenSchema = strict({
  sockets: selectors.sockets.exactOptional(),
  attempts: selectors.attempts.exactOptional(),
  reports: selectors.reports.exactOptional(),
  calls: selectors.calls.exactOptional(),
  ends: selectors.ends.exactOptional(),
  counter: selectors.counter.exactOptional(),
  listeners: selectors.listeners.exactOptional(),
  processes: selectors.processes.exactOptional(),
  segments: selectors.segments.exactOptional(),
  socketEnd: selectors.socketEnd.exactOptional(),
  count: bounds.count.exactOptional(),
  change: bounds.change.exactOptional(),
  duration: bounds.duration.exactOptional(),
  figure: bounds.figure.exactOptional(),
  phase: phaseName.exactOptional(),
  host: strict({ host: z.string().min(1).exactOptional() }).exactOptional(),
  sysctl: strict({ host: z.string().min(1), sysctl: z.string().min(1), value: z.string() }).exactOptional(),
  field: z.string().min(1).exactOptional(),
  result: z
    .union([z.number(), z.string()], { error: "expected a number or an errno's name" })
    .exactOptional(),
  time: selectors.attemptTime.exactOptional(),
  percentile: z.number().positive().max(100).exactOptional(),
  forMs: z.number().positive().exactOptional(),
  states: z.array(z.enum(TCP_STATES)).min(1).readonly().exactOptional(),
  outcome: z
    .string()
    .regex(OUTCOME, {
      error: ({ input }) =>
        `an outcome is ok, never begun, or a phase of ${FAILURE_PHASES.join(", ")} and a code, but it is ${JSON.stringify(input)}`,
    })
    .exactOptional(),
  peers: z
    .record(
      z.string(),
      strict({ count: z.int().min(0), code: z.string().min(1), seconds: bounds.duration.exactOptional() }),
    )
    .exactOptional(),
});

type Checked = z.infer<typeof givenSchema>;

/**
 * What is wrong with what a claim asks: its shape, and the names in it that the setup does not have. Without a setup (a symptom's claim is
 * asked of every setup) only its shape is checked. `counters` are the names that this kernel counts under.
 */
export function claimProblems(given: Given, setup: Setup | null, counters: readonly string[]): string[] {
  const parsed = givenSchema.safeParse(given, { reportInput: true });
  if (!parsed.success) return complaints(parsed.error);
  const { counter } = parsed.data;
  return [
    ...(setup === null ? [] : namesUnknown(parsed.data, setup)),
    ...(counter === undefined ? [] : unknownName("counter", counter.counter, counters, "counter.counter")),
  ];
}

function namesUnknown(given: Checked, setup: Setup): string[] {
  const hosts = Object.keys(setup.hosts);
  const programs = Object.keys(setup.programs);
  const phases = ["setup", ...setup.phases.map(({ name }) => name), "end"];
  const wires = setup.links.filter((link) => link.kind === "wire");
  const rules = wires.flatMap((wire) => wire.rules.map(({ name }) => name));
  const of = (noun: string, known: string[], names: Record<string, string | undefined>): string[] =>
    Object.entries(names).flatMap(([path, name]) =>
      name === undefined ? [] : unknownName(noun, name, known, path),
    );
  const read = recordedSysctls(Object.keys(setup.hosts[given.sysctl?.host ?? ""]?.sysctls ?? {}));
  const peers = Object.fromEntries(Object.keys(given.peers ?? {}).map((peer) => [`peers.${peer}`, peer]));
  return [
    ...of("host", hosts, {
      "sockets.host": given.sockets?.host,
      host: given.host?.host,
      "counter.host": given.counter?.host,
      "listeners.host": given.listeners?.host,
      "processes.host": given.processes?.host,
      "segments.from": given.segments?.from,
      "socketEnd.host": given.socketEnd?.host,
      "sysctl.host": given.sysctl?.host,
      ...peers,
    }),
    ...of("program", programs, {
      "attempts.program": given.attempts?.program,
      "reports.program": given.reports?.program,
      "calls.program": given.calls?.program,
      "ends.program": given.ends?.program,
      "processes.program": given.processes?.program,
    }),
    ...of("phase", phases, {
      "attempts.phase": given.attempts?.phase,
      "calls.phase": given.calls?.phase,
      "ends.phase": given.ends?.phase,
      "segments.phase": given.segments?.phase,
    }),
    ...of(
      "phase",
      setup.phases.map(({ name }) => name),
      { phase: given.phase },
    ),
    ...of("recorded sysctl", read, { "sysctl.sysctl": given.sysctl?.sysctl }),
    ...of("rule of a wire", rules, { "segments.rule": given.segments?.rule }),
    ...wireUnknown(given.segments?.link, wires.length, "segments.link"),
    ...wireUnknown(given.socketEnd?.link, wires.length, "socketEnd.link"),
  ];
}

function wireUnknown(link: number | undefined, wires: number, path: string): string[] {
  if (link === undefined || link < wires) return [];
  return [`${path}: there is no wire ${link}; the setup has ${wires}, counted from 0`];
}

/** Names in the conditions of a setup under which this kernel does not count: such a condition never holds. */
export function counterProblems(setup: Setup, counters: readonly string[]): string[] {
  const asked = [
    ...setup.phases.map(({ until }, nth) => ({ condition: until, path: `phases[${nth}].until` })),
    ...setup.interventions.map(({ when }, nth) => ({ condition: when, path: `interventions[${nth}].when` })),
  ];
  return asked.flatMap(({ condition, path }) =>
    countersOf(condition).flatMap((counter) => unknownName("counter", counter, counters, path)),
  );
}

function countersOf(condition: Condition): string[] {
  if ("counter" in condition) return [condition.counter];
  if ("condition" in condition) return countersOf(condition.condition);
  if ("all" in condition) return condition.all.flatMap(countersOf);
  return "any" in condition ? condition.any.flatMap(countersOf) : [];
}
