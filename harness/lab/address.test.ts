import { describe, expect, test } from "vitest";
import type { LinkPlan } from "../model/setup.ts";
import { addressOf, fillAddresses, joinedLinks, linkEnds, MOST_LINKS } from "./address.ts";

const links: LinkPlan[] = [
  { kind: "direct", between: ["client", "router"] },
  { kind: "loopback", host: "server" },
  { kind: "direct", between: ["router", "server"] },
];

describe("addresses", () => {
  test("come from the documentation networks, one a link", () => {
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

  test("run out with a sentence", () => {
    expect(() => linkEnds(["client", "server"], MOST_LINKS)).toThrow(
      `at most ${MOST_LINKS} links between hosts`,
    );
  });

  test("of another host are those of the link between, of one's own the loopback", () => {
    expect(addressOf("router", "server", links, 4)).toBe("198.51.100.1");
    expect(addressOf("router", "client", links, 6)).toBe("2001:db8:0:0::2");
    expect(addressOf("server", "server", links, 6)).toBe("::1");
    expect(() => addressOf("server", "client", links, 4)).toThrow("no link joins client and server");
  });

  test("are filled into arguments", () => {
    const fill = (argument: string): string =>
      fillAddresses(argument, "router", ["client", "router", "server"], links);
    expect(fill("{server}:8080")).toBe("198.51.100.2:8080");
    expect(fill("[{client6}]:8080")).toBe("[2001:db8:0:0::1]:8080");
    expect(fill("--plain")).toBe("--plain");
    expect(() => fill("{nobody}:1")).toThrow("names no host of the setup");
  });
});
