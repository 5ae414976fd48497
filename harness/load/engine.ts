import { type Endpoint, endpointText, type LoadPlan } from "./load-plan.ts";

/** How long the end of a load may take beyond its last bound: connections that are closed, lines that are written. */
const CLOSING_MS = 500;

/** Why an engine cannot do honestly what a plan asks of it, in a sentence for the user; null: it can. */
export function refusal(plan: LoadPlan): string | null {
  switch (plan.engine) {
    case "raw":
      return plan.to.scheme === "https"
        ? "The raw engine speaks no TLS: https goes through --engine undici."
        : null;
    case "undici":
      return plan.to.scheme === "tcp" ? "undici speaks HTTP only: tcp:// goes through --engine raw." : null;
    case "autocannon":
      return refusalOfAutocannon(plan);
  }
}

/** What is known of autocannon 8 and 9: clients/autocannon.ts says how each was seen. */
function refusalOfAutocannon(plan: LoadPlan): string | null {
  if (plan.to.scheme !== "http") return "autocannon is here for plain http only.";
  if (plan.mode === "short" || plan.requestsPerConnection !== Infinity) {
    return (
      "autocannon cannot make short connections honestly, nor so many requests a connection: with Connection: close it loses half " +
      "of its requests and reports no error, and with reconnectRate 1 it records no response. Take --engine raw or undici."
    );
  }
  if (plan.ratePerSecond > 0) {
    return (
      "autocannon's rates are no open loop: it counts from when a request was sent, and adds samples that never were. " +
      "Take --engine raw."
    );
  }
  if (plan.method !== "GET") {
    return "autocannon waits for the body of an answer to HEAD, which never comes: --method HEAD goes with --engine raw.";
  }
  if (plan.close !== "client") return "autocannon has no say in who closes: --close goes with --engine raw.";
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

/** After so many milliseconds a load program has ended by itself. */
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

function ownArguments({ to, method, headers, send, insecure }: LoadPlan): string[] {
  if (to.scheme === "tcp") return send === null ? [] : ["--send", send];
  return [
    ...(to.path === "/" ? [] : ["--path", to.path]),
    ...(to.host === to.address ? [] : ["--host", hostField(to)]),
    ...(method === "GET" ? [] : ["--method", method]),
    ...headers.flatMap((header) => ["--header", header]),
    ...(to.scheme === "https" ? ["--tls"] : []),
    ...(insecure ? ["--insecure"] : []),
  ];
}

/** What the Host field says of a name (RFC 9112, section 3.2): the port too, where it is not the scheme's own. */
function hostField({ scheme, host, port }: Endpoint): string {
  return port === (scheme === "https" ? 443 : 80) ? host : `${host}:${port}`;
}
