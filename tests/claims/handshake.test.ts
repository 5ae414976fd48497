import { expect, test } from "vitest";
import { doctored, reference, settled } from "./settled.ts";

test("C82 is refuted if the counter counts too little", () => {
  const behind = doctored(reference("syn-queue-length/short-backlog"), (sample) =>
    sample.kind === "counters" ? { ...sample, deltas: { ...sample.deltas, TcpExtListenDrops: 1 } } : sample,
  );
  const none = { "syn-queue-length/short-backlog": behind };
  expect(settled("C82", none).verdict).toBe("refuted");
});
