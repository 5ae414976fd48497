import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { compiled } from "../harness/lab/paths.ts";
import { folderFor } from "./lab/user.ts";
import { until } from "./lab/wait.ts";

// The command itself against the project's own correct servers, on loopback or in a network namespace of the test's own.

const main = compiled("harness/cli/main.js");
const folder = folderFor("own");
const servers: ChildProcess[] = [];

afterAll(() => {
  for (const server of servers) server.kill("SIGKILL");
  folder.remove();
});

/** What the tests read of the JSON. */
interface Load {
  engine: string;
  mode: string;
  valid: boolean;
  because: string[];
  warnings: string[];
  notes: string[];
  requests: number;
  perSecond: number | null;
  latencyMs: Record<"connect" | "firstByte" | "total", { p50: number; count: number } | null>;
  errors: Record<string, number>;
  socketsUsed: number;
  perfectSockets: number;
  timeWait: { client: number; server: number };
  endedBy: { clientFin: number; serverFin: number; reset: number };
  generator: { cpu: number; lagMs: number; pacingMs: { count: number } | null };
  server: { busy: number } | null;
  segmentsPerRequest: number | null;
  warmUp: { requests: number; sockets: number };
  looks: { looks: number };
  target: { address: string };
  ports: { usable: number; most: number; exhausted: number };
}

interface Ran {
  status: number | null;
  stdout: string;
  stderr: string;
  load: Load;
}

/** Starts a command line that goes on, and gives what it has said so far. */
function talk(args: string[]): { child: ChildProcess; stderr: () => string; ended: Promise<Ran> } {
  const child = spawn(process.execPath, [main, ...args], { cwd: folder.path, stdio: "pipe" });
  let [stdout, stderr] = ["", ""];
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const ended = new Promise<Ran>((resolve) => {
    child.once("close", (status) => {
      resolve({ status, stdout, stderr, load: (stdout === "" ? {} : JSON.parse(stdout)) as Load });
    });
  });
  return { child, stderr: () => stderr, ended };
}

const BRIEF = ["--warm-up", "0.2", "--duration", "0.6", "--connections", "3", "--json"];

function load(...args: string[]): Promise<Ran> {
  return talk(["load", ...args, ...BRIEF]).ended;
}

/** Starts a server on a free port, and gives the port. */
async function serve(name: string, host = "127.0.0.1"): Promise<{ child: ChildProcess; port: number }> {
  const file = compiled(`servers/short-against-long/${name}.js`);
  const child = spawn(process.execPath, [file, "--port", "0", "--host", host], { stdio: "pipe" });
  servers.push(child);
  let said = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (said += text));
  const ready = await until(
    () => said,
    (text) => /ready \d+\n/.test(text),
    10_000,
  );
  return { child, port: Number(/ready (\d+)/.exec(ready)?.[1]) };
}

/** A valid run has this exit code; one that the machine had no time for says so, and has 2. */
function expectStatus({ status, load: { valid } }: Ran, otherwise: number): void {
  expect(status).toBe(valid ? otherwise : 2);
}

