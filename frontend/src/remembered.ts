// What this browser keeps for the widget: whether it is open, and how far the conversation was
// read. Never a word of the conversation, never the token; a browser that keeps nothing works too.

const OPEN = "dangol-chat-open";
const READ = "dangol-chat-read";

interface Read {
  customer: string;
  seq: number;
}

/** In this tab. */
export function isOpen(): boolean {
  return attempt(() => sessionStorage.getItem(OPEN)) === "yes";
}

export function keepOpen(isIt: boolean): void {
  attempt(() => (isIt ? sessionStorage.setItem(OPEN, "yes") : sessionStorage.removeItem(OPEN)));
}

/** True if this browser has had a conversation. */
export function hasTalked(): boolean {
  return read() !== null;
}

/** How far that customer's conversation was read here; null if it was another's or none. */
export function readUpTo(customer: string): number | null {
  const found = read();
  return found?.customer === customer ? found.seq : null;
}

export function keepRead(customer: string, seq: number): void {
  attempt(() => localStorage.setItem(READ, JSON.stringify({ customer, seq })));
}

/** Calls `changed` when another tab of this browser has become another customer's. */
export function onOtherCustomer(mine: () => string, changed: () => void): () => void {
  const heard = (event: StorageEvent): void => {
    const found = event.key === READ ? read() : null;
    if (found !== null && mine() !== "" && found.customer !== mine()) changed();
  };
  window.addEventListener("storage", heard);
  return () => window.removeEventListener("storage", heard);
}

function read(): Read | null {
  const kept = attempt(() => JSON.parse(localStorage.getItem(READ) ?? "null") as Read | null);
  return typeof kept?.customer === "string" && typeof kept.seq === "number" ? kept : null;
}

function attempt<Result>(what: () => Result): Result | null {
  try {
    return what();
  } catch {
    return null;
  }
}
