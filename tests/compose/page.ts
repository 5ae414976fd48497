import { readFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "../lab/wait.ts";
import { asPrinted, composeWords, type Ended, Running, sh } from "./command.ts";
import { type Lab, takeDown } from "./labs.ts";

/** The time limit from the first container to the verdict. */
const JUDGED_WITHIN_MS = 90_000;
/** The time limit of `run --all`, which takes long. */
const CATALOGUE_WITHIN_MS = 400_000;

/** A command of the page, and its result. */
export interface Tried extends Ended {
  command: string;
}

/** A section of a page: everything from its heading to the next heading of the same level. */
function sectionOf(page: string, heading: string): string {
  const text = readFileSync(page, "utf8");
  const section = text.split(/^## /m).find((one) => one.startsWith(`${heading}\n`));
  if (section === undefined) throw new Error(`the page has no section "${heading}"`);
  return section;
}

const commandsIn = (text: string): string[] =>
  [...text.matchAll(/^\$ (.*)$/gm)].map(([, command = ""]) => command);

/** The commands in the page's exercise for a lab. They are tried while the lab is up. */
export function exerciseOf(page: string, lab: string): string[] {
  const exercises = sectionOf(page, "The labs, with an exercise each");
  return commandsIn(exercises).filter((command) => command.includes(`-f compose/${lab}.yaml exec `));
}

/** The commands that the page gives for the whole catalogue in one container. */
export function catalogueOf(page: string): string[] {
  return commandsIn(sectionOf(page, "The whole catalogue in one container"));
}

/** Runs one such command, in the folder that contains compose/. */
export function runCatalogue(command: string, folder: string, env: NodeJS.ProcessEnv): Tried {
  const ended = sh(asPrinted(command), env, CATALOGUE_WITHIN_MS, folder);
  takeDown(join(folder, "compose", "lab.yaml"), env);
  return { command, ...ended };
}

/**
 * Starts a lab, waits for its judge, and tries the commands while the hosts keep their state. `ran` is the judge's result.
 */
export function lookAround(
  { file }: Lab,
  variant: string,
  { commands, folder }: { commands: string[]; folder: string },
  lab: NodeJS.ProcessEnv,
): { ran: Ended; tried: Tried[] } {
  const env = { ...lab, VARIANT: variant };
  const compose = `${composeWords().join(" ")} -f ${file}`;
  const beganMs = performance.now();
  try {
    const up = sh(`${compose} up -d`, env);
    const judged = sh(`docker wait $(${compose} ps -q -a judge)`, env);
    const code = up.code === 0 && judged.code === 0 ? Number(judged.said.trim()) : null;
    const seconds = Math.round((performance.now() - beganMs) / 100) / 10;
    const said = `${up.said}${judged.said}${sh(`${compose} logs --no-color judge`, env).said}`;
    const tried = commands.map((command) => ({ command, ...sh(asPrinted(command), env, undefined, folder) }));
    return { ran: { code, said, seconds }, tried };
  } finally {
    takeDown(file, env);
  }
}

/**
 * Follows the page's first section from top to bottom, like a newcomer with two terminals. `up` runs in the first terminal until Ctrl+C
 * ends it, before the next `up`. `lastack` is this checkout's command line, which replaces the page's npx.
 */
export async function walkBeginning(
  page: string,
  { folder, lastack }: { folder: string; lastack: string },
  env: NodeJS.ProcessEnv,
): Promise<Tried[]> {
  const section = sectionOf(page, "From zero to a pile of CLOSE-WAIT");
  const byNpx = [...section.matchAll(/`(npx lastack [^`]*)`/g)].map(([, command = ""]) => command);
  const tried: Tried[] = [];
  let first: { command: string; running: Running } | undefined;
  const leaveFirst = async (): Promise<void> => {
    if (first === undefined) return;
    first.running.interrupt();
    const ended = await first.running.end();
    // Compose may print anything about the interruption. Only what the judge printed before counts.
    const isGood = /✓ confirmed/.test(ended.said);
    tried.push({ ...ended, command: first.command, code: isGood ? 0 : ended.code === 0 ? 1 : ended.code });
    first = undefined;
  };
  for (const command of [...commandsIn(section), ...byNpx]) {
    const line = asPrinted(command).replace(/^npx lastack/, lastack);
    if (/^docker compose -f \S+ up$/.test(command)) {
      const running = new Running(["sh", "-c", `exec ${line}`], env, folder);
      first = { command, running };
      await until(
        () => running.said,
        (said) => /(✓|✗|\?) (confirmed|refuted|inconclusive)/.test(said) || running.hasEnded,
        JUDGED_WITHIN_MS,
      );
      continue;
    }
    if (/ (up|down)( |$)/.test(command)) await leaveFirst();
    tried.push({ command, ...sh(line, env, undefined, folder) });
  }
  await leaveFirst();
  return tried;
}
