import { createContext, Script } from "node:vm";
import type { Answer, Expectation } from "../model/expectation.ts";
import type { Experiment, Variant } from "../model/experiment.ts";
import { NoAnswer } from "../verdict/answer.ts";
import { ExitCalled, guardExit } from "./exit-guard.ts";

/** A test answers within milliseconds. The bound only catches one that never ends; meanwhile no signal but SIGINT reaches this process. */
const ANSWERED_WITHIN_MS = 10_000;

const context = createContext({ test: null as (() => Answer) | null });
const CALL = new Script("test()");

/**
 * The same experiment, with claims that cannot stop this process. A test that never ends is ended after a bound, or by Ctrl+C, and a test
 * that calls process.exit() does not end the process. Neither gives an answer.
 */
export function withBoundedClaims(experiment: Experiment, withinMs = ANSWERED_WITHIN_MS): Experiment {
  const bounded = <E>(claims: Expectation<E>[]): Expectation<E>[] =>
    claims.map((claim) => ({ ...claim, test: (evidence) => called(() => claim.test(evidence), withinMs) }));
  const variants = Object.fromEntries(
    Object.entries(experiment.variants as Record<string, Variant>).map(([name, variant]) => [
      name,
      { ...variant, exact: bounded(variant.exact) },
    ]),
  );
  return experiment.kind === "fact"
    ? { ...experiment, variants }
    : {
        ...experiment,
        variants: variants as typeof experiment.variants,
        symptom: bounded(experiment.symptom),
      };
}

/** Calls a test. Throws NoAnswer when it does not end, and when it ends the process instead. */
function called(test: () => Answer, withinMs: number): Answer {
  const release = guardExit();
  context["test"] = test;
  try {
    // Node's vm can end a function that runs, also one of this context: the script only calls it.
    return CALL.runInContext(context, { timeout: withinMs, breakOnSigint: true }) as Answer;
  } catch (error) {
    const { code } = Object(error) as NodeJS.ErrnoException;
    if (code === "ERR_SCRIPT_EXECUTION_TIMEOUT")
      throw new NoAnswer(`did not end within ${withinMs / 1000} s, and was ended`);
    if (code === "ERR_SCRIPT_EXECUTION_INTERRUPTED") {
      // The signal did not reach the process's own handlers, or its default action: now it does.
      process.kill(process.pid, "SIGINT");
      throw new NoAnswer("was interrupted before it ended");
    }
    if (error instanceof ExitCalled) throw new NoAnswer(error.message.replace(/^it /, ""));
    throw error;
  } finally {
    context["test"] = null;
    release();
  }
}
