// <dangol-chat>: the shop's conversation with this visitor, on any page of the shop.

import sheetText from "./chat.css?inline";
import { bubble, daySeparator, element, quickReplies } from "./rendering";
import { ChatService, type Button, type Message } from "./service";
import { wordsFor, type Language, type Words } from "./words";

const MOST_CHARACTERS = 2000;
const SHOW_COUNT_BELOW = 200;
const OPEN_KEY = "dangol-chat-open";
/** An answer that has not come by then is not awaited with three dots any longer. */
const TYPING_SECONDS = 20;

const LEAF =
  "M12 3c5 2.5 8 6 8 10.2A7.8 7.8 0 0 1 12 21a7.8 7.8 0 0 1-8-7.8C4 9 7 5.5 12 3Zm0 5v13M12 13l3.5-2.5M12 16.5 8.5 14";

class DangolChat extends HTMLElement {
  #language: Language = "en";
  #words: Words = wordsFor("en");
  #service: ChatService;
  #hasBegun = false;
  #unread = 0;
  #lastDay = "";
  #typingTimer = 0;

  #launcher = element("button", "launcher");
  #badge = element("span", "badge");
  #panel = element("section", "panel");
  #log = element("div", "log");
  #typing = element("div", "typing");
  #replies: HTMLElement | null = null;
  #notice = element("div", "notice");
  #input = element("textarea", "input");
  #count = element("span", "count");
  #send = element("button", "send");

