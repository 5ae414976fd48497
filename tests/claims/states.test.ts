import { expect, test } from "vitest";
import { doctored, reference, settled } from "./settled.ts";

test("C10 is refuted if a SYN-ACK acknowledges only data", () => {
  const uncounted = doctored(reference("handshake/accepted"), (sample) =>
    sample.kind === "packet" && sample.flags.join("-") === "SYN-ACK"
      ? { ...sample, acknowledgement: 0 }
      : sample,
  );
  expect(settled("C10", { "handshake/accepted": uncounted }).verdict).toBe("refuted");
});
