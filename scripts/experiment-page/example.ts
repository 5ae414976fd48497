import { type Block, blocksOf } from "./block.ts";

/** A TypeScript block that uses the vocabulary of experiments. `at` is its first line in the page, from 0. */
export type Example =
  /** A whole file, like `experiments/ID/experiment.ts`. */
  | { kind: "file"; at: number; text: string }
  /** Properties of a short setup. */
  | { kind: "setup"; at: number; text: string }
  /**
   * An expectation, after the code that it needs and an empty line; the recording on which it is judged; and the block with its
   * finding.
   */
  | { kind: "claim"; at: number; text: string; name: string | null; recording: string; answer: Block };

/** The section whose blocks the reader writes to files. */
export const TUTORIAL = "The tutorial";
const SETUP = "The setup";

/** The examples of a page, in order. Throws when an expectation names no recording, or has no finding below it. */
export function examplesOf(page: string): Example[] {
  const blocks = blocksOf(page).filter(({ sections }) => sections[0] !== TUTORIAL);
  return blocks.flatMap((block, nth): Example[] => {
    const { info, text, from: at, sections } = block;
    if (info !== "ts") return [];
    if (text.startsWith("import ")) return [{ kind: "file", at, text }];
    if (sections[0] === SETUP) return [{ kind: "setup", at, text }];
    return [claimOf(block, blocks[nth + 1])];
  });
}

function claimOf({ text, from: at, lead }: Block, answer: Block | undefined): Example {
  const recording = /\bOn `([\w-]+\/[\w-]+)`:$/.exec(lead)?.[1];
  if (recording === undefined) throw new Error(`line ${at}: the expectation names no recording`);
  if (answer?.info !== "text") throw new Error(`line ${at}: the expectation has no finding below it`);
  const name = /^(\w+)\(/.exec(partsOf(text).expectation)?.[1] ?? null;
  return { kind: "claim", at, text, name, recording, answer };
}

/** The expectation of an example, and the code above it. */
function partsOf(text: string): { before: string; expectation: string } {
  const end = text.lastIndexOf("\n\n");
  return { before: text.slice(0, Math.max(0, end)), expectation: text.slice(end < 0 ? 0 : end + 2) };
}

/** A whole setup into which an example of a setup is put. It has the parts that the example does not have but refers to. */
const AROUND = `{
  servers: { server: "close-wait-leak/fixed --port 8080" },
  clients: { load: "clients/short-tcp --to {server}:8080 --attempts 1" },
  phases: [{ name: "load", until: { exited: ["load"] } }, { name: "drain", until: { elapsedMs: 100 } }],
}`;

/**
 * The text of a module with the setups and expectations of examples, by their lines. `values` are the names of all exports of
 * harness/experiment.ts. `inSymptoms` are the claims that a symptom can have; the compiler checks that it refuses all others there.
 */
export function moduleOf(examples: Example[], values: string[], inSymptoms: Set<string>): string {
  const setups = examples.filter(({ kind }) => kind === "setup");
  const claims = examples.filter((example) => example.kind === "claim");
  return [
    `import { ${values.join(", ")} } from "../harness/experiment.ts";`,
    `import type * as door from "../harness/experiment.ts";`,
    ...["Answer", "Recording", "View"].map((name) => `type ${name} = door.${name};`),
    `const around: door.ShortSetup = ${AROUND};`,
    ...setups.map(({ at, text }) => `const setup${at}: Partial<door.ShortSetup> = {\n${text}\n};`),
    `export const setups = {\n${setups.map(({ at }) => `  ${at}: setupOf({ ...around, ...setup${at} }),`).join("\n")}\n};`,
    ...claims.map(({ at, text }) => {
      const { before, expectation } = partsOf(text);
      return `const claim${at} = () => {\n${before}\nreturn (${expectation}\n) satisfies door.ExactExpectation;\n};`;
    }),
    ...claims.flatMap(({ at, name }) => {
      if (name === null || name === "quantity") return [];
      const refused = inSymptoms.has(name) ? "" : "// @ts-expect-error: a symptom cannot have it.\n";
      return [`${refused}claim${at}() satisfies door.SymptomExpectation;`];
    }),
    `export const claims = {\n${claims.map(({ at }) => `  ${at}: claim${at}(),`).join("\n")}\n};`,
    "",
  ].join("\n");
}
