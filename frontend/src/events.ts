// Reads server-sent events with `fetch`, which unlike EventSource can show a token in a header and
// tells an expired session from a lost line.

/** The server says something at least every 15 s; a line silent for longer than this is dead. */
const LONGEST_SILENCE = 40_000;

export class SignedOut extends Error {}

/** Throws SignedOut for 401 and an Error for any other refusal. */
export function demandOk(answer: Response): Response {
  if (answer.status === 401) throw new SignedOut();
  if (!answer.ok) throw new Error(`${answer.url} answered ${answer.status}`);
  return answer;
}

/** Hands on the data of each event until the server ends the stream, it falls silent or breaks. */
export async function followEvents(answer: Response, take: (data: string) => void): Promise<void> {
  const body = demandOk(answer).body;
  if (body === null) throw new Error("a stream without a body");
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const silence = window.setTimeout(() => void reader.cancel(), LONGEST_SILENCE);
    const read = await reader.read().finally(() => window.clearTimeout(silence));
    if (read.done) return;
    const events = (rest + read.value).split("\n\n");
    rest = events.pop() ?? "";
    events.map(dataOf).forEach((data) => data !== "" && take(data));
  }
}

function dataOf(event: string): string {
  return event
    .split("\n")
    .filter((line) => line.startsWith("data:"))
    .map((line) => line.slice("data:".length).trimStart())
    .join("\n");
}
