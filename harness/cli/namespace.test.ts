import { describe, expect, test } from "vitest";
import { InputError } from "../runs/errors.ts";
import { looking, openNamespace, refusedSentences } from "./namespace.ts";

describe("a census that is refused says what, why, and what next", () => {
  test.each([
    ["open", false, /^The sockets of process 1 cannot be read: .* open .*\/proc\/1\/ns\/net \(EACCES\)\.$/m],
    ["open", false, /^Root may: sudo lastack census --pid 1$/m],
    [
      "open",
      false,
      /^If process 1 is in the namespace of this shell.* without --pid looks at the same sockets\.$/m,
    ],
    ["open", true, /^This root lacks CAP_SYS_PTRACE, as in a container/m],
    ["enter", false, /^The sockets of process 1 cannot be read: .* enter .* \(setns: EACCES\)\.$/m],
    ["enter", false, /: nsenter --target 1 --user --net --preserve-credentials lastack census$/m],
    ["enter", true, /^This root lacks CAP_SYS_ADMIN, .*--cap-add SYS_ADMIN\.$/m],
  ] as const)("to %s a namespace, as root: %s: %s", (what, isRoot, sentence) => {
    expect(refusedSentences(what, { pid: 1, command: "census", code: "EACCES", isRoot })).toMatch(sentence);
  });

  test("a pid that no process has", () => {
    // The largest pid that a kernel can have is below 2^22 (PID_MAX_LIMIT).
    expect(() => openNamespace(4_194_304, "census")).toThrow(new InputError("There is no process 4194304."));
  });

  test("only EPERM of another process's namespace is a refusal", () => {
    const failed = (code: string) => () => {
      throw Object.assign(new Error(code), { code });
    };
    expect(() => looking(4711, "census", failed("EPERM"))).toThrow(InputError);
    expect(() => looking(4711, "census", failed("EINVAL"))).toThrow("EINVAL");
    expect(() => looking(null, "census", failed("EPERM"))).toThrow(/^EPERM$/);
    expect(looking(4711, "census", () => 1)).toBe(1);
  });
});
