import type { Advice, Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "TLS 被截断，没有 close_notify",
  seen: ["no row, and answers end too early"],
  mark: {
    en: "a FIN comes without close_notify before it: the library says `unexpected eof`",
    zh: "FIN 之前没有 close_notify：库会说 unexpected eof",
  },
};

export const advice: Advice = {};
