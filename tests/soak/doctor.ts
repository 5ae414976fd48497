import { spawn } from "node:child_process";
import { once } from "node:events";
import { healthyFaults, LOADED, ODD_ONES, playedAlone, QUIET, type HealthyScene } from "../doctor/healthy.ts";
import { hasCounts, inShort, live, type LiveCase } from "../doctor/live-square.ts";
import { healthyFacts, liveModes } from "../doctor/modes.ts";
import { judged, namedAs, needsProc } from "../doctor/saved-texts.ts";
import { pairsOf } from "../doctor/shot.ts";
import { shotsOf } from "../doctor/taken-shots.ts";
import { WHO } from "../lab/user.ts";
import {
  compileStrangers,
  healthyFaults as cureFaults,
  playStrangers,
  sceneName,
  sickFaults,
  strangers,
  tableLine,
  type Stranger,
} from "../doctor/strangers.ts";
import { missingOf } from "../programs/needs.ts";
import type { Variant } from "../../harness/model/experiment.ts";
import type { Soak } from "../soak.ts";

/** How long the doctor looks at healthy hosts here. */
const SECONDS = 10;
/** Some modes come and go between two looks. */
const LEAST_SAVED = 0.8;
/** Modes that do not occur with half, or twice, of their connections. */
const NOT_AT: Record<string, { times: number; because: string }> = {
  "phantom-established": { times: 0.5, because: "nine clients do not fill an accept queue of twelve" },
  "emfile-accept": { times: 0.5, because: "half of its clients do not use up the server's descriptors" },
  "service-port-in-ephemeral-range": { times: 2, because: "86 connections do not fit into 48 ports" },
};

/** Most of their time the programs of a case and its doctors wait: so many processes run cases at once, beside this one. */
const PARTS = ["1/2", "2/2"];

/**
 * Every failure mode live: each buggy variant at half, once and twice its counts, and as an ordinary user; each cure; every healthy fact;
 * every stranger and its cured twin; the saved text of each mode; and every healthy host, for longer. Those with a load come last, alone.
 */
export const soak: Soak = {
  name: "doctor",
  summary:
    "the whole live square of lastack doctor, the same from saved text, strangers in C and Python, and healthy hosts for longer",
  rounds: 1,
  options: {
    only: { takes: "ID", words: "only this failure mode or healthy fact, and no healthy hosts" },
    part: {
      takes: "K/N",
      words: 'only the K-th of N parts of the live cases and the strangers; "saved": only the saved text',
    },
  },
  async run(rounds, { only, part }) {
    const id = only === undefined ? null : String(only);
    let bad = 0;
    for (let round = 1; round <= rounds; round += 1) {
      if (part === "saved") bad += await trySaved(id);
      else if (part !== undefined) bad += await tryPart(id, String(part));
      else if (id !== null) bad += (await tryPart(id, "1/1")) + (await trySaved(id));
      else bad += await tryAll();
    }
    console.log(bad === 0 ? "all as they must be" : `${bad} are wrong`);
    return Math.min(bad, 1);
  },
};

/** Everything, most of it at once. */
async function tryAll(): Promise<number> {
  const parts = PARTS.map((part) =>
    spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1, 2), "doctor", "--part", part], {
      stdio: "inherit",
    }),
  );
  const ends = Promise.all(parts.map((child) => once(child, "exit")));
  let bad = await trySaved(null);
  for (const scene of [...QUIET, ...ODD_ONES]) bad += await tryHealthy(scene);
  for (const [code] of await ends) bad += code === 0 ? 0 : 1;
  for (const scene of LOADED) bad += await tryHealthy(scene);
  return bad;
}

/** The K-th of N parts of the live cases and of the strangers: `part` is K/N. */
async function tryPart(only: string | null, part: string): Promise<number> {
  const [first = 1, step = 1] = part.split("/").map(Number);
  // Cases of one mode stand together: two that keep a processor busy each must not run at once.
  const mine = <T>(all: T[]): T[] =>
    all.slice(Math.round((all.length * (first - 1)) / step), Math.round((all.length * first) / step));
  let bad = 0;
  for (const one of mine(await cases(only))) bad += await tryLive(one);
  const those = strangers().filter(({ mode }) => only === null || mode === only);
  for (const stranger of mine(those)) bad += tryStranger(stranger);
  return bad;
}

