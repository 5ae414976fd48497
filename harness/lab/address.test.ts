import { describe, expect, test } from "vitest";
import { isIP } from "node:net";
import { type LinkPlan, MOST_LINKS } from "../model/setup.ts";
import { addressOf, IPV4_PREFIX, joinedLinks, linkEnds, routerOf } from "./address.ts";

const links: LinkPlan[] = [
  { kind: "direct", between: ["client", "router"] },
  { kind: "loopback", host: "server" },
  { kind: "direct", between: ["router", "server"] },
];

describe("addresses", () => {
  test("come from the documentation networks, one after the other", () => {
    expect(
      joinedLinks(links)
        .flatMap(({ ends }) => ends)
        .map((end) => `${end.host} ${end.device} ${end.ipv4} ${end.ipv6}`),
    ).toEqual([
      "client link0 192.0.2.1 2001:db8:0:0::1",
      "router link0 192.0.2.2 2001:db8:0:0::2",
      "router link1 198.51.100.1 2001:db8:0:1::1",
      "server link1 198.51.100.2 2001:db8:0:1::2",
    ]);
  });

  test("never share a network between two links, and a router's address is in its link's network", () => {
    const network = (ipv4: string): number =>
      ipv4.split(".").reduce((sum, part) => sum * 256 + Number(part), 0) >>> (32 - IPV4_PREFIX);
    const quarters = Array.from({ length: MOST_LINKS }, (_, n) => ({
      ends: linkEnds(["client", "server"], n),
      router: routerOf(n),
    }));
    const networks = quarters.map(({ ends: [near, far], router }) => {
      const own = new Set([near.ipv4, far.ipv4, router.ipv4].map(network));
      expect(own.size).toBe(1);
      expect(new Set([near.ipv4, far.ipv4, router.ipv4]).size).toBe(3);
      for (const { ipv4 } of [near, far, router]) {
        expect(isIP(ipv4)).toBe(4);
        expect(ipv4).toMatch(/^(192\.0\.2|198\.51\.100|203\.0\.113)\./);
      }
      return [...own][0];
    });
    expect(new Set(networks).size).toBe(MOST_LINKS);
    expect(linkEnds(["client", "server"], 3).map((end) => `${end.ipv4} ${end.ipv6}`)).toEqual([
      "192.0.2.65 2001:db8:0:3::1",
      "192.0.2.66 2001:db8:0:3::2",
    ]);
    expect(routerOf(0).ipv4).toBe("192.0.2.62");
  });

  test("are refused with a sentence when there are too many links", () => {
    expect(() => linkEnds(["client", "server"], MOST_LINKS)).toThrow(
      `at most ${MOST_LINKS} links between hosts`,
    );
  });

  test("for another host are those of the link between them, and for one's own host the loopback", () => {
    expect(addressOf("router", "server", links, 4)).toBe("198.51.100.1");
    expect(addressOf("router", "client", links, 6)).toBe("2001:db8:0:0::2");
    expect(addressOf("server", "server", links, 6)).toBe("::1");
    expect(() => addressOf("server", "client", links, 4)).toThrow("no link joins client and server");
  });
});
