import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { SavedFile } from "./evidence.ts";

/**
 * What a folder of sos has of TCP, by the paths in its archive (sos/report/plugins/networking.py, kernel.py): the name of a command's output
 * is the command, with `_` for what is no letter.
 */
const OF_SOS = [
  { folder: "sos_commands/networking", names: /^(?:ss_-\w+|netstat_(?:-[WT]_)?-neopa|nstat_-\w+)$/ },
  { folder: "proc/net", names: /^(?:netstat|snmp)$/ },
  { folder: "sos_commands/kernel", names: /^sysctl_-a$/ },
];
/** No text of a host's sockets is larger; a disk image is. */
const MOST_BYTES = 256 * 1024 * 1024;

/** A file or folder that cannot be read as evidence. The message says why. */
export class NoEvidence extends Error {
  override readonly name = "NoEvidence";
}

/** Reads files of evidence, `-` for standard input, and folders of sosreport. Throws NoEvidence for what is not there or is none of these. */
export function readFiles(names: readonly string[]): SavedFile[] {
  return names.flatMap((name) =>
    name === "-" ? [{ name: "-", text: readText(0, name), writtenMs: null }] : filesAt(name),
  );
}

function filesAt(name: string): SavedFile[] {
  if (!existsSync(name)) throw new NoEvidence(`There is no file ${name}.`);
  const { mtimeMs, size } = statSync(name);
  if (!statSync(name).isDirectory()) {
    if (size > MOST_BYTES) throw new NoEvidence(`${name} has ${size} bytes: it is no text of ss or netstat.`);
    return [{ name, text: readText(name, name), writtenMs: mtimeMs }];
  }
  const found = OF_SOS.flatMap(({ folder, names }) => {
    const path = join(name, folder);
    return existsSync(path)
      ? readdirSync(path)
          .filter((file) => names.test(file))
          .map((file) => join(path, file))
      : [];
  });
  if (found.length === 0) {
    throw new NoEvidence(
      `${name} is a folder without sos_commands/networking and proc/net: it is not what sosreport makes. Name the files in it.`,
    );
  }
  return found.toSorted().flatMap(filesAt);
}

function readText(from: string | number, name: string): string {
  let text: string;
  try {
    text = readFileSync(from, "utf8");
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    throw new NoEvidence(`${name === "-" ? "Standard input" : name} cannot be read (${code}).`);
  }
  if (text.includes("\0")) throw new NoEvidence(`${name} is no text: an archive must be unpacked first.`);
  return text;
}
