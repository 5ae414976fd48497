import { describe, expect, test } from "vitest";
import { InputError } from "../runs/errors.ts";
import { entering, openNamespace, refusedSentences } from "./census-namespace.ts";

describe("a census that is refused says what, why, and what next", () => {
  test.each([
    [
      "open",
      false,
      /^The sockets of process 1 cannot be counted: .* open .*\/proc\/1\/ns\/net \(EACCES\)\.$/m,
    ],
    ["open", false, /^Root may: sudo lastack census --pid 1$/m],
    [
      "open",
      false,
      /^If process 1 is in the namespace of this shell.* without --pid counts the same sockets\.$/m,
    ],
    ["open", true, /^This root lacks CAP_SYS_PTRACE, as in a container/m],
    ["enter", false, /^The sockets of process 1 cannot be counted: .* enter .* \(setns: EACCES\)\.$/m],
    ["enter", false, /: nsenter --target 1 --user --net --preserve-credentials lastack census$/m],
    ["enter", true, /^This root lacks CAP_SYS_ADMIN, .*--cap-add SYS_ADMIN\.$/m],
  ] as const)("to %s a namespace, as root: %s: %s", (what, isRoot, sentence) => {
    expect(refusedSentences(what, 1, { code: "EACCES", isRoot })).toMatch(sentence);
  });

  test("a pid that no process has", () => {
    // The largest pid that a kernel can have is below 2^22 (PID_MAX_LIMIT).
    expect(() => openNamespace(4_194_304)).toThrow(new InputError("There is no process 4194304."));
  });

  test("only EPERM of another process's namespace is a refusal", () => {
    const failed = (code: string) => () => {
      throw Object.assign(new Error(code), { code });
    };
    expect(() => entering(4711, failed("EPERM"))).toThrow(InputError);
    expect(() => entering(4711, failed("EINVAL"))).toThrow("EINVAL");
    expect(() => entering(null, failed("EPERM"))).toThrow(/^EPERM$/);
    expect(entering(4711, () => 1)).toBe(1);
  });
});
