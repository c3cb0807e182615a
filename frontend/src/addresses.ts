// Which addresses may stand on the page, and finding them in a text.

const LINKED = new Set(["http:", "https:", "tel:", "mailto:"]);
const SHOWN = new Set(["http:", "https:"]);
/** Only what a web address consists of (RFC 3986), so that a Korean particle may follow it. */
const IN_TEXT = /https?:\/\/[\w\-.~:/?#[\]@!$&'()*+,;=%]+/g;
const AFTER_IT = /[.,;:!?'")\]]+$/;

const LONGEST_SHOWN = 40;

export interface Piece {
  text: string;
  address: string | null;
}

/** Reads addresses as the page's own where the server calls the page by another of its names. */
export class Addresses {
  readonly #home: string;

  /** `home` is where the server says that the page is. */
  constructor(home: string | null) {
    this.#home = home !== null && URL.canParse(home) ? new URL(home).origin : "";
  }

  /** An address that may be linked, else null. */
  link(given: unknown): string | null {
    return this.#read(given, LINKED);
  }

  /** An address that may be shown as a picture, else null. */
  picture(given: unknown): string | null {
    return this.#read(given, SHOWN);
  }

  /** The text, cut where web addresses begin and end; what a page of ours is told is not shown. */
  pieces(text: string): Piece[] {
    const cut: Piece[] = [];
    let from = 0;
    for (const found of text.matchAll(IN_TEXT)) {
      const shown = found[0].replace(AFTER_IT, "");
      const address = this.link(shown);
      if (address === null) continue;
      const called = address.startsWith("/") ? shortened(shown) : shown;
      cut.push({ text: text.slice(from, found.index), address: null }, { text: called, address });
      from = found.index + shown.length;
    }
    return [...cut, { text: text.slice(from), address: null }].filter((piece) => piece.text);
  }

  #read(given: unknown, schemes: Set<string>): string | null {
    if (typeof given !== "string" || given === "") return null;
    try {
      const address = new URL(given, window.location.href);
      if (!schemes.has(address.protocol)) return null;
      const isOurs = address.origin === this.#home;
      return isOurs ? address.pathname + address.search + address.hash : address.href;
    } catch {
      return null;
    }
  }
}

/** An address of ours, without what the page behind it is told. */
function shortened(shown: string): string {
  const place = shown.replace(/\?.*/, "");
  return place.length > LONGEST_SHOWN ? `${place.slice(0, LONGEST_SHOWN)}…` : place;
}
