import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { composeWords, type Ended, Running, sh } from "./command.ts";

/** A compose file that is a lab, and its variants. */
export interface Lab {
  name: string;
  file: string;
  variants: string[];
}

/** Files that are no labs: the file that labs extend, and the file that runs the catalogue. */
const NO_LABS = ["parts.yaml", "lab.yaml"];

/** The labs of a folder. Throws when a compose file names no variants. */
export function labsIn(folder: string): Lab[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".yaml") && !NO_LABS.includes(file))
    .map((name) => {
      const file = join(folder, name);
      const said = /^x-variants: \[(.+)\]$/m.exec(readFileSync(file, "utf8"))?.[1];
      if (said === undefined) throw new Error(`${name} does not name its variants (x-variants)`);
      return { name: name.replace(".yaml", ""), file, variants: said.split(", ") };
    });
}

/** Runs a lab as its page says, and takes it down. Whenever output arrives, `hear` gets everything that was printed so far. */
export async function runLab(
  { file }: Lab,
  variant: string,
  env: NodeJS.ProcessEnv,
  hear: (said: string) => void = () => {},
): Promise<Ended> {
  const words = [...composeWords(), "-f", file, "up", "--no-color", "--exit-code-from", "judge"];
  const ended = await new Running(words, { ...env, VARIANT: variant }, undefined, hear).end();
  // With --exit-code-from, `up` ends with the first container, and may miss the judge's last output.
  const judge = sh(`${composeWords().join(" ")} -f ${file} logs --no-color judge`, env);
  takeDown(file, env);
  return { ...ended, said: ended.said + judge.said };
}

/** Takes a lab down, with its network and volume. Throws when that fails. */
export function takeDown(file: string, env: NodeJS.ProcessEnv): void {
  const line = `${composeWords().join(" ")} -f ${file} down --volumes --timeout 1`;
  const { code, said } = sh(line, env);
  if (code !== 0) throw new Error(`${line}: exit code ${code}\n${said}`);
}

/** Kills a service's container, as a user might by mistake. */
export function killService(service: string, env: NodeJS.ProcessEnv): void {
  const filter = `label=com.docker.compose.service=${service}`;
  const [id = ""] = spawnSync("docker", ["ps", "--quiet", "--filter", filter], { env, encoding: "utf8" })
    .stdout.trim()
    .split("\n");
  const killed = spawnSync("docker", ["kill", id], { env, encoding: "utf8" });
  if (killed.status !== 0) throw new Error(`docker kill ${service}: ${killed.stderr}`);
}
