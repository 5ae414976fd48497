import { readdirSync } from "node:fs";
import type { ExpectedGrades } from "./expected/row.ts";

const FOLDER = new URL("./expected/", import.meta.url);

/** The rows of all files of expected/, one for each server, in alphabetical order. */
export async function expectedRows(): Promise<ExpectedGrades[]> {
  const files = readdirSync(FOLDER).filter((name) => /^[\w-]+\.ts$/.test(name));
  const modules = await Promise.all(
    files.map(async (name) => (await import(new URL(name, FOLDER).href)) as { rows?: ExpectedGrades[] }),
  );
  return joined(modules.flatMap(({ rows = [] }) => rows));
}

/**
 * One row for each server. A file may name only the probes that it is about, so what several files say of a server is put together. How it is
 * asked must be the same in all of them: an Error otherwise.
 */
export function joined(all: readonly ExpectedGrades[]): ExpectedGrades[] {
  const rows = new Map<string, ExpectedGrades>();
  for (const row of all) {
    const known = rows.get(row.server);
    if (known !== undefined && howAsked(known) !== howAsked(row))
      throw new Error(`${row.server} is asked in two ways: ${howAsked(known)} and ${howAsked(row)}`);
    rows.set(row.server, known === undefined ? row : both(known, row));
  }
  return [...rows.values()].toSorted((a, b) => (a.server < b.server ? -1 : 1));
}

function howAsked({ request, tls = false, port = 0, words = [] }: ExpectedGrades): string {
  return JSON.stringify({ request, tls, port, words });
}

function both(one: ExpectedGrades, other: ExpectedGrades): ExpectedGrades {
  return {
    ...one,
    ...other,
    fails: { ...one.fails, ...other.fails },
    either: { ...one.either, ...other.either },
  };
}
