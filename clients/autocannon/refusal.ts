import type { ClientPlan } from "../../harness/load/plan.ts";

/** Why autocannon is not asked to do what a plan wants, in one sentence for the user; null: it can. */
export function refusal(plan: ClientPlan, { method, tls }: { method: string; tls: boolean }): string | null {
  if (plan.requestsPerConnection !== Infinity) {
    return "autocannon cannot count requests a connection: with reconnectRate it drops answers and tells none of it; use short-http, long-http or undici";
  }
  if (plan.ratePerSecond > 0) {
    return "autocannon cannot keep a rate: it sends a second's requests at its beginning, and adds samples for those it has missed; use long-http or undici";
  }
  if (tls)
    return "autocannon checks no certificate and tells no handshake: over TLS the requests are undici's";
  if (method !== "GET")
    return "autocannon waits for the body of an answer to HEAD, which never comes; use long-http";
  if (plan.close !== "client") return "autocannon drops its connections, and does nothing else with them";
  if (plan.holdMs > 0)
    return "autocannon drops its connections when the load is over, and holds none; use long-http";
  if (plan.report !== "histograms") return "autocannon tells --report histograms only";
  return null;
}
