import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { AF_INET, AF_INET6 } from "../kernel/address.ts";
import { currentNamespace, releaseNamespace } from "../kernel/namespace.ts";
import { close as closeSocket, socket } from "../kernel/socket.ts";
import { descriptorOf } from "../kernel/sockopt.ts";
import type { SocketGroup } from "../model/sample.ts";
import { observeListeners } from "./listeners.ts";
import { observeProcesses, type ProcessesObserver } from "./processes.ts";
import { observeSockets } from "./sockets.ts";

// This process is the program. Its child holds one end of a connection, too, and a UNIX socket.

const MOMENT = { atUs: 0, phase: "load" } as const;
const host = { name: "here", namespace: currentNamespace("here") };
let server: Server;
let local: Server;
let client: Socket;
let accepted: Socket;
let child: ChildProcess;
let observer: ProcessesObserver;

beforeAll(async () => {
  server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  client = connect((server.address() as AddressInfo).port, "127.0.0.1");
  [accepted] = (await once(server, "connection")) as [Socket];
  if (client.connecting) await once(client, "connect");
  // An address in the abstract namespace of unix(7): no file.
  local = createServer().listen(`\0lastack-processes-test-${process.pid}`);
  await once(local, "listening");
  const handed = [descriptorOf(accepted), descriptorOf(local)];
  child = spawn("sleep", ["60"], { stdio: ["ignore", "ignore", "ignore", ...handed] });
  await once(child, "spawn");
  observer = observeProcesses(host, () => new Map([["server", process.pid]]));
});

afterAll(() => {
  child.kill("SIGKILL");
  client.destroy();
  accepted.destroy();
  server.close();
  local.close();
  observer.close();
  releaseNamespace(host.namespace);
});

