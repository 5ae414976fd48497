import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { packageRoot } from "../harness/lab/paths.ts";
import { meteredCounters } from "../harness/measure/metered-counters.ts";
import type { Census } from "../harness/model/census.ts";
import { TCP_STATES } from "../harness/model/state.ts";
import { group } from "../harness/recording/hand-made.fixture.ts";
import { metricFamilies } from "../harness/report/prometheus/families.ts";
import { loadCatalogue } from "../harness/runs/catalogue.ts";
import { expressionOf } from "../scripts/alerts/expression.ts";
import { alertsDocument } from "../scripts/alerts/document.ts";
import { readTold } from "../scripts/alerts/project.ts";
import type { Rule, Told } from "../scripts/alerts/rule.ts";
import { readPromql } from "./alerts/promql.ts";

const text = readFileSync(join(packageRoot, "docs/alerts.yaml"), "utf8");
const { groups } = parse(text, { strict: true }) as { groups: { name: string; rules: Rule[] }[] };
const rules = groups.flatMap((one) => one.rules);
let told: Told[] = [];
beforeAll(async () => {
  told = await readTold();
}, 120_000);

test("docs/alerts.yaml is what npm run pages writes", () => {
  expect(text === alertsDocument(told), "npm run pages").toBe(true);
});