describe("requests over connections that stay", () => {
  test.each([
    ["http", "http-server", "127.0.0.1", "127.0.0.1"],
    ["http", "http-server", "localhost", "127.0.0.1"],
    ["http", "http-server", "[::1]", "::1"],
    ["tcp", "tcp-server", "127.0.0.1", "127.0.0.1"],
  ])("%s to %s at %s", async (scheme, server, host, address) => {
    const { port } = await serve(server, address);
    const ran = await load(`${scheme}://${host}:${port}`);
    expectStatus(ran, 0);
    expect(ran.load).toMatchObject({
      ...{ engine: "raw", mode: "keep-alive", errors: {}, socketsUsed: 3, perfectSockets: 3 },
      latencyMs: { connect: null },
      timeWait: { client: 3, server: 0 },
      endedBy: { clientFin: 3, serverFin: 0, reset: 0 },
      target: { address },
    });
    expect(ran.load.latencyMs.total?.count).toBe(ran.load.requests);
    expect(ran.load.perSecond).toBeGreaterThan(0);
    // A request and an answer; other connections of the machine are counted, too.
    expect(ran.load.segmentsPerRequest).toBeGreaterThanOrEqual(2);
    expect(ran.load.looks.looks).toBeGreaterThan(3);
    expect(ran.load.server?.busy).toBeGreaterThan(0);
    expect(ran.load.notes).toEqual(
      host === "localhost" ? [expect.stringMatching(/^localhost is 127\.0\.0\.1/)] : [],
    );
  });

  test("7 requests each", async () => {
    const { port } = await serve("http-server");
    const ran = await load(`http://127.0.0.1:${port}/`, "--requests-per-connection", "7", "--rate", "200");
    const { requests, warmUp, socketsUsed, latencyMs, generator } = ran.load;
    expect(requests).toBe(120);
    expect(warmUp.requests).toBe(40);
    expect(socketsUsed).toBeGreaterThanOrEqual(160 / 7);
    expect(socketsUsed).toBeLessThanOrEqual(160 / 7 + 3);
    expect(latencyMs.connect?.count).toBe(socketsUsed - warmUp.sockets);
    expect(generator.pacingMs?.count).toBeGreaterThan(0);
    expectStatus(ran, 0);
  });
});

describe("a connection for every request", () => {
  test.each([
    ["http", "http-server", "client", { clientFin: 1, serverFin: 0 }],
    ["http", "http-server", "server", { clientFin: 0, serverFin: 1 }],
    ["tcp", "tcp-server", "client", { clientFin: 1, serverFin: 0 }],
  ])("%s to %s, which the %s closes", async (scheme, server, close, each) => {
    const { port } = await serve(server);
    const ran = await load(
      `${scheme}://127.0.0.1:${port}`,
      "--mode",
      "short",
      "--rate",
      "300",
      "--close",
      close,
    );
    const { requests, warmUp, socketsUsed, latencyMs, endedBy, timeWait, ports } = ran.load;
    expect([requests, warmUp.requests, socketsUsed]).toEqual([180, 60, 240]);
    expect(latencyMs.connect?.count).toBe(180);
    expect(endedBy).toEqual({ clientFin: 240 * each.clientFin, serverFin: 240 * each.serverFin, reset: 0 });
    expect(timeWait).toEqual({ client: 240 * each.clientFin, server: 240 * each.serverFin });
    if (close === "client") expect(ports.most).toBeGreaterThanOrEqual(240);
    expectStatus(ran, 0);
  });
});

describe("when things go wrong", () => {
  test("a server that is not there", async () => {
    const { child, port } = await serve("http-server");
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
    const ran = await load(`http://127.0.0.1:${port}/`);
    expect(ran.status).toBe(2);
    expect(ran.load).toMatchObject({ valid: false, requests: 0, socketsUsed: 0, server: null });
    expect(Object.keys(ran.load.errors)).toEqual(["connect ECONNREFUSED"]);
    expect(ran.load.because[0]).toMatch(/^No request succeeded/);
  });

  test("a server that is stopped: the run ends on time, and says what was waited for", async () => {
    const { child, port } = await serve("http-server");
    child.kill("SIGSTOP");
    const ran = await load(`http://127.0.0.1:${port}/`, "--timeout", "0.5");
    expect(ran.status).toBe(2);
    expect(ran.load).toMatchObject({ valid: false, requests: 0 });
    expect(ran.load.errors["response timeout"]).toBeGreaterThan(0);
  });

  test("Ctrl+C: what was measured is reported", async () => {
    const { port } = await serve("http-server");
    const { child, stderr, ended } = talk([
      "load",
      `http://127.0.0.1:${port}/`,
      "--duration",
      "60",
      "--json",
    ]);
    await until(stderr, (text) => / a second /.test(text), 20_000);
    child.kill("SIGINT");
    const ran = await ended;
    expect(ran.status).toBe(130);
    expect(ran.load).toMatchObject({ valid: false, errors: {} });
    expect(ran.load.requests).toBeGreaterThan(0);
    expect(ran.load.because[0]).toMatch(/^It was ended from outside after \d+\.\d of 60 s\.$/);
  });

  test("Ctrl+C twice: it is over at once", async () => {
    const { port } = await serve("http-server");
    const { child, stderr, ended } = talk(["load", `http://127.0.0.1:${port}/`, "--duration", "60"]);
    await until(stderr, (text) => /warming up/.test(text), 20_000);
    child.kill("SIGINT");
    await until(stderr, (text) => text.includes("Once more to leave at once"), 10_000);
    child.kill("SIGINT");
    expect((await ended).status).toBe(130);
  });
});

