import { parseSync, type Node } from "oxc-parser";
import type { Setup } from "../../harness/model/setup.ts";

/** Smaller numbers are equal by chance. */
const LEAST = 10;
/** A time is how long the doctor must look, and a setup often lasts so long because of it. */
const TIME = /(?:_MS|_US|_S|Ms|Us)$/;

/** What a symptom's source says: whole strings, and numbers that are no times. */
export interface Said {
  strings: Set<string>;
  numbers: Set<number>;
}

/** What belongs to the setups of an experiment: the names of its hosts and programs, its ports, and the numbers of its commands that are no times or rates. */
export function ownOf(setups: readonly Setup[]): { names: Set<string>; numbers: Set<number> } {
  const programs = setups.flatMap((setup) => Object.values(setup.programs));
  const words = programs.flatMap(({ run }) =>
    run.filter((_, nth) => !/-(?:ms|s|seconds|rate)$/.test(run[nth - 1] ?? "")),
  );
  const numbers = [
    ...words.flatMap((word) => word.match(/(?<![\w.])\d+(?![\w.])/g) ?? []).map(Number),
    ...programs.flatMap(({ listens, limits }) => [listens, limits.nofile]),
    ...setups
      .flatMap(({ phases, interventions }) => [
        ...JSON.stringify([phases, interventions]).matchAll(/"(?:atLeast|atMost|port)":(\d+)/g),
      ])
      .map(([, number]) => Number(number)),
  ];
  const names = setups.flatMap((setup) => [...Object.keys(setup.hosts), ...Object.keys(setup.programs)]);
  const commands = programs.flatMap(({ run: [command] }) => command);
  return {
    names: new Set([...names, ...commands]),
    numbers: new Set(numbers.filter((number): number is number => number !== undefined && number >= LEAST)),
  };
}

/** What the symptom of an experiment's source says, with everything of that file that it uses. */
export function saidBySymptom(path: string, source: string): Said {
  const { program } = parseSync(path, source);
  const declared = new Map<string, unknown>();
  const symptoms: unknown[] = [];
  for (const statement of program.body) {
    const inner = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
    if (inner?.type === "FunctionDeclaration" && inner.id !== null) declared.set(inner.id.name, inner);
    if (inner?.type !== "VariableDeclaration") continue;
    for (const { id, init } of inner.declarations) if (id.type === "Identifier") declared.set(id.name, init);
  }
  const isSymptom = (node: Fields): boolean =>
    node["type"] === "Property" && (node["key"] as Fields)["name"] === "symptom";
  walk(program, (node) => {
    if (isSymptom(node)) symptoms.push(node["value"]);
    return true;
  });
  const said: Said = { strings: new Set(), numbers: new Set() };
  const used = new Set<string>();
  const listen = (from: unknown): void => {
    const locals = localsOf(from);
    walk(from, (node) => {
      if (node["type"] === "Literal") {
        if (typeof node["value"] === "string") said.strings.add(node["value"]);
        if (typeof node["value"] === "number") said.numbers.add(node["value"]);
      }
      if (node["type"] === "Identifier") {
        const name = node["name"] as string;
        if (used.has(name) || locals.has(name) || TIME.test(name)) return true;
        used.add(name);
        if (declared.has(name)) listen(declared.get(name));
      }
      return !isOfTime(node) && !isConversion(node);
    });
  };
  for (const symptom of symptoms) listen(symptom);
  return said;
}

type Fields = Record<string, unknown>;

/** `forMs: 1500`, which is a time. */
function isOfTime(node: Fields): boolean {
  return node["type"] === "Property" && TIME.test(String((node["key"] as Fields)["name"]));
}

/** `100 * share`, which is a percentage, or a time in other units. */
function isConversion(node: Fields): boolean {
  if (node["type"] !== "BinaryExpression" || !["*", "/"].includes(String(node["operator"]))) return false;
  return [node["left"], node["right"]].some((side) => {
    const { type, value } = side as Fields;
    return type === "Literal" && typeof value === "number" && Number.isInteger(Math.log10(value));
  });
}

/** The names of parameters and of variables inside functions. */
function localsOf(from: unknown): Set<string> {
  const names = new Set<string>();
  const add = (pattern: unknown): void =>
    walk(pattern, (node) => {
      if (node["type"] === "Identifier") names.add(node["name"] as string);
      return true;
    });
  walk(from, (node) => {
    add(node["params"]);
    if (node["type"] === "VariableDeclarator") add(node["id"]);
    return true;
  });
  return names;
}

/** Calls back for every node, from the outside in. Where it returns false, what is inside is left out. */
function walk(from: unknown, visit: (node: Fields) => boolean): void {
  if (Array.isArray(from)) {
    for (const one of from) walk(one, visit);
    return;
  }
  if (typeof from !== "object" || from === null) return;
  const node = from as Fields & Partial<Node>;
  if (typeof node.type === "string" && !visit(node)) return;
  // A name behind a dot, or before a colon, is none of this file's.
  const isNamed = node["computed"] === false || (node.type === "Property" && node["computed"] !== true);
  for (const [key, value] of Object.entries(node)) {
    if (isNamed && (key === "key" || (key === "property" && node.type === "MemberExpression"))) continue;
    if (key !== "typeAnnotation" && key !== "type") walk(value, visit);
  }
}