  constructor() {
    super();
    this.#service = new ChatService({
      message: (message) => this.#show(message),
      connected: (isConnected) => this.#tellConnection(isConnected),
      signedOut: () => void this.#renew(),
    });
    const root = this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(sheetText);
    root.adoptedStyleSheets = [sheet];
  }

  connectedCallback(): void {
    const said = this.getAttribute("lang") || document.documentElement.lang;
    this.#language = said.toLowerCase().startsWith("ko") ? "ko" : "en";
    this.#words = wordsFor(this.#language);
    this.lang = this.#language;
    this.shadowRoot?.replaceChildren(this.#buildPanel(), this.#buildLauncher());
    if (sessionStorage.getItem(OPEN_KEY) === "yes") void this.open(false);
  }

  disconnectedCallback(): void {
    this.#service.end();
    this.#hasBegun = false;
  }

  /** Shows the conversation, opening the session when it is first shown. */
  async open(shouldFocus = true): Promise<void> {
    sessionStorage.setItem(OPEN_KEY, "yes");
    this.toggleAttribute("open", true);
    this.#launcher.setAttribute("aria-expanded", "true");
    this.#launcher.setAttribute("aria-label", this.#words.close);
    this.#setUnread(0);
    if (shouldFocus) this.#input.focus();
    this.#scrollDown();
    await this.#begin();
  }

  close(): void {
    sessionStorage.removeItem(OPEN_KEY);
    this.toggleAttribute("open", false);
    this.#launcher.setAttribute("aria-expanded", "false");
    this.#launcher.setAttribute("aria-label", this.#words.open);
    this.#launcher.focus();
  }

  async #begin(): Promise<void> {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    try {
      await this.#service.begin(this.#language);
      this.#say("");
    } catch {
      this.#hasBegun = false;
      this.#say(this.#words.offline);
      window.setTimeout(() => void this.#begin(), 2000);
    }
  }

  async #renew(): Promise<void> {
    this.#service.end();
    this.#hasBegun = false;
    this.#log.replaceChildren(this.#typing);
    this.#lastDay = "";
    await this.#begin();
    this.#say(this.#words.renewed);
  }

  #buildLauncher(): HTMLElement {
    this.#launcher.type = "button";
    this.#launcher.setAttribute("aria-label", this.#words.open);
    this.#launcher.setAttribute("aria-expanded", "false");
    this.#launcher.append(icon(LEAF), this.#badge);
    this.#launcher.addEventListener("click", () => {
      if (this.hasAttribute("open")) this.close();
      else void this.open();
    });
    return this.#launcher;
  }

  #buildPanel(): HTMLElement {
    const panel = this.#panel;
    panel.setAttribute("role", "dialog");
    panel.setAttribute("aria-label", this.#words.title);
    panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.isComposing) this.close();
    });
    this.#log.setAttribute("role", "log");
    this.#log.setAttribute("aria-live", "polite");
    this.#log.setAttribute("aria-label", this.#words.log);
    this.#log.tabIndex = 0;
    this.#typing.append(element("i"), element("i"), element("i"));
    this.#typing.setAttribute("aria-label", this.#words.typing);
    this.#typing.setAttribute("role", "status");
    this.#typing.hidden = true;
    this.#log.append(this.#typing);
    this.#notice.setAttribute("role", "status");
    this.#notice.hidden = true;
    panel.append(this.#header(), this.#log, this.#notice, this.#composer());
    return panel;
  }

  #header(): HTMLElement {
    const header = element("header");
    const titles = element("div", "titles");
    titles.append(
      element("strong", "", this.getAttribute("shop") || this.#words.title),
      element("span", "", this.#words.note),
    );
    const close = element("button", "close");
    close.type = "button";
    close.setAttribute("aria-label", this.#words.close);
    close.append(icon("M6 6l12 12M18 6 6 18"));
    close.addEventListener("click", () => this.close());
    header.append(icon(LEAF), titles, close);
    return header;
  }

  #composer(): HTMLElement {
    const form = element("form", "composer");
    this.#input.rows = 1;
    this.#input.placeholder = this.#words.placeholder;
    this.#input.setAttribute("aria-label", this.#words.placeholder);
    this.#input.enterKeyHint = "send";
    this.#input.addEventListener("input", () => this.#measure());
    this.#input.addEventListener("keydown", (event) => {
      // While a Korean syllable is being composed, Enter ends the syllable, not the message.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229)
        return;
      event.preventDefault();
      form.requestSubmit();
    });
    this.#send.type = "submit";
    this.#send.setAttribute("aria-label", this.#words.send);
    this.#send.append(icon("M4 12 20 4l-4 16-4.5-6.5L4 12Zm7.5 1.5L20 4"));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    form.append(this.#input, this.#count, this.#send);
    this.#measure();
    return form;
  }

  #measure(): void {
    const left = MOST_CHARACTERS - [...this.#input.value].length;
    this.#count.textContent = left < SHOW_COUNT_BELOW ? this.#words.left(left) : "";
    this.#count.classList.toggle("over", left < 0);
    this.#send.disabled = this.#input.value.trim() === "" || left < 0;
    this.#input.style.height = "auto";
    this.#input.style.height = `${Math.min(this.#input.scrollHeight, 120)}px`;
  }

  #submit(): void {
    const text = this.#input.value.trim();
    if (text === "" || this.#send.disabled) return;
    this.#input.value = "";
    this.#measure();
    void this.#deliver(text, crypto.randomUUID());
    this.#input.focus();
  }

  async #deliver(text: string, messageId: string): Promise<void> {
    this.#say("");
    this.#dropReplies();
    this.#await(true);
    const result = await this.#service.send(text, messageId);
    if (result === "sent") return;
    this.#await(false);
    if (result === "signed_out") {
      await this.#renew();
      await this.#deliver(text, messageId);
    } else if (result === "failed") {
      this.#say(this.#words.failed, () => void this.#deliver(text, messageId));
    } else {
      if (this.#input.value === "") this.#input.value = text;
      this.#measure();
      const reasons = {
        too_long: this.#words.tooLong,
        slow_down: this.#words.slowDown,
        refused: this.#words.refused,
      };
      this.#say(reasons[result]);
    }
  }

  #show(message: Message): void {
    const isLow = this.#isAtEnd();
    const at = new Date(message.at);
    if (at.toDateString() !== this.#lastDay) {
      this.#lastDay = at.toDateString();
      this.#typing.before(daySeparator(at, this.#language));
    }
    this.#dropReplies();
    this.#typing.before(bubble(message, this.#words, this.#language));
    if (message.direction === "out") {
      this.#await(false);
      this.#offer(message.buttons);
      if (!this.hasAttribute("open")) this.#setUnread(this.#unread + 1);
    }
    if (isLow || message.direction === "in") this.#scrollDown();
  }

  #offer(buttons: Button[]): void {
    if (buttons.length === 0) return;
    this.#replies = quickReplies(buttons, this.#words, (button) => {
      void this.#deliver(button.payload || button.title, crypto.randomUUID());
      this.#input.focus();
    });
    this.#typing.before(this.#replies);
  }

  #dropReplies(): void {
    this.#replies?.remove();
    this.#replies = null;
  }

  #await(isAwaited: boolean): void {
    window.clearTimeout(this.#typingTimer);
    this.#typing.hidden = !isAwaited;
    if (!isAwaited) return;
    this.#typingTimer = window.setTimeout(() => this.#await(false), TYPING_SECONDS * 1000);
    this.#scrollDown();
  }

  #tellConnection(isConnected: boolean): void {
    this.#say(isConnected ? "" : this.#words.offline);
  }

  #say(text: string, retry?: () => void): void {
    this.#notice.replaceChildren(text);
    this.#notice.hidden = text === "";
    if (retry === undefined) return;
    const again = element("button", "again", this.#words.again);
    again.type = "button";
    again.addEventListener("click", retry);
    this.#notice.append(" ", again);
  }

  #setUnread(count: number): void {
    this.#unread = count;
    this.#badge.textContent = count > 0 ? String(count) : "";
    this.#badge.setAttribute("aria-label", count > 0 ? this.#words.unread(count) : "");
  }

  #isAtEnd(): boolean {
    return this.#log.scrollHeight - this.#log.scrollTop - this.#log.clientHeight < 80;
  }

  #scrollDown(): void {
    requestAnimationFrame(() => this.#log.scrollTo({ top: this.#log.scrollHeight }));
  }
}

function icon(path: string): SVGSVGElement {
  const drawn = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawn.setAttribute("viewBox", "0 0 24 24");
  drawn.setAttribute("aria-hidden", "true");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  line.setAttribute("d", path);
  drawn.append(line);
  return drawn;
}

customElements.define("dangol-chat", DangolChat);
