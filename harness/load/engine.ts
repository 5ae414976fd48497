import { type Endpoint, endpointText, type LoadPlan } from "./load-plan.ts";

/** How long a load can take after its last bound: to close connections and to write its lines. */
const CLOSING_MS = 500;

/** Why an engine cannot do honestly what a plan requires, in a sentence for the user; null if it can. */
export function refusal(plan: LoadPlan): string | null {
  switch (plan.engine) {
    case "raw":
      return plan.to.scheme === "https"
        ? "The raw engine speaks no TLS: use --engine undici for https."
        : null;
    case "undici":
      return plan.to.scheme === "tcp" ? "undici speaks HTTP only: use --engine raw for tcp://." : null;
    case "autocannon":
      return refusalOfAutocannon(plan);
  }
}

/** What is known of autocannon 8 and 9: clients/autocannon.ts says how each point was observed. */
function refusalOfAutocannon(plan: LoadPlan): string | null {
  if (plan.to.scheme !== "http") return "lastack uses autocannon for plain http only.";
  if (plan.mode === "short" || plan.requestsPerConnection !== Infinity) {
    return (
      "autocannon cannot make short connections honestly, or a given number of requests a connection: with Connection: close it " +
      "loses half of its requests and reports no error, and with reconnectRate 1 it records no response. Use --engine raw or undici."
    );
  }
  if (plan.ratePerSecond > 0) {
    return (
      "autocannon's rates are no open loop: it counts a request's time from when it was sent, and adds samples that it did not " +
      "measure. Use --engine raw."
    );
  }
  if (plan.method !== "GET" && plan.method !== "HEAD") {
    return `lastack uses autocannon for GET only: use --engine raw with --method ${plan.method}.`;
  }
  if (plan.method === "HEAD") {
    return "autocannon waits for the body of an answer to HEAD, which never comes: use --engine raw with --method HEAD.";
  }
  if (plan.close !== "client") return "autocannon cannot decide who closes: use --engine raw with --close.";
  return null;
}

/** The load program of a plan, as harness/lab/paths.ts resolves it, and its arguments. */
export function programOf(plan: LoadPlan): { program: string; args: string[] } {
  return { program: `clients/${nameOf(plan)}`, args: [...sharedArguments(plan), ...ownArguments(plan)] };
}

function nameOf({ engine, mode, to }: LoadPlan): string {
  if (engine !== "raw") return engine;
  return `${mode === "short" ? "short" : "long"}-${to.scheme === "tcp" ? "tcp" : "http"}`;
}

/** The number of milliseconds after which a load program has ended by itself. */
export function endsWithinMs({ delayMs, warmUpMs, durationMs, timeoutMs }: LoadPlan): number {
  return delayMs + warmUpMs + durationMs + timeoutMs + CLOSING_MS;
}

function sharedArguments(plan: LoadPlan): string[] {
  const { to, warmUpMs, durationMs, ratePerSecond, requestsPerConnection } = plan;
  const rate = ratePerSecond > 0 ? ["--rate", String(ratePerSecond), "--open"] : [];
  const many = requestsPerConnection !== Infinity && nameOf(plan) !== `short-${to.scheme}`;
  return [
    ...["--to", endpointText(to), "--report", "histograms"],
    ...["--duration-ms", String(warmUpMs + durationMs), "--warm-up-ms", String(warmUpMs)],
    ...["--concurrency", String(plan.connections), "--timeout-ms", String(plan.timeoutMs)],
    ...["--within-ms", String(endsWithinMs(plan) - plan.delayMs)],
    ...rate,
    ...(many ? ["--requests-per-connection", String(requestsPerConnection)] : []),
    ...(plan.delayMs > 0 ? ["--delay-ms", String(plan.delayMs)] : []),
    ...(plan.threads > 1 ? ["--threads", String(plan.threads)] : []),
    ...(plan.close === "client" ? [] : ["--close", plan.close]),
  ];
}

function ownArguments({ to, method, headers, body, send, ca, insecure }: LoadPlan): string[] {
  if (to.scheme === "tcp") return send === null ? [] : ["--send", send];
  return [
    ...(to.path === "/" ? [] : ["--path", to.path]),
    ...(to.host === to.address ? [] : ["--host", hostField(to)]),
    ...(method === "GET" ? [] : ["--method", method]),
    ...(body === null ? [] : ["--body", body.path]),
    ...headers.flatMap((header) => ["--header", header]),
    ...(to.scheme === "https" ? ["--tls"] : []),
    ...(ca === null ? [] : ["--ca", ca]),
    ...(insecure ? ["--insecure"] : []),
  ];
}

/** The Host field for a name (RFC 9112, section 3.2): with the port, if it is not the default port of the scheme. */
function hostField({ scheme, host, port }: Endpoint): string {
  return port === (scheme === "https" ? 443 : 80) ? host : `${host}:${port}`;
}
