// A message on its way out: its id, and its text as the server is going to keep it.

/** 128 random bits; `crypto.randomUUID` is missing on pages without https. */
export function newMessageId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Without control characters, which the server takes out too; line breaks and tabs stay. */
export function tidied(text: string): string {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(/[^\P{Cc}\n\t]/gu, "")
    .replace(/\p{Cs}/gu, "")
    .trim();
}
