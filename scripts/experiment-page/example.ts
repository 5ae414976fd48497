import { type Block, blocksOf } from "./block.ts";

/** A block of TypeScript in the vocabulary of an experiment. `at` is its first line in the page, from 0. */
export type Example =
  /** A whole file, as `experiments/ID/experiment.ts` is one. */
  | { kind: "file"; at: number; text: string }
  /** Properties of a short setup. */
  | { kind: "setup"; at: number; text: string }
  /** An expectation, and before it, above an empty line, what it needs; the recording that it is put to; and where the finding stands. */
  | { kind: "claim"; at: number; text: string; name: string | null; recording: string; answer: Block };

/** The section whose blocks are written to files by whoever follows it. */
export const TUTORIAL = "The tutorial";
const SETUP = "The setup";

/** The examples of a page, in order. Throws where an expectation is put to no recording, or no finding stands below it. */
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
  if (recording === undefined) throw new Error(`line ${at}: which recording is the expectation put to?`);
  if (answer?.info !== "text") throw new Error(`line ${at}: no finding stands below the expectation`);
  const name = /^(\w+)\(/.exec(partsOf(text).expectation)?.[1] ?? null;
  return { kind: "claim", at, text, name, recording, answer };
}

/** The expectation of an example, and what stands above it. */
function partsOf(text: string): { before: string; expectation: string } {
  const end = text.lastIndexOf("\n\n");
  return { before: text.slice(0, Math.max(0, end)), expectation: text.slice(end < 0 ? 0 : end + 2) };
}

/** What an example of a setup is put into: whatever it does not say itself is there for it to refer to. */
const AROUND = `{
  servers: { server: "close-wait-leak/fixed --port 8080" },
  clients: { load: "clients/short-tcp --to {server}:8080 --attempts 1" },
  phases: [{ name: "load", until: { exited: ["load"] } }, { name: "drain", until: { elapsedMs: 100 } }],
}`;

/**
 * A module that has the setups and expectations of examples, by their lines. `values` are the names of all that the door exports;
 * `inSymptoms` are the claims that a symptom may have, which the compiler is made to hold against the others.
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
      const refused = inSymptoms.has(name) ? "" : "// @ts-expect-error: it is no part of a symptom.\n";
      return [`${refused}claim${at}() satisfies door.SymptomExpectation;`];
    }),
    `export const claims = {\n${claims.map(({ at }) => `  ${at}: claim${at}(),`).join("\n")}\n};`,
    "",
  ].join("\n");
}