test("every failure mode has a rule, or a reason why it has none", () => {
  for (const one of told) {
    if ("rule" in one) expect(rules.map(({ labels }) => labels.mode)).toContain(one.mode.id);
    else expect(text.replaceAll(/\n#\s+/g, " ")).toContain(` ${one.mode.id}: ${one.because}`);
  }
  expect(rules.length).toBe(told.filter((one) => "rule" in one).length);
  expect(rules.length).toBeGreaterThanOrEqual(10);
});

/** A namespace with everything that a metric can show. */
const full: Census = {
  total: 2,
  states: { "CLOSE-WAIT": 1, "TIME-WAIT": 1 },
  sides: { listener: { "CLOSE-WAIT": 1 }, connector: { "TIME-WAIT": 1 } },
  groups: [group("CLOSE-WAIT", "listener", 1), group("TIME-WAIT", "connector", 1)],
  held: { processes: [], none: { "TIME-WAIT": 1 }, unseen: {} },
  listeners: [{ address: "192.0.2.2", port: 8080, queue: 0, backlog: 4, inode: 1 }],
  peers: [
    {
      side: "connector",
      address: "192.0.2.1",
      port: 80,
      sockets: 1,
      states: { "TIME-WAIT": 1 },
      localPorts: 1,
    },
  ],
  read: { by: "sock_diag", pid: null, because: null, missing: [] },
};

describe("the rules", () => {
  test("name only metrics and labels that census --prometheus prints, and states that TCP has", async () => {
    const catalogue = (await loadCatalogue()).map(({ experiment }) => experiment);
    const families = metricFamilies({
      census: full,
      counters: Object.fromEntries(meteredCounters(catalogue).map((name) => [name, 1])),
      sysctls: {
        "net.ipv4.ip_local_port_range": "32768 60999",
        "net.ipv4.tcp_max_tw_buckets": "4096",
        "net.ipv4.tcp_tw_reuse": "2",
      },
      timeWaitRecords: 1,
    });
    const labelsOf = new Map(
      families.map(({ name, series }) => [name, new Set(Object.keys(series[0]?.labels ?? {}))]),
    );
    for (const { alert, expr } of rules) {
      const { metrics, grouped } = readPromql(expr);
      const known = new Set(["job", "instance"]);
      for (const { name, labels, values } of metrics) {
        const own = labelsOf.get(name);
        expect(own, `${alert}: ${name}`).toBeDefined();
        for (const label of own ?? []) known.add(label);
        for (const label of labels) expect(own, `${alert}: ${name}`).toContain(label);
        if (labels.includes("state"))
          expect(values.some((value) => (TCP_STATES as readonly string[]).includes(value))).toBe(true);
      }
      for (const label of grouped) expect(known, `${alert}: ${label}`).toContain(label);
    }
  });

  test("say what it is, where to read, what to run, and what they cannot tell", () => {
    for (const { alert, annotations, labels } of rules) {
      expect(alert).toMatch(/^Lastack[A-Z][A-Za-z\d]+$/);
      expect(annotations.summary).toContain("{{ $labels.instance }}");
      expect(annotations.page).toBe(`experiments/${labels.mode}/README.md`);
      expect(annotations.doctor).toMatch(/^lastack doctor( --port \{\{ \$labels\.port \}\})?$/);
      expect(annotations.cannot_tell.length).toBeGreaterThan(20);
    }
  });

  test("have a port only where their expression has one", () => {
    for (const { alert, expr, annotations } of rules) {
      const shows = Object.values(annotations).join(" ").includes("$labels.port");
      const [first = ""] = expr.split("\n");
      expect(shows, alert).toBe(/by \([^)]*\bport\b/.test(first));
    }
  });
});

describe("an expression", () => {
  const sockets = { of: "sockets", each: "port", stays: true } as const;

  test("joins conditions on the same end by its port, those on a listener by its port, and counters by the namespace", () => {
    const listening = { state: "CLOSE-WAIT", side: "listener" } as const;
    expect(
      expressionOf([
        { of: "counter", counter: "TcpExtListenOverflows", is: { atLeast: 1 } },
        { ...sockets, which: listening, is: { atLeast: 5 } },
        { of: "accept queue", is: "full" },
        { ...sockets, which: { ...listening, owner: ["process", "shared"] }, is: { atMost: 0 } },
      ]).split("\n"),
    ).toEqual([
      'sum by (job, instance, end, port) (lastack_sockets{state="CLOSE-WAIT", end="listening", port!="other"}) >= 5',
      "and on (job, instance, port) (max by (job, instance, port) (lastack_listener_queue_connections - lastack_listener_backlog_connections) > 0)",
      "and on (job, instance) (increase(lastack_tcp_ext_listen_overflows_total[5m]) >= 1)",
      'unless on (job, instance, end, port) (sum by (job, instance, end, port) (lastack_sockets{state="CLOSE-WAIT", end="listening", owner=~"process|shared", port!="other"}) > 0)',
    ]);
  });

  test("counts sockets without a timer with those that only delay an acknowledgement, as a symptom does", () => {
    const which = { timer: ["none", "keepalive"], receiveQueue: "holding" } as const;
    expect(expressionOf([{ ...sockets, which, is: { above: 2, below: 7 } }])).toBe(
      '(sum by (job, instance, end, port) (lastack_sockets{timer=~"none|delack|keepalive", receive_queue="holding", port!="other"}) > 2) < 7',
    );
  });

  test("divides a share by the limit of the same namespace, and a destination's by its own ports", () => {
    const timeWait = {
      of: "sockets",
      which: { state: "TIME-WAIT" },
      is: { atLeast: 0.9 },
      stays: false,
    } as const;
    expect(expressionOf([{ ...timeWait, each: "destination", outOf: "local ports" }])).toBe(
      'sum by (job, instance, address, port) (lastack_destination_sockets{state="TIME-WAIT"}) / on (job, instance) group_left () lastack_local_ports >= 0.9',
    );
    expect(
      expressionOf([
        { of: "sysctl", sysctl: "net.ipv4.tcp_tw_reuse", isNot: 1 },
        { ...timeWait, each: "namespace", outOf: "TIME-WAIT limit" },
      ]).split("\n"),
    ).toEqual([
      'lastack_sysctl{name="net.ipv4.tcp_tw_reuse"} != 1',
      'and on (job, instance) (sum by (job, instance) (lastack_sockets{state="TIME-WAIT"}) / on (job, instance) lastack_time_wait_records_limit >= 0.9)',
    ]);
  });

  test("asks for no sockets alone of nobody", () => {
    expect(() => expressionOf([{ ...sockets, which: {}, is: { atMost: 0 } }])).toThrow(RangeError);
  });

  test("leaves out no condition that has no metric", () => {
    const few = { ...sockets, is: { atLeast: 5 } };
    expect(() => expressionOf([{ ...few, which: { exchanged: "sent" } }])).toThrow(/sent and received/);
    expect(() => expressionOf([{ ...few, each: "destination", which: { timer: "none" } }])).toThrow(/timer/);
  });

  test.each(["sum by (a) (b", "a >= ", "a and on b (c)", 'a{b="c" d="e"}', "increase(a)", "a b"])(
    "is refused by the reader when it is none: %s",
    (wrong) => {
      expect(() => readPromql(wrong)).toThrow(SyntaxError);
    },
  );
});
