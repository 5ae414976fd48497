import { describe, expect, test } from "vitest";
import type { View } from "../model/expectation.ts";
import { family, patient } from "./hand-made.fixture.ts";
import { settingOf } from "./setting.ts";

/** A view with a somaxconn, and a listener whose queue is full at `backlog`. */
function listening(somaxconn: string | null, backlog: number): View {
  const { view } = patient(family(7, "server", [8080]), []);
  const listeners = [
    { address: "0.0.0.0", port: 80, queue: 0, backlog: 4096, inode: 1 },
    { address: "0.0.0.0", port: 8080, queue: backlog + 1, backlog, inode: 2 },
  ];
  return {
    ...view,
    sysctls: somaxconn === null ? {} : { "net.core.somaxconn": somaxconn },
    samples: [...view.samples, { kind: "listeners", atUs: 0, phase: "load", host: view.host, listeners }],
  };
}

describe("of the two limits of the fullest accept queue, one binds", () => {
  test.each([
    [
      "somaxconn",
      "128",
      true,
      "net.core.somaxconn = 128 in this network namespace; listen() got 128 on port 8080",
    ],
    ["backlog", "128", false, "net.core.somaxconn = 128 cuts it off"],
    ["somaxconn", "16384", false, "it is 16384 here, and listen() got only 128"],
    ["backlog", "16384", true, "listen() got 128 on port 8080; net.core.somaxconn = 16384 allows more"],
    ["somaxconn", "64", null, "listen() got 128 on port 8080 before net.core.somaxconn was lowered to 64"],
    ["backlog", null, null, null],
  ] as const)("%s, with somaxconn %s", (knob, somaxconn, binds, reads) => {
    expect(settingOf(knob, listening(somaxconn, 128))).toMatchObject({ binds, reads });
  });
});

test.each([
  ["0", "128", 511, true, "net.ipv4.tcp_max_syn_backlog = 128 here, and the backlog of port 8080 is 511"],
  ["0", "1024", 7, false, "it is 1024 here, and the backlog of port 8080 is only 7"],
  ["1", "128", 511, false, "it is not read while SYN cookies are on"],
] as const)(
  "with SYN cookies %s, tcp_max_syn_backlog = %s and a backlog of %i, the first binds: %s",
  (cookies, limit, backlog, binds, reads) => {
    const sysctls = { "net.ipv4.tcp_syncookies": cookies, "net.ipv4.tcp_max_syn_backlog": limit };
    expect(settingOf("max-syn-backlog", { ...listening(null, backlog), sysctls })).toMatchObject({
      binds,
      reads,
    });
  },
);

describe("a sysctl", () => {
  const view = (value: string, name = "net.ipv4.tcp_tw_reuse"): View => ({
    ...listening(null, 1),
    sysctls: { [name]: value },
  });

  test("is a cure unless it has that value already", () => {
    const knob = { sysctl: "net.ipv4.tcp_tw_reuse", unless: "1" };
    expect(settingOf(knob, view("2"))).toMatchObject({
      binds: true,
      reads: "net.ipv4.tcp_tw_reuse = 2 here",
    });
    expect(settingOf(knob, view("1"))).toMatchObject({ binds: false, reads: "it is 1 here already" });
  });

  test("is read in words where its value is no number", () => {
    const range = "net.ipv4.ip_local_port_range";
    expect(settingOf({ sysctl: range }, view("32768 60999", range)).reads).toBe(
      "net.ipv4.ip_local_port_range = 32768 60999 here: 28232 ports",
    );
    const reserved = "net.ipv4.ip_local_reserved_ports";
    expect(settingOf({ sysctl: reserved }, view("", reserved)).reads).toBe(`${reserved} is empty here`);
  });

  test("that was not read has no value, and nobody knows whether it binds", () => {
    const knob = { sysctl: "net.ipv4.tcp_retries2" };
    expect(settingOf(knob, view("2"))).toEqual({ name: knob.sysctl, reads: null, binds: null });
  });
});

test("the limit of descriptors is that of the process nearest to it", () => {
  const { view } = patient(family(7, "server"), []);
  expect(settingOf("descriptors", view).reads).toMatch(/^node \(pid 7\) has \d+ of 1024 descriptors$/);
  expect(settingOf("descriptors", { ...view, samples: [] })).toMatchObject({ reads: null, binds: null });
});
