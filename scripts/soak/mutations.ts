import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageRoot } from "../../harness/lab/paths.ts";
import type { Soak } from "../soak.ts";

const MARK = "// the fix";

/** A change to one reference program, and the variants of its experiment that must then no longer be confirmed. */
interface Mutation {
  id: string;
  what: string;
  file: string;
  text: string;
  variants: string[];
  /** What `lastack run` may exit with. */
  exits: number[];
}

const REFUTED = 1;
const INCONCLUSIVE = 2;

/**
 * Takes the marked line out of every fixed program, puts the bug into it, and the fix into every buggy one; each time the verdict must
 * change. Without a line a program may do nothing at all any more, which is inconclusive; with the bug in it, it must be refuted.
 * Works on a copy of the compiled programs, which is what trials run.
 */
export const soak: Soak = {
  name: "mutations",
  summary: "the fix taken out of every fixed program, the bug put in, and the fix put into every buggy one",
  rounds: 1,
  run() {
    const copy = mkdtempSync(join(tmpdir(), "lastack-mutations-"));
    try {
      cpSync(join(packageRoot, "dist"), join(copy, "dist"), { recursive: true });
      cpSync(join(packageRoot, "package.json"), join(copy, "package.json"));
      symlinkSync(join(packageRoot, "node_modules"), join(copy, "node_modules"));
      const mutations = readdirSync(join(copy, "dist", "servers")).flatMap((id) => mutationsOf(copy, id));
      const unnoticed = mutations.filter((mutation) => !noticed(copy, mutation));
      console.log(`${mutations.length - unnoticed.length} of ${mutations.length} mutations noticed`);
      return Promise.resolve(mutations.length > 0 && unnoticed.length === 0 ? 0 : 1);
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  },
};

function mutationsOf(copy: string, id: string): Mutation[] {
  const folder = join(copy, "dist", "servers", id);
  const programs = new Map(
    readdirSync(folder)
      .filter((name) => name.endsWith(".js"))
      .map((name) => [name.slice(0, -3), readFileSync(join(folder, name), "utf8")]),
  );
  return [...programs].flatMap(([name, text]): Mutation[] => {
    const file = join(folder, `${name}.js`);
    if (name.startsWith("fixed")) {
      const here = { id, file, variants: [name.replace("-client", "")] };
      const without = { what: `${name} without its fix`, text: withoutFix(text, file) };
      const buggy = programs.get(name.endsWith("-client") ? "buggy-client" : "buggy");
      return [
        { ...here, ...without, exits: [REFUTED, INCONCLUSIVE] },
        ...(buggy === undefined
          ? []
          : [{ ...here, what: `${name} with the bug`, text: buggy, exits: [REFUTED] }]),
      ];
    }
    const fixed = programs.get(name.replace("buggy", "fixed"));
    if (!name.startsWith("buggy") || fixed === undefined) return [];
    const mutation = { id, what: `${name} with the fix`, file, text: fixed };
    return [{ ...mutation, variants: ["buggy"], exits: [REFUTED] }];
  });
}

/** The text without its marked lines. Throws when it has none: a fix that nobody can take out is not shown to be one. */
function withoutFix(text: string, file: string): string {
  const lines = text.split("\n");
  const kept = lines.filter((line, n) => !line.includes(MARK) && lines[n - 1]?.trim() !== MARK);
  if (kept.length === lines.length) throw new Error(`${file} marks no line with "${MARK}"`);
  return kept.join("\n");
}

function noticed(copy: string, { id, what, file, text, variants, exits }: Mutation): boolean {
  const before = readFileSync(file);
  writeFileSync(file, text);
  try {
    return variants.every((variant) => {
      const args = ["run", id, "--variant", variant, "--json", "--out", join(copy, "runs")];
      const ran = spawnSync(process.execPath, [join(copy, "dist", "harness", "cli", "main.js"), ...args], {
        encoding: "utf8",
      });
      const isNoticed = exits.includes(ran.status ?? 0);
      console.log(
        `${isNoticed ? "noticed" : "NOT NOTICED"}: ${id}/${what}: ${variant} ends with exit ${ran.status}`,
      );
      return isNoticed;
    });
  } finally {
    writeFileSync(file, before);
  }
}
