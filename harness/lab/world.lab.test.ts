import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { entryCommand } from "./entry.ts";

// A program builds a world, and ip(8) lists what it finds there. ip(8) is independent of lastack's own code.

/** The compared fields of an interface in the output of `ip -json -details address`. */
interface Seen {
  ifname: string;
  ifindex: number;
  /** The index of the other end. */
  link_index?: number;
  flags: string[];
  mtu: number;
  address: string;
  linkinfo?: { info_kind: string };
  addr_info: {
    local: string;
    prefixlen: number;
    scope: string;
    broadcast?: string;
    nodad?: boolean;
    tentative?: boolean;
  }[];
}

const ipIsThere = spawnSync("ip", ["-V"]).error === undefined;
let seen: Record<string, Seen[] | null>;
let refused: Record<string, string>;

beforeAll(() => {
  ({ seen, refused } = told("built-world") as { seen: typeof seen; refused: typeof refused });
});

/** The output of a program that was run in a lab. */
function told(name: string): unknown {
  const program = fileURLToPath(new URL(`../../tests/fixtures/${name}.ts`, import.meta.url));
  const { executable, args } = entryCommand([process.execPath, "--import", "tsx", program]);
  const { stdout, stderr } = spawnSync(executable, args, { encoding: "utf8", maxBuffer: 1 << 24 });
  if (stdout === "") throw new Error(`the program built no world: ${stderr}`);
  return JSON.parse(stdout);
}

/** One line for each interface: its name, its kind, whether it is up, and its addresses. */
function lines(host: string): string[] {
  return (seen[host] ?? []).map(({ ifname, linkinfo, flags, addr_info: addresses }) => {
    const global = addresses.filter(({ scope }) => scope !== "link");
    const up = flags.includes("UP") && flags.includes("LOWER_UP") ? "up" : "down";
    return [
      ...[ifname, linkinfo?.info_kind ?? "loopback", up],
      ...global.map(({ local, prefixlen }) => `${local}/${prefixlen}`),
    ].join(" ");
  });
}

const interfaceOf = (host: string, device: string): Seen => {
  const found = seen[host]?.find(({ ifname }) => ifname === device);
  if (found === undefined) throw new Error(`host ${host} has no interface ${device}`);
  return found;
};

const LOOPBACK = "lo loopback up 127.0.0.1/8 ::1/128";

describe.skipIf(!ipIsThere)("a world, as ip(8) sees it", () => {
  test("has the interfaces, states and addresses of its setup, and no others", () => {
    expect(Object.keys(seen)).toEqual(["client", "server", "far", "wire 0"]);
    expect(lines("client").toSorted()).toEqual(["link0 veth up 192.0.2.1/26 2001:db8::1/64", LOOPBACK]);
    expect(lines("server").toSorted()).toEqual([
      "link0 veth up 192.0.2.2/26 2001:db8::2/64",
      "link1 veth up 198.51.100.1/26 2001:db8:0:1::1/64",
      LOOPBACK,
    ]);
    expect(lines("far").toSorted()).toEqual(["link1 veth up 198.51.100.2/26 2001:db8:0:1::2/64", LOOPBACK]);
    // A wire's own host sends nothing: it has no address, and its loopback stays down. `spare1` leads to the stack after the reboot.
    expect(lines("wire 0").toSorted()).toEqual([
      "lo loopback down",
      "side0 veth up",
      "side1 veth up",
      "spare1 veth up",
    ]);
  });

  test("joins the ends of each link; the indexes begin at 100 on one side and at 2 on the other", () => {
    const pairs = [
      ["client", "link0", "server", "link0"],
      ["wire 0", "side0", "server", "link1"],
      ["wire 0", "side1", "far", "link1"],
    ] as const;
    for (const [nearHost, near, farHost, far] of pairs) {
      const [one, other] = [interfaceOf(nearHost, near), interfaceOf(farHost, far)];
      expect([one.link_index, other.link_index]).toEqual([other.ifindex, one.ifindex]);
      expect(one.ifindex).toBeGreaterThanOrEqual(100);
      expect(other.ifindex).toBeLessThan(100);
    }
  });

  test("has fixed hardware addresses at a wire, which survive a reboot, and the kernel's own on a direct link", () => {
    expect(interfaceOf("server", "link1").address).toBe("02:00:00:00:01:01");
    expect(interfaceOf("far", "link1").address).toBe("02:00:00:00:01:02");
    expect(interfaceOf("server", "link0").address).not.toMatch(/^02:00:00:00/);
  });

  test("has addresses that can be used at once, and no broadcast address", () => {
    const given = Object.values(seen)
      .flatMap((interfaces) => interfaces ?? [])
      .filter(({ ifname }) => ifname.startsWith("link"))
      .flatMap(({ addr_info: addresses }) => addresses.filter(({ scope }) => scope === "global"));
    expect(given).toHaveLength(8);
    for (const address of given) {
      expect(address.tentative, address.local).toBeUndefined();
      expect(address.broadcast, address.local).toBeUndefined();
      expect(address.nodad, address.local).toBe(address.local.includes(":") ? true : undefined);
    }
  });
});

describe("an error is a sentence with the call, the errno and the interface or address:", () => {
  test.each([
    [
      "a pair whose far name is taken",
      /^the interfaces of host client could not be set up: RTM_NEWLINK failed with EEXIST: making the veth pair other, with its end link0 in server/,
    ],
    ["a namespace that is closed", /RTM_NEWLINK failed with EBADF: .* link9 in nowhere/],
    ["an interface that is not there", /RTM_SETLINK failed with ENODEV: setting the interface nobody up/],
    ["an address on one that is not there", /ENODEV: there is no interface nobody in this namespace/],
    ["an address that is there", /RTM_NEWADDR failed with EEXIST: adding the address 192\.0\.2\.1\/26/],
  ])("%s", (what, sentence) => {
    expect(refused[what]).toMatch(sentence);
  });

  test("the step after the failed one is done all the same", () => {
    expect(refused["the one behind it"]).toMatch(/EEXIST: adding the address 192\.0\.2\.9/);
  });
});

test("a world's links carry their first segment and their first question for a neighbour", () => {
  // A lost segment or solicitation is sent again after a second: RFC 6298 section 2, RFC 4861 section 10 (RETRANS_TIMER).
  // The times do not include the time for which the program was ready to run and had no processor.
  const took = told("first-connections") as number[];
  expect(took).toHaveLength(61);
  expect(took.filter((ms) => ms > 900)).toEqual([]);
});