test("thresholds decide the exit code", async () => {
  const { port } = await serve("http-server");
  const url = `http://127.0.0.1:${port}/`;
  const out = join(folder.path, "out");
  const [kept, crossed, unknown] = await Promise.all([
    load(url, "--rate", "50", "--fail-if", "errors > 0", "--fail-if", "requests < 30", "--out", out),
    load(url, "--rate", "50", "--fail-if", "errors > 0", "--fail-if", "requests >= 30"),
    load(url, "--rate", "50", "--fail-if", "connect.p90 >= 2ms"),
  ]);
  expectStatus(kept, 0);
  expectStatus(crossed, 1);
  expect(unknown.status).toBe(2);
  expect(crossed.load).toMatchObject({
    thresholds: [{ outcome: "kept" }, { outcome: "crossed", value: 30 }],
  });
  expect(unknown.load).toMatchObject({ thresholds: [{ outcome: "unknown", value: null }] });
  // What --out wrote: the document, the histograms, and every look.
  expect(JSON.parse(readFileSync(join(out, "load.json"), "utf8"))).toEqual(kept.load);
  expect(readFileSync(join(out, "load.hlog"), "utf8")).toMatch(/^Tag=total,\d+\.\d+,/m);
  const looks = readFileSync(join(out, "looks.ndjson"), "utf8").trim().split("\n");
  expect(looks).toHaveLength(kept.load.looks.looks);
  const again = await load(url, "--out", out);
  expect([again.status, again.stderr]).toEqual([64, expect.stringMatching(/has a load\.json already/)]);
});

describe("wrong usage is exit 64 with a sentence, and nothing is sent", () => {
  test.each<[string[], RegExp]>([
    [[], /load takes one URL/],
    [["127.0.0.1:8080"], /A target begins with one of http:/],
    [["tcp://127.0.0.1"], /names its port/],
    [
      ["http://127.0.0.1/", "--mode", "shrt"],
      /--mode takes one of short, keep-alive, not "shrt"\. Did you mean short\?/,
    ],
    [
      ["http://127.0.0.1/", "--mode", "short", "--requests-per-connection", "7"],
      /short is one request a connection/,
    ],
    [
      ["http://127.0.0.1/", "--engine", "autocannon", "--mode", "short"],
      /cannot make short connections honestly/,
    ],
    [["http://127.0.0.1/", "--engine", "autocannon", "--rate", "100"], /are no open loop/],
    [["https://127.0.0.1/", "--engine", "raw"], /speaks no TLS: https goes through --engine undici/],
    [["tcp://127.0.0.1:7", "--engine", "undici"], /undici speaks HTTP only/],
    [["tcp://127.0.0.1:7", "--header", "A: b"], /--method and --header are for http/],
    [["http://127.0.0.1/", "--header", "A b"], /--header takes 'Name: value'/],
    [["http://127.0.0.1/", "--header", "Host: x"], /--header Host: the client decides that itself/],
    [["tcp://127.0.0.1:7", "--send", "\\q"], /--send knows \\n, /],
    [["http://127.0.0.1/", "--threads", "11"], /--threads 11 need as many --connections at least/],
    [["http://127.0.0.1/", "--send", "x"], /--send is for tcp/],
    [["http://127.0.0.1/", "--rate", "0"], /--rate takes requests a second, more than 0/],
    [["http://127.0.0.1/", "--duration", "1e3"], /--duration takes seconds from 0\.1 to 2400/],
    [
      ["http://127.0.0.1/", "--fail-if", "totl.p99 > 5ms"],
      /--fail-if knows no figure totl\.p99\. Did you mean total\.p99\? There are: /,
    ],
    [["http://127.0.0.1/", "--fail-if", "total.p99 > 5"], /total\.p99 is a time: give it in us, ms or s/],
    [["http://0.0.0.0:8080/"], /is where a server listens/],
  ])("%j", (args, sentence) => {
    const ran = spawnSync(process.execPath, [main, "load", ...args], { encoding: "utf8" });
    expect(ran.stderr).toMatch(sentence);
    expect([ran.status, ran.stdout]).toEqual([64, ""]);
  });
});

