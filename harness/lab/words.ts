import type { ProgramPlan, Setup } from "../model/setup.ts";
import { filledWord } from "../model/words.ts";
import { addressOf } from "./address.ts";

/** The folders that a command can name. */
export interface Folders {
  here: string;
  /** Makes an empty folder for the program alone. */
  scratch: () => string;
}

/** A program's command with all placeholders filled in (see ProgramPlan). Throws when a placeholder names no host. */
export function filledWords(
  { run, host }: Pick<ProgramPlan, "run" | "host">,
  { hosts, links }: Pick<Setup, "hosts" | "links">,
  folders: Folders,
): ProgramPlan["run"] {
  let scratch: string | undefined;
  const filled = (word: string): string =>
    filledWord(word, ({ whole, name, isIpv6 }) => {
      if (whole === "{here}") return folders.here;
      if (whole === "{scratch}") return (scratch ??= folders.scratch());
      if (!(name in hosts)) throw new Error(`${whole} in the word "${word}" names no host of the setup`);
      return addressOf(name, host, links, isIpv6 ? 6 : 4);
    });
  const [program, ...rest] = run;
  return [filled(program), ...rest.map(filled)];
}

/** What the environment of a client says of the server that it reaches. */
export function serverVariables(host: string, port: number): Record<string, string> {
  return {
    LASTACK_URL: `http://${host}:${port}`,
    LASTACK_HOST: host,
    LASTACK_PORT: String(port),
  };
}

/** The words of a foreign client, in which `{LASTACK_URL}` stands for the variable's value. Other braces are left: they are the user's. */
export function wordsWithVariables(
  [program, ...rest]: ProgramPlan["run"],
  variables: Record<string, string>,
): ProgramPlan["run"] {
  const filled = (word: string): string =>
    word.replaceAll(/\{(LASTACK_[A-Z]+)\}/g, (whole, name: string) => variables[name] ?? whole);
  return [filled(program), ...rest.map(filled)];
}
