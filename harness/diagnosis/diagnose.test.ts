import { describe, expect, test } from "vitest";
import { samplesOf } from "../measure/evidence.ts";
import type { Signs } from "../model/advice.ts";
import type { Answer, View } from "../model/expectation.ts";
import { group } from "../recording/hand-made.fixture.ts";
import { processStays } from "../verdict/vocabulary/processes.ts";
import { localUsers } from "./asked.ts";
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

/** That a process is busy: no look shows one. */
const busy = processStays({}, "busy", { forMs: 1000 }).because("it spins");
const ALL = [general, leak, exhaustion, resets, idle, hidden];
const EVERYTHING = { port: null, pid: null };
const server = family(7, "server", [8080]);
const client = family(8, "client");
const ids = (found: { mode: { id: string } }[]): string[] => found.map(({ mode }) => mode.id);

test("a mode is judged once on a subject, also where it is an alternative to others that are found there", () => {
  let judged = 0;
  const [part] = exhaustion.symptom;
  if (part === undefined) throw new Error("exhaustion has no symptom");
  const counting = (view: View): Answer => {
    judged += 1;
    return part.test(view);
  };
  const signs: Signs = { zh: "漏", seen: ["SYN-SENT"], mark: { en: "it leaks", zh: "漏" } };
  const modes = [
    { ...leak, signs },
    { ...exhaustion, symptom: [{ ...part, test: counting }], signs },
    { ...general, signs },
  ];
  const { found } = diagnose(modes, examination([patient(server, [closeWait(97)])]), EVERYTHING);
  expect(found.map(({ advice }) => advice.alternatives.map(({ id }) => id))).toEqual(
    expect.arrayContaining([expect.arrayContaining(["exhaustion"])]),
  );
  expect(judged).toBe(1);
});

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
    expect(examined.map(({ role }) => role)).toEqual(["asked", "asked"]);
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
    expect(examined.map(({ subject, role }) => [subject.name, role])).toEqual([
      ["server-7", "asked"],
      ["client-8", "other end"],
    ]);
    expect(found).toMatchObject([
      { subject: { name: "client-8" }, role: "other end", sockets: { count: 23 } },
    ]);
  });

  test("a process is asked about by any pid that it had in some look", () => {
    const { found, examined } = diagnose([leak], all, { port: null, pid: 8 });
    expect(examined.map(({ subject }) => subject.name)).toEqual(["client-8", "server-7", "other-9"]);
    expect(found).toMatchObject([{ role: "asked", sockets: { count: 46 } }]);
  });

  test("a port without a listener is what is left on it", () => {
    const { examined } = diagnose([leak], all, { port: 99, pid: null });
    expect(examined.map(({ subject }) => subject.name)).toEqual(["port-99"]);
  });
});

describe("a port on which nobody listens, and from which somebody has connected", () => {
  const outgoing = withExample(group("ESTABLISHED", "connector", 23, { port: 8500, owner: "process" }), {
    local: "192.0.2.1:40022",
    remote: "192.0.2.2:8500",
    pids: [8],
  });
  const agent = patient(client, [outgoing]);
  const asked = { port: 40_022, pid: null };

  test("is examined at whoever has it, with these connections only, and as a service's port", () => {
    const { examined } = diagnose([leak], examination([agent]), asked);
    expect(examined.map(({ subject, role }) => [subject.name, role])).toEqual([["client-8", "local user"]]);
    const [user] = localUsers([agent], asked);
    expect(user?.view.servicePorts).toEqual([40_022]);
    const groups = samplesOf(user?.view ?? agent.view, "sockets").flatMap((look) => look.groups);
    expect(new Set(groups.map(({ count }) => count))).toEqual(new Set([1]));
  });

  test("is nobody else's when somebody listens on it, and nothing at all when nobody uses it", () => {
    const listening = patient(family(9, "other", [40_022]), [
      group("LISTEN", "listener", 1, { port: 40_022 }),
    ]);
    expect(localUsers([agent, listening], asked)).toEqual([]);
    expect(localUsers([agent], { port: 40_023, pid: null })).toEqual([]);
    expect(localUsers([agent], EVERYTHING)).toEqual([]);
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
        because:
          "it depends on who holds 23 sockets, and that process is not visible; " +
          "it is so if only the listening process or one that does not listen does",
      },
    ]);
  });

  test("what is asked of a process is never ruled out where it is not visible; what no holder could change is", () => {
    const holder = {
      kind: "remains",
      name: "port-8080",
      side: "listener",
      port: 8080,
      isHeld: true,
    } as const;
    const spinning = [...leak.symptom, busy];
    const modes = [
      { ...leak, id: "spin", symptom: spinning },
      { ...leak, id: "only", symptom: [busy] },
    ];
    const idle = group("ESTABLISHED", "listener", 1, { owner: "unseen" });
    const undecidedOf = (...groups: Parameters<typeof patient>[1]) =>
      diagnose(modes, examination([patient(holder, groups)]), EVERYTHING);
    const because =
      "it depends on the descriptors or the processor time of whoever holds 23 sockets, and that process is not visible";
    expect(undecidedOf(closeWait(23, { owner: "unseen" })).undecided).toMatchObject([
      { mode: { id: "spin" }, because },
      { mode: { id: "only" }, because },
    ]);
    const { undecided, ruledOut } = undecidedOf(idle);
    expect([ids(undecided), ruledOut.map(({ id }) => id)]).toEqual([["only"], ["spin"]]);
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
