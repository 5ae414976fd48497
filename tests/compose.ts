// Runs the labs of compose/ in all their variants, and what can go wrong in a lab, with a Docker daemon of its own:
// npm run test:compose, or npm run test:compose -- close-wait-leak mishaps.
import {
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compiled, packageRoot } from "../harness/lab/paths.ts";
import { readHostState } from "./lab/host-state.ts";
import { inhabitants, MARK, mounts } from "./lab/remains.ts";
import { type Daemon, removeCgroups, startDaemon } from "./compose/daemon.ts";
import { buildImages, makeBase } from "./compose/image.ts";
import { killService, type Lab, labsIn, runLab } from "./compose/labs.ts";
import { edit, type Mishap, MISHAPS, STAGE } from "./compose/mishaps.ts";
import {
  catalogueOf,
  exerciseOf,
  lookAround,
  runCatalogue,
  type Tried,
  walkBeginning,
} from "./compose/page.ts";
import { installMissing } from "./compose/packages.ts";

/** How many lines of a failed lab's output are shown. */
const LINES_SHOWN = 60;

/** What can be named besides labs. `whole`, the catalogue in one container, runs only when named: `npm test` runs it outside already. */
const OTHERS = ["newcomer", "lab", "whole", "mishaps"];
const ON_DEMAND = "whole";

/** A user who is not root: Debian's nobody. */
const NOBODY = 65_534;

/** How often a starved lab is run again: containers have no priority, and their judge runs nothing twice. */
const MOST_AGAIN = 2;

/** Whether the judge reports a starved trial (harness/verdict/starved.ts). Its words may be wrapped to the terminal's width. */
function hadNoTime(said: string): boolean {
  const text = said.replaceAll(/\s*\n\S+\s+\|\s*/g, " ");
  return /\? inconclusive/.test(text) && /had no processor for|came late by up to/.test(text);
}

let failures = 0;

function told(name: string, isGood: boolean, seconds: number, said: string): void {
  console.log(`${isGood ? "ok    " : "FAILED"} ${name} (${seconds} s)`);
  if (isGood) return;
  failures += 1;
  console.log(said.split("\n").slice(-LINES_SHOWN).join("\n"));
}

/** The compose files of this run, in a folder like a clone, and the folder of their recordings. */
interface Place {
  folder: string;
  page: string;
  results: string;
  env: NodeJS.ProcessEnv;
}

/** Reports commands of the page: each must exit with 0 and print something. */
function toldOf(name: string, tried: Tried[]): void {
  const bad = tried.filter(({ code, said }) => code !== 0 || said.trim() === "");
  const words = bad.map((one) => `${one.command}: exit code ${one.code}\n${one.said}`).join("\n");
  const seconds = Math.round(10 * tried.reduce((sum, one) => sum + one.seconds, 0)) / 10;
  told(`${name} (${tried.length} commands)`, tried.length > 0 && bad.length === 0, seconds, words);
}

/**
 * Runs a lab in each variant. The first variant stays up, as for a reader, and every command of its exercise is tried. The others end with
 * their judge.
 */
async function runVariants(lab: Lab, { folder, page, results, env }: Place): Promise<void> {
  for (const [nth, variant] of lab.variants.entries()) {
    const before = recordings(results);
    const commands = exerciseOf(page, lab.name);
    const once = async (): Promise<{ ran: Awaited<ReturnType<typeof runLab>>; tried: Tried[] }> =>
      nth === 0
        ? lookAround(lab, variant, { commands, folder }, env)
        : { ran: await runLab(lab, variant, env), tried: [] };
    let { ran, tried } = await once();
    for (let again = 0; again < MOST_AGAIN && hadNoTime(ran.said); again += 1) {
      console.log(`${lab.name} ${variant} is run again: the machine was too busy for it`);
      ({ ran, tried } = await once());
    }
    const isConfirmed = new RegExp(` ${variant} +✓ confirmed`).test(ran.said);
    // There must be a recording of each host, and all files must belong to the owner of the folder.
    const hasAll = recordings(results) - before >= 2 && ownersBelow(results).every((uid) => uid === NOBODY);
    told(`${lab.name} ${variant}`, ran.code === 0 && isConfirmed && hasAll, ran.seconds, ran.said);
    if (nth === 0) toldOf(`${lab.name}: the page's exercise`, tried);
  }
}

