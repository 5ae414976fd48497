import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../harness/lab/paths.ts";
import type { ClientResult, ServerResult } from "./result.ts";

/** The two matrices. */
export const KINDS = ["servers", "clients"] as const;
export type Kind = (typeof KINDS)[number];

type ResultOf<K extends Kind> = K extends "servers" ? ServerResult : ClientResult;

const folderOf = (kind: Kind): string => join(packageRoot, "results", "matrix", kind);

/** The committed result of a program; null where there is none. */
export function committed<K extends Kind>(kind: K, id: string): ResultOf<K> | null {
  const path = join(folderOf(kind), `${id}.json`);
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as ResultOf<K>) : null;
}

/** All committed results, for the programs in their order. */
export function allCommitted<K extends Kind>(kind: K, programs: readonly { id: string }[]): ResultOf<K>[] {
  return programs.flatMap(({ id }) => committed(kind, id) ?? []);
}

/** The ids of all committed results. */
export function committedIds(kind: Kind): string[] {
  return readdirSync(folderOf(kind)).map((name) => name.replace(/\.json$/, ""));
}

export function commit<K extends Kind>(kind: K, result: ResultOf<K>): void {
  mkdirSync(folderOf(kind), { recursive: true });
  writeFileSync(join(folderOf(kind), `${result.id}.json`), `${JSON.stringify(result, null, 2)}\n`);
}
