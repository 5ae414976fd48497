import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { descendants } from "../kernel/process.ts";
import { at } from "../recording/hand-made.fixture.ts";
import { parseSample } from "../recording/schema.ts";
import { observePressure } from "./pressure.ts";

const LATE = { lookLateUs: 3, turnLateUs: 5 };

test("a sample has the trial, its programs by name and its wires by place, and matches the schema", () => {
  const observer = observePressure(() => ({
    programs: new Map([["server", process.pid]]),
    wires: [undefined, process.pid],
  }));
  const look = observer.look(at(17), LATE);
  expect(look).toMatchObject({ kind: "pressure", atUs: 17_000, ...LATE });
  expect(look.programs["server"]?.ranUs).toBeGreaterThan(0);
  expect(look.wires[0]).toBeNull();
  expect(look.wires[1]?.ranUs).toBeGreaterThan(0);
  expect(parseSample(look)).toEqual({ value: look });
  const all = observer.lookAtAll(at(18), LATE);
  expect(all.threads?.trial?.ranUs).toBeGreaterThanOrEqual(look.trial?.ranUs ?? Number.NaN);
  expect(parseSample(all)).toEqual({ value: all });
});

test("the children of a program count for it from the first sample that looked for them", async () => {
  const loop = "i=0; while [ $i -lt 50000 ]; do i=$((i+1)); done; echo done";
  const child = spawn("sh", ["-c", `sh -c 'read x; ${loop}; read x'; true`], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  const programs = new Map([["server", child.pid ?? 0]]);
  const observer = observePressure(() => ({ programs, wires: [] }));
  const ran = (): number => observer.look(at(3), LATE).programs["server"]?.ranUs ?? 0;
  await expect.poll(() => descendants(child.pid ?? 0).length).toBe(2);
  observer.lookAtAll(at(2), LATE);
  const before = ran();
  child.stdin.write("\n");
  await once(child.stdout, "data");
  expect(ran()).toBeGreaterThan(before + 2000);
  child.stdin.end();
  await once(child, "exit");
  observer.close();
});

test("a program that has exited has no row", () => {
  // Above the kernel's PID_MAX_LIMIT (include/linux/threads.h).
  const observer = observePressure(() => ({ programs: new Map([["server", 4_194_305]]), wires: [] }));
  expect(observer.look(at(1), LATE).programs).toEqual({});
});
