import { describe, expect, test } from "vitest";
import { group } from "../recording/hand-made.fixture.ts";
import { diagnose } from "./diagnose.ts";
import {
  closeWait,
  examination,
  exhaustion,
  family,
  general,
  hidden,
  idle,
  leak,
  patient,
  resets,
  slow,
  withExample,
} from "./hand-made.fixture.ts";

const ALL = [general, leak, exhaustion, resets, idle, hidden];
const EVERYTHING = { port: null, pid: null };
const server = family(7, "server", [8080]);
const client = family(8, "client");
const ids = (found: { mode: { id: string } }[]): string[] => found.map(({ mode }) => mode.id);

describe("a whole namespace", () => {
  const { found, remarks, ruledOut, invisible, undecided, examined } = diagnose(
    ALL,
    examination([
      patient(server, [withExample(closeWait(97), { pids: [7] })]),
      patient(client, [group("ESTABLISHED", "connector", 5)]),
    ]),
    EVERYTHING,
  );

  test("is judged subject by subject, and the more general mode comes last", () => {
    expect(ids(found)).toEqual(
      ["leak", "general", "exhaustion"].toSorted((a, b) => ids(found).indexOf(a) - ids(found).indexOf(b)),
    );
    expect(ids(found).indexOf("leak")).toBeLessThan(ids(found).indexOf("general"));
    expect(new Set(found.map(({ subject }) => subject.name))).toEqual(new Set(["server-7"]));
    expect(found[0]?.sockets).toMatchObject({
      count: 97,
      pids: [7],
      example: { state: "CLOSE-WAIT", inode: 4711 },
    });
    expect(examined.map(({ isOtherEnd }) => isOtherEnd)).toEqual([false, false]);
  });

  test("what a healthy program can show, too, is a remark", () => {
    expect(remarks.map(({ mode, subject }) => [mode.id, subject.name])).toEqual([["idle", "client-8"]]);
  });

  test("a mode without a symptom is neither found nor ruled out", () => {
    expect([ids(undecided), ruledOut.map(({ id }) => id), invisible.map(({ id }) => id)]).toEqual([
      [],
      ["resets"],
      ["hidden"],
    ]);
  });
});

describe("counters", () => {
  const looked = examination([patient(server, []), patient(client, [])], { counters: { TcpOutRsts: 23 } });

  test("accuse no process: the namespace shows the mode, once", () => {
    const { found } = diagnose(ALL, looked, EVERYTHING);
    expect(found.map(({ mode, subject }) => [mode.id, subject.kind])).toEqual([["resets", "namespace"]]);
  });

  test("say nothing about a port that nobody has", () => {
    expect(diagnose(ALL, looked, { port: 9, pid: null })).toMatchObject({ found: [], examined: [] });
  });
});

describe("a port, or a process", () => {
  const leaking = patient(client, [
    group("CLOSE-WAIT", "connector", 23),
    group("CLOSE-WAIT", "connector", 23, { port: 5432 }),
  ]);
  const all = examination([
    patient(server, [group("ESTABLISHED", "listener", 23)]),
    leaking,
    patient(family(9, "other", [5432]), [group("ESTABLISHED", "listener", 23, { port: 5432 })]),
    patient({ kind: "remains", name: "port-99", side: "listener", port: 99, isHeld: false }, [
      closeWait(23, { port: 99 }),
    ]),
  ]);

  test("the other end of its connections on this host is accused, and only for these connections", () => {
    const { found, examined } = diagnose([leak], all, { port: 8080, pid: null });
    expect(examined.map(({ subject, isOtherEnd }) => [subject.name, isOtherEnd])).toEqual([
      ["server-7", false],
      ["client-8", true],
    ]);
    expect(found).toMatchObject([
      { subject: { name: "client-8" }, isOtherEnd: true, sockets: { count: 23 } },
    ]);
  });

  test("a process is asked about by any pid that it had in some look", () => {
    const { found, examined } = diagnose([leak], all, { port: null, pid: 8 });
    expect(examined.map(({ subject }) => subject.name)).toEqual(["client-8", "server-7", "other-9"]);
    expect(found).toMatchObject([{ isOtherEnd: false, sockets: { count: 46 } }]);
  });

  test("a port without a listener is what is left on it", () => {
    const { examined } = diagnose([leak], all, { port: 99, pid: null });
    expect(examined.map(({ subject }) => subject.name)).toEqual(["port-99"]);
  });
});

describe("what could not be judged", () => {
  test("a time that was too short is said with its mode, and the mode is not ruled out", () => {
    const { undecided, ruledOut } = diagnose(
      [slow],
      examination([patient(server, [closeWait(23)])]),
      EVERYTHING,
    );
    expect(undecided).toMatchObject([{ mode: { id: "slow" }, subject: { name: "server-7" } }]);
    expect(undecided[0]?.because).toContain("span only 3.00 s");
    expect(ruledOut).toEqual([]);
  });

  test("sockets of a process that is not visible are never taken for healthy", () => {
    const hiddenHolder = {
      kind: "remains",
      name: "port-8080",
      side: "listener",
      port: 8080,
      isHeld: true,
    } as const;
    const { found, undecided } = diagnose(
      [leak, exhaustion],
      examination([patient(hiddenHolder, [closeWait(23, { owner: "unseen" })])]),
      EVERYTHING,
    );
    expect(found).toEqual([]);
    expect(undecided).toMatchObject([
      {
        mode: { id: "leak" },
        because: "it depends on who holds 23 sockets, and that process is not visible",
      },
    ]);
  });

  test("a remark stays open without a word, and is not ruled out", () => {
    const open = { ...slow, visible: { as: "remark", because: "b" } } as const;
    const { undecided, remarks, ruledOut } = diagnose(
      [open],
      examination([patient(server, [closeWait(23)])]),
      EVERYTHING,
    );
    expect([undecided, remarks, ruledOut]).toEqual([[], [], []]);
  });
});
