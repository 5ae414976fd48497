import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { type Round, roundSchema } from "./round.ts";

/** Rounds by commit, and within a commit by row. */
const ledgerSchema = z.record(z.string(), z.record(z.string(), z.array(roundSchema)));
type Rounds = z.infer<typeof ledgerSchema>;

/**
 * The file that collects the rounds of one commit. Every round is written as soon as it ends, and rounds that other processes have added
 * meanwhile stay. So an interruption costs only the interrupted round.
 */
export class Ledger {
  readonly #path: string;
  readonly #commit: string;

  constructor(path: string, commit: string) {
    this.#path = path;
    this.#commit = commit;
  }

  /** The rounds of a row so far. Throws when the file contains something other than rounds. */
  rounds(row: string): Round[] {
    return this.#read()[this.#commit]?.[row] ?? [];
  }

  /** Adds a round to those of a row. */
  add(row: string, round: Round): void {
    this.#write((rows) => ({ ...rows, [row]: [...(rows[row] ?? []), round] }));
  }

  /** Deletes the rounds of some rows of this commit; those of other commits stay. */
  forget(rows: string[]): void {
    this.#write((kept) => Object.fromEntries(Object.entries(kept).filter(([row]) => !rows.includes(row))));
  }

  #read(): Rounds {
    let text: string;
    try {
      text = readFileSync(this.#path, "utf8");
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return {};
      throw error;
    }
    try {
      return ledgerSchema.parse(JSON.parse(text));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new Error(`${this.#path} has no rounds that can be read (${why}); move it away`, {
        cause: error,
      });
    }
  }

  #write(change: (rows: Record<string, Round[]>) => Record<string, Round[]>): void {
    const all = this.#read();
    const rounds = { ...all, [this.#commit]: change(all[this.#commit] ?? {}) };
    mkdirSync(dirname(this.#path), { recursive: true });
    // The rename is one step: an interruption while writing leaves the old file, never half a file.
    const fresh = `${this.#path}.${process.pid}`;
    writeFileSync(fresh, `${JSON.stringify(rounds, null, 1)}\n`);
    renameSync(fresh, this.#path);
  }
}
