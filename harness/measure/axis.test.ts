import fc from "fast-check";
import { expect, test } from "vitest";
import type { Header, Recording } from "../model/recording.ts";
import type { PhaseSample, Sample } from "../model/sample.ts";
import { at, handMade, packetAt, plainHeader, socketsAt } from "../recording/hand-made.fixture.ts";
import { onOneAxis, trialsOf, unobservedHosts } from "./axis.ts";

const HOSTS = ["client", "server"] as const;
type HostHere = (typeof HOSTS)[number];

const { addresses, sysctls } = plainHeader();
const only = (host: HostHere, changes: Partial<Header> = {}): Partial<Header> => ({
  addresses: { [host]: addresses[host] ?? [] },
  sysctls: { [host]: sysctls[host] ?? {} },
  ...changes,
});
const phase = (ms: number, event: "begin" | "end"): PhaseSample => ({
  ...at(ms),
  kind: "phase",
  event,
  ...(event === "end" && { met: true }),
});
const looks = (host: HostHere, times: number[]): Sample[] => [
  phase(0, "begin"),
  ...times.map((ms) => socketsAt(at(ms), host, [])),
  phase(5000, "end"),
];
const part = (host: HostHere, times: number[], changes: Partial<Header> = {}): Recording =>
  handMade(looks(host, times), only(host, changes));

test("no sample is lost, each keeps its time on the clock, and they are in the order of time", () => {
  const times = fc.array(fc.integer({ min: 0, max: 4999 })).map((all) => all.toSorted((a, b) => a - b));
  const origin = fc.integer({ min: 1_000_000, max: 5_000_000 });
  fc.assert(
    fc.property(times, times, origin, origin, (client, server, clientOriginUs, serverOriginUs) => {
      const parts: [Recording, Recording] = [
        part("client", client, { originUs: clientOriginUs }),
        part("server", server, { originUs: serverOriginUs }),
      ];
      const whole = onOneAxis(parts);
      expect(whole.header.originUs).toBe(Math.min(clientOriginUs, serverOriginUs));
      const clockOf = ({ header, samples }: Recording): string[] =>
        samples
          .filter((sample) => sample.kind === "sockets")
          .map(({ atUs, host }) => `${header.originUs + atUs} ${host}`);
      expect(clockOf(whole).toSorted()).toEqual(parts.flatMap(clockOf).toSorted());
      const order = whole.samples.map(({ atUs }) => atUs);
      expect(order).toEqual(order.toSorted((a, b) => a - b));
      expect(unobservedHosts(whole)).toEqual([]);
      expect(whole.samples.filter(({ kind }) => kind === "phase")).toHaveLength(2);
      expect(whole.samples.filter(({ kind }) => kind === "end")).toEqual([whole.samples.at(-1)]);
    }),
  );
});

test("a segment's departure moves with it", () => {
  const segment = packetAt(at(7), "client", ["SYN"], { sentUs: 9000 });
  const late = handMade([segment, packetAt(at(8), "client", ["ACK"], { sentUs: null })], {
    ...only("client", { originUs: 1_500_000 }),
  });
  const whole = onOneAxis([handMade([], only("server")), late]);
  expect(whole.samples).toMatchObject([
    { atUs: 507_000, sentUs: 509_000 },
    { atUs: 508_000, sentUs: null },
    {},
  ]);
});

test("one recording stays as it is", () => {
  const whole = handMade(looks("server", [1, 2, 3]));
  expect(onOneAxis([whole])).toBe(whole);
  expect(unobservedHosts(whole)).toEqual([]);
  expect(unobservedHosts(part("client", []))).toEqual(["server"]);
});

test.each<[string, Partial<Header>]>([
  ["of another boot", { bootId: "00000000-0000-4000-8000-000000000001" }],
  ["of another experiment", { experiment: "linger-zero-reset" }],
  ["of another variant", { variant: "fixed" }],
  ["of a later trial", { originUs: 100_000_000 }],
  ["of another setup", { setup: { ...plainHeader().setup, interventions: [], phases: [] } }],
])("a part %s is another trial", (_, changes) => {
  const [client, server] = [part("client", [1]), part("server", [1])];
  expect(trialsOf([client, server])).toEqual([[client, server]]);
  const other = part("server", [1], changes);
  expect(trialsOf([client, other])).toEqual([[client], [other]]);
});

test("two recordings of one host are two trials, and so are two whole ones", () => {
  const [one, other] = [part("client", [1]), part("client", [2])];
  expect(trialsOf([one, other])).toHaveLength(2);
  expect(trialsOf([handMade([]), handMade([])])).toHaveLength(2);
});

test("parts with different phases are a fault", () => {
  const other = handMade([phase(0, "begin")], only("server"));
  const whole = onOneAxis([part("client", [1]), other]);
  expect(whole.samples.filter(({ kind }) => kind === "fault")).toMatchObject([
    { because: expect.stringContaining("different phases") as string },
  ]);
});

test("a fault that ended both parts occurs once, and the worst end is the end", () => {
  const fault: Sample = { ...at(9), kind: "fault", because: "the server is gone" };
  const end: Sample = { ...at(10), kind: "end", reason: "fault" };
  const whole = onOneAxis([
    handMade([fault], only("client")),
    handMade([{ ...fault, atUs: 9100 }, end], only("server")),
  ]);
  expect(whole.samples.filter(({ kind }) => kind === "fault")).toHaveLength(1);
  expect(whole.samples.at(-1)).toMatchObject({ kind: "end", reason: "fault" });
});

test("the whole is cut off if a part is", () => {
  const cut: Recording = { ...part("server", [1]), cutOff: "its last line was cut off" };
  cut.samples = cut.samples.filter(({ kind }) => kind !== "end");
  const whole = onOneAxis([part("client", [1]), cut]);
  expect(whole.cutOff).toBe("that of server: its last line was cut off");
  expect(whole.samples.some(({ kind }) => kind === "end")).toBe(false);
});
