import fc from "fast-check";
import { expect, test } from "vitest";
import { socketAddress } from "../../harness/kernel/address.ts";
import { FORMS, readCall } from "./call.ts";

test.each([
  ["listen 8080 4", { call: "listen", at: socketAddress("0.0.0.0", 8080), backlog: 4 }],
  ["listen 192.0.2.2:8080 4", { call: "listen", at: socketAddress("192.0.2.2", 8080), backlog: 4 }],
  ["unlisten", { call: "unlisten" }],
  ["accept", { call: "accept" }],
  ["bind 40001", { call: "bind", port: 40001 }],
  ["sequence 1000000", { call: "sequence", number: 1_000_000 }],
  ["connect 192.0.2.2:8080", { call: "connect", to: socketAddress("192.0.2.2", 8080), port: 8080 }],
  ["connect [2001:db8::2]:80", { call: "connect", to: socketAddress("2001:db8::2", 80), port: 80 }],
  ["set SO_LINGER 0", { call: "set", option: "SO_LINGER", value: 0 }],
  ["set TCP_LINGER2 -1", { call: "set", option: "TCP_LINGER2", value: -1 }],
  ["send 97", { call: "send", bytes: 97 }],
  ["offer 1000000", { call: "offer", bytes: 1_000_000 }],
  [
    "sendto 192.0.2.2:8080 97",
    { call: "sendto", to: socketAddress("192.0.2.2", 8080), port: 8080, bytes: 97 },
  ],
  ["recv end", { call: "recv", bytes: Number.POSITIVE_INFINITY }],
  ["  recv   5 ", { call: "recv", bytes: 5 }],
  ["shutdown write", { call: "shutdown", how: "write" }],
  ["wait 200", { call: "wait", ms: 200 }],
  ["disconnect", { call: "disconnect" }],
  ["close", { call: "close" }],
  ["keep", { call: "keep" }],
  ["share", { call: "share" }],
  ["stay", { call: "stay" }],
])("%s", (text, call) => {
  expect(readCall(text)).toEqual(call);
});

test.each([
  "close 1",
  "send",
  "send -1",
  "send 97 98",
  "connect localhost:80",
  "connect 192.0.2.2",
  "connect 192.0.2.2:0",
  "listen 70000 1",
  "listen localhost:8080 1",
  "set TCP_NONSENSE 1",
  "sequence 2147483648",
  "shutdown all",
  "wait 1.5",
])("%s is not understood, and the form is named", (text) => {
  const name = text.split(" ")[0]!;
  expect(() => readCall(text)).toThrow(FORMS.find((form) => form.startsWith(name)));
});

test("any text gives a call or an error sentence", () => {
  const word = fc.oneof(fc.constantFrom(...FORMS.join(" ").split(" "), "8080", "1", "end", ""), fc.string());
  fc.assert(
    fc.property(fc.array(word, { maxLength: 4 }), (words) => {
      const text = words.join(" ");
      try {
        expect(FORMS.map((form) => form.split(" ")[0])).toContain(readCall(text).call);
      } catch (error) {
        expect((error as Error).message).toMatch(/is no call|is not understood/);
      }
    }),
  );
});
