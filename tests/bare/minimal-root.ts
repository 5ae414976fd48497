import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmdirSync, rmSync, statSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { debianMirror, type Mirror } from "../../scripts/debian/mirror.ts";
import { WITHOUT_NOT_NEEDED } from "../../scripts/debian/not-needed.ts";
import { codeOf, startConfined } from "./confined.ts";

/** A slow mirror has taken over seven minutes; a fast one takes half a minute. */
const WITHIN_MS = 900_000;
/** An older root is made again, because the mirror may have newer packages. */
const KEPT_FOR_MS = 86_400_000;
/** How often a line shows the progress, and how long until the first line. */
const [FIRST_TOLD_MS, TOLD_EVERY_MS] = [2000, 10_000];
const LINES_SHOWN = 15;

/**
 * Runs debootstrap in memory, in a mount that nobody else sees, because debootstrap mounts things there. $1 is a folder, $2 the archive.
 */
const SCRIPT = `
set -eu
mount -t tmpfs -o mode=755 tmpfs "$1"
folder=$1 archive=$2
shift 2
debootstrap --variant=minbase "$@" "$folder" "$URI"
tar -c ${[...WITHOUT_NOT_NEEDED, "--exclude=./dev/*"].join(" ")} -f "$archive" -C "$folder" .
`;

/** The folder where archives are kept between runs: the cache folder of the XDG Base Directory Specification. */
export function cacheFolder({ XDG_CACHE_HOME }: NodeJS.ProcessEnv): string {
  return join(XDG_CACHE_HOME?.startsWith("/") ? XDG_CACHE_HOME : join(homedir(), ".cache"), "lastack");
}

/** The name of an archive. It contains everything in which archives can differ. */
export function archiveName({ uri, suite }: Mirror): string {
  const what = JSON.stringify([uri, suite]);
  return `minimal-${suite}-${process.arch}-${createHash("sha256").update(what).digest("hex").slice(0, 12)}.tar`;
}

/**
 * The archive of a minimal Debian of this machine's release: a kept one, or a new one. Prints its progress. If debootstrap fails, throws a
 * sentence with the last lines of its output.
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
  const how = tooLong.aborted ? `did not end within ${WITHIN_MS / 1000} s` : `ended with exit code ${code}`;
  throw new Error(
    `debootstrap of ${suite} from ${uri} ${how}; its last lines:\n${said.slice(-LINES_SHOWN).join("\n")}`,
  );
}

/** Prints the latest line of output from time to time, until the returned function is called. */
function sayHowFar(said: string[]): () => void {
  const beganMs = performance.now();
  const tell = (): void => {
    console.log(`debootstrap, ${seconds(beganMs)} s: ${said.at(-1) ?? "no output yet"}`);
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
