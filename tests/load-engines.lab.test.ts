import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { packageRoot } from "../harness/lab/paths.ts";
import { cleanUp, statusOf, hasWarmUp, folder, load, loadWith, serve } from "./lab/load-command.ts";

// Runs the command with its other engines against the project's own correct servers, on loopback.

afterAll(cleanUp);

describe("other engines", () => {
  test("https uses undici by default, and the output says so", async () => {
    const { port } = await serve("https-server");
    const ran = await load(`https://localhost:${port}/`, "--insecure", "--rate", "50");
    expect(ran.status).toBe(statusOf(ran, 0));
    expect(ran.load).toMatchObject({ engine: "undici" });
    expect(hasWarmUp(ran.load, 10)).toBe(true);
    expect(ran.load.requests + ran.load.generator.neverBegun).toBe(30);
    expect(ran.load.notes[0]).toMatch(/https goes through undici/);
    // Without --insecure the server's self-signed certificate is refused.
    const refused = await load(`https://localhost:${port}/`, "--rate", "50");
    expect(refused.status).toBe(2);
    const { "never begun": neverBegun = 0, ...errors } = refused.load.errors;
    expect(Object.keys(errors)).toEqual(["tls DEPTH_ZERO_SELF_SIGNED_CERT"]);
    expect(refused.load.socketsUsed).toBeGreaterThan(0);
    expect(refused.load.because.join("\n")).toMatch(/signed by itself, .* add --ca FILE .* or --insecure/);
    expect(neverBegun).toBe(refused.load.generator.neverBegun);
  });

  test("https trusts the certificates of --ca or of NODE_EXTRA_CA_CERTS, and no others", async () => {
    const server = join(packageRoot, "servers/short-against-long/https-server.ts");
    const [certificate = ""] = /-----BEGIN CERTIFICATE-----[^`]+/.exec(readFileSync(server, "utf8")) ?? [];
    const file = join(folder.path, "ca.pem");
    writeFileSync(file, certificate);
    const { port } = await serve("https-server", "0.0.0.0");
    const url = `https://localhost:${port}/`;
    for (const ran of [
      await load(url, "--ca", "ca.pem", "--rate", "50"),
      await loadWith({ NODE_EXTRA_CA_CERTS: file }, url, "--rate", "50"),
    ]) {
      expect(ran.load.requests, ran.stderr).toBeGreaterThan(0);
      expect(Object.keys(ran.load.errors).filter((outcome) => outcome !== "never begun")).toEqual([]);
    }
    // The certificate is for localhost, 127.0.0.1 and ::1.
    const other = await load(`https://127.0.0.2:${port}/`, "--ca", "ca.pem", "--rate", "50");
    expect(Object.keys(other.load.errors)).toContain("tls ERR_TLS_CERT_ALTNAME_INVALID");
  });

  test("undici: a connection for every request", async () => {
    const { port } = await serve("http-server");
    const ran = await load(
      `http://127.0.0.1:${port}/`,
      "--engine",
      "undici",
      "--mode",
      "short",
      "--rate",
      "50",
    );
    expect(ran.status).toBe(statusOf(ran, 0));
    const { requests, warmUp, generator } = ran.load;
    expect(requests + generator.neverBegun).toBe(30);
    expect(hasWarmUp(ran.load, 10)).toBe(true);
    expect(ran.load).toMatchObject({
      engine: "undici",
      mode: "short",
      socketsUsed: requests + warmUp.requests,
    });
    expect(Object.keys(ran.load.errors)).toEqual(generator.neverBegun > 0 ? ["never begun"] : []);
  });
});

test("autocannon shares its connections among threads", async () => {
  const { port } = await serve("http-server");
  const ran = await load(`http://127.0.0.1:${port}/`, "--engine", "autocannon", "--threads", "2");
  expect(ran.status).toBe(statusOf(ran, 0));
  expect(ran.load).toMatchObject({ engine: "autocannon", errors: {}, socketsUsed: 3 });
  expect(ran.load.requests).toBeGreaterThan(0);
});

test("autocannon's report says what it cannot measure", async () => {
  const { port } = await serve("http-server");
  const ran = await load(`http://127.0.0.1:${port}/`, "--engine", "autocannon");
  expect(ran.status).toBe(statusOf(ran, 0));
  expect(ran.load).toMatchObject({
    engine: "autocannon",
    mode: "keep-alive",
    errors: {},
    socketsUsed: 3,
    endedBy: null,
    latencyMs: { connect: null, firstByte: null },
    notMeasured: { "latencyMs.firstByte": "autocannon cannot measure it" },
  });
  expect(ran.load.requests).toBeGreaterThan(0);
  expect(ran.load.latencyMs.total?.count).toBe(ran.load.requests);
});
