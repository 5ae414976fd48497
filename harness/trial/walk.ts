import { ConditionWatch, type LatestSamples } from "../lab/condition.ts";
import { Deadline, type Waited } from "../lab/deadline.ts";
import type { ProgramName } from "../model/names.ts";
import type { Condition, InterventionPlan, PhasePlan, ProgramPlan, Setup } from "../model/setup.ts";

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

/** Something that is done once, as soon as its condition holds in its phase. */
interface Due {
  what: string;
  phase: PhasePlan["name"];
  when: Condition;
  act: () => Promise<void> | void;
}

/** Runs a setup, from its first server to the end of its last phase. Rejects with the error that ended it early. */
export async function walk(setup: Setup, site: Site): Promise<void> {
  for (const [server] of programsOf(setup, "server")) await site.startServer(server);
  const undone = new Set(allDue(setup, site));
  for (const phase of setup.phases) {
    await site.beginPhase(phase);
    if (phase.name === "load") {
      for (const [client, { when }] of programsOf(setup, "client"))
        if (when === undefined) await site.startClient(client);
    }
    await site.endPhase(phase, await walkPhase(phase, undone, site));
  }
  const [left] = undone;
  if (left !== undefined) throw new Error(`the condition of ${left.what} never held`);
}

/** The clients that wait for a condition, and the interventions. */
function allDue({ programs, interventions }: Pick<Setup, "programs" | "interventions">, site: Site): Due[] {
  const clients = Object.entries(programs).flatMap(([name, { when }]): Due[] =>
    when === undefined
      ? []
      : [{ what: `the client ${name}`, phase: "load", when, act: () => site.startClient(name) }],
  );
  const others = interventions.map((plan): Due => ({
    what: `the intervention ${plan.name}`,
    phase: plan.phase,
    when: plan.when,
    act: () => site.intervene(plan),
  }));
  return [...clients, ...others];
}

/** The programs of one role, in the setup's order. */
function programsOf({ programs }: Setup, role: "server" | "client"): [ProgramName, ProgramPlan][] {
  return Object.entries(programs).filter(([, plan]) => plan.role === role);
}

/** Waits until a phase's condition holds, and does meanwhile what is due. Returns whether the condition held within the bound. */
async function walkPhase(phase: PhasePlan, undone: Set<Due>, site: Site): Promise<boolean> {
  const until = new ConditionWatch(phase.until);
  const bound = new Deadline(phase.withinMs ?? Infinity, site.waited);
  const waiting = [...undone]
    .filter((due) => due.phase === phase.name)
    .map((due) => ({ due, when: new ConditionWatch(due.when) }));
  while (!until.holds(site.latest())) {
    if (bound.isOver) return false;
    const sight = site.latest();
    const asked = waiting.filter(({ due }) => undone.has(due)).map(({ when }) => when);
    const dueInMs = [until, ...asked].map((condition) => condition.dueInMs(sight));
    await site.turn(Math.min(...dueInMs, bound.remainingMs));
    for (const { due, when } of waiting) {
      if (!undone.has(due) || !when.holds(site.latest())) continue;
      undone.delete(due);
      await due.act();
    }
  }
  return true;
}
