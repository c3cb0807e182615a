// Whose browser this is: an id that this browser keeps. The chat's session cookie, where there is one,
// says it better, and the server goes by that.

const KEPT = "dangol-visitor";
const OF_THE_CHAT = "dangol-chat-read";

/** True for a browser that asks not to be followed (Do Not Track, Global Privacy Control). */
export function isLeftAlone(): boolean {
  const asked = navigator as Navigator & { globalPrivacyControl?: boolean };
  return asked.globalPrivacyControl === true || asked.doNotTrack === "1";
}

export function visitorId(): string {
  const kept = read(KEPT) ?? ofTheChat();
  if (kept !== null) return kept;
  const made = newId();
  try {
    localStorage.setItem(KEPT, made);
  } catch {
    // A browser that keeps nothing is somebody new on every page.
  }
  return made;
}

/** 128 random bits, also where the page is not https. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function ofTheChat(): string | null {
  try {
    const found: unknown = JSON.parse(read(OF_THE_CHAT) ?? "null");
    const customer = (found as { customer?: unknown } | null)?.customer;
    return typeof customer === "string" ? customer : null;
  } catch {
    return null;
  }
}

function read(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}
