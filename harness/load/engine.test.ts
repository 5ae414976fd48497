import { describe, expect, test } from "vitest";
import { programOf, refusal } from "./engine.ts";
import { PLAN } from "./load-run.fixture.ts";
import type { LoadPlan } from "./load-plan.ts";

const https = { ...PLAN.to, scheme: "https" } as const;
const tcp = { ...PLAN.to, scheme: "tcp" } as const;

describe("an engine refuses what it cannot do honestly, and says why", () => {
  test.each<[Partial<LoadPlan>, RegExp]>([
    [{ engine: "raw", to: https }, /speaks no TLS/],
    [{ engine: "undici", to: tcp }, /speaks HTTP only/],
    [{ engine: "autocannon", mode: "short", requestsPerConnection: 1 }, /loses half of its requests/],
    [{ engine: "autocannon", requestsPerConnection: 10 }, /loses half of its requests/],
    [{ engine: "autocannon", ratePerSecond: 100 }, /no open loop/],
    [{ engine: "autocannon", method: "HEAD" }, /never comes/],
    [{ engine: "autocannon", method: "POST" }, /for GET only: use --engine raw with --method POST/],
    [{ engine: "autocannon", to: https }, /plain http only/],
    [{ engine: "autocannon", close: "server" }, /cannot decide who closes/],
  ])("%j", (changes, sentence) => {
    expect(refusal({ ...PLAN, ...changes })).toMatch(sentence);
  });

  test.each<Partial<LoadPlan>>([
    { engine: "raw", to: tcp, mode: "short", requestsPerConnection: 1, ratePerSecond: 5, close: "reset" },
    { engine: "undici", to: https, requestsPerConnection: 10, ratePerSecond: 100 },
    { engine: "autocannon" },
    { engine: "autocannon", threads: 2 },
  ])("and nothing else: %j", (changes) => {
    expect(refusal({ ...PLAN, ...changes })).toBeNull();
  });
});

describe("a plan's program", () => {
  test.each<[Partial<LoadPlan>, string]>([
    [{}, "clients/long-http"],
    [{ mode: "short", requestsPerConnection: 1 }, "clients/short-http"],
    [{ to: tcp }, "clients/long-tcp"],
    [{ to: tcp, mode: "short", requestsPerConnection: 1 }, "clients/short-tcp"],
    [{ engine: "undici", mode: "short" }, "clients/undici"],
    [{ engine: "autocannon" }, "clients/autocannon"],
  ])("%j is %s", (changes, program) => {
    expect(programOf({ ...PLAN, ...changes }).program).toBe(program);
  });

  const argsOf = (changes: Partial<LoadPlan>): string => programOf({ ...PLAN, ...changes }).args.join(" ");

  test("gets what is measured after the warm-up as arguments, and ends by itself", () => {
    expect(argsOf({})).toBe(
      "--to 127.0.0.1:8080 --report histograms --duration-ms 3000 --warm-up-ms 1000 --concurrency 11 --timeout-ms 5000 " +
        "--within-ms 8500",
    );
  });

  test("gets a rate in an open loop, threads, and who closes", () => {
    expect(argsOf({ ratePerSecond: 47.5, threads: 2, close: "reset", delayMs: 300 })).toMatch(
      / --rate 47\.5 --open --delay-ms 300 --threads 2 --close reset$/,
    );
  });

  test("gets what to request, but no number of requests a connection if each has one anyway", () => {
    const changes = { method: "HEAD", headers: ["A: b", "C: d"] } as const;
    expect(argsOf({ ...changes, to: { ...PLAN.to, host: "localhost", path: "/x" } })).toMatch(
      / --path \/x --host localhost:8080 --method HEAD --header A: b --header C: d$/,
    );
    expect(argsOf({ method: "POST", body: { path: "/x/body", bytes: 7 } })).toMatch(
      / --method POST --body \/x\/body$/,
    );
    expect(argsOf({ to: { ...PLAN.to, host: "localhost", port: 80 } })).toMatch(/ --host localhost$/);
    expect(argsOf({ engine: "undici", to: { ...https, host: "localhost", port: 443 } })).toMatch(
      / --host localhost --tls$/,
    );
    expect(argsOf({ to: { ...tcp, host: "localhost" }, send: "PING\\r\\n" })).toMatch(/ --send PING\\r\\n$/);
    expect(argsOf({ mode: "short", requestsPerConnection: 1 })).not.toMatch(/--requests-per-connection/);
    expect(argsOf({ mode: "short", requestsPerConnection: 1, to: tcp })).not.toMatch(/--requests-per/);
    expect(argsOf({ engine: "undici", mode: "short", requestsPerConnection: 1 })).toMatch(
      / --requests-per-connection 1$/,
    );
    expect(argsOf({ engine: "undici", to: https, insecure: true })).toMatch(/ --tls --insecure$/);
    expect(argsOf({ engine: "undici", to: https, ca: "/x/ca.pem" })).toMatch(/ --tls --ca \/x\/ca\.pem$/);
  });
});
