import { describe, expect, test } from "vitest";
import { type Interfaces, isDocumentation, staysHere } from "./neighbourhood.ts";

type Interface = NonNullable<Interfaces[string]>[number];

function one(cidr: string, internal = false): Interface {
  const [address = ""] = cidr.split("/");
  const shared = { address, netmask: "", mac: "00:00:00:00:00:00", internal, cidr };
  return address.includes(":") ? { ...shared, family: "IPv6", scopeid: 0 } : { ...shared, family: "IPv4" };
}

// Addresses of no lab, put together from their parts so that no file of the project contains one.
const [MINE, NEIGHBOUR] = [7, 8].map((last) => [10, 0, 0, last].join(".")) as [string, string];
const BESIDE_LOOPBACK = [
  [126, 255, 255, 255],
  [128, 0, 0, 1],
].map((bytes) => bytes.join("."));

const LOOPBACK = [one("127.0.0.1/8", true), one("::1/128", true)];
const LINK = [one("192.0.2.1/26"), one("2001:db8::1/64"), one("fe80::1/64")];
const machine: Interfaces = { lo: LOOPBACK, eth0: [one(`${MINE}/8`), one("fd00::7/64")] };
const labHost: Interfaces = { lo: LOOPBACK, link0: LINK };

describe("what is sent stays here", () => {
  test.each(["127.0.0.1", "127.255.0.3", "::1"])("to the loopback: %s", (address) => {
    expect(staysHere(address, {})).toBe(true);
  });

  test.each([MINE, "fd00::7"])("to an address of this machine: %s", (address) => {
    expect(staysHere(address, machine)).toBe(true);
  });

  test.each(["192.0.2.1", "192.0.2.2", "2001:db8::2"])("between the hosts of a lab: %s", (address) => {
    expect(staysHere(address, labHost)).toBe(true);
  });
});

describe("what is sent leaves the machine, or leads nowhere", () => {
  test.each(["192.0.2.1", "198.51.100.77", "203.0.113.255", "2001:db8::1"])(
    "to a documentation address, from outside of a lab: %s",
    (address) => {
      expect([staysHere(address, machine), staysHere(address, { lo: LOOPBACK })]).toEqual([false, false]);
      expect(isDocumentation(address)).toBe(true);
    },
  );

  test("to a documentation address that is not at a link of this lab host", () => {
    expect(["192.0.2.65", "198.51.100.2"].map((address) => staysHere(address, labHost))).toEqual([
      false,
      false,
    ]);
  });

  test("to a neighbour of a machine with other interfaces, or with a link of that name and other addresses", () => {
    expect(staysHere("192.0.2.2", { ...labHost, eth0: [one(`${MINE}/8`)] })).toBe(false);
    expect(staysHere(NEIGHBOUR, { lo: LOOPBACK, link0: [one(`${MINE}/8`)] })).toBe(false);
    expect(staysHere(NEIGHBOUR, machine)).toBe(false);
  });

  test.each([...BESIDE_LOOPBACK, "::2", "fe80::1"])("to a neighbour of the loopback: %s", (address) => {
    expect(staysHere(address, { lo: LOOPBACK })).toBe(false);
  });
});
