import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmdirSync, rmSync, statSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { debianMirror, type Mirror } from "../../scripts/debian/mirror.ts";
import { WITHOUT_NOT_NEEDED } from "../../scripts/debian/not-needed.ts";
import { codeOf, startConfined } from "./confined.ts";

/** A mirror that is slow has taken over seven minutes; a quick one, half of one. */
const WITHIN_MS = 900_000;
/** A root that is older is made again: the mirror may have newer packages. */
const KEPT_FOR_MS = 86_400_000;
/** How often a line says how far it is, and when for the first time. */
const [FIRST_TOLD_MS, TOLD_EVERY_MS] = [2000, 10_000];
const LINES_SHOWN = 15;

/** In memory, and in a mount that nobody else sees: debootstrap mounts things of its own in there. $1 is a folder, $2 the archive. */
const SCRIPT = `
set -eu
mount -t tmpfs -o mode=755 tmpfs "$1"
folder=$1 archive=$2
shift 2
debootstrap --variant=minbase "$@" "$folder" "$URI"
tar -c ${[...WITHOUT_NOT_NEEDED, "--exclude=./dev/*"].join(" ")} -f "$archive" -C "$folder" .
`;

/** Where archives are kept between runs: the folder of the XDG Base Directory Specification for what can be made again. */
export function cacheFolder({ XDG_CACHE_HOME }: NodeJS.ProcessEnv): string {
  return join(XDG_CACHE_HOME?.startsWith("/") ? XDG_CACHE_HOME : join(homedir(), ".cache"), "lastack");
}

/** The name of an archive says all that makes one differ from another. */
export function archiveName({ uri, suite }: Mirror): string {
  const what = JSON.stringify([uri, suite]);
  return `minimal-${suite}-${process.arch}-${createHash("sha256").update(what).digest("hex").slice(0, 12)}.tar`;
}

/**
 * The archive of a minimal Debian, as this machine's: the one that is kept, or a fresh one. Says how far
 * it is. Throws a sentence with the last of what debootstrap said when there is none to be had.
 */
export async function minimalRoot(signal: AbortSignal): Promise<string> {
  const mirror = debianMirror();
  const folder = cacheFolder(process.env);
  const archive = join(folder, archiveName(mirror));
  if (existsSync(archive) && Date.now() - statSync(archive).mtimeMs < KEPT_FOR_MS) {
    console.log(`a minimal Debian ${mirror.suite}, made less than a day ago: ${archive}`);
    return archive;
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const unfinished = `${archive}.${process.pid}`;
  const beganMs = performance.now();
  try {
    await make(mirror, unfinished, signal);
    renameSync(unfinished, archive);
  } finally {
    rmSync(unfinished, { force: true });
  }
  console.log(`a minimal Debian ${mirror.suite}, made in ${seconds(beganMs)} s: ${archive}`);
  return archive;
}

async function make({ uri, suite }: Mirror, archive: string, signal: AbortSignal): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), `lastack-bare-${process.pid}-`));
  const tooLong = AbortSignal.timeout(WITHIN_MS);
  const child = startConfined(SCRIPT, {
    args: [folder, archive, suite],
    env: { ...process.env, URI: uri },
    stdio: ["ignore", "pipe", "pipe"],
    signal: AbortSignal.any([signal, tooLong]),
  });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    if (stream !== null) createInterface(stream).on("line", (line) => said.push(line));
  const silence = sayHowFar(said);
  const code = await codeOf(child);
  silence();
  rmdirSync(folder);
  if (code === 0) return;
  const how = tooLong.aborted ? `was not done in ${WITHIN_MS / 1000} s` : `ended with exit code ${code}`;
  throw new Error(
    `debootstrap of ${suite} from ${uri} ${how}; it said:\n${said.slice(-LINES_SHOWN).join("\n")}`,
  );
}

/** Says from time to time what was said last, until the function that it gives is called. */
function sayHowFar(said: string[]): () => void {
  const beganMs = performance.now();
  const tell = (): void => {
    console.log(`debootstrap, ${seconds(beganMs)} s: ${said.at(-1) ?? "it has said nothing yet"}`);
  };
  const first = setTimeout(tell, FIRST_TOLD_MS);
  const more = setInterval(tell, TOLD_EVERY_MS);
  return () => {
    clearTimeout(first);
    clearInterval(more);
  };
}

function seconds(sinceMs: number): number {
  return Math.round((performance.now() - sinceMs) / 1000);
}