describe("in a network namespace of the test's own", () => {
  /** Runs a script of sh there; `$NODE` and `$MAIN` are the command line's, `$SERVER` an HTTP server. */
  function inside(script: string): { status: number | null; stdout: string; stderr: string } {
    const env = {
      ...{ PATH: process.env["PATH"], NODE: process.execPath, MAIN: main, FOLDER: folder.path },
      SERVER: compiled("servers/short-against-long/http-server.js"),
    };
    const user = process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"];
    const command = ["--net", "--pid", "--fork", "--kill-child", "sh", "-euc", script];
    return spawnSync("unshare", [...user, ...command], { encoding: "utf8", env, timeout: 60_000 });
  }

  test("a target that is not ours is refused before anything is sent, and one's own word lets it be sent", () => {
    // Somebody's address, put together so that no page of the project names it. This namespace has no way out.
    const foreign = [8, 8, 4, 4].join(".");
    const { stdout } = inside(`
      ip link set lo up
      counters() { grep -E '^(Ip|Tcp|Udp):' /proc/net/snmp; }
      run() { "$NODE" "$MAIN" load http://${foreign}/ --warm-up 0 --duration 0.2 --json "$@" 2>&1 || echo "status $?"; }
      counters > "$FOLDER/before"
      run
      counters > "$FOLDER/after"
      cmp "$FOLDER/before" "$FOLDER/after" && echo nothing moved
      run --remote-target-is-mine
      counters > "$FOLDER/after"
      cmp -s "$FOLDER/before" "$FOLDER/after" || echo counters moved
    `);
    expect(stdout).toMatch(
      /is neither this machine's loopback nor a lab host[^]*Nothing was sent\.\nstatus 64\nnothing moved\n/,
    );
    expect(stdout).toMatch(/"connect ENETUNREACH": [^]*status 2\ncounters moved\n/);
  });

  test("ports that run out are said as such, with the numbers", () => {
    const { stdout, stderr } = inside(`
      ip link set lo up
      echo 40000 40022 > /proc/sys/net/ipv4/ip_local_port_range
      echo 40007 > /proc/sys/net/ipv4/ip_local_reserved_ports
      echo 0 > /proc/sys/net/ipv4/tcp_tw_reuse
      mkfifo "$FOLDER/ready"
      "$NODE" "$SERVER" --port 8080 --host 127.0.0.1 > "$FOLDER/ready" &
      read -r line < "$FOLDER/ready"
      "$NODE" "$MAIN" load http://127.0.0.1:8080/ --mode short --warm-up 0 --duration 0.5 --json || echo "status $?"
    `);
    const [json = "", status] = stdout.split(/^(?=status)/m);
    expect(status, stderr).toBe("status 2\n");
    const ran = JSON.parse(json) as Load;
    expect(ran).toMatchObject({
      valid: false,
      requests: 22,
      socketsUsed: 22,
      ports: { usable: 22, most: 22 },
    });
    expect(ran.ports.exhausted).toBe(ran.errors["connect EADDRNOTAVAIL"]);
    expect(ran.because[0]).toMatch(
      /^The ports ran out: 22 ports \(net\.ipv4\.ip_local_port_range 40000 to 40022\), all in use: 22 TIME-WAIT of this side towards 127\.0\.0\.1 port 8080\. /,
    );
  });
});
