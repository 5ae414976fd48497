import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { compiled, packageRoot } from "../../lab/paths.ts";

/** The compiler takes a second; a machine that is busy is waited for. Without an answer the file runs unchecked. */
const WITHIN_MS = 60_000;
const MOST_SHOWN = 10;

/**
 * Errors that are about what is installed, and not about the experiment: a package without types (2307, 7016), a global of Node
 * where @types/node is absent (2304, 2580, 2591), a target that is too old (2550, 2583). At run time each shows itself.
 * https://github.com/microsoft/TypeScript/blob/main/src/compiler/diagnosticMessages.json
 */
const OF_THE_INSTALLATION = ["2304", "2307", "2550", "2580", "2583", "2591", "7016"];

/**
 * What TypeScript finds wrong with a file of the user's own, against the published types: a line for each, `mine.ts(12,5): ...`. TypeScript is
 * that of the file's own project, or else the one beside lastack; null where there is none.
 */
export async function typeProblems(file: string): Promise<string[] | null> {
  const compiler = compilerFor(file);
  if (compiler === null) return null;
  const folder = temporaryFolder();
  if (folder === null) return null;
  try {
    const project = join(folder, "tsconfig.json");
    writeFileSync(project, JSON.stringify(projectOf(file)));
    const printed = await output([compiler, "--project", project, "--pretty", "false"], dirname(file));
    const found = printed.split("\n").filter((line) => {
      // Only of this file: what it imports may be checked under other rules in its own project.
      const [, place = "", code = ""] = /^(.*)\(\d+,\d+\): error TS(\d+): /.exec(line) ?? [];
      return place === basename(file) && !OF_THE_INSTALLATION.includes(code);
    });
    return found.length <= MOST_SHOWN
      ? found
      : [...found.slice(0, MOST_SHOWN), `and ${found.length - MOST_SHOWN} more`];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A new folder; null where there is no place for one. A check that cannot be made keeps no experiment from running. */
function temporaryFolder(): string | null {
  try {
    return mkdtempSync(join(tmpdir(), "lastack-types-"));
  } catch {
    return null;
  }
}

function compilerFor(file: string): string | null {
  return [dirname(file), packageRoot].map(nearestCompiler).find((compiler) => compiler !== null) ?? null;
}

/** TypeScript's command in the nearest node_modules at or above a folder, as Node looks for packages. */
function nearestCompiler(folder: string): string | null {
  const compiler = join(folder, "node_modules", "typescript", "bin", "tsc");
  if (existsSync(compiler)) return compiler;
  const above = dirname(folder);
  return above === folder ? null : nearestCompiler(above);
}

/** Lenient where taste differs (implicit any), strict where a slip shows (unknown keys, words that a type does not allow). */
function projectOf(file: string): unknown {
  return {
    compilerOptions: {
      noEmit: true,
      skipLibCheck: true,
      strict: false,
      strictNullChecks: true,
      exactOptionalPropertyTypes: true,
      target: "es2023",
      module: "nodenext",
      allowImportingTsExtensions: true,
      types: [],
      paths: {
        lastack: [compiled("harness/lastack.d.ts")],
        "lastack/experiment": [compiled("harness/experiment.d.ts")],
      },
    },
    files: [file],
  };
}

/** What a command prints, whatever its exit code: the compiler's is not 0 when it found something. */
function output(args: string[], cwd: string): Promise<string> {
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd, timeout: WITHIN_MS }, (_error, stdout) => resolve(stdout));
  });
}