describe("a sample of processes", () => {
  test("has the program's first process and its child, with their descriptors, memory and time", () => {
    const { processes } = observer.look(MOMENT);
    const ours = processes.find(({ pid }) => pid === process.pid);
    expect(ours).toMatchObject({ program: "server", parentPid: process.ppid });
    expect(ours!.rssBytes).toBeGreaterThan(10_000_000);
    expect(ours!.cpuMs).toBeGreaterThan(0);
    expect(ours!.descriptors).toBeGreaterThan(ours!.sockets);
    expect(ours!.descriptorLimit).toBe(Number(execFileSync("sh", ["-c", "ulimit -n"], { encoding: "utf8" })));
    const theirs = processes.find(({ pid }) => pid === child.pid);
    expect(theirs).toMatchObject({ program: "server", parentPid: process.pid, name: "sleep" });
    // Or more: the child can have inherited other sockets from whatever started the tests.
    expect(theirs!.sockets).toBeGreaterThanOrEqual(2);
    expect(theirs!.descriptors).toBeGreaterThanOrEqual(5);
  });

  test("has the inode of the TCP socket that two processes hold, and no socket of another kind", () => {
    const { shared, sharedCount } = observer.look(MOMENT);
    expect(sharedCount).toBe(1);
    expect(shared).toEqual([
      { inode: expect.any(Number), pids: [process.pid, child.pid].toSorted((a, b) => a! - b!) },
    ]);
  });

  test("gives the sockets observer the owners of sockets", () => {
    observer.look(MOMENT);
    const port = client.remotePort!;
    const sockets = observeSockets(host, {
      holders: () => observer.holders(),
      descriptors: () => observer.descriptors(),
      ports: [port],
    });
    const connector = sockets.look(MOMENT).groups.find(({ side }) => side === "connector");
    expect(connector?.examples[0]?.descriptor).toBe(descriptorOf(client));
    // An earlier server of this host can have had the port: what is left of its connections is in TIME-WAIT.
    const ours = ({ groups }: { groups: SocketGroup[] }): SocketGroup[] =>
      groups.filter(({ state }) => state !== "TIME-WAIT");
    const owners = (sample: { groups: SocketGroup[] }): string[] =>
      ours(sample).map(({ state, side, owner, count }) => `${state} ${side} ${owner} ${count}`);
    expect(owners(sockets.look(MOMENT))).toEqual([
      "ESTABLISHED listener shared 1",
      "LISTEN listener listener 1",
      "ESTABLISHED connector process 1",
    ]);
    const blind = observeSockets(host, { ports: [port] });
    expect(new Set(ours(blind.look(MOMENT)).map(({ owner }) => owner))).toEqual(new Set(["unseen"]));
    sockets.close();
    blind.close();
  });

  test("counts the TCP sockets that have no row, and no other sockets", () => {
    const count = (): number =>
      observer.look(MOMENT).processes.find(({ pid }) => pid === process.pid)!.socketsWithoutRow!;
    const before = count();
    const closed = [socket(AF_INET), socket(AF_INET), socket(AF_INET6)];
    expect(count()).toBe(before + 3);
    expect(count()).toBe(before + 3);
    for (const fd of closed) closeSocket(fd);
    expect(count()).toBe(before);
  });

  test("shows that a process sleeps, or was stopped", async () => {
    const state = (): string | undefined =>
      observer.look(MOMENT).processes.find(({ pid }) => pid === child.pid)?.state;
    await vi.waitFor(() => expect(state()).toBe("S"), { timeout: 20_000 });
    child.kill("SIGSTOP");
    await vi.waitFor(() => expect(state()).toBe("T"), { timeout: 20_000 });
    child.kill("SIGCONT");
  });

  test("shows a process whose process group has lost its leader", async () => {
    // The shell leads a group of its own, and ends while its child sleeps.
    const shell = spawn("sh", ["-c", "sleep 60 & read -r line"], {
      detached: true,
      stdio: ["pipe", "ignore", "ignore"],
    });
    await once(shell, "spawn");
    const program = observeProcesses(host, () => new Map([["server", shell.pid!]]));
    const left = (): string[] =>
      program
        .look(MOMENT)
        .processes.map(({ name, leaderEnded }) => `${name} ${leaderEnded}`)
        .toSorted();
    await vi.waitFor(() => expect(left()).toEqual(["sh false", "sleep false"]), { timeout: 20_000 });
    shell.stdin.end("\n");
    await once(shell, "exit");
    expect(left()).toEqual(["sleep true"]);
    process.kill(-shell.pid!, "SIGKILL");
    program.close();
  });

  test("gives the listeners observer the holders of listening sockets", () => {
    observer.look(MOMENT);
    const { port } = server.address() as AddressInfo;
    const pidsOf = (listeners: ReturnType<typeof observeListeners>): (number[] | undefined)[] => {
      const sample = listeners.look(MOMENT);
      listeners.close();
      return sample.listeners.filter((one) => one.port === port).map(({ pids }) => pids);
    };
    expect(pidsOf(observeListeners(host, () => observer.holders()))).toEqual([[process.pid]]);
    expect(pidsOf(observeListeners(host))).toEqual([undefined]);
  });

  test("and with tcp_info, a census tells connections apart by what was exchanged over them", async () => {
    const { port } = server.address() as AddressInfo;
    const census = observeSockets(host, { ports: [port], tcpInfo: true });
    const seen = (): string[] =>
      census
        .look(MOMENT)
        .groups.filter(({ state }) => state !== "TIME-WAIT")
        .map(({ state, side, exchanged, count }) => `${state} ${side} ${exchanged} ${count}`);
    expect(seen()).toEqual([
      "ESTABLISHED listener nothing 1",
      "LISTEN listener undefined 1",
      "ESTABLISHED connector nothing 1",
    ]);
    client.write("ping");
    await vi.waitUntil(() => seen().includes("ESTABLISHED listener received 1"), { timeout: 20_000 });
    expect(seen()).toContain("ESTABLISHED connector sent 1");
    const [sample] = census.look(MOMENT).groups.filter(({ side }) => side === "connector");
    expect(sample?.examples[0]?.tcpInfo).toMatchObject({
      bytesSent: 4,
      bytesReceived: 0,
      dataSegmentsSent: 1,
    });
    census.close();
  });

  test("is still taken when a process has exited", async () => {
    const brief = spawn("true", { stdio: "ignore" });
    await once(brief, "exit");
    expect(observer.look(MOMENT).processes.map(({ pid }) => pid)).not.toContain(brief.pid);
  });
});
