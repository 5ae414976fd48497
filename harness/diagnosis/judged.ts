import { samplesOf } from "../measure/evidence.ts";
import type { FailureMode } from "../model/experiment.ts";
import type { Patient } from "./examine.ts";
import { JudgedView, type OnView } from "./judged-view.ts";
import { Fitting } from "./saved/fitting.ts";

/** A symptom's outcome on one subject. What it lacks can also be `looks`: another look. */
export interface Judged extends OnView {
  /** Where it is inconclusive: the share of its parts for which something speaks, if nothing speaks against it. Only for few looks. */
  fit: number;
}

/** Whether a symptom is about the namespace as a whole: counters decide it, and no socket or listener. */
export function belongsToNamespace({ symptom }: FailureMode): boolean {
  const needs = new Set(symptom.flatMap((part) => part.needs));
  return needs.has("counters") && !needs.has("sockets") && !needs.has("listeners");
}

/**
 * Judges the symptoms of failure modes on what was read of a subject, each once: a mode is also an alternative to others. `lack`: why the
 * looks may have missed something; null if they have not. Where there were few looks, the outcome must not depend on what happened between
 * them, or after the last one.
 */
export class Judging {
  readonly patient: Patient;
  readonly #lack: string | null;
  readonly #judged = new Map<FailureMode, Judged>();
  readonly #view: JudgedView;
  readonly #others: readonly JudgedView[];
  #fitting: Fitting | null = null;

  constructor(patient: Patient, lack: string | null) {
    this.patient = patient;
    this.#lack = lack;
    this.#view = new JudgedView(patient.view);
    this.#others = (patient.others ?? []).map((other) => new JudgedView(other));
  }

  /** A mode's outcome on the subject. */
  of(mode: FailureMode): Judged {
    const known = this.#judged.get(mode);
    if (known !== undefined) return known;
    const onLooks = this.#onLooks(mode.symptom);
    const judged = this.#lack === null ? onLooks : tempered(onLooks, mode, this.#lack);
    this.#judged.set(mode, judged);
    return judged;
  }

  /** Judges a symptom on few looks: as they are, with only what lasted between them, and with the last one going on. */
  #onLooks(symptom: FailureMode["symptom"]): Judged {
    const { view, missing = [] } = this.patient;
    const judged = this.#view.judge(symptom);
    const elsewhere = this.#others.map((other) => other.judge(symptom));
    const longest = elsewhere.at(-1) ?? judged;
    const depends = elsewhere.some(({ outcome }) => outcome !== judged.outcome);
    const isWithout = missing.length > 0 && judged.outcome === "confirmed";
    if (!depends && !isWithout && judged.outcome !== "inconclusive") return { ...judged, lacks: [], fit: 0 };
    const isShort = elsewhere.length > 0 && samplesOf(view, "sockets").length === 1;
    const isOpen =
      isShort || longest.findings.some((one, nth) => one.outcome !== judged.findings[nth]?.outcome);
    return {
      outcome: "inconclusive",
      findings: judged.findings,
      because: depends
        ? "it depends on what happened between the looks, or after the last one"
        : judged.because,
      lacks: [...new Set([...(depends || isOpen ? ["looks"] : []), ...missing, ...longest.lacks])],
      fit: this.#fitOf(symptom),
    };
  }

  #fitOf(symptom: FailureMode["symptom"]): number {
    const last = this.#others.at(-1);
    if (last === undefined) return 0;
    this.#fitting ??= new Fitting(last.view);
    return this.#fitting.of(symptom);
  }
}

/**
 * What is left of an outcome when looks are missing, as in a starved trial (harness/verdict/starved.ts): they could have shown a symptom that
 * was not seen, and refuted what is said of every look.
 */
function tempered(judged: Judged, { symptom }: FailureMode, lack: string): Judged {
  const { outcome, findings } = judged;
  const open = { ...judged, outcome: "inconclusive", lacks: ["looks"] } as const;
  if (outcome === "refuted") return { ...open, because: lack };
  const nth = symptom.findIndex(({ ofEveryLook }) => ofEveryLook !== undefined);
  if (outcome === "inconclusive" || nth === -1) return judged;
  return { ...open, because: `${findings[nth]?.observed ?? ""}; but ${lack}` };
}
