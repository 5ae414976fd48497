import { describe, expect, test } from "vitest";
import { exactly, between, atLeast, atMost } from "../../verdict/vocabulary/bound.ts";
import { attemptsOk, latency, outcomes } from "../../verdict/vocabulary/attempts.ts";
import { counterMoved, counterStill } from "../../verdict/vocabulary/counters.ts";
import { segmentsSeen } from "../../verdict/vocabulary/packets.ts";
import { quantity } from "../../verdict/vocabulary/quantity.ts";
import { freshSysctl } from "../../verdict/vocabulary/sysctls.ts";
import { neverSeen, socketsAtEndOf, socketsAtPeak, socketsStay } from "../../verdict/vocabulary/sockets.ts";
import { setupOf } from "../../model/short-setup.ts";
import { loadCatalogue } from "../catalogue.ts";
import { counterNames } from "../../observers/counters.ts";
import { experimentProblems } from "./experiment.ts";

const COUNTERS = ["TcpActiveOpens", "TcpExtListenOverflows"];

const setup = setupOf({
  hosts: { client: {}, server: {} },
  servers: { server: "./my-server.ts --port 8080" },
  clients: { load: "clients/short-tcp --to {server}:8080 --attempts 23" },
  phases: [
    { name: "load", until: { exited: ["load"] } },
    { name: "drain", until: { elapsedMs: 500 } },
  ],
});

/** An experiment with one claim, as somebody wrote it who has no types. */
const claiming = (claim: unknown) => ({
  kind: "fact",
  id: "mine",
  title: "Mine",
  question: "Does it?",
  tags: [],
  variants: { plain: { summary: "as it is", setup, exact: [claim] } },
});
const problemsOf = (claim: unknown): string[] => experimentProblems(claiming(claim), COUNTERS);
/** A value that its type forbids. */
const wrong = <T>(value: unknown): T => value as T;

test("a sound experiment has no problems", () => {
  expect(problemsOf(attemptsOk({ program: "load" }, exactly(23)).because("it echoes"))).toEqual([]);
});

test("every experiment of the catalogue is sound", async () => {
  const counters = [...counterNames(), "TcpExtTCPReqQFullDrop"];
  for (const { experiment } of await loadCatalogue()) {
    expect.soft(experimentProblems(experiment, counters), experiment.id).toEqual([]);
  }
});

