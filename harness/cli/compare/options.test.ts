import fc from "fast-check";
import { expect, test } from "vitest";
import { UsageError } from "../../runs/errors.ts";
import { readOptions } from "./options.ts";

test("the default plan, and a plan from options", () => {
  expect(readOptions([]).plan).toEqual({
    arms: [1, 2, 5, 10, 100, null],
    rttsMs: [0, 1, 20],
    connections: 7,
    repetitions: 5,
    seconds: 0.4,
    tls: false,
    insecure: false,
  });
  const asked = readOptions([
    "--rtt",
    "20,0.5",
    "--requests-per-connection",
    "unlimited,3,1",
    "--tls",
    "--duration",
    "2.5",
  ]);
  expect(asked.plan).toMatchObject({ rttsMs: [0.5, 20], arms: [1, 3, null], tls: true, seconds: 2.5 });
  expect(readOptions(["--url", "http://127.0.0.1:8080/"])).toMatchObject({
    url: "http://127.0.0.1:8080/",
    mine: false,
    plan: { rttsMs: [] },
  });
});

test("--requests, --repetitions and --seconds are understood as the names that the other commands have", () => {
  const { plan } = readOptions(["--requests", "1,3", "--repetitions=2", "--seconds", "0.5"]);
  expect(plan).toMatchObject({ arms: [1, 3], repetitions: 2, seconds: 0.5 });
});

test("a certificate is checked, unless it is the lab's own or the user does not want it", () => {
  const url = ["--url", "https://127.0.0.1:8443/"];
  expect(readOptions(url).plan.insecure).toBe(false);
  expect(readOptions([...url, "--insecure"]).plan.insecure).toBe(true);
  expect(readOptions(["--tls"]).plan).toMatchObject({ tls: true, insecure: true });
});

test.each<[string[], RegExp]>([
  [["--repeat", "2", "--repetitions", "3"], /--repeat was given more than once, and takes one value/],
  [["--rtt", "501"], /--rtt takes milliseconds from 0 to 500, separated by commas, not "501"/],
  [["--rtt", "1,1"], /has the same time twice/],
  [["--rtt", ""], /--rtt takes milliseconds/],
  [["--rtt", "1,2,3,4,5,6,7,8,9,10,11"], /at most 10 times/],
  [
    ["--requests-per-connection", "0"],
    /--requests-per-connection takes numbers from 1 to 1000000 and the word unlimited/,
  ],
  [["--requests-per-connection", "1,2,3,4,5,6,7"], /at most 6 arms/],
  [["--requests-per-connection", "2,2"], /has the same arm twice/],
  [["--connections", "998"], /--connections takes a whole number from 1 to 997/],
  [["--repeat", "0"], /--repeat takes a whole number/],
  [["--duration", "0.1"], /--duration takes a number from 0\.2 to 60/],
  [["--url", "http://127.0.0.1/", "--rtt", "1"], /--rtt works only in the lab.* has no wire in front of it/],
  [["--url", "http://127.0.0.1/", "--tls"], /--tls works only in the lab.* write https:\/\/ in the URL/],
  [["--url", "http://127.0.0.1/", "--out", "x"], /--out works only in the lab.* makes no recordings/],
  [["--url", "http://127.0.0.1/", "--insecure"], /--insecure is for --url with https/],
  [["--insecure"], /--insecure is for --url with https/],
  [["faster"], /takes only options, and "faster" is not one/],
])("%j is wrong usage", (args, sentence) => {
  expect(() => readOptions(args)).toThrow(sentence);
  expect(() => readOptions(args)).toThrow(UsageError);
});

test("any list is either refused with a UsageError, or its numbers are sorted", () => {
  const list = fc.oneof(
    fc.string(),
    fc
      .array(fc.oneof(fc.nat(600).map(String), fc.constantFrom("unlimited", "-1", "1e3", "", " 1")))
      .map(String),
  );
  fc.assert(
    fc.property(fc.constantFrom("--rtt", "--requests-per-connection"), list, (option, text) => {
      try {
        const { rttsMs, arms } = readOptions([`${option}=${text}`]).plan;
        const numbers = option === "--rtt" ? rttsMs : arms.map((one) => one ?? Infinity);
        expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
        expect(new Set(numbers).size).toBe(text.split(",").length);
      } catch (error) {
        expect(error).toBeInstanceOf(UsageError);
      }
    }),
  );
});
