import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { exposition, type Family } from "./exposition.ts";
import { counterMetric } from "./names.ts";
import { readExposition } from "./reader.fixture.ts";

const family = (series: Family["series"], changes: Partial<Family> = {}): Family => ({
  name: "lastack_x",
  type: "gauge",
  help: "Something.",
  series,
  ...changes,
});

test("a family is its help, its type and its series", () => {
  const text = exposition([
    family([
      { labels: { a: "1", b: "2" }, value: 23 },
      { labels: {}, value: 0 },
    ]),
    family([], { name: "lastack_empty" }),
    family([{ labels: {}, value: 97 }], { name: "lastack_y_total", type: "counter", help: "A\nB\\C." }),
  ]);
  expect(text).toBe(
    "# HELP lastack_x Something.\n# TYPE lastack_x gauge\n" +
      'lastack_x{a="1",b="2"} 23\nlastack_x 0\n' +
      "# HELP lastack_y_total A\\nB\\\\C.\n# TYPE lastack_y_total counter\nlastack_y_total 97\n",
  );
});

describe("whatever a label's value is", () => {
  test("a strict reader gets it back", () => {
    const value = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string(),
      fc.constantFrom('"', "\\", "\n", '\\"\n', "\\n"),
    );
    fc.assert(
      fc.property(fc.uniqueArray(value, { minLength: 1, maxLength: 9 }), fc.string(), (values, help) => {
        const series = values.map((one, nth) => ({ labels: { process: one, end: "x" }, value: nth }));
        expect(readExposition(exposition([family(series, { help })]))).toEqual([family(series, { help })]);
      }),
    );
  });
});

test.each([
  [[family([{ labels: {}, value: 1 }], { name: "no-name" })], /"no-name" is no name of a metric/],
  [[family([{ labels: { "a-b": "" }, value: 1 }])], /"a-b" is no name of a label/],
  [
    [
      family([
        { labels: { a: "1" }, value: 1 },
        { labels: { a: "1" }, value: 2 },
      ]),
    ],
    /two series with the same labels/,
  ],
])("what the format does not allow is refused", (families, words) => {
  expect(() => exposition(families)).toThrow(words);
});

test.each([
  ["TcpExtListenOverflows", "lastack_tcp_ext_listen_overflows_total"],
  ["TcpExtTCPReqQFullDrop", "lastack_tcp_ext_tcp_req_q_full_drop_total"],
  ["TcpExtTCPAbortOnData", "lastack_tcp_ext_tcp_abort_on_data_total"],
  ["TcpOutRsts", "lastack_tcp_out_rsts_total"],
  ["TcpExtTW", "lastack_tcp_ext_tw_total"],
])("the metric of the counter %s is %s", (counter, metric) => {
  expect(counterMetric(counter)).toBe(metric);
});
