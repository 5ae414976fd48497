import { join } from "node:path";
import { Laboratory } from "../lab/laboratory.ts";
import { makeRunFolder } from "../recording/place.ts";
import { loadCatalogue } from "../runs/catalogue.ts";
import { checkExec } from "./arguments.ts";
import { type Exec, execIn } from "./exec.ts";
import { knownServers } from "./known-servers.ts";
import { type ExecOptions, execOrderOf } from "./order.ts";

/** As the command line's options; and where recordings go, and what ends the run early. */
export interface ExecRunOptions extends ExecOptions {
  /** The run makes a new folder for its recording in this folder. Default: `results/execs` in the working folder. */
  out?: string;
  signal?: AbortSignal;
}

/**
 * Runs a client in a laboratory of network namespaces, against a server, and judges its side of the connections. It builds the laboratory and
 * removes it afterwards. `command`: the words of the client's command. What it prints is kept beside the recording.
 *
 * Throws a UsageError for what does not exist and for options that cannot be meant; an InputError when the server does not become ready; a
 * RecordingError when the folder cannot be made; and a LaboratoryUnavailable when this machine allows no namespaces.
 */
export async function exec(command: readonly string[], options: ExecRunOptions): Promise<Exec> {
  checkExec(command, options);
  const { out = join(process.cwd(), "results", "execs"), signal, ...rest } = options;
  const catalogue = await loadCatalogue();
  const order = execOrderOf(command, rest, knownServers(catalogue));
  const experiments = catalogue.map(({ experiment }) => experiment);
  const lab = await Laboratory.open();
  try {
    const folder = makeRunFolder(out);
    return await execIn(order, { lab, folder, experiments, signal, isShown: false });
  } finally {
    await lab.close();
  }
}
