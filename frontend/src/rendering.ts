// Turns message rows into elements. Foreign text only ever becomes text nodes and checked links.

import type { Button, Card, Message } from "./service";
import type { Language, Words } from "./words";

const LINK = /https?:\/\/[^\s<>"'）)\]]+/g;
const SAFE_SCHEMES = new Set(["http:", "https:", "tel:", "mailto:"]);

export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  className = "",
  text = "",
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

/** The address if it is one that a page may link to, else null. */
export function safeAddress(given: string | undefined): string | null {
  if (!given) return null;
  try {
    const address = new URL(given, window.location.href);
    return SAFE_SCHEMES.has(address.protocol) ? address.href : null;
  } catch {
    return null;
  }
}

/** Text with its line breaks (by CSS) and its web addresses as links. */
export function richText(text: string): DocumentFragment {
  const fragment = document.createDocumentFragment();
  let from = 0;
  for (const found of text.matchAll(LINK)) {
    const address = safeAddress(found[0]);
    if (address === null) continue;
    fragment.append(text.slice(from, found.index), link(address, found[0]));
    from = found.index + found[0].length;
  }
  fragment.append(text.slice(from));
  return fragment;
}

function link(address: string, text: string): HTMLAnchorElement {
  const anchor = element("a", "", text);
  anchor.href = address;
  if (new URL(address).origin !== window.location.origin) {
    anchor.rel = "noopener noreferrer nofollow";
    anchor.target = "_blank";
  }
  return anchor;
}

export function bubble(message: Message, words: Words, language: Language): HTMLElement {
  const row = element("div", `row ${message.direction}`);
  row.dataset["seq"] = String(message.seq);
  if (message.text) {
    const said = element("div", "bubble");
    said.append(richText(message.text));
    row.append(said);
  }
  if (message.cards.length > 0) row.append(cards(message.cards, words));
  row.append(stamp(message, words, language));
  return row;
}

function stamp(message: Message, words: Words, language: Language): HTMLElement {
  const at = new Date(message.at);
  const time = element("time", "time", clockTime(at, language));
  time.dateTime = message.at;
  if (message.channel === "sms") time.append(` · ${words.bySms}`);
  return time;
}

function clockTime(at: Date, language: Language): string {
  return at.toLocaleTimeString(language === "ko" ? "ko-KR" : "en-US", {
    hour: "numeric",
    minute: "2-digit",
  });
}

export function daySeparator(at: Date, language: Language): HTMLElement {
  const locale = language === "ko" ? "ko-KR" : "en-US";
  const text = at.toLocaleDateString(locale, { month: "long", day: "numeric", weekday: "long" });
  return element("div", "day", text);
}

function cards(given: Card[], words: Words): HTMLElement {
  const shelf = element("div", "cards");
  shelf.tabIndex = 0;
  given.forEach((card) => shelf.append(productCard(card, words)));
  return shelf;
}

function productCard(card: Card, words: Words): HTMLElement {
  const address = safeAddress(card.url);
  const made = address === null ? element("div", "card") : element("a", "card");
  if (made instanceof HTMLAnchorElement && address !== null) made.href = address;
  const picture = safeAddress(card.picture);
  if (picture !== null) {
    const image = element("img");
    image.src = picture;
    image.alt = "";
    image.loading = "lazy";
    made.append(image);
  }
  made.append(element("span", "card-title", card.title));
  if (card.price) made.append(element("span", "card-price", card.price));
  if (address !== null) made.append(element("span", "card-view", words.view));
  return made;
}

export function quickReplies(
  buttons: Button[],
  words: Words,
  choose: (button: Button) => void,
): HTMLElement {
  const group = element("div", "replies");
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", words.answers);
  buttons.forEach((button) => {
    const made = element("button", "reply", button.title);
    made.type = "button";
    made.addEventListener("click", () => choose(button));
    group.append(made);
  });
  return group;
}
