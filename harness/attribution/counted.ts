import { samplesOf } from "../measure/evidence.ts";
import type { HostName } from "../model/names.ts";
import type { Recording } from "../model/recording.ts";
import type { CountersSample } from "../model/sample.ts";
import { indexFrom } from "./rows.ts";

/** Two looks at a host's counters, and what moved between them. */
export interface CounterSpan {
  fromUs: number;
  untilUs: number;
  moved: (counter: string) => number;
}

/** The counters of each host, look by look. */
export class Counters {
  readonly #looks = new Map<HostName, CountersSample[]>();

  constructor(recording: Recording) {
    for (const look of samplesOf(recording, "counters")) {
      const looks = this.#looks.get(look.host);
      if (looks === undefined) this.#looks.set(look.host, [look]);
      else looks.push(look);
    }
  }

  /**
   * The shortest span between two looks that holds both moments, and `slackUs` before and after them: a look is read some time after its
   * moment, and a counter moves some time after its segment. null without such looks.
   */
  span(host: HostName, fromUs: number, untilUs: number, slackUs: number): CounterSpan | null {
    const looks = this.#looks.get(host) ?? [];
    const from =
      looks[indexFrom(looks, fromUs - slackUs) - 1] ?? (looks[0]?.atUs === 0 ? looks[0] : undefined);
    const until = looks[indexFrom(looks, untilUs + slackUs)];
    if (from === undefined || until === undefined) return null;
    return {
      fromUs: from.atUs,
      untilUs: until.atUs,
      moved: (counter) => (until.deltas[counter] ?? 0) - (from.deltas[counter] ?? 0),
    };
  }

  /** What moved in the whole recording; null without a look. */
  whole(host: HostName): CounterSpan | null {
    const until = this.#looks.get(host)?.at(-1);
    if (until === undefined) return null;
    return { fromUs: 0, untilUs: until.atUs, moved: (counter) => until.deltas[counter] ?? 0 };
  }
}
