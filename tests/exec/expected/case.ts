import type { Misbehaviour } from "../../../harness/model/exec.ts";

/** A client of tests/fixtures/exec against a server for clients, and what the report must say. Written before the run. */
export interface ExecCase {
  server: string;
  at?: number;
  wire?: string[];
  /** In seconds; the command is ended then. */
  timeout?: number;
  command: string[];
  /** What the client is an example of: of one that copes with the server, or of one that does not. */
  copes: boolean;
  /** The exit code of lastack exec. */
  status: 0 | 1 | 2;
  /** The command's own exit code; null: a signal ended it. */
  exitCode: number | null;
  findings: string[];
  /** What the client's side must show, as a part of the JSON's `client`. */
  client: object;
  /** So many segments with RST its side must have sent, or more: what meets a closed socket is answered with another. */
  resetsSent?: number;
  /** What the server's side must have done, among other things. */
  did: Misbehaviour[];
  /** A part of the reason why it could not be told. */
  untold?: string;
  because: string;
}

/** The command of a client of tests/fixtures/exec. */
export const fixture = (name: string, ...words: string[]): string[] => [
  process.execPath,
  `tests/fixtures/exec/${name}.mjs`,
  ...words,
];
/** What a server did, so many times. */
export const once = (did: string, times = 1): Misbehaviour[] => [{ did, times }];
/** A command that nothing is found at, as far as its sockets show. */
export const clean: Pick<ExecCase, "status" | "findings"> = { status: 0, findings: [] };
/** A command that did not end in its time. */
export const ended: Pick<ExecCase, "status" | "exitCode" | "findings" | "untold"> = {
  status: 2,
  exitCode: null,
  findings: [],
  untold: "did not end in its time",
};
/** More than the buffers of both kernels hold. */
export const UPLOAD_BYTES = "20000000";
