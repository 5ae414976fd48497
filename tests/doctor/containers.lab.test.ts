import { beforeAll, describe, expect, test } from "vitest";
import { inLab } from "./in-lab.ts";
import type { DoctorDocument } from "./place.ts";

interface Run {
  status: number | null;
  stdout: string;
  stderr: string;
}

interface Answer {
  pid: number;
  fromOutside: Run;
  sidecar: Run;
  sidecarText: Run;
  census: Run;
  censusFromOutside: Run;
}

const documentOf = ({ stdout }: Run): DoctorDocument => JSON.parse(stdout) as DoctorDocument;
const answerOf = (program: string): Answer => inLab("tests/fixtures/doctor/containers.ts", [program]);

describe("a server in a container that leaks", () => {
  let answer: Answer;
  beforeAll(() => {
    answer = answerOf("servers/close-wait-leak/buggy");
  });

  test("is found from outside by its pid there", () => {
    const { findings, examined } = documentOf(answer.fromOutside);
    expect(findings[0]).toMatchObject({ mode: "close-wait-leak", subject: { name: `node-${answer.pid}` } });
    expect(examined[0]?.subject.pid).toBe(answer.pid);
    expect(answer.fromOutside.status).toBe(1);
  });

  test("is neither accused nor healthy for a sidecar, which does not see who holds the sockets", () => {
    const { findings, undecided, ruledOut } = documentOf(answer.sidecar);
    expect(findings).toEqual([]);
    const leak = undecided.find(({ mode }) => mode === "close-wait-leak");
    expect(leak?.because).toMatch(/^it depends on .* 24 sockets, and that process is not visible$/);
    // What the descriptors of a process show.
    expect(undecided.map(({ mode }) => mode)).toContain("invisible-descriptor-leak");
    // What no holder could change.
    expect(ruledOut).toContain("accept-queue-overflow");
    expect(answer.sidecar.status).toBe(2);
  });

  test("the text of a sidecar says that descriptors were not visible, and what to do", () => {
    const text = answer.sidecarText.stdout.replaceAll("\n", " ");
    expect(text).toContain("Nothing found, but not everything could be judged.");
    expect(text).toMatch(
      /Not visible: who holds 24 sockets, and the descriptors of these processes\. .* in the same pid namespace\./,
    );
  });

  test("a census of a sidecar has the sockets, and no process; one from outside has the process", () => {
    expect(answer.census.stdout).toMatch(/^no visible process +24 {2}1 LISTEN, 23 CLOSE-WAIT$/m);
    const { held } = JSON.parse(answer.censusFromOutside.stdout) as { held: { processes: unknown[] } };
    expect(held.processes).toMatchObject([{ pid: answer.pid, name: "node", sockets: 24 }]);
  });
});

describe("a server in a container that closes", () => {
  let answer: Answer;
  beforeAll(() => {
    answer = answerOf("servers/close-wait-leak/fixed");
  });

  test("is healthy from outside, and for a sidecar as far as it sees", () => {
    expect(documentOf(answer.fromOutside)).toMatchObject({ findings: [], undecided: [] });
    expect(answer.fromOutside.status).toBe(0);
    const { findings, undecided, ruledOut } = documentOf(answer.sidecar);
    expect(findings).toEqual([]);
    expect(ruledOut).toContain("close-wait-leak");
    expect(undecided.map(({ mode }) => mode)).toContain("invisible-descriptor-leak");
    expect(answer.sidecar.status).toBe(2);
  });
});
