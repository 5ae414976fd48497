import { END_LABEL, counterMetric, METRICS, OTHER } from "../../harness/report/prometheus/names.ts";
import { NEARLY } from "../../harness/measure/listeners.ts";
import type { MeteredCondition, MeteredRange, MeteredSockets } from "../../harness/model/metered.ts";

/** The time over which a counter's rise is counted, and for which sockets must stay. Metrics are read at most once a minute. */
export const WINDOW = "5m";

/** The labels of every series of one namespace: the machine that was scraped, and by what. */
const NAMESPACE = ["job", "instance"];

/** The labels of a condition's result: with which others it can be joined. */
type Scope = readonly string[];

/** A condition in PromQL. `unless`: it holds where there is no such series. */
interface Term {
  promql: string;
  scope: Scope;
  unless: boolean;
}

/** The property of sockets that no metric has: it would need tcp_info of each socket at every reading. */
const UNCOUNTED = "exchanged";

/** Why a condition has no metric; null when it has. */
export function whyNoMetric(condition: MeteredCondition): string | null {
  if (condition.of !== "sockets") return null;
  if (condition.which[UNCOUNTED] !== undefined)
    return "what was sent and received over each connection is no metric";
  const more = Object.keys(condition.which).filter((property) => property !== "state" && property !== "side");
  if (condition.each !== "destination" || more.length === 0) return null;
  return `sockets to a destination are counted by state alone, not by ${more.join(", ")}`;
}

/**
 * Conditions that hold together, as one expression of PromQL. Conditions on the same end are asked of the same port, those on a listener of the
 * same port, and all of the same namespace. There must be one that does not hold where there are no sockets.
 */
export function expressionOf(conditions: readonly MeteredCondition[]): string {
  const unsaid = conditions.map(whyNoMetric).find((why) => why !== null);
  if (unsaid !== undefined) throw new RangeError(unsaid);
  const terms = conditions.map(termOf);
  const [first, ...others] = terms.toSorted(
    (a, b) => Number(a.unless) - Number(b.unless) || b.scope.length - a.scope.length,
  );
  if (first === undefined || first.unless) throw new RangeError("no condition that sockets or counters meet");
  return others.reduce((expression, { promql, scope, unless }) => {
    const on = scope.filter((label) => first.scope.includes(label)).join(", ");
    return `${expression}\n${unless ? "unless" : "and"} on (${on}) (${promql})`;
  }, first.promql);
}

/** Accept queues that are full, or nearly so: as isFull() and isNearlyFull() have it. The limit is one more than the backlog. */
const QUEUES = `max by (${[...NAMESPACE, "port"].join(", ")})`;
const FULLNESS = {
  full: `${QUEUES} (${METRICS.queue} - ${METRICS.backlog}) > 0`,
  "nearly full": `${QUEUES} (${METRICS.queue} / ${METRICS.backlog}) >= ${1 - NEARLY}`,
};

function termOf(condition: MeteredCondition): Term {
  switch (condition.of) {
    case "counter": {
      const rise = `increase(${counterMetric(condition.counter)}[${WINDOW}])`;
      return { promql: within(rise, condition.is), scope: NAMESPACE, unless: false };
    }
    case "accept queue":
      return {
        promql: FULLNESS[condition.is],
        scope: [...NAMESPACE, "port"],
        unless: false,
      };
    case "sysctl":
      return {
        promql: `${METRICS.sysctl}{name="${condition.sysctl}"} != ${condition.isNot}`,
        scope: NAMESPACE,
        unless: false,
      };
    case "sockets":
      return socketTerm(condition);
  }
}

function socketTerm({ which, is, outOf, each }: MeteredCondition & { of: "sockets" }): Term {
  const scope =
    each === "port"
      ? [...NAMESPACE, "end", "port"]
      : each === "destination"
        ? [...NAMESPACE, "address", "port"]
        : NAMESPACE;
  const metric =
    each === "destination" ? `${METRICS.destination}${destinationSelector(which)}` : socketsOf(which, each);
  const count = `sum by (${scope.join(", ")}) (${metric})`;
  if (outOf === undefined) {
    // "At most none" is written as its contrary: there is no series with the value 0.
    if (is.atMost === 0) return { promql: `${count} > 0`, scope, unless: true };
    return { promql: within(count, is), scope, unless: false };
  }
  const limit = outOf === "local ports" ? METRICS.localPorts : METRICS.timeWaitLimit;
  const share = `${count} / on (${NAMESPACE.join(", ")})${each === "namespace" ? "" : " group_left ()"} ${limit}`;
  return { promql: within(share, is), scope, unless: false };
}

/** The records that the kernel counts against its limit are a metric of their own, but the selector says the same. */
function socketsOf(which: MeteredSockets, each: "port" | "namespace"): string {
  const matchers = [
    matcher("state", which.state),
    matcher("end", which.side === undefined ? undefined : listOf(which.side).map((side) => END_LABEL[side])),
    matcher("port", which.port === undefined ? undefined : listOf(which.port).map(String)),
    // Sockets with a delayed acknowledgement have no timer that ends anything.
    matcher(
      "timer",
      which.timer === undefined
        ? undefined
        : listOf(which.timer).flatMap((timer) => (timer === "none" ? ["none", "delack"] : timer)),
    ),
    matcher("receive_queue", which.receiveQueue),
    matcher("send_queue", which.sendQueue),
    matcher("owner", which.owner),
    // A sum over ports without series of their own says nothing of one service.
    ...(each === "port" ? [`port!="${OTHER}"`] : []),
  ].flatMap((one) => one ?? []);
  return `${METRICS.sockets}{${matchers.join(", ")}}`;
}

function destinationSelector({ state }: MeteredSockets): string {
  return `{${matcher("state", state) ?? ""}}`;
}

function matcher(label: string, values: string | readonly string[] | undefined): string | null {
  if (values === undefined) return null;
  const list = listOf(values);
  return list.length === 1 ? `${label}="${list[0]}"` : `${label}=~"${list.join("|")}"`;
}

function listOf<T extends string | number>(values: T | readonly T[]): readonly T[] {
  return typeof values === "object" ? values : [values];
}

function within(figure: string, { atLeast, above, atMost, below }: MeteredRange): string {
  const limits = [
    ...(atLeast === undefined ? [] : [`>= ${atLeast}`]),
    ...(above === undefined ? [] : [`> ${above}`]),
    ...(atMost === undefined ? [] : [`<= ${atMost}`]),
    ...(below === undefined ? [] : [`< ${below}`]),
  ];
  // Comparisons filter: what passes the first has its value, and meets the next.
  return limits.reduce(
    (expression, limit, nth) => `${nth === 0 ? expression : `(${expression})`} ${limit}`,
    figure,
  );
}
