import { expect, test } from "vitest";
import { group, loadRun, look } from "./load-run.fixture.ts";
import { portsRunLow, portUse, slowFrom, sustainedPerSecond, usablePorts } from "./ports.ts";

test.each([
  ["32768\t60999", "", { low: 32_768, high: 60_999, usable: 28_232 }],
  ["40000 40019", "40003,40010-40012", { low: 40_000, high: 40_019, usable: 16 }],
  ["40000 40019", "8080,39990-40001,40019-50000", { low: 40_000, high: 40_019, usable: 17 }],
])("of the range %j without %j", (range, reserved, ports) => {
  expect(usablePorts(range, reserved)).toEqual(ports);
});

const { surroundings } = loadRun();
const measured = { fromUs: 1e6, toUs: 3e6, exhausted: 0 };
const looks = [
  look(0, []),
  look(1, [group("connector", "ESTABLISHED", 11), group("connector", "TIME-WAIT", 9000)], undefined, {
    TcpActiveOpens: 9011,
  }),
  look(3, [group("connector", "ESTABLISHED", 11), group("connector", "TIME-WAIT", 13_000)], undefined, {
    TcpActiveOpens: 13_011,
  }),
  look(4.5, [group("connector", "TIME-WAIT", 12_000), group("listener", "TIME-WAIT", 999)], undefined, {
    TcpActiveOpens: 13_011,
  }),
];

test("ports in use are this side's sockets towards the target, in whatever state", () => {
  expect(portUse(looks, { ...surroundings, timeWaitReuse: 0 }, "127.0.0.1", measured)).toMatchObject({
    usable: 28_232,
    most: 13_011,
    states: { ESTABLISHED: 11, "TIME-WAIT": 13_000 },
    mostTaken: 13_011,
    reused: false,
  });
});

test("if ports in TIME-WAIT can be reused after a second, older ones do not count as taken", () => {
  // At the second look all 9,000 can be younger; at the third, half of the 4,000 that were opened in two seconds.
  const use = portUse(looks, surroundings, "127.0.0.1", measured);
  expect(use).toMatchObject({ most: 13_011, mostTaken: 9011, reused: true });
  expect(portUse(looks.slice(1), surroundings, "127.0.0.1", measured).mostTaken).toBe(9011);
  expect(portUse(looks.slice(2), surroundings, "127.0.0.1", measured).mostTaken).toBe(13_011);
  const later = looks.map((one) => ({ ...one, monotonicUs: one.monotonicUs + 1e6 }));
  const early = look(0, []);
  expect(portUse([early, early, ...later.slice(2)], surroundings, "127.0.0.1", measured).mostTaken).toBe(
    Math.round(11 + 13_011 / 4),
  );
  expect(portUse(looks, surroundings, "192.0.2.1", measured).reused).toBe(false);
  expect(portUse(looks, { ...surroundings, timeWaitReuse: 1 }, "192.0.2.1", measured).reused).toBe(true);
});

test("the warning is printed before half of the range is taken", () => {
  const use = portUse([], surroundings, "127.0.0.1", measured);
  expect(use.mostTaken).toBe(0);
  expect(portsRunLow({ ...use, mostTaken: 11_292 })).toBe(false);
  expect(portsRunLow({ ...use, mostTaken: 11_293 })).toBe(true);
});

test("connect() is slow from half of the range on, unless the range is small", () => {
  expect([28_232, 28_231, 1024, 1022, 20].map(slowFrom)).toEqual([14_116, 14_116, 512, null, null]);
  expect(portsRunLow({ mostTaken: 20, usable: 20 })).toBe(false);
});

test("for long, as many connections can be opened as ports become free while connect() is quick", () => {
  expect(sustainedPerSecond(28_232, 1)).toBe(14_116);
  expect(Math.floor(sustainedPerSecond(28_232, 60))).toBe(235);
  expect(sustainedPerSecond(20, 1)).toBe(20);
});

test("connect() was slow while connections were opened with half of the ports taken, within the measured time", () => {
  const half = [group("connector", "TIME-WAIT", 14_116)];
  const at = (seconds: number, opened: number): ReturnType<typeof look> =>
    look(seconds, opened >= 14_116 ? half : [], undefined, { TcpActiveOpens: opened });
  const slowMs = (...some: ReturnType<typeof look>[]): number =>
    portUse(some, { ...surroundings, timeWaitReuse: 0 }, "127.0.0.1", measured).slowMs;
  expect(slowMs(at(0, 0), at(1.5, 14_116), at(2.5, 14_300), at(4, 14_500))).toBe(1500);
  expect(slowMs(at(0, 0), at(1.5, 14_000), at(4, 14_116))).toBe(0);
  // Nothing was opened: kept connections do not wait for connect().
  expect(slowMs(at(0, 0), at(1.5, 14_116), at(4, 14_116))).toBe(0);
});
