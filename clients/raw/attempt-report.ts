import type { AttemptFailure } from "../../harness/model/sample.ts";
import type { Connection } from "./connection.ts";
import type { Listener } from "./engine.ts";
import type { Output } from "./output.ts";
import { attemptRow, connectionRow, neverBegunRow } from "./row.ts";

/** Tells every attempt, and every connection that carried one after another, in a line of its own. */
export class AttemptReport implements Listener {
  readonly #output: Output;

  constructor(output: Output) {
    this.#output = output;
  }

  begin(): void {}

  attempt(connection: Connection, outcome: "ok" | AttemptFailure): void {
    this.#output.line(attemptRow(connection, outcome));
  }

  neverBegun(attempt: number, connection: number, dueUs: number, outcome: AttemptFailure): void {
    this.#output.line(neverBegunRow(attempt, connection, dueUs, outcome));
  }

  connection(connection: Connection, failure: AttemptFailure | null): void {
    this.#output.line(connectionRow(connection, failure));
  }

  breathe(nowUs: number): void {
    this.#output.breathe(nowUs);
  }

  end(): void {}
}