describe("a claim is refused, before it can be confirmed", () => {
  test.each<[string, () => unknown, RegExp]>([
    [
      "for a state that does not exist",
      () => neverSeen(wrong({ state: "CLOSEWAIT" })).because("x"),
      /^variants\.plain\.exact\[0\] \("no sample contains CLOSEWAIT sockets"\): sockets\.state: .*but it is "CLOSEWAIT"\. Did you mean CLOSE-WAIT\?$/,
    ],
    [
      "for an unknown key of its selector",
      () => socketsAtPeak(wrong({ hots: "server" }), exactly(0)).because("x"),
      /sockets: has the unknown key "hots": Did you mean host\?$/,
    ],
    [
      "for the key of another selector",
      () => attemptsOk(wrong({ progam: "load" }), exactly(0)).because("x"),
      /attempts: has the unknown key "progam": Did you mean program\?$/,
    ],
    [
      "for a bound that is no number",
      () => attemptsOk({}, exactly(wrong("23"))).because("x"),
      /count: exactly\(\), atLeast\(\), atMost\(\) and between\(\) take numbers, and this is "23"/,
    ],
    [
      "for a bound without a number in it",
      () => attemptsOk({}, between(9, 3)).because("x"),
      /count: no number is between 9 and 3/,
    ],
    [
      "for a negative count",
      () => socketsAtPeak({}, exactly(-23)).because("x"),
      /count: a count is a whole number from 0 on, and this is -23$/,
    ],
    [
      "for a count that is not whole",
      () => segmentsSeen({}, atMost(23.5)).because("x"),
      /count: a count is a whole number from 0 on, and this is 23\.5$/,
    ],
    [
      "for a count without an end",
      () => attemptsOk({}, atLeast(Number.POSITIVE_INFINITY)).because("x"),
      /count: a count is a whole number from 0 on, and this is Infinity$/,
    ],
    [
      "for a counter that moves by half",
      () => counterMoved({ counter: "TcpActiveOpens" }, between(-1, 1.5)).because("x"),
      /change: a counter moves by a whole number, and this is 1\.5$/,
    ],
    [
      "for a time before it begins",
      () => latency({}, "connectMs", 50, atMost(-1)).because("x"),
      /duration: a time is a number from 0 on, and this is -1$/,
    ],
    [
      "for a host that the setup does not have",
      () => neverSeen({ host: "sever" }).because("x"),
      /sockets\.host: there is no host "sever"\. Did you mean server\? There are client, server\.$/,
    ],
    [
      "for a program that the setup does not have",
      () => outcomes({ program: "laod" }, "ok", exactly(1)).because("x"),
      /attempts\.program: there is no program "laod"\. Did you mean load\?/,
    ],
    [
      "for a phase that the setup does not have",
      () => socketsAtEndOf(wrong("dran"), {}, exactly(0)).because("x"),
      /phase: .*but it is "dran"\. Did you mean drain\?$/,
    ],
    [
      "for a counter that this kernel does not have",
      () => counterStill({ counter: "TcpExtListenOverflow" }).because("x"),
      /counter\.counter: there is no counter "TcpExtListenOverflow"\. Did you mean TcpExtListenOverflows\?/,
    ],
    [
      "for a phase that this setup leaves out",
      () => socketsAtEndOf("end", {}, exactly(0)).because("x"),
      /phase: there is no phase "end"\. There are load, drain\.$/,
    ],
    [
      "for an outcome that no attempt can have",
      () => outcomes({}, "conect timeout", exactly(0)).because("x"),
      /outcome: an outcome is ok, never begun, or a phase of connect, .* but it is "conect timeout"$/,
    ],
    [
      "for a rule that no wire has",
      () => segmentsSeen({ rule: "the SYN" }, exactly(1)).because("x"),
      /segments\.rule: there is no rule of a wire "the SYN"/,
    ],
    [
      "for a percentile that does not exist",
      () => latency({}, "connectMs", 101, atLeast(1)).because("x"),
      /percentile: expected at most 100, but it is 101/,
    ],
    [
      "for a length that is none",
      () => socketsStay({}, atLeast(1), { forMs: 0 }).because("x"),
      /forMs: expected more than 0, but it is 0/,
    ],
    [
      "for a sysctl that no recording has",
      () => freshSysctl("client", "net.ipv4.tcp_syn_retrys", "6").because("x"),
      /sysctl\.sysctl: there is no recorded sysctl "net\.ipv4\.tcp_syn_retrys"\. Did you mean net\.ipv4\.tcp_syn_retries\?$/,
    ],
    [
      "for a sysctl of a host that the setup does not have",
      () => freshSysctl("cleint", "net.ipv4.tcp_syn_retries", "6").because("x"),
      /sysctl\.host: there is no host "cleint"\. Did you mean client\?/,
    ],
    [
      "for a kind of samples that does not exist",
      () => quantity("things", { needs: wrong(["attemt"]), of: () => 1 }, exactly(1)).because("x"),
      /needs\[0\]: expected .*but it is "attemt"\. Did you mean attempt\?$/,
    ],
    [
      "without its reason",
      () => neverSeen({}),
      /exact\[0\]\.because: there is no reason: end the claim with \.because/,
    ],
    [
      "that is none",
      () => "CLOSE-WAIT never",
      /exact\[0\]: expected an object, but it is "CLOSE-WAIT never"$/,
    ],
  ])("%s", (_title, claim, problem) => {
    const problems = problemsOf(claim());
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(problem);
  });
});

const withProgram = (program: string): unknown => ({
  ...setup,
  programs: { ...setup.programs, load: { ...setup.programs["load"], run: [program] } },
});
const withSysctl = (name: string): unknown => ({
  ...setup,
  hosts: { ...setup.hosts, server: { sysctls: { [name]: "7" } } },
});

test("a figure of an experiment's own can be any number, and a counter's difference negative", () => {
  const half = quantity("things", { needs: [], of: () => -0.5 }, between(-1.5, 0.5)).because("x");
  expect(problemsOf(half)).toEqual([]);
  expect(problemsOf(counterMoved({ counter: "TcpActiveOpens" }, atMost(-1)).because("x"))).toEqual([]);
  expect(problemsOf(latency({}, "connectMs", 50, atMost(0.5)).because("x"))).toEqual([]);
});

