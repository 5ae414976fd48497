import { expect } from "vitest";
import { packageRoot } from "../../harness/lab/paths.ts";
import { lastack } from "../lab/command.ts";
import type { ExecCase } from "./expected.ts";

/** Runs a case, and compares the JSON of its report with what was expected. Recordings go to the folder `out`. */
export function tryCase({ server, at, wire = [], timeout, command, ...wanted }: ExecCase, out: string): void {
  const words = [
    ...["exec", "--json", "--out", out, "--server", server],
    ...(at === undefined ? [] : ["--at", String(at)]),
    ...(timeout === undefined ? [] : ["--timeout", String(timeout)]),
    ...wire.flatMap((word) => ["--wire", word]),
  ];
  const { stdout, stderr, status } = lastack([...words, "--", ...command], { cwd: packageRoot });
  const document = JSON.parse(stdout) as {
    exitCode: number | null;
    client: object;
    findings: { mode: string }[];
    misbehaviours: object[];
    because: string[];
  };
  const untold = document.because.join(" ");
  if (wanted.untold === undefined) expect(untold, stderr).toBe("");
  else expect(untold).toContain(wanted.untold);
  expect(document.findings.map(({ mode }) => mode)).toEqual(wanted.findings);
  expect(document.client).toMatchObject(wanted.client);
  expect(document.misbehaviours).toEqual(expect.arrayContaining(wanted.did));
  expect(document.exitCode).toBe(wanted.exitCode);
  expect(status).toBe(wanted.status);
}
