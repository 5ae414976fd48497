import type { AttemptFailure } from "../../harness/model/sample.ts";
import type { Listener } from "./driven.ts";
import type { Output } from "./output.ts";
import { attemptRow, connectionRow, neverBegunRow } from "./row.ts";
import type { AttemptTold, ConnectionTold } from "./row.ts";

/** Prints a line for every attempt, and one for every connection that can carry several attempts. */
export class AttemptReport implements Listener {
  readonly #output: Output;

  readonly #keepOpen: boolean;

  /** `keepOpen`: whether a connection carries several attempts. If so, each connection has a line too. */
  constructor(output: Output, keepOpen: boolean) {
    this.#output = output;
    this.#keepOpen = keepOpen;
  }

  begin(): void {}

  attempt(attempt: AttemptTold, outcome: "ok" | AttemptFailure): void {
    this.#output.line(attemptRow(attempt, outcome));
  }

  neverBegun(attempt: number, connection: number, dueUs: number): void {
    this.#output.line(neverBegunRow(attempt, connection, dueUs));
  }

  connection(connection: ConnectionTold, failure: AttemptFailure | null): void {
    if (this.#keepOpen) this.#output.line(connectionRow(connection, failure));
  }

  breathe(nowUs: number): void {
    this.#output.breathe(nowUs);
  }

  late(): void {}

  over(): void {}

  end(): void {}
}
