import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FailureMode } from "../../harness/model/experiment.ts";
import type { Lived } from "../fixtures/doctor/live.ts";
import { inLab } from "./in-lab.ts";
import { lasting, orderOf } from "./live-square.ts";
import { type Shot, shotOf } from "./shot.ts";

/** Runs the buggy variant of a mode, and saves what the commands print on the hosts that show it. */
export function shotsOf(mode: FailureMode): Shot[] {
  const shots = mkdtempSync(join(tmpdir(), "lastack-shots-"));
  try {
    const order = { ...orderOf({ mode, variant: "buggy", times: 1, who: "own" }, lasting), shots };
    const { fault } = inLab<Lived>("tests/fixtures/doctor/live.ts", [], JSON.stringify(order));
    if (fault !== null) throw new Error(`${mode.id}: the setup did not run: ${fault}`);
    return shotsIn(shots);
  } finally {
    rmSync(shots, { recursive: true, force: true });
  }
}

/** Plays healthy scenes, and saves what the commands print meanwhile, by scene. */
export function healthyShotsOf(scenes: readonly string[], seconds: number): Map<string, Shot[]> {
  const shots = mkdtempSync(join(tmpdir(), "lastack-shots-"));
  try {
    const words = [String(seconds), ...scenes, "--shots", shots];
    const played = inLab<Record<string, { failed?: string }>>(
      "tests/fixtures/doctor/healthy-scenes.ts",
      words,
    );
    for (const [name, { failed }] of Object.entries(played))
      if (failed !== undefined) throw new Error(`${name}: ${failed}`);
    const all = shotsIn(shots);
    return new Map(scenes.map((scene) => [scene, all.filter(({ host }) => host === scene)]));
  } finally {
    rmSync(shots, { recursive: true, force: true });
  }
}

/** The shots in a folder, in order. */
function shotsIn(path: string): Shot[] {
  return readdirSync(path)
    .filter((name) => name.endsWith(".txt"))
    .toSorted()
    .map((name) => shotOf(name.split(".")[0] ?? "", trimmed(readFileSync(join(path, name), "utf8"))));
}

/** ss fills its lines with blanks. */
const trimmed = (text: string): string => text.replaceAll(/[ \t]+$/gm, "");
