import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { packageRoot } from "../../harness/lab/paths.ts";
import { withoutFix } from "./fix.ts";
import { runProgram } from "./program.ts";

/** The folders of the reference programs that trials run: compiled for Node, and the sources for other languages. */
const PROGRAMS = [
  { folder: "dist/servers", isOne: (name: string) => name.endsWith(".js") },
  { folder: "servers", isOne: (name: string) => !name.endsWith(".ts") },
];

/** A change to one reference program, and the variant of its experiment that must then no longer be confirmed. */
interface Mutation {
  id: string;
  what: string;
  file: string;
  text: string;
  variant: string;
  /** The exit codes of `lastack run` that are allowed. */
  exits: number[];
}

const REFUTED = 1;
const INCONCLUSIVE = 2;

/** The result of one mutation. */
export interface Tried {
  /** `close-wait-leak/fixed with the bug: fixed`. */
  name: string;
  /** The exit code of `lastack run`; null when a signal ended it. */
  exit: number | null;
  /** Whether the verdict changed, as it must. */
  isNoticed: boolean;
}

/**
 * Makes three kinds of mutations: it removes the marked line from every fixed program, replaces every fixed program by the buggy one, and
 * every buggy program by the fixed one. Each time the verdict must change. Without its fix a program may do nothing at all, which is
 * inconclusive. With the bug in it, the variant must be refuted. Works on a copy of the programs that trials run. When the signal comes,
 * returns what has been tried.
 */
export async function tryMutations(tell: (tried: Tried) => void, signal?: AbortSignal): Promise<Tried[]> {
  const copy = mkdtempSync(join(tmpdir(), "lastack-mutations-"));
  const all: Tried[] = [];
  try {
    for (const folder of ["dist", "servers"])
      cpSync(join(packageRoot, folder), join(copy, folder), { recursive: true });
    cpSync(join(packageRoot, "package.json"), join(copy, "package.json"));
    symlinkSync(join(packageRoot, "node_modules"), join(copy, "node_modules"));
    const mutations = PROGRAMS.flatMap(({ folder, isOne }) =>
      readdirSync(join(copy, folder)).flatMap((id) => mutationsOf(id, join(copy, folder, id), isOne)),
    );
    for (const mutation of mutations) {
      if (signal?.aborted === true) break;
      const tried = await tryOne(copy, mutation, signal);
      tell(tried);
      all.push(tried);
    }
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
  return all;
}

function mutationsOf(id: string, folder: string, isOne: (name: string) => boolean): Mutation[] {
  const files = readdirSync(folder).filter(isOne);
  const programs = new Map(files.map((file) => [file, readFileSync(join(folder, file), "utf8")]));
  return [...programs].flatMap(([name, text]): Mutation[] => {
    const file = join(folder, name);
    if (name.startsWith("fixed")) {
      const ending = extname(name);
      const here = { id, file, variant: name.slice(0, -ending.length).replace("-client", "") };
      const buggy = programs.get(`buggy${name.endsWith(`-client${ending}`) ? "-client" : ""}${ending}`);
      const without = { what: `${name} without its fix`, text: fixTaken(text, file) };
      return [
        { ...here, ...without, exits: [REFUTED, INCONCLUSIVE] },
        ...(buggy === undefined
          ? []
          : [{ ...here, what: `${name} with the bug`, text: buggy, exits: [REFUTED] }]),
      ];
    }
    const fixed = programs.get(name.replace("buggy", "fixed"));
    if (!name.startsWith("buggy") || fixed === undefined) return [];
    return [{ id, what: `${name} with the fix`, file, text: fixed, variant: "buggy", exits: [REFUTED] }];
  });
}

/** Throws when no line is marked: only removing a fix proves that it is one. */
function fixTaken(text: string, file: string): string {
  const rest = withoutFix(text);
  if (rest === text) throw new Error(`${file} marks no line with "the fix"`);
  return rest;
}

async function tryOne(
  copy: string,
  { id, what, file, text, variant, exits }: Mutation,
  signal: AbortSignal | undefined,
): Promise<Tried> {
  const before = readFileSync(file);
  writeFileSync(file, text);
  try {
    const { exit } = await runProgram(
      [
        ...[process.execPath, join(copy, "dist", "harness", "cli", "main.js")],
        ...["run", id, "--variant", variant, "--json", "--out", join(copy, "runs")],
      ],
      signal === undefined ? {} : { signal },
    );
    return { name: `${id}/${what}: ${variant}`, exit, isNoticed: exits.includes(exit ?? 0) };
  } finally {
    writeFileSync(file, before);
  }
}
