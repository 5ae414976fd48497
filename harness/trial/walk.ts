import { ConditionWatch, type Sight } from "../lab/condition.ts";
import { Deadline, type Waited } from "../lab/deadline.ts";
import type { ProgramName } from "../model/names.ts";
import type { InterventionPlan, PhasePlan, Setup } from "../model/setup.ts";

/** Where a setup is walked through: hosts of our own, or containers. Each of these may reject, which ends the walk. */
export interface Site {
  /** How long those who are waited for had no processor. */
  readonly waited: Waited;
  /** What conditions are asked of. */
  sight(): Sight;
  /** Starts a server. It resolves when the server is ready. */
  startServer(program: ProgramName): Promise<void> | void;
  startClient(program: ProgramName): Promise<void> | void;
  beginPhase(phase: PhasePlan): Promise<void> | void;
  endPhase(phase: PhasePlan, met: boolean): Promise<void> | void;
  intervene(plan: InterventionPlan): Promise<void> | void;
  /** Waits until something happened that a condition may be about, or for so long. */
  turn(atMostMs: number): Promise<void> | void;
}

/** Walks through a setup, from its first server to the end of its last phase. It rejects with what ended it before that. */
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
  if (left !== undefined) throw new Error(`the intervention ${left.name} never came to its condition`);
}

/** The programs of one role, in the setup's order. */
function programsOf(setup: Setup, role: "server" | "client"): ProgramName[] {
  return Object.entries(setup.programs)
    .filter(([, plan]) => plan.role === role)
    .map(([name]) => name);
}

/** Waits until a phase's condition holds, and intervenes meanwhile. Whether it held within the bound. */
async function walkPhase(phase: PhasePlan, undone: Set<InterventionPlan>, site: Site): Promise<boolean> {
  const until = new ConditionWatch(phase.until);
  const bound = new Deadline(phase.withinMs ?? Infinity, site.waited);
  const interventions = [...undone]
    .filter((plan) => plan.phase === phase.name)
    .map((plan) => ({ plan, when: new ConditionWatch(plan.when) }));
  while (!until.holds(site.sight())) {
    if (bound.isOver) return false;
    const sight = site.sight();
    const asked = interventions.filter(({ plan }) => undone.has(plan)).map(({ when }) => when);
    const dueInMs = [until, ...asked].map((condition) => condition.dueInMs(sight));
    await site.turn(Math.min(...dueInMs, bound.remainingMs));
    for (const { plan, when } of interventions) {
      if (!undone.has(plan) || !when.holds(site.sight())) continue;
      undone.delete(plan);
      await site.intervene(plan);
    }
  }
  return true;
}
