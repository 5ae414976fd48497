import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { release, tmpdir } from "node:os";
import { join } from "node:path";
import type { CheckDocument } from "../../harness/check/document.ts";
import { check } from "../../harness/check/own-server.ts";
import { EVIL_SERVERS, FOR_CLIENTS } from "../../harness/exec/evil-servers.ts";
import { type Exec, execIn } from "../../harness/exec/exec.ts";
import { knownServers } from "../../harness/exec/known-servers.ts";
import { execOrderOf } from "../../harness/exec/order.ts";
import { Laboratory } from "../../harness/lab/laboratory.ts";
import { packageRoot } from "../../harness/lab/paths.ts";
import { makeRunFolder } from "../../harness/recording/place.ts";
import { loadCatalogue } from "../../harness/runs/catalogue.ts";
import { inParallel } from "../../harness/runs/in-parallel.ts";
import { clientOutcome } from "./client-outcome.ts";
import { type MatrixProgram, versionOf } from "./programs.ts";
import type { ClientCell, ClientResult, ServerResult } from "./result.ts";

/** So long a client may take for its three requests. curl and most libraries wait for minutes, or for ever. */
const CLIENT_SECONDS = 15;
/** Most of its time a client waits, so several run at once. */
const CLIENTS_AT_ONCE = 3;
/** How many printed lines of a client are kept. */
const LINES_KEPT = 6;

const folderOf = (kind: string): string => join(packageRoot, "tests", "fixtures", "matrix", kind);

/** A folder for what instances write and for what is compiled; it is in the environment of all programs, and removed in the end. */
export async function withScratch<T>(run: (folder: string) => Promise<T>): Promise<T> {
  const scratch = mkdtempSync(join(tmpdir(), "lastack-matrix-"));
  process.env["LASTACK_SCRATCH"] = scratch;
  process.env["LASTACK_SITE"] = join(folderOf("servers"), "site");
  process.env["PATH"] = `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin`;
  // The lab has no proxy.
  for (const name of Object.keys(process.env))
    if (/^(https?|all|no)_proxy$/i.test(name)) delete process.env[name];
  try {
    return await run(scratch);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Probes a server with the whole battery. */
export async function checkServer(program: MatrixProgram, scratch: string): Promise<ServerResult> {
  const document = await check(program.command, { cwd: folderOf("servers"), out: join(scratch, "checks") });
  return {
    id: program.id,
    title: program.title,
    version: versionOf(program, packageRoot),
    kernel: release(),
    probes: document.probes.map(probeCell),
  };
}

function probeCell({
  id,
  outcome,
  observed,
  claims,
  seconds,
}: CheckDocument["probes"][number]): ServerResult["probes"][number] {
  return {
    id,
    outcome,
    ...(outcome === "skip" && { skipped: observed }),
    claims: claims.map((claim) => ({
      outcome: claim.outcome,
      expected: claim.expected,
      observed: claim.observed,
    })),
    seconds,
  };
}

/** Compiles what is not there as a program. */
function build(program: MatrixProgram, scratch: string): void {
  if (program.id !== "go") return;
  execFileSync("go", ["build", "-o", join(scratch, "go-client"), "client.go"], {
    cwd: folderOf("clients"),
    env: { ...process.env, GOFLAGS: "-mod=mod", GO111MODULE: "off", GOCACHE: join(scratch, "go-cache") },
    stdio: ["ignore", "inherit", "inherit"],
  });
}

/** Runs a client against each server for clients. */
export async function tryClient(program: MatrixProgram, scratch: string): Promise<ClientResult> {
  build(program, scratch);
  const experiments = await loadCatalogue();
  const known = knownServers(experiments);
  const cells: ClientCell[] = [];
  await inParallel(
    [...EVIL_SERVERS],
    CLIENTS_AT_ONCE,
    async ({ name }) => {
      const order = execOrderOf(
        program.command,
        { server: `${FOR_CLIENTS}/${name}`, cwd: folderOf("clients"), timeout: CLIENT_SECONDS },
        known,
      );
      const lab = await Laboratory.open();
      try {
        const folder = makeRunFolder(join(scratch, "execs"));
        const place = {
          lab,
          folder,
          experiments: experiments.map(({ experiment }) => experiment),
          isShown: false,
        };
        cells.push(clientCell(name, await execIn(order, place)));
      } finally {
        await lab.close();
      }
    },
    () => false,
  );
  return {
    id: program.id,
    title: program.title,
    version: versionOf(program, packageRoot),
    kernel: release(),
    servers: EVIL_SERVERS.flatMap(({ name }) => cells.find((cell) => cell.name === name) ?? []),
  };
}

function clientCell(name: string, { end, client, diagnosis }: Exec): ClientCell {
  const findings = diagnosis.found.map(({ mode }) => mode.id);
  return {
    name,
    outcome: clientOutcome(name, end, findings),
    findings,
    exitCode: end.exitCode,
    connections: client.connections.begun,
    requests: client.connections.requests,
    resetsReceived: client.resets.received,
    printed: end.lastLines.slice(-LINES_KEPT),
    seconds: Math.round(client.seconds * 10) / 10,
  };
}
