import type { ClientPlan } from "../../harness/load/plan.ts";

/** Why autocannon cannot run a plan, in one sentence for the user; null: it can. */
export function refusal(plan: ClientPlan, { method, tls }: { method: string; tls: boolean }): string | null {
  if (plan.requestsPerConnection !== Infinity) {
    return "autocannon cannot count requests a connection: with reconnectRate it drops answers and does not report that; use short-http, long-http or undici";
  }
  if (plan.ratePerSecond > 0) {
    return "autocannon cannot keep a rate: it sends all requests of a second at its beginning, and adds samples for missed ones; use long-http or undici";
  }
  if (tls) return "autocannon checks no certificate and does not report TLS handshakes; use undici for TLS";
  if (method !== "GET" && method !== "HEAD") {
    return "autocannon is used for GET only here; use short-http, long-http or undici for a body";
  }
  if (method === "HEAD")
    return "autocannon waits for the body of an answer to HEAD, which never comes; use long-http";
  if (plan.close !== "client") return "autocannon drops its connections, and cannot close them otherwise";
  if (plan.holdMs > 0)
    return "autocannon drops its connections at the end of the load, and holds none; use long-http";
  if (plan.report !== "histograms") return "autocannon needs --report histograms";
  return null;
}
