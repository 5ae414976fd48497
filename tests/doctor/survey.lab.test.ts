import { beforeAll, describe, expect, test } from "vitest";
import type { Seen } from "../../harness/diagnosis/survey.ts";
import { inLab } from "./in-lab.ts";

interface Surveyed {
  own: number;
  child: number;
  unread: unknown[];
  unseen: number;
  seen: (Omit<Seen, "groups"> & {
    groups: { state: string; side: string; port: number; owner: string; count: number; hasInfo: boolean }[];
  })[];
}

describe("a survey of one process's sockets, its child's and those that nobody holds", () => {
  let surveyed: Surveyed;
  beforeAll(() => {
    surveyed = inLab("tests/fixtures/doctor/surveyed.ts", []);
  });
  const subject = (name: string): Surveyed["seen"][number] | undefined =>
    surveyed.seen.find((one) => one.subject.name === name);
  const family = (): Surveyed["seen"][number] | undefined =>
    surveyed.seen.find(({ subject: { kind } }) => kind === "family");
  const count = (state: string, side: string, port: number, owner: string): number =>
    (family()?.groups ?? [])
      .filter((one) => one.state === state && one.side === side && one.port === port && one.owner === owner)
      .reduce((sum, one) => sum + one.count, 0);

  test("a process and its child are one family, with the ports on which they listen", () => {
    expect(surveyed.seen.filter(({ subject: { kind } }) => kind === "family")).toHaveLength(1);
    expect(family()?.subject).toMatchObject({ pid: surveyed.own, ports: [8080, 8081] });
    // tsx has a child, too.
    const subject = family()?.subject as { pids: number[] } | undefined;
    expect(subject?.pids).toEqual(expect.arrayContaining([surveyed.own, surveyed.child]));
  });

  test("kept connections have both ends, and the side and owner of each", () => {
    expect(count("ESTABLISHED", "listener", 8080, "listener")).toBe(3);
    // The process that connects also listens on that port, but this is not the listening end.
    expect(count("ESTABLISHED", "connector", 8080, "process")).toBe(3);
  });

  test("a TIME-WAIT belongs to who uses its destination, and an orphan to its port's family", () => {
    expect(count("TIME-WAIT", "connector", 8080, "none")).toBe(1);
    expect(count("FIN-WAIT-2", "connector", 8080, "none")).toBe(1);
    expect(count("CLOSE-WAIT", "listener", 8080, "listener")).toBe(1);
  });

  test("a socket in two processes is shared, by inode", () => {
    const both = [surveyed.own, surveyed.child];
    expect(family()?.shared.filter(({ pids }) => pids.join() === both.join()).length).toBeGreaterThanOrEqual(
      1,
    );
    expect(count("ESTABLISHED", "listener", 8081, "shared")).toBe(1);
  });

  test("what is left of a port without a listener is a subject of its own", () => {
    expect(subject("port-8082")).toMatchObject({
      subject: { kind: "remains", side: "listener", port: 8082, isHeld: false },
      groups: [{ state: "TIME-WAIT", owner: "none", count: 1 }],
      processes: [],
    });
  });

  test("listeners have their queues, processes their descriptors, and connections struct tcp_info", () => {
    expect(family()?.listeners.map(({ port, queue }) => [port, queue])).toEqual([
      [8080, 0],
      [8081, 0],
    ]);
    const pids = family()?.processes.map(({ pid }) => pid);
    expect(pids).toEqual(expect.arrayContaining([surveyed.own, surveyed.child]));
    for (const { descriptors, sockets } of family()?.processes ?? [])
      expect(descriptors).toBeGreaterThanOrEqual(sockets);
    const open =
      family()?.groups.filter(({ state }) => state === "ESTABLISHED" || state === "CLOSE-WAIT") ?? [];
    expect(open.every(({ hasInfo }) => hasInfo)).toBe(true);
    expect([surveyed.unread, surveyed.unseen]).toEqual([[], 0]);
  });
});
