import { constants } from "node:os";
import { socketAddress } from "../../harness/kernel/address.ts";
import type { SocketAddress } from "../../harness/kernel/address.ts";
import type { ClientPlan } from "../../harness/load/plan.ts";
import { AttemptReport } from "./attempt-report.ts";
import { Engine } from "./engine.ts";
import type { Listener } from "./engine.ts";
import { readOptions } from "./options.ts";
import { Output } from "./output.ts";
import type { Protocol, Saying } from "./protocol.ts";
import { usage } from "./usage.ts";

/** A client program: what it is called, whether its connections carry one attempt or many, and what it says over them. */
export interface ClientProgram {
  name: string;
  summary: string;
  keepOpen: boolean;
  saying: Saying;
}

/** Exit codes: wrong usage and our own fault, as sysexits.h numbers them (EX_USAGE, EX_SOFTWARE). */
const WRONG_USAGE = 64;
const OWN_FAULT = 70;

/**
 * Runs a client from the command line of this process to its exit code: 0 when every attempt is accounted for; 64 for
 * wrong usage; 70 when its output could not be written, or a call failed that never should; 130 or 143 after SIGINT or
 * SIGTERM. Except for 64, what was measured until then is written out. A second signal ends it at once.
 */
export async function run(program: ClientProgram): Promise<void> {
  const asked = understand(program);
  if (asked === null) return;
  const { plan, address, protocol } = asked;
  let broken = false;
  const output = new Output(process.stdout, () => {
    broken = true;
    engine.stop();
  });
  const report = await reportOf(plan, output, program.keepOpen);
  const engine = new Engine(plan, address, protocol, program.keepOpen, report);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      process.exitCode = 128 + constants.signals[signal];
      engine.stop();
    });
  }
  const fault = await engine.run().then(
    () => null,
    (error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error)),
  );
  if (fault !== null) {
    process.stderr.write(`${program.name}: ${fault}\n`);
    process.exitCode = OWN_FAULT;
  }
  report.end();
  if (!(await output.end()) || broken) {
    process.stderr.write(
      `${program.name}: standard output could not be written to its end; its reader is gone or stuck\n`,
    );
    process.exit(OWN_FAULT);
  }
}

async function reportOf(
  plan: ClientPlan,
  output: Output,
  keepOpen: boolean,
): Promise<Listener & { end(): void }> {
  if (plan.report === "attempts") return new AttemptReport(output, keepOpen);
  // Only who wants histograms waits for their package to be loaded.
  const { LoadReport } = await import("./load-report.ts");
  return new LoadReport(output, plan);
}

interface Understood {
  plan: ClientPlan;
  address: SocketAddress;
  protocol: Protocol;
}

function understand({ name, summary, keepOpen, saying }: ClientProgram): Understood | null {
  try {
    const asked = readOptions(process.argv.slice(2), { keepOpen, flags: saying.flags });
    if (asked === "help") {
      process.stdout.write(usage(name, summary, saying.flags));
      return null;
    }
    const { plan, said } = asked;
    const address = socketAddress(plan.to.address, plan.to.port);
    return { plan, address, protocol: saying.protocol(plan, said) };
  } catch (error) {
    process.stderr.write(`${name}: ${error instanceof Error ? error.message : String(error)}; see --help\n`);
    process.exitCode = WRONG_USAGE;
    return null;
  }
}
