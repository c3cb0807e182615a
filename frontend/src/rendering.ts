// Turns message rows into elements. Foreign text only ever becomes text nodes and checked links.

import type { Addresses } from "./addresses";
import type { Button, Card, Message } from "./service";
import type { Language, Words } from "./words";

/** What is needed to show a message. */
export interface Manner {
  language: Language;
  words: Words;
  addresses: Addresses;
}

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

export function button(className: string, text = "", label = ""): HTMLButtonElement {
  const made = element("button", className, text);
  made.type = "button";
  if (label) made.setAttribute("aria-label", label);
  return made;
}

export function icon(path: string): SVGSVGElement {
  const drawn = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawn.setAttribute("viewBox", "0 0 24 24");
  drawn.setAttribute("aria-hidden", "true");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  line.setAttribute("d", path);
  drawn.append(line);
  return drawn;
}

/** One row of the conversation: who (for those who listen), what, and when. */
export function row(message: Message, manner: Manner): HTMLElement {
  const { words } = manner;
  const isTheirs = message.direction === "in";
  const made = element("div", `row ${isTheirs ? "in" : "out"}`);
  made.dataset["seq"] = String(message.seq);
  made.append(message.by ? speaker(message.by) : unseenSpeaker(isTheirs, words));
  if (message.text) made.append(bubble(message.text, isTheirs ? null : manner.addresses));
  if (message.cards.length > 0) made.append(cards(message.cards, manner));
  made.append(stamp(message, manner));
  return made;
}

/** A person of the shop, told from the assistant for everybody. */
function speaker(name: string): HTMLElement {
  const said = element("span", "speaker", name);
  said.append(element("span", "unseen", ": "));
  return said;
}

function unseenSpeaker(isTheirs: boolean, words: Words): HTMLElement {
  return element("span", "unseen", `${isTheirs ? words.fromYou : words.fromShop}: `);
}

/** A text; its web addresses are links if `addresses` is given. */
export function bubble(text: string, addresses: Addresses | null): HTMLElement {
  const said = element("div", "bubble");
  const pieces = addresses?.pieces(text) ?? [{ text, address: null }];
  said.append(...pieces.map((piece) => (piece.address ? link(piece.address, piece.text) : piece.text)));
  return said;
}

function link(address: string, text: string): HTMLAnchorElement {
  const anchor = element("a", "", text);
  anchor.href = address;
  if (!isOnThisSite(anchor)) {
    anchor.rel = "noopener noreferrer nofollow";
    anchor.target = "_blank";
  }
  return anchor;
}

export function isOnThisSite(anchor: HTMLAnchorElement): boolean {
  return anchor.origin === window.location.origin;
}

function stamp(message: Message, { language, words }: Manner): HTMLElement {
  const at = new Date(message.at);
  const shown = at.toLocaleTimeString(locale(language), { hour: "numeric", minute: "2-digit" });
  const time = element("time", "time", shown);
  time.dateTime = message.at;
  if (message.channel === "sms") time.append(` · ${words.bySms}`);
  return time;
}

export function daySeparator(at: Date, language: Language): HTMLElement {
  const isThisYear = at.getFullYear() === new Date().getFullYear();
  const text = at.toLocaleDateString(locale(language), {
    ...(isThisYear ? {} : { year: "numeric" }),
    month: "long",
    day: "numeric",
    weekday: "long",
  });
  return element("div", "day", text);
}

function locale(language: Language): string {
  return language === "ko" ? "ko-KR" : "en-US";
}

function cards(given: Card[], manner: Manner): HTMLElement {
  const shelf = element("div", "cards");
  shelf.tabIndex = 0;
  shelf.setAttribute("role", "group");
  shelf.setAttribute("aria-label", manner.words.products);
  shelf.append(...given.map((card) => productCard(card, manner)));
  return shelf;
}

function productCard(card: Card, { addresses, words }: Manner): HTMLElement {
  const address = addresses.link(card.url);
  const made = address === null ? element("div", "card") : link(address, "");
  made.className = "card";
  const source = addresses.picture(card.picture);
  if (source !== null) made.append(picture(source));
  made.append(element("span", "card-title", String(card.title)));
  if (card.price) made.append(element("span", "card-price", String(card.price)));
  if (address !== null) made.append(element("span", "card-view", words.view));
  return made;
}

function picture(source: string): HTMLImageElement {
  const image = element("img");
  image.alt = "";
  image.width = image.height = 168;
  image.addEventListener("error", () => image.remove());
  image.src = source;
  return image;
}

export function quickReplies(
  given: Button[],
  words: Words,
  choose: (chosen: Button) => void,
): HTMLElement {
  const group = element("div", "replies");
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", words.answers);
  given.forEach((each) => {
    const made = button("reply", String(each.title));
    made.addEventListener("click", () => choose(each));
    group.append(made);
  });
  return group;
}
