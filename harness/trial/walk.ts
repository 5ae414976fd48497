import { ConditionWatch, type LatestSamples } from "../lab/condition.ts";
import { Deadline, type Waited } from "../lab/deadline.ts";
import type { ProgramName } from "../model/names.ts";
import type { InterventionPlan, PhasePlan, Setup } from "../model/setup.ts";

/** What a setup runs on: the lab's own hosts, or containers. When one of these methods throws or rejects, the walk ends. */
export interface Site {
  /** For how long the processes that the walk waits for were ready to run and had no processor. */
  readonly waited: Waited;
  /** The samples that conditions are checked against. */
  latest(): LatestSamples;
  /** Starts a server, and resolves when it is ready. */
  startServer(program: ProgramName): Promise<void> | void;
  startClient(program: ProgramName): Promise<void> | void;
  beginPhase(phase: PhasePlan): Promise<void> | void;
  endPhase(phase: PhasePlan, met: boolean): Promise<void> | void;
  intervene(plan: InterventionPlan): Promise<void> | void;
  /** Waits until something happens that can change a condition, but no longer than `atMostMs`. */
  turn(atMostMs: number): Promise<void> | void;
}

/** Runs a setup, from its first server to the end of its last phase. Rejects with the error that ended it early. */
export async function walk(setup: Setup, site: Site): Promise<void> {
  for (const server of programsOf(setup, "server")) await site.startServer(server);
  const undone = new Set(setup.interventions);
  for (const phase of setup.phases) {
    await site.beginPhase(phase);
    if (phase.name === "load")
      for (const client of programsOf(setup, "client")) await site.startClient(client);
    await site.endPhase(phase, await walkPhase(phase, undone, site));
  }
  const [left] = undone;
  if (left !== undefined) throw new Error(`the condition of the intervention ${left.name} never held`);
}

/** The programs of one role, in the setup's order. */
function programsOf(setup: Setup, role: "server" | "client"): ProgramName[] {
  return Object.entries(setup.programs)
    .filter(([, plan]) => plan.role === role)
    .map(([name]) => name);
}

/** Waits until a phase's condition holds, and carries out interventions meanwhile. Returns whether the condition held within the bound. */
async function walkPhase(phase: PhasePlan, undone: Set<InterventionPlan>, site: Site): Promise<boolean> {
  const until = new ConditionWatch(phase.until);
  const bound = new Deadline(phase.withinMs ?? Infinity, site.waited);
  const interventions = [...undone]
    .filter((plan) => plan.phase === phase.name)
    .map((plan) => ({ plan, when: new ConditionWatch(plan.when) }));
  while (!until.holds(site.latest())) {
    if (bound.isOver) return false;
    const sight = site.latest();
    const asked = interventions.filter(({ plan }) => undone.has(plan)).map(({ when }) => when);
    const dueInMs = [until, ...asked].map((condition) => condition.dueInMs(sight));
    await site.turn(Math.min(...dueInMs, bound.remainingMs));
    for (const { plan, when } of interventions) {
      if (!undone.has(plan) || !when.holds(site.latest())) continue;
      undone.delete(plan);
      await site.intervene(plan);
    }
  }
  return true;
}
