import * as z from "zod";
import type { Given } from "../../model/expectation.ts";
import { POPULAR_ADVICE } from "../../model/popular-advice.ts";
import type { Setup } from "../../model/setup.ts";
import { complaints } from "../../recording/complaint.ts";
import { SAMPLE_KINDS } from "../../recording/sample-schema.ts";
import { SetupError, validateSetup } from "../../recording/schema.ts";
import { strict } from "../../recording/strict.ts";
import { suggest } from "../../recording/suggest.ts";
import { claimProblems, counterProblems } from "./claim.ts";
import { programProblems } from "./programs.ts";
import { sysctlProblems } from "./sysctls.ts";

const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*$/;
/** A variant's name is a file's name. A version may be in it. */
const VARIANT = /^[a-z0-9]+([-.][a-z0-9]+)*$/;
const CURE = /^fixed-by-./;
const kebab = (what: string) =>
  z.string().regex(KEBAB, {
    error: ({ input }) =>
      `${what} is in kebab-case, as close-wait-leak is, and it is ${JSON.stringify(input)}`,
  });
const line = z.string().min(1);

const expectation = z.looseObject({
  claim: line,
  because: z.custom<string>((value) => typeof value === "string" && value !== "", {
    error: 'there is no reason: end the claim with .because("...")',
  }),
  needs: z.array(z.enum(SAMPLE_KINDS)),
  test: z.custom<() => unknown>((value) => typeof value === "function", { error: "is no function" }),
  given: z.custom<Given>().optional(),
});
const predicate = z.custom<() => boolean>((value) => typeof value === "function", {
  error: "is no function",
});
const NO_CLAIM = "there is no claim, and a verdict needs one";
const expectations = z.array(expectation).refine((claims) => claims.length > 0, { error: NO_CLAIM });

const variant = strict({ summary: line, setup: z.unknown(), exact: expectations });
const text = strict({ en: line, zh: line });
const signs = strict({ zh: line, seen: z.array(line).min(1), mark: text });
const knob = z.union([
  z.enum(["somaxconn", "backlog", "max-syn-backlog", "descriptors"]),
  strict({ sysctl: line, unless: line.optional() }),
]);
const cure = strict({
  layer: z.enum(["program", "configuration", "kernel"]),
  what: line.optional(),
  tried: line.optional(),
  knob: knob.optional(),
}).refine(({ what, tried }) => what !== undefined || tried !== undefined, {
  error: "a cure says what to do, or names the variant that tries it",
});
const advice = strict({
  doubt: line.optional(),
  cures: z.array(cure).optional(),
  wrong: z.array(z.enum(Object.keys(POPULAR_ADVICE))).optional(),
  untaken: z.enum(["connections", "bytes"]).optional(),
});
const common = {
  id: kebab("an id"),
  title: line,
  question: line,
  tags: z.array(z.string()),
  signs: signs.optional(),
};
const experimentSchema = z.discriminatedUnion("kind", [
  strict({
    kind: z.literal("failure-mode"),
    ...common,
    variants: z.record(z.string(), variant),
    symptom: z.array(expectation),
    overlaps: z.record(z.string(), line),
    explains: z.record(z.string(), strict({ because: line, when: predicate.optional() })).optional(),
    visible: strict({ as: z.enum(["remark", "no"]), because: line, zh: line.optional() }).optional(),
    advice: advice.optional(),
  }),
  strict({ kind: z.literal("fact"), ...common, variants: z.record(z.string(), variant) }),
]);

type Shaped = z.infer<typeof experimentSchema>;

/**
 * What is wrong with an experiment before anything runs, in sentences with their paths: its shape, its setups, and its claims with every
 * selector, bound and name in them. None means that it can be run. `counters` are the names that this kernel counts under.
 */
export function experimentProblems(experiment: unknown, counters: readonly string[]): string[] {
  const parsed = experimentSchema.safeParse(experiment, { reportInput: true });
  if (!parsed.success) return complaints(parsed.error);
  return [
    ...variantsProblems(parsed.data),
    ...Object.entries(parsed.data.variants).flatMap(([name, { setup, exact }]) => {
      const path = `variants.${name}`;
      const problems = setupProblems(setup, path);
      // Names in claims are held against the setup only where that is sound itself.
      const sound = problems.length === 0 ? (setup as Setup) : null;
      const uncounted = sound === null ? [] : setupNamesUnknown(sound, counters);
      problems.push(...uncounted.map((problem) => `${path}.setup.${problem}`));
      return [...problems, ...claimsProblems(exact, sound, `${path}.exact`, counters)];
    }),
    ...(parsed.data.kind === "fact" ? [] : symptomProblems(parsed.data, counters)),
  ];
}

function symptomProblems(mode: Shaped & { kind: "failure-mode" }, counters: readonly string[]): string[] {
  const { symptom, visible } = mode;
  if (visible?.as === "no")
    return symptom.length === 0 ? [] : ['symptom: with visible "no", it has no claims'];
  return symptom.length === 0 ? [`symptom: ${NO_CLAIM}`] : claimsProblems(symptom, null, "symptom", counters);
}

function variantsProblems({ kind, variants }: Shaped): string[] {
  const names = Object.keys(variants);
  if (names.length === 0) return ["variants: there are none"];
  const misnamed = names
    .filter((name) => !VARIANT.test(name))
    .map((name) => `variants[${JSON.stringify(name)}]: a variant's name has only a-z, 0-9, "-" and "."`);
  if (kind === "fact") return misnamed;
  return [
    ...misnamed,
    ...["buggy", "fixed"]
      .filter((name) => !names.includes(name))
      .map((name) => `variants.${name}: is missing`),
    ...names
      .filter((name) => name !== "buggy" && name !== "fixed" && !CURE.test(name))
      .map(
        (name) => `variants.${name}: a failure mode has buggy, fixed, and further cures named fixed-by-...`,
      ),
  ];
}

/** Names in a sound setup that mean nothing here: hosts, counters, programs and sysctls. */
function setupNamesUnknown(setup: Setup, counters: readonly string[]): string[] {
  return [
    ...hostProblems(setup),
    ...counterProblems(setup, counters),
    ...programProblems(setup),
    ...sysctlProblems(setup),
  ];
}

/** Hosts that nothing joins and on which nothing runs: a misspelt one keeps the sysctls that another should have. */
function hostProblems({ hosts, links, programs }: Setup): string[] {
  const used = ["client", "server"];
  for (const link of links) used.push(...(link.kind === "loopback" ? [link.host] : link.between));
  for (const { host } of Object.values(programs)) used.push(host);
  return Object.keys(hosts)
    .filter((host) => !used.includes(host))
    .map(
      (host) => `hosts.${host}: no link joins this host, and no program runs on it.${suggest(host, used)}`,
    );
}

function setupProblems(setup: unknown, path: string): string[] {
  try {
    validateSetup(setup);
    return [];
  } catch (error) {
    if (error instanceof SetupError) return error.problems.map((problem) => `${path}.setup.${problem}`);
    throw error;
  }
}

function claimsProblems(
  claims: readonly { claim: string; given?: Given | undefined }[],
  setup: Setup | null,
  path: string,
  counters: readonly string[],
): string[] {
  return claims.flatMap(({ claim, given }, nth) =>
    claimProblems(given ?? {}, setup, counters).map((problem) => `${path}[${nth}] ("${claim}"): ${problem}`),
  );
}
