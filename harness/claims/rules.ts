import type { Rule, Settling, Settlings } from "./claim.ts";
import { reasonsFor, textOf } from "./reasons.ts";
import { closeWaits } from "./rules/close-wait.ts";
import { closing } from "./rules/closing.ts";
import { fastOpen } from "./rules/fast-open.ts";
import { handshake } from "./rules/handshake.ts";
import { keepAlive } from "./rules/keep-alive-probes.ts";
import { limitsAndHttp } from "./rules/limits-and-http.ts";
import { queues } from "./rules/queues.ts";
import { reuse } from "./rules/reuse.ts";
import { states } from "./rules/states.ts";
import { timeWaitPile } from "./rules/time-wait-pile.ts";
import { timeWaitTime } from "./rules/time-wait-time.ts";

const TABLES: Settlings[] = [
  states,
  handshake,
  queues,
  fastOpen,
  closing,
  timeWaitTime,
  timeWaitPile,
  closeWaits,
  reuse,
  keepAlive,
  limitsAndHttp,
];

/** How each claim of the documents is settled. */
export const RULES: Rule[] = TABLES.flatMap((table) =>
  Object.entries(table).map(([id, settling]) => ruleOf(id, settling)),
);

/** A claim's rule with its texts. Throws when one is missing. */
function ruleOf(id: string, { under, beyond = [], history, isPerMachine }: Settling): Rule {
  const needed = (key: string) => {
    const text = textOf(id, key);
    if (text === null) throw new Error(`there is no text for ${id} ${key}`);
    return text;
  };
  return {
    id,
    under,
    beyond,
    because: reasonsFor(id),
    ...(history !== undefined && { history: { text: needed("history"), source: history } }),
    ...(isPerMachine !== undefined && {
      untestable: { reason: needed("untestable"), instead: needed("instead"), isPerMachine },
    }),
  };
}
