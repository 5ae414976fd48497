import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { type Lab, takeDown } from "./labs.ts";

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

/** Brings a lab up, waits for its judge, and tries the commands while the hosts stay as they are. */
export function tryCommands({ file }: Lab, commands: string[], env: NodeJS.ProcessEnv): Tried[] {
  const sh = (command: string): Tried => {
    const ran = spawnSync("sh", ["-c", command], { env, encoding: "utf8", timeout: WITHIN_MS });
    return { command, code: ran.status, said: `${ran.stdout}${ran.stderr}` };
  };
  const compose = `docker-compose -f ${file}`;
  try {
    const up = sh(`${compose} up -d && docker wait $(${compose} ps -q judge)`);
    if (up.code !== 0) return [up];
    // Without -T it wants a terminal.
    return commands.map((command) => ({ ...sh(`${compose} exec -T ${command}`), command }));
  } finally {
    takeDown(file, env);
  }
}
