import { join } from "node:path";
import { Laboratory } from "../lab/laboratory.ts";
import { makeRunFolder } from "../recording/place.ts";
import { checkCheck } from "./arguments.ts";
import { checked } from "./check.ts";
import type { CheckDocument } from "./document.ts";
import { remember } from "./memory.ts";
import { NotChecked } from "./not-checked.ts";
import type { CheckOptions } from "./options.ts";
import { wantedOf } from "./wanted.ts";

/**
 * Starts a server in a laboratory of network namespaces, and probes how it handles the life of its connections. It builds the laboratory and
 * removes it afterwards. `command`: the words of the command that starts the server, as `["node", "server.js"]`. A probe that got too little
 * processor time is run again at the end, alone, at most twice.
 *
 * Throws a NotChecked when the server does not become ready or does not answer; a UsageError for a command, a folder or a probe that does not
 * exist, and for arguments that it cannot take; a RecordingError when the folder for recordings cannot be made; and a LaboratoryUnavailable
 * when this machine allows no namespaces (`lastack preflight` says why).
 */
export async function check(command: readonly string[], options: CheckOptions = {}): Promise<CheckDocument> {
  checkCheck({ command, options });
  const { probes, out = join(process.cwd(), "results", "checks"), jobs, watch, signal, ...target } = options;
  const wanted = wantedOf({ command, options: target }, probes);
  const lab = await Laboratory.open();
  try {
    const folder = makeRunFolder(out);
    const { document } = await checked(wanted, { lab, folder, jobs, watch, signal });
    remember(wanted.target, document, false);
    if (document.notChecked !== null) throw new NotChecked(document.notChecked);
    return document;
  } finally {
    await lab.close();
  }
}
