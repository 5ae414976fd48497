import { shown } from "../../model/shown.ts";
import type { Evidence } from "../../measure/evidence.ts";
import type { Answer } from "../../model/expectation.ts";
import type { SampleKind } from "../../model/sample.ts";
import { BOUND, CALLABLE, LIST, OBJECT, TEXT, checkArguments } from "./arguments.ts";
import type { Bound } from "./bound.ts";
import { type Claim, claim } from "./claim.ts";
import { figure } from "./wording.ts";

/**
 * Any other figure, measured by a function of the experiment: `of` gives null when the recording does not show it.
 * `things` names what is counted, in the plural, in full: "segments a request, both ways, on client".
 */
export function quantity<E extends Evidence>(
  things: string,
  how: { needs: SampleKind[]; of: (evidence: E) => number | null },
  bound: Bound,
): Claim<E> {
  checkArguments("quantity", {
    things: [things, TEXT],
    how: [how, OBJECT],
    "how.needs": [how?.needs, LIST],
    "how.of": [how?.of, CALLABLE],
    bound: [bound, BOUND],
  });
  const test = (evidence: E): Answer => {
    const value = how.of(evidence);
    if (value === null) return { holds: null, observed: `the recording does not show how many ${things}` };
    if (typeof value !== "number" || Number.isNaN(value)) {
      return { holds: null, observed: `the figure is not a number: ${shown(value)}` };
    }
    return { holds: bound.holds(value), observed: `${figure(value)} ${things}` };
  };
  return claim(`there are ${bound.ofThings(things, things)}`, how.needs, test, { given: { figure: bound } });
}
