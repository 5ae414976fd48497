import { expect } from "vitest";
import { packageRoot } from "../../harness/lab/paths.ts";
import { lastack } from "../lab/command.ts";
import type { ExecCase } from "./expected/case.ts";

/** What a run of a case printed as JSON, as far as it is compared. */
export interface Shown {
  untold: string;
  findings: string[];
  client: object;
  misbehaviours: object[];
  exitCode: number | null;
  status: number | null;
}

/** Runs a case. Its recording goes to the folder `out`. */
export function shownBy({ server, at, wire = [], timeout, command }: ExecCase, out: string): Shown {
  const words = [
    ...["exec", "--json", "--out", out, "--server", server],
    ...(at === undefined ? [] : ["--at", String(at)]),
    ...(timeout === undefined ? [] : ["--timeout", String(timeout)]),
    ...wire.flatMap((word) => ["--wire", word]),
  ];
  const { stdout, status } = lastack([...words, "--", ...command], { cwd: packageRoot });
  const document = JSON.parse(stdout) as {
    exitCode: number | null;
    client: object;
    findings: { mode: string }[];
    misbehaviours: object[];
    because: string[];
  };
  const { because, findings, client, misbehaviours, exitCode } = document;
  const modes = findings.map(({ mode }) => mode);
  return { untold: because.join(" "), findings: modes, client, misbehaviours, exitCode, status };
}

/** What it must show, for toMatchObject. Beside a finding, other failure modes may be undecided. */
export function wantedOf({ untold, findings, client, did, exitCode, status }: ExecCase): object {
  return {
    ...(status !== 1 && { untold: untold === undefined ? "" : (expect.stringContaining(untold) as unknown) }),
    findings,
    client,
    misbehaviours: expect.arrayContaining(did) as unknown,
    exitCode,
    status,
  };
}
