import { describe, expect, test } from "vitest";
import { STATEMENTS } from "../../harness/claims/statements.ts";
import { wireConnections } from "../../harness/measure/packets.ts";
import { shownOf } from "../../harness/report/claim-looks.ts";
import { reportClaim } from "../../harness/report/claims.ts";
import { finAcknowledgedIn } from "../../harness/verdict/vocabulary/figures/segments.ts";
import { reference, settled } from "./settled.ts";

const results = STATEMENTS.map((statement) => ({ statement, result: settled(statement.id) }));

describe("what a reader of a claim is shown", () => {
  test("of every claim that fails is where it fails, and of every claim with limits both sides", () => {
    for (const { result } of results) {
      const shown = shownOf(result, reference).map(({ settled: { holds } }) => holds);
      const why = `${result.id} ${result.verdict}: ${shown.join(", ")}`;
      if (result.verdict === "refuted" || result.verdict === "obsolete") {
        expect(shown, why).toContain(false);
        expect(shown, why).not.toContain(true);
      } else if (result.verdict === "holds-with-limits") expect(shown, why).toEqual([true, false]);
      else expect(shown, why).toHaveLength(1);
    }
  });

  test("is the connection that the figures are about", () => {
    const shown = shownOf(settled("C38"), reference);
    const ports = shown.map(({ recording, which }) =>
      wireConnections(recording)
        .filter(({ link, connection }) => link === which.link && connection === which.connection)
        .map(({ ends }) => ends[1].port),
    );
    expect(ports).toEqual([[8083], [8084]]);
  });

  test("is another connection when one is named", () => {
    const row = results.find(({ statement }) => statement.id === "C38")!;
    const options = { colour: false, columns: 100, language: "en" } as const;
    expect(reportClaim(row, reference, options)).toMatch(/--connection N shows another/);
    const other = reportClaim(row, reference, { ...options, connection: 2 });
    expect(other.match(/: connection \d+, client/g)).toEqual([": connection 2, client"]);
  });
});

test("what C212 says of the second FIN does not deny that the ACK of the first may be late, as in C04, C08 and C12", () => {
  const recording = reference("teardown/later")!;
  expect(finAcknowledgedIn("client").of(recording)).toBeLessThan(20);
  expect(settled("C08").under[0]?.observed.en).toMatch(/to its acknowledgement: 4\d\.\d+ ms/);
  const { en, zh } = settled("C212").because;
  expect(en).toMatch(/ACK of the second FIN is not delayed.*first FIN.*can delay its ACK by up to 40 ms/);
  expect(zh).toMatch(/第二个 FIN.*第一个 FIN.*40 毫秒/);
  for (const { result } of results) expect(result.because.en, result.id).not.toMatch(/never delayed/);
});

test("C75 says what a port is counted from", () => {
  const { because, observed } = settled("C75");
  expect(because.en).toMatch(/gets a port 2 to 16 above the last one/);
  expect(observed.en).toContain("ports that were 1 above the port before: 0 of 22");
});
