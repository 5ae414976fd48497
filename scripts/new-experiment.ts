// npm run new -- ID, or npm run new -- --fact ID VARIANT VARIANT ...: writes the skeleton of an experiment. --python: servers in Python.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { HALF_DONE, type Order, OrderError, skeleton } from "./skeleton.ts";

const USAGE = `npm run new -- ID                                  a failure mode: servers buggy.ts and fixed.ts
npm run new -- --fact ID VARIANT VARIANT [...]     a fact about TCP: variants named after their difference

  --python    servers in Python: buggy.py and fixed.py, or server.py

docs/experiment.md has the vocabulary, and a tutorial.`;

const project = fileURLToPath(new URL("../", import.meta.url));

function main(args: string[]): number {
  try {
    const order = orderOf(args);
    const files = skeleton(order);
    for (const folder of [`experiments/${order.id}`, `servers/${order.id}`]) {
      if (existsSync(project + folder))
        throw new OrderError(`${folder} exists already; no files were written`);
    }
    for (const [path, text] of files) {
      mkdirSync(dirname(project + path), { recursive: true });
      writeFileSync(project + path, text, { flag: "wx" });
      console.log(`wrote ${path}`);
    }
    console.log(next(order.id));
    return 0;
  } catch (error) {
    if (!(error instanceof OrderError)) throw error;
    console.error(`${error.message}\n\n${USAGE}`);
    return 64;
  }
}

function orderOf(args: string[]): Order {
  const { values, positionals } = parse(args);
  const [id, ...variants] = positionals;
  const language = values.python ? "python" : "node";
  if (id === undefined) throw new OrderError("the id is missing; name a failure mode after its symptom");
  if (values.fact) return { id, language, kind: "fact", variants };
  if (variants.length > 0)
    throw new OrderError(`give one id only; variants (${variants.join(", ")}) need --fact`);
  return { id, language, kind: "failure-mode" };
}

function parse(args: string[]): { values: { fact: boolean; python: boolean }; positionals: string[] } {
  const flag = { type: "boolean", default: false } as const;
  try {
    return parseArgs({ args, options: { fact: flag, python: flag }, allowPositionals: true });
  } catch (error) {
    throw new OrderError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function next(id: string): string {
  return `
docs/experiment.md has the vocabulary, and a tutorial. Next:
  npm run build && npx lastack run ${id}
                     runs it
  grep -rn ${HALF_DONE} experiments/${id} servers/${id}
                     lists the parts that you must still write
  npm run record -- ${id}
                     makes the reference recordings, when the verdicts are right
  npm run pages      writes the row in README's tables, and the output that the page shows
  npx vitest run tests/catalogue.test.ts --hideSkippedTests -t '${id}|the square'
                     refuses half-done parts, and draws the square; "npm test" runs everything`;
}

process.exitCode = main(process.argv.slice(2));
