import type { Probe } from "../model/probe.ts";
import { probe as abortAfterRequest } from "./abort-after-request.ts";
import { probe as abortBeforeRequest } from "./abort-before-request.ts";
import { probe as abortInRequest } from "./abort-in-request.ts";
import { probe as abortInResponse } from "./abort-in-response.ts";
import { probe as burst } from "./burst.ts";
import { probe as clientClosesFirst } from "./client-closes-first.ts";
import { probe as clientNeverCloses } from "./client-never-closes.ts";
import { probe as descriptorsRunOut } from "./descriptors-run-out.ts";
import { probe as earlyAnswerToUpload } from "./early-answer-to-upload.ts";
import { probe as halfCloseAfterRequest } from "./half-close-after-request.ts";
import { probe as idleConnection } from "./idle-connection.ts";
import { probe as inheritedDescriptors } from "./inherited-descriptors.ts";
import { probe as killAndRestart } from "./kill-and-restart.ts";
import { probe as persistence } from "./persistence.ts";
import { probe as reuseAtIdleClose } from "./reuse-at-idle-close.ts";
import { probe as stopUnderLoad } from "./stop-under-load.ts";
import { probe as resetBeforeAccept } from "./reset-before-accept.ts";
import { probe as vanishedClientIdle } from "./vanished-client-idle.ts";
import { probe as vanishedClientInResponse } from "./vanished-client-in-response.ts";
import { probe as whoClosesFirst } from "./who-closes-first.ts";
import { probe as halfARequest } from "./half-a-request.ts";
import { probe as manyRequests } from "./many-requests.ts";
import { probe as nagleStall } from "./nagle-stall.ts";
import { probe as oneByteASecond } from "./one-byte-a-second.ts";
import { probe as pipelinedRequests } from "./pipelined-requests.ts";
import { probe as readerStops } from "./reader-stops.ts";
import { probe as silentClients } from "./silent-clients.ts";
import { probe as websocketCloseUnanswered } from "./websocket-close-unanswered.ts";
import { probe as wholeAnswers } from "./whole-answers.ts";

/** Every probe, in the order in which they are printed. */
export const PROBES: readonly Probe[] = [
  clientClosesFirst,
  halfCloseAfterRequest,
  idleConnection,
  reuseAtIdleClose,
  persistence,
  stopUnderLoad,
  killAndRestart,
  inheritedDescriptors,
  abortBeforeRequest,
  abortInRequest,
  abortAfterRequest,
  abortInResponse,
  resetBeforeAccept,
  vanishedClientIdle,
  vanishedClientInResponse,
  whoClosesFirst,
  earlyAnswerToUpload,
  clientNeverCloses,
  websocketCloseUnanswered,
  silentClients,
  halfARequest,
  oneByteASecond,
  manyRequests,
  pipelinedRequests,
  readerStops,
  burst,
  descriptorsRunOut,
  nagleStall,
  wholeAnswers,
];
