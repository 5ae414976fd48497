import { describe, expect, test } from "vitest";
import { parseTarget } from "../target.ts";
import { resolveTarget, TargetRefused, unresolved } from "./resolve.ts";

// A foreign address, put together from its bytes so that no page of the project names it.
const FOREIGN = [8, 8, 4, 4].join(".");

describe("a target", () => {
  test.each(["http://127.0.0.1:8080/", "http://[::1]:8080/", "tcp://127.0.0.7:7"])(
    "of ours is used as it is: %s",
    async (url) => {
      const target = parseTarget(url);
      expect(await resolveTarget(target, false)).toMatchObject({
        endpoint: { address: target.host, port: target.port, host: target.host },
        said: null,
      });
    },
  );

  test("of somebody else is refused, unless the user says that it is theirs", async () => {
    const target = parseTarget(`http://${FOREIGN}/`);
    await expect(resolveTarget(target, false)).rejects.toThrow(
      /is neither an address of this machine nor, from here, a host of a lab: .* --remote-target-is-mine\. Nothing was sent\./,
    );
    await expect(resolveTarget(target, false)).rejects.toBeInstanceOf(TargetRefused);
    expect((await resolveTarget(target, true)).endpoint.address).toBe(FOREIGN);
  });

  test("with an address of a lab's hosts is refused outside of a lab, because it can lead out of the machine", async () => {
    await expect(resolveTarget(parseTarget("http://192.0.2.1/"), false)).rejects.toThrow(
      /^192\.0\.2\.1 is neither .* only inside of the lab: .* Nothing was sent\.$/,
    );
  });

  test.each(["http://0.0.0.0:8080/", "http://[::]:8080/"])("%s is only for listening", async (url) => {
    await expect(resolveTarget(parseTarget(url), true)).rejects.toThrow(/no address to send to/);
  });
});

test("a name without an address is told from a resolver that did not answer, with the name and the error", () => {
  expect(unresolved("shop.example", "ENOTFOUND")).toMatchObject({
    kind: "unknown",
    message: expect.stringMatching(
      /^There is no host shop\.example: .*\(getaddrinfo ENOTFOUND\)\.$/,
    ) as string,
  });
  expect(unresolved("shop.example", "EAI_AGAIN")).toMatchObject({
    kind: "unasked",
    message: expect.stringMatching(
      /the host shop\.example: no name server answered .*\(getaddrinfo EAI_AGAIN\)\./,
    ) as string,
  });
});