describe("an experiment is refused", () => {
  const fine = claiming(neverSeen({}).because("x"));
  test.each<[string, unknown, string | RegExp]>([
    ["without an id", { ...fine, id: undefined }, "id: is missing; expected a string"],
    ["for an id that cannot be a folder's", { ...fine, id: "Mine/1" }, /^id: an id is in kebab-case/],
    [
      "for a key that it does not know",
      { ...fine, tag: [] },
      'has the unknown key "tag": Did you mean tags?',
    ],
    ["without variants", { ...fine, variants: {} }, "variants: there are none"],
    [
      "without a claim",
      { ...fine, variants: { plain: { summary: "s", setup, exact: [] } } },
      "variants.plain.exact: there is no claim, and a verdict needs one",
    ],
    [
      "without the cure of a failure mode",
      {
        ...fine,
        kind: "failure-mode",
        symptom: [neverSeen({}).because("x")],
        overlaps: {},
        variants: { buggy: fine.variants.plain },
      },
      "variants.fixed: is missing",
    ],
    [
      "without the symptom of a failure mode",
      {
        ...fine,
        kind: "failure-mode",
        overlaps: {},
        variants: { buggy: fine.variants.plain, fixed: fine.variants.plain },
      },
      /^symptom: is missing/,
    ],
    [
      "for a condition on a counter that this kernel does not have",
      {
        ...fine,
        variants: {
          plain: {
            ...fine.variants.plain,
            setup: {
              ...setup,
              phases: [
                {
                  name: "load",
                  until: {
                    all: [
                      { heldForMs: 5, condition: { counter: "TcpActiveOpen", host: "client", atLeast: 1 } },
                    ],
                  },
                  withinMs: 500,
                },
              ],
            },
          },
        },
      },
      /^variants\.plain\.setup\.phases\[0\]\.until: there is no counter "TcpActiveOpen"\. Did you mean TcpActiveOpens\?/,
    ],
    [
      "for a program that lastack does not have",
      { ...fine, variants: { plain: { ...fine.variants.plain, setup: withProgram("clients/shrot-tcp") } } },
      'variants.plain.setup.programs.load.run[0]: there is no program "clients/shrot-tcp". Did you mean clients/short-tcp?',
    ],
    [
      "for a server that the catalogue does not have",
      {
        ...fine,
        variants: { plain: { ...fine.variants.plain, setup: withProgram("close-wait-leek/fixed") } },
      },
      'variants.plain.setup.programs.load.run[0]: there is no program "close-wait-leek/fixed". Did you mean close-wait-leak/fixed?',
    ],
    [
      "for a sysctl that this kernel does not have",
      {
        ...fine,
        variants: { plain: { ...fine.variants.plain, setup: withSysctl("net.ipv4.tcp_fin_timout") } },
      },
      'variants.plain.setup.hosts.server.sysctls: there is no sysctl "net.ipv4.tcp_fin_timout". Did you mean net.ipv4.tcp_fin_timeout?',
    ],
    [
      "for a sysctl whose folder does not exist",
      {
        ...fine,
        variants: { plain: { ...fine.variants.plain, setup: withSysctl("net.ipv5.tcp_fin_timeout") } },
      },
      /sysctls: net\.ipv5\.tcp_fin_timeout is not among the sysctls .*\. Did you mean net\.ipv4\.tcp_fin_timeout\?$/,
    ],
    [
      "for a host that nothing uses",
      {
        ...fine,
        variants: {
          plain: {
            ...fine.variants.plain,
            setup: { ...setup, hosts: { ...setup.hosts, sever: { sysctls: {} } } },
          },
        },
      },
      "variants.plain.setup.hosts.sever: no link joins this host, and no program runs on it. Did you mean server?",
    ],
    [
      "for its setup, with the variant's name",
      {
        ...fine,
        variants: {
          plain: { summary: "s", setup: { ...setup, hots: {} }, exact: fine.variants.plain.exact },
        },
      },
      'variants.plain.setup.has the unknown key "hots": Did you mean hosts?',
    ],
  ])("%s", (_title, experiment, problem) => {
    const problems = experimentProblems(experiment, COUNTERS);
    if (typeof problem === "string") expect(problems).toEqual([problem]);
    else expect(problems.join("\n")).toMatch(problem);
  });
});
