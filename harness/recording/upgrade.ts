import { RECORDING_FORMAT } from "../model/recording.ts";

/**
 * The first format. Its programs have `program` and `args` instead of `run`, and `env`, which no setup used. A phase that `elapsedMs`
 * ends has a bound. It has no seals.
 */
export const FIRST_FORMAT = "lastack-recording/1";

/** The second format. Its lines have seals or, in a recording of an older version, none. */
export const SECOND_FORMAT = "lastack-recording/2";

/** The formats of older versions that are read. */
export const OLDER_FORMATS: readonly unknown[] = [FIRST_FORMAT, SECOND_FORMAT];

/** Converts a header of an older format to this format. Unexpected values are left unchanged, so that the schema refuses them. */
export function upgradedHeader(header: unknown): unknown {
  if (!isRecord(header) || !OLDER_FORMATS.includes(header["format"])) return header;
  const { format, setup } = header;
  return {
    ...header,
    format: RECORDING_FORMAT,
    setup: format === FIRST_FORMAT ? upgradedSetup(setup) : setup,
  };
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
