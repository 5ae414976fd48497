import fc from "fast-check";
import { expect, test } from "vitest";
import { familiesOf, type Member } from "./families.ts";

const member = (pid: number, parentPid: number, name: string, session = 1): Member => ({
  pid,
  parentPid,
  name,
  session,
});

test("a master and its workers that hold one listening socket are a family, named after the master", () => {
  const all = [member(7, 1, "nginx"), member(8, 7, "worker"), member(9, 7, "worker")];
  expect(familiesOf(all, [{ port: 80, pids: [8, 7, 9] }])).toEqual([
    { pid: 7, name: "nginx", pids: [7, 8, 9], ports: [80] },
  ]);
});

test("workers with a listening socket each are a family with their master, if they share a port and are the same program", () => {
  const all = [member(7, 1, "edge"), member(8, 7, "edge"), member(9, 7, "edge")];
  const each = (ports: [number, number]) => [
    { port: ports[0], pids: [8] },
    { port: ports[1], pids: [9] },
  ];
  expect(familiesOf(all, each([80, 80]))).toEqual([{ pid: 7, name: "edge", pids: [7, 8, 9], ports: [80] }]);
  expect(familiesOf(all, each([80, 81]))).toHaveLength(3);
  const shell = [member(7, 1, "sh"), member(8, 7, "edge"), member(9, 7, "edge")];
  expect(familiesOf(shell, each([80, 80]))).toHaveLength(3);
});

test("a child of a server belongs to it, although it holds no listener", () => {
  const all = [member(7, 1, "server"), member(8, 7, "sh"), member(9, 8, "sleep")];
  expect(familiesOf(all, [{ port: 80, pids: [7] }])).toMatchObject([{ pid: 7, pids: [7, 8, 9] }]);
});

test("what somebody starts in a login does not belong to the server of the login", () => {
  const all = [member(7, 1, "sshd", 7), member(8, 7, "bash", 8), member(9, 8, "node", 8)];
  const families = familiesOf(all, [{ port: 22, pids: [7] }]);
  expect(families.map(({ name, pids }) => [name, pids])).toEqual([
    ["sshd", [7]],
    ["bash", [8]],
    ["node", [9]],
  ]);
});

test("an orphan that kept the listener stays in the family, and a program with two ports has both", () => {
  const all = [member(7, 1, "server"), member(8, 1, "sleep", 8)];
  const listening = [
    { port: 81, pids: [7] },
    { port: 80, pids: [7, 8] },
  ];
  expect(familiesOf(all, listening)).toEqual([{ pid: 7, name: "server", pids: [7, 8], ports: [80, 81] }]);
});

test("every process is in one family, whatever the parents are", () => {
  const one = fc.record({
    pid: fc.integer({ min: 1, max: 12 }),
    parentPid: fc.integer({ min: 0, max: 12 }),
    session: fc.integer({ min: 1, max: 2 }),
    name: fc.constant("x"),
  });
  const all = fc.uniqueArray(one, { selector: ({ pid }) => pid, maxLength: 12 });
  const listening = fc.array(
    fc.record({
      port: fc.constantFrom(80, 81),
      pids: fc.array(fc.integer({ min: 1, max: 14 }), { maxLength: 3 }),
    }),
    { maxLength: 4 },
  );
  fc.assert(
    fc.property(all, listening, (members, listeners) => {
      const pids = familiesOf(members, listeners).flatMap((family) => family.pids);
      expect(pids.toSorted((a, b) => a - b)).toEqual(members.map(({ pid }) => pid).toSorted((a, b) => a - b));
    }),
  );
});
