import type { Variant } from "../model/experiment.ts";
import type { Entry } from "./own-file.ts";

/** Programs that change the network namespace in which they run: on a host they would change its firewall or its sysctls. */
export const ONLY_IN_A_LAB = ["nat-shares-ports/router", "time-wait-recycle/writer"];

/** The reference servers that can run by themselves, as ID/NAME, in alphabetical order. They all take `--port` and `--host`. */
export function serversOf(entries: Entry[]): string[] {
  const setups = entries.flatMap(({ experiment }) =>
    Object.values(experiment.variants as Record<string, Variant>).map((variant) => variant.setup),
  );
  const plans = setups.flatMap((setup) => Object.values(setup.programs));
  const words = plans.filter(({ role }) => role === "server").map(({ run: [program] }) => program);
  // Programs under clients/ play a server's part in some setups, by arguments that only the setup gives them.
  const names = words.filter((word) => word.includes("/") && !word.startsWith("clients/"));
  return [...new Set(names)].filter((name) => !ONLY_IN_A_LAB.includes(name)).toSorted();
}
