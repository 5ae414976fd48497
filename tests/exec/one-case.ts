import { expect } from "vitest";
import { packageRoot } from "../../harness/lab/paths.ts";
import { talk } from "../lab/command.ts";
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
export async function shownBy(
  { server, at, wire = [], timeout, command }: ExecCase,
  out: string,
): Promise<Shown> {
  const words = [
    ...["exec", "--json", "--out", out, "--server", server],
    ...(at === undefined ? [] : ["--at", String(at)]),
    ...(timeout === undefined ? [] : ["--timeout", String(timeout)]),
    ...wire.flatMap((word) => ["--wire", word]),
  ];
  const running = talk([...words, "--", ...command], packageRoot);
  const status = await running.ended;
  const document = JSON.parse(running.out()) as {
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
export function wantedOf(one: ExecCase): object {
  const { untold, findings, client, resetsSent, did, exitCode, status } = one;
  return {
    ...(status !== 1 && { untold: untold === undefined ? "" : (expect.stringContaining(untold) as unknown) }),
    findings,
    client: {
      ...client,
      ...(resetsSent !== undefined && { resets: { sent: atLeast(resetsSent) } }),
    },
    misbehaviours: expect.arrayContaining(did) as unknown,
    exitCode,
    status,
  };
}

const atLeast = (least: number): unknown => expect.toSatisfy((seen: number) => seen >= least);
