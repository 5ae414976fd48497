import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { type Lab, type Ran, takeDown } from "./labs.ts";

const WITHIN_MS = 60_000;

/** The commands that a page gives to be tried while a lab is up: `$ docker compose -f compose/LAB.yaml exec ...`. */
export function commandsOf(page: string, lab: string): string[] {
  const lines = readFileSync(page, "utf8").matchAll(
    /^\$ docker compose -f compose\/(\S+)\.yaml exec (.*)$/gm,
  );
  return [...lines].filter(([, name]) => name === lab).map(([, , command = ""]) => command);
}

/** What came of a command: how it ended, and what it printed. */
interface Tried {
  command: string;
  code: number | null;
  said: string;
}

/**
 * Brings a lab up as its page begins, waits for its judge, and tries the commands while the hosts stay as they are. `ran` is
 * of the judge.
 */
export function lookAround(
  { file }: Lab,
  variant: string,
  commands: string[],
  lab: NodeJS.ProcessEnv,
): { ran: Ran; tried: Tried[] } {
  const env = { ...lab, VARIANT: variant };
  const sh = (command: string): Tried => {
    const ran = spawnSync("sh", ["-c", command], { env, encoding: "utf8", timeout: WITHIN_MS });
    return { command, code: ran.status, said: `${ran.stdout}${ran.stderr}` };
  };
  const compose = `docker-compose -f ${file}`;
  const beganMs = performance.now();
  try {
    const up = sh(`${compose} up -d`);
    const judged = sh(`docker wait $(${compose} ps -q judge)`);
    const code = up.code === 0 && judged.code === 0 ? Number(judged.said.trim()) : null;
    const seconds = Math.round((performance.now() - beganMs) / 100) / 10;
    const said = `${up.said}${judged.said}${sh(`${compose} logs --no-color judge`).said}`;
    // Without -T it wants a terminal.
    const tried = commands.map((command) => ({ ...sh(`${compose} exec -T ${command}`), command }));
    return { ran: { code, said, seconds }, tried };
  } finally {
    takeDown(file, env);
  }
}
