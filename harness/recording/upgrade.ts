import { RECORDING_FORMAT } from "../model/recording.ts";

/**
 * The previous format. Its programs have `program` and `args` instead of `run`, and `env`, which no setup used. A phase that `elapsedMs`
 * ends has a bound.
 */
export const FIRST_FORMAT = "lastack-recording/1";

/** Converts a header of the first format to this format. Unexpected values are left unchanged, so that the schema refuses them. */
export function upgradedHeader(header: unknown): unknown {
  if (!isRecord(header)) return header;
  return { ...header, format: RECORDING_FORMAT, setup: upgradedSetup(header["setup"]) };
}

function upgradedSetup(setup: unknown): unknown {
  if (!isRecord(setup)) return setup;
  const { programs, phases } = setup;
  return {
    ...setup,
    ...(isRecord(programs) && { programs: upgradedPrograms(programs) }),
    ...(Array.isArray(phases) && { phases: phases.map(withoutNeedlessBound) }),
  };
}

function upgradedPrograms(programs: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(programs).map(([name, plan]) => [name, upgradedProgram(plan)]));
}

function upgradedProgram(plan: unknown): unknown {
  if (!isRecord(plan) || !Array.isArray(plan["args"]) || !isRecord(plan["env"])) return plan;
  const { program, args, env, ...rest } = plan;
  const upgraded = { ...rest, run: [program, ...(args as unknown[])] };
  return Object.keys(env).length === 0 ? upgraded : { ...upgraded, env };
}

function withoutNeedlessBound(phase: unknown): unknown {
  if (!isRecord(phase) || !isRecord(phase["until"]) || !("elapsedMs" in phase["until"])) return phase;
  const { withinMs: _, ...rest } = phase;
  return rest;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
