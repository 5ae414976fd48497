import type { AttemptFailure } from "../../harness/model/sample.ts";
import type { Connection } from "./connection.ts";
import type { Listener } from "./engine.ts";
import type { Output } from "./output.ts";
import { attemptRow, connectionRow, neverBegunRow } from "./row.ts";

/** Tells every attempt, and every connection that carried one after another, in a line of its own. */
export class AttemptReport implements Listener {
  readonly #output: Output;

  readonly #keepOpen: boolean;

  /** `keepOpen`: whether a connection carries more than one attempt, and so has a line of its own. */
  constructor(output: Output, keepOpen: boolean) {
    this.#output = output;
    this.#keepOpen = keepOpen;
  }

  begin(): void {}

  attempt(connection: Connection, outcome: "ok" | AttemptFailure): void {
    this.#output.line(attemptRow(connection, outcome));
  }

  neverBegun(attempt: number, connection: number, dueUs: number, outcome: AttemptFailure): void {
    this.#output.line(neverBegunRow(attempt, connection, dueUs, outcome));
  }

  connection(connection: Connection, failure: AttemptFailure | null): void {
    if (this.#keepOpen) this.#output.line(connectionRow(connection, failure));
  }

  breathe(nowUs: number): void {
    this.#output.breathe(nowUs);
  }

  late(): void {}

  over(): void {}

  end(): void {}
}