/** Runs a command of lab.yaml, again where trials were starved although it had run them again itself. */
function runWithTime(command: string, folder: string, env: NodeJS.ProcessEnv): Tried {
  let ran = runCatalogue(command, folder, env);
  for (let again = 0; again < MOST_AGAIN && ran.code !== 0 && hadNoTime(ran.said); again += 1) {
    console.log(`${command} is run again: the machine was too busy for it`);
    ran = runCatalogue(command, folder, env);
  }
  return ran;
}

/** Runs a lab with a mishap. It must print its sentence, exit with a code that is not 0, and give no verdict. */
async function runMishap(mishap: Mishap, lab: Lab, folder: string, env: NodeJS.ProcessEnv): Promise<void> {
  const { name, edits, kill, says } = mishap;
  const undo = edit(folder, edits);
  let isKilled = false;
  try {
    const { code, said, seconds } = await runLab(lab, "buggy", env, (sofar) => {
      if (kill === undefined || isKilled || !sofar.includes(`${STAGE}/buggy: load`)) return;
      isKilled = true;
      killService(kill, env);
    });
    const isEnded = code !== null && code !== 0 && !/confirmed|refuted/.test(said);
    told(name, isEnded && says.test(said), seconds, `exit code ${code}, wanted: ${says}\n${said}`);
  } finally {
    undo();
  }
}

function ownersBelow(folder: string): number[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).map(
    (path) => lstatSync(join(folder, path)).uid,
  );
}

function recordings(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ndjson"))
    .length;
}

async function main(asked: string[]): Promise<void> {
  installMissing();
  const before = { host: readHostState(), mounts: mounts() };
  const folder = mkdtempSync(join(tmpdir(), "lastack-compose-"));
  const name = `lastack-compose-${process.pid}`;
  let daemon: Daemon | undefined;
  const tidyUp = async (): Promise<void> => {
    await daemon?.end();
    rmSync(folder, { recursive: true, force: true });
  };
  const stop = (): void => void tidyUp().then(() => process.exit(130));
  process.once("SIGINT", stop).once("SIGTERM", stop);
  try {
    daemon = await startDaemon(folder, { [MARK]: name }, name);
    makeBase(folder, daemon.env);
    buildImages(folder, daemon.env);
    await runAll(folder, asked, daemon.env);
  } finally {
    await tidyUp();
  }
  const left = [
    ...inhabitants(name).map(({ pid }) => `the process ${pid}`),
    ...removeCgroups(name).map((cgroup) => `the cgroup ${cgroup}`),
  ];
  if (existsSync(folder)) left.push(folder);
  if (mounts() !== before.mounts) left.push("a changed mount table");
  if (JSON.stringify(readHostState()) !== JSON.stringify(before.host))
    left.push("changed interfaces, nft tables or sysctls of the host");
  told(`nothing is left behind${left.length === 0 ? "" : `: ${left.join(", ")}`}`, left.length === 0, 0, "");
}

async function runAll(folder: string, asked: string[], env: NodeJS.ProcessEnv): Promise<void> {
  const compose = join(folder, "compose");
  const results = join(folder, "results");
  const page = join(compose, "README.md");
  cpSync(join(packageRoot, "compose"), compose, { recursive: true });
  mkdirSync(results);
  // The folder belongs to an ordinary user, like a clone. Files that root records there must belong to that user too.
  chownSync(results, NOBODY, NOBODY);
  const all = labsIn(compose);
  const isAsked = (what: string): boolean => (asked.length === 0 ? what !== ON_DEMAND : asked.includes(what));
  const lastack = `${process.execPath} ${compiled("harness/cli/main.js")}`;
  if (isAsked("newcomer"))
    toldOf("the page's beginning", await walkBeginning(page, { folder, lastack }, env));
  const chosen = all.filter((lab) => isAsked(lab.name));
  for (const lab of chosen) await runVariants(lab, { folder, page, results, env });
  for (const command of catalogueOf(page)) {
    const what = command.endsWith("--all") ? ON_DEMAND : "lab";
    if (isAsked(what)) toldOf(`lab.yaml, ${what}`, [runWithTime(command, folder, env)]);
  }
  const stage = all.find((lab) => lab.name === STAGE);
  if (stage !== undefined && isAsked("mishaps"))
    for (const mishap of MISHAPS) await runMishap(mishap, stage, compose, env);
  console.log(`${chosen.length} of ${all.length} labs ran`);
  const wanted = asked.length === 0 ? all.length : asked.filter((word) => !OTHERS.includes(word)).length;
  if (chosen.length < wanted || all.length === 0) failures += 1;
}

await main(process.argv.slice(2));
process.exitCode = failures === 0 ? 0 : 1;