async function cases(only: string | null): Promise<LiveCase[]> {
  const all = [...(await liveModes()), ...(await healthyFacts())];
  const modes = all.filter(({ id }) => only === null || id === only);
  return modes.flatMap((mode) =>
    Object.entries(mode.variants as Record<string, Variant>).flatMap(([variant, { setup }]) => {
      const times = variant === "buggy" && hasCounts(setup) ? ([0.5, 1, 2] as const) : ([1] as const);
      const own = times
        .filter((each) => each !== NOT_AT[mode.id]?.times)
        .map((each): LiveCase => ({ mode, variant, times: each, who: "own" }));
      const others = WHO.filter((who) => who !== "own" && variant === "buggy");
      return [...own, ...others.map((who): LiveCase => ({ mode, variant, times: 1, who }))];
    }),
  );
}

async function tryLive(one: LiveCase): Promise<number> {
  const { faults, lived } = await live(one);
  console.log(
    `${faults.length === 0 ? "✓" : "✗"} ${one.mode.id}/${one.variant}, ${one.times} times, ${one.who} user`,
  );
  if (faults.length === 0) return 0;
  for (const fault of faults) console.log(`    ${fault}`);
  for (const round of lived.rounds) console.log(`    ${JSON.stringify(inShort(round))}`);
  return 1;
}

/**
 * What ss, nstat and sysctl print while each buggy variant runs. Of the modes that need nothing else of /proc, four fifths must be named from
 * some two looks.
 */
async function trySaved(only: string | null): Promise<number> {
  const modes = await liveModes();
  let [able, named] = [0, 0];
  for (const mode of modes.filter(({ id }) => only === null || id === only)) {
    const shots = shotsOf(mode);
    const pairs = pairsOf(shots);
    const isNamed = pairs.some(
      (pair) => namedAs(mode, judged(modes, pair, "the same, and sysctl")) === "found",
    );
    const needs = needsProc(mode, shots);
    if (!needs) able += 1;
    if (!needs && isNamed) named += 1;
    console.log(
      `${isNamed ? "✓" : needs ? "-" : "✗"} ${mode.id} from saved text${needs ? ", which needs /proc" : ""}`,
    );
  }
  console.log(`${named} of ${able} modes from saved text`);
  return named >= able * LEAST_SAVED ? 0 : 1;
}

/** Plays a stranger, and its cured twin if it has one. */
function tryStranger(stranger: Stranger): number {
  const { id, languages, cure } = stranger;
  if (missingOf(stranger.needs).length > 0) {
    console.log(`- ${id}: not installed: ${missingOf(stranger.needs).join(", ")}`);
    return 0;
  }
  const scenes = (cure === undefined ? [false] : [false, true]).map((isCured) => ({ id, isCured }));
  const results = playStrangers({ bin: compileStrangers([id]), scenes });
  let bad = 0;
  for (const scene of scenes) {
    const played = results[sceneName(scene)];
    if (played === undefined) throw new Error(`${sceneName(scene)} was not played`);
    const faults = scene.isCured ? cureFaults(played) : sickFaults(stranger, played);
    console.log(`${faults.length === 0 ? "✓" : "✗"} ${tableLine(scene, languages, played)}`);
    for (const fault of faults) console.log(`    ${fault}`);
    if (faults.length > 0) bad += 1;
  }
  return bad;
}

async function tryHealthy(scene: HealthyScene): Promise<number> {
  if (missingOf(scene.needs).length > 0) {
    console.log(`- ${scene.name}: not installed: ${missingOf(scene.needs).join(", ")}`);
    return 0;
  }
  const faults = healthyFaults(scene, await playedAlone(scene, SECONDS));
  console.log(`${faults.length === 0 ? "✓" : "✗"} ${scene.name}`);
  for (const fault of faults) console.log(`    ${fault}`);
  return faults.length === 0 ? 0 : 1;
}
