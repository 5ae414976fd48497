import { whereRead } from "../measure/unread.ts";
import type { Cure } from "../model/advice.ts";
import type { View } from "../model/expectation.ts";
import type { FailureMode } from "../model/experiment.ts";
import { popularAdvice } from "../model/popular-advice.ts";
import { settingOf } from "./setting.ts";

/** What can be done about a failure mode on the examined host. */
export interface Cures {
  /** By layer: the program first, then its configuration, then the kernel. */
  cures: CureHere[];
  /** Settings that would help elsewhere, and do not limit here. */
  noUse: { setting: string; because: string }[];
  /** Popular advice that does not help, with the reason. `shown`: the experiment or the claim that shows it. */
  wrong: { advice: string; because: string; shown: string | null }[];
}

export interface CureHere {
  layer: Cure["layer"];
  what: string;
  /** The fixed variant that tries it. */
  tried: string | null;
  /** The setting that it changes, with its value here. null: it has none, or its value was not visible. */
  setting: string | null;
}

const LAYERS: Cure["layer"][] = ["program", "configuration", "kernel"];

/** The cures of a mode, with the settings that a view shows. A setting that does not bind there is no cure. */
export function curesOn(mode: FailureMode, view: View): Cures {
  const cures: CureHere[] = [];
  const noUse: Cures["noUse"] = [];
  for (const { layer, what, tried, knob } of allCures(mode)) {
    const setting = knob === undefined ? null : whereRead(() => settingOf(knob, view));
    const reads = setting?.reads ?? null;
    if (setting?.binds === false && reads !== null) {
      noUse.push({ setting: setting.name, because: reads });
      continue;
    }
    const summary = tried === undefined ? "" : (mode.variants[tried as "fixed"]?.summary ?? "");
    cures.push({ layer, what: what ?? summary, tried: tried ?? null, setting: reads });
  }
  const wrong = (mode.advice?.wrong ?? []).map(popularAdvice);
  return {
    cures: cures.toSorted((a, b) => LAYERS.indexOf(a.layer) - LAYERS.indexOf(b.layer)),
    noUse,
    wrong: wrong.map(({ name, why, shown = null }) => ({ advice: name.en, because: why.en, shown })),
  };
}

/** The fixed variants that no cure names are cures of the program. */
function allCures({ variants, advice }: FailureMode): Cure[] {
  const stated = advice?.cures ?? [];
  const others = Object.keys(variants)
    .filter((name): name is `fixed${string}` => name.startsWith("fixed"))
    .filter((name) => stated.every(({ tried }) => tried !== name));
  return [...others.map((tried): Cure => ({ layer: "program", tried })), ...stated];
}
