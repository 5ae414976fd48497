import fc from "fast-check";
import { expect, test } from "vitest";
import { LIMIT_MS, readStep, STEP_FORMS, writeStep, type Act, type Step } from "./step.ts";

test.each<[string, Act & { isTried?: boolean }]>([
  ["connect", { step: "connect", ms: LIMIT_MS }],
  ["connect 100", { step: "connect", ms: 100 }],
  ["send GET /{n} HTTP/1.1\\r\\n\\r\\n", { step: "send", text: ["GET /", " HTTP/1.1\r\n\r\n"] }],
  ["send  two  spaces ", { step: "send", text: [" two  spaces "] }],
  ["send \\{n\\}\\x00\\xff\\\\é", { step: "send", text: ["{n}\0\xff\\\xc3\xa9"] }],
  ['send {"a":{}}', { step: "send", text: ['{"a":{}}'] }],
  ["fill 1000", { step: "fill", bytes: 1000, ms: Number.POSITIVE_INFINITY }],
  ["fill 1000 50", { step: "fill", bytes: 1000, ms: 50 }],
  ["drip 1000 GET /", { step: "drip", everyMs: 1000, text: ["GET /"] }],
  ["answer 100", { step: "answer", ms: 100 }],
  ["switch 100", { step: "switch", ms: 100 }],
  ["close-frame", { step: "close-frame", ms: LIMIT_MS }],
  ["bytes 7", { step: "bytes", bytes: 7, ms: LIMIT_MS }],
  ["some", { step: "some", ms: LIMIT_MS }],
  ["end 10000", { step: "end", ms: 10_000 }],
  ["together 97", { step: "together", connections: 97, ms: 600_000 }],
  ["wait 5", { step: "wait", ms: 5 }],
  ["idle 25", { step: "idle", spreadMs: 25, ms: LIMIT_MS }],
  ["idle 25 10000", { step: "idle", spreadMs: 25, ms: 10_000 }],
  ["try reset", { step: "reset", isTried: true }],
])("%s", (text, step) => {
  expect(readStep(text)).toEqual({ isTried: false, ...step });
});

test.each([
  ["connect  5", "connect [MS]"],
  ["close 1", "the form is close"],
  ["send", "send TEXT"],
  ["send \\q", "is no escape"],
  ["send \\x4", "is no escape"],
  ["send a\\", "is no escape"],
  ["fill 0", "fill BYTES [MS]"],
  ["fill -1", "fill BYTES [MS]"],
  ["drip GET", "drip MS TEXT"],
  ["wait 600001", "wait MS"],
  ["wait 1.5", "wait MS"],
  ["together 0", "together CONNECTIONS [MS]"],
  ["stay here", "the form is stay"],
  ["try try close", "is no step"],
  ["", "is no step"],
])("%j is not understood", (text, why) => {
  expect(() => readStep(text)).toThrow(why);
});

const byte = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code));
const bytes = fc.oneof(
  fc.string({ unit: byte }),
  fc.string({ unit: fc.constantFrom("{", "n", "}", "\\", "x", "4", "r", "\r", "\n", " ") }),
);
const parts = fc
  .tuple(bytes, fc.array(bytes, { maxLength: 3 }))
  .map(([first, rest]): [string, ...string[]] => [first, ...rest])
  .filter((all) => all.length > 1 || all[0] !== "");
const ms = fc.integer({ min: 0, max: 600_000 });
const count = fc.integer({ min: 1, max: 30_000 });

const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({
    step: fc.constantFrom("connect", "handshake", "answer", "switch", "close-frame", "some", "end"),
    ms,
  }),
  fc.record({ step: fc.constant("idle" as const), spreadMs: ms, ms }),
  fc.record({ step: fc.constant("send" as const), text: parts }),
  fc.record({ step: fc.constant("fill" as const), bytes: count, ms: fc.oneof(ms, fc.constant(Infinity)) }),
  fc.record({ step: fc.constant("drip" as const), everyMs: ms, text: parts }),
  fc.record({ step: fc.constant("bytes" as const), bytes: count, ms }),
  fc.record({ step: fc.constant("together" as const), connections: count, ms }),
  fc.record({ step: fc.constant("wait" as const), ms }),
  fc.record({ step: fc.constantFrom("pause", "resume", "shutdown", "close", "reset", "stay") }),
);

test("a step that is written is read back", () => {
  fc.assert(
    fc.property(act, fc.boolean(), (one, isTried) => {
      const step: Step = { ...one, isTried };
      const written = writeStep(step);
      expect(written).toMatch(/^[\x20-\x7e]+$/);
      expect(readStep(written)).toEqual(step);
    }),
  );
});

test("any text gives a step or an error sentence", () => {
  const word = fc.oneof(
    fc.constantFrom(...STEP_FORMS.join(" ").split(" "), "8080", "try", "\\x", ""),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 4 }), (words) => {
      try {
        expect(STEP_FORMS.map((form) => form.split(" ")[0])).toContain(readStep(words.join(" ")).step);
      } catch (error) {
        expect((error as Error).message).toMatch(/is no step|is not understood|is no escape/);
      }
    }),
  );
});
