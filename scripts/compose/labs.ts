import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A lab may take so long, from the first container to the last. */
const WITHIN_MS = 120_000;

/** A compose file that is a lab, and its variants. */
export interface Lab {
  name: string;
  file: string;
  variants: string[];
}

/** What came of a lab: its exit code, and all that was printed. */
export interface Ran {
  code: number | null;
  said: string;
  seconds: number;
}

/** Those that the others extend, and the one that runs the catalogue. */
const NO_LABS = ["parts.yaml", "lab.yaml"];

/** The labs of a folder: every compose file that says its variants. Throws when one says none. */
export function labsIn(folder: string): Lab[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".yaml") && !NO_LABS.includes(file))
    .map((name) => {
      const file = join(folder, name);
      const said = /^x-variants: \[(.+)\]$/m.exec(readFileSync(file, "utf8"))?.[1];
      if (said === undefined) throw new Error(`${name} does not say its variants (x-variants)`);
      return { name: name.replace(".yaml", ""), file, variants: said.split(", ") };
    });
}

/** Runs a lab as its page says, and takes it down. `hear` is given all that was said so far, at every piece. */
export async function runLab(
  { file }: Lab,
  variant: string,
  env: NodeJS.ProcessEnv,
  hear: (said: string) => void = () => {},
): Promise<Ran> {
  const beganMs = performance.now();
  const args = ["-f", file, "up", "--no-color", "--exit-code-from", "judge"];
  const child = spawn("docker-compose", args, { env: { ...env, VARIANT: variant } });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      hear(said);
    });
  }
  const bound = setTimeout(() => child.kill("SIGKILL"), WITHIN_MS);
  await once(child, "close");
  clearTimeout(bound);
  const seconds = Math.round((performance.now() - beganMs) / 100) / 10;
  // With --exit-code-from, `up` ends when the first container does, and may not print what the judge says then.
  said += spawnSync("docker-compose", ["-f", file, "logs", "--no-color", "judge"], {
    env,
    encoding: "utf8",
  }).stdout;
  takeDown(file, env);
  return { code: child.exitCode, said, seconds };
}

/** Runs experiments of the catalogue in the one container that is for that; `words` are those of `lastack run`. */
export function runCatalogue(folder: string, words: string[], env: NodeJS.ProcessEnv): Ran {
  const file = join(folder, "lab.yaml");
  const beganMs = performance.now();
  const args = ["-f", file, "run", "--rm", "-T", "lab", "run", ...words];
  const ran = spawnSync("docker-compose", args, { env, encoding: "utf8", timeout: WITHIN_MS });
  const seconds = Math.round((performance.now() - beganMs) / 100) / 10;
  takeDown(file, env);
  return { code: ran.status, said: `${ran.stdout}${ran.stderr}`, seconds };
}

/** Takes a lab down, with its network and volume. Throws when that fails. */
export function takeDown(file: string, env: NodeJS.ProcessEnv): void {
  const args = ["-f", file, "down", "--volumes", "--timeout", "1"];
  const down = spawnSync("docker-compose", args, { env, encoding: "utf8", timeout: WITHIN_MS });
  if (down.status !== 0)
    throw new Error(`docker-compose ${args.join(" ")}: exit code ${down.status}\n${down.stderr}`);
}

/** Kills a service's container, as somebody might who does not know what it is for. */
export function killService(service: string, env: NodeJS.ProcessEnv): void {
  const filter = `label=com.docker.compose.service=${service}`;
  const [id = ""] = spawnSync("docker", ["ps", "--quiet", "--filter", filter], { env, encoding: "utf8" })
    .stdout.trim()
    .split("\n");
  const killed = spawnSync("docker", ["kill", id], { env, encoding: "utf8" });
  if (killed.status !== 0) throw new Error(`docker kill ${service}: ${killed.stderr}`);
}
