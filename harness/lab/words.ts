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
