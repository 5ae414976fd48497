import { LIMIT_MS, type Step } from "./step.ts";

const SENDING: ReadonlySet<string> = new Set(["send", "fill", "drip", "shutdown"]);
const READING: ReadonlySet<string> = new Set(["answer", "switch", "close-frame", "bytes", "some", "end"]);
const ENDING: ReadonlySet<string> = new Set(["close", "reset"]);

/**
 * Gives the whole script of a connection: `connect` (and with TLS `handshake`) stand first if they are not given, the steps after them are
 * repeated, and `last` follows once. Throws an Error with one sentence when a step cannot follow those before it.
 */
export function script(
  steps: Step[],
  { tls, repeat, last = [] }: { tls: boolean; repeat: number; last?: Step[] },
): Step[] {
  const rest = [...steps];
  const opening = (["connect", "handshake"] as const).flatMap((step): Step[] => {
    if (step === "handshake" && !tls) return [];
    const given = rest[0]?.step === step ? rest.shift() : undefined;
    return [given ?? { step, ms: LIMIT_MS, isTried: false }];
  });
  const again = [...rest, ...last].find(({ step }) => step === "connect" || step === "handshake");
  if (again !== undefined) {
    throw new Error(
      `${again.step} can only be first${again.step === "handshake" ? ", and needs --tls" : ""}`,
    );
  }
  // What can follow once can follow always, so two rounds are enough to know.
  const wrong = misplaced(
    Array.from({ length: Math.min(repeat, 2) }, () => rest)
      .flat()
      .concat(last),
  );
  if (wrong !== null) throw new Error(wrong);
  return [...opening, ...Array.from({ length: repeat }, () => rest).flat(), ...last];
}

function misplaced(steps: Step[]): string | null {
  let [isPaused, isShut, isStaying, ended] = [false, false, false, ""];
  for (const { step } of steps) {
    const needsOpen = SENDING.has(step) || READING.has(step) || ENDING.has(step);
    if (ended !== "" && needsOpen) return `${step} comes after ${ended}: the connection is over then`;
    if (isStaying) return `${step} comes after stay, which only a signal ends`;
    if (isShut && SENDING.has(step)) return `${step} comes after shutdown: nothing can be sent then`;
    if (isPaused && READING.has(step)) return `${step} comes after pause: resume is missing`;
    if (step === "pause" || step === "resume") isPaused = step === "pause";
    if (step === "stay") isStaying = true;
    if (step === "shutdown") isShut = true;
    if (ENDING.has(step)) ended = step;
  }
  return null;
}
