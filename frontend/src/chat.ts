// <dangol-chat>: the shop's conversation with this visitor, on any page of the shop.

import { Addresses } from "./addresses";
import sheetText from "./chat.css?inline";
import { Composer } from "./composer";
import { Conversation, type OnItsWay } from "./conversation";
import { newMessageId, tidied } from "./message";
import * as remembered from "./remembered";
import { button, element, icon, isOnThisSite } from "./rendering";
import { Screen } from "./screen";
import { ChatService, type Message } from "./service";
import { wordsFor, type Language, type Words } from "./words";

const LEAF =
  "M12 3c5 2.5 8 6 8 10.2A7.8 7.8 0 0 1 12 21a7.8 7.8 0 0 1-8-7.8C4 9 7 5.5 12 3Zm0 5v13M12 13l3.5-2.5M12 16.5 8.5 14";
const SPEECH =
  "M20 11.2c0 4-3.6 7.2-8 7.2-1 0-2-.2-2.9-.5L4.6 19.4l1.2-3.6A6.8 6.8 0 0 1 4 11.2C4 7.2 7.6 4 12 4s8 3.2 8 7.2ZM8.6 11.3h.01M12 11.3h.01M15.4 11.3h.01";
const CROSS = "M6 6l12 12M18 6 6 18";
/** A tab that nobody looks at gives its stream back after that long. */
const UNSEEN_MILLISECONDS = 30_000;

class DangolChat extends HTMLElement {
  #language: Language = "en";
  #words: Words = wordsFor("en");
  #screen = new Screen(this);
  #service = this.#newService();
  #customer = "";
  #isCaughtUp = false;
  #unread = 0;
  #lastSeq = 0;
  /** Null until it is known: then all that was said before counts as read. */
  #readUpTo: number | null = null;
  #queue: Promise<void> = Promise.resolve();
  #unseenTimer = 0;
  #stopListening: (() => void)[] = [];

  #launcher = button("launcher");
  #badge = element("span", "badge");
  #panel = element("section", "panel");
  #notice = element("div", "notice");
  #conversation!: Conversation;
  #composer!: Composer;

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(sheetText);
    root.adoptedStyleSheets = [sheet];
  }

  connectedCallback(): void {
    const said = this.getAttribute("lang") || document.documentElement.lang;
    this.#language = said.toLowerCase().startsWith("ko") ? "ko" : "en";
    this.#words = wordsFor(this.#language);
    this.#build();
    this.#listen();
    const wasOpen = remembered.isOpen() && !this.hasAttribute("begin-closed");
    if (wasOpen || this.hasAttribute("begin-open")) this.open(false);
    else if (remembered.hasTalked()) this.#service.begin(this.#language);
  }

  disconnectedCallback(): void {
    this.#service.end();
    this.#service = this.#newService();
    this.#customer = "";
    this.#screen.closed();
    this.#stopListening.forEach((stop) => stop());
    this.#stopListening = [];
  }

  #newService(): ChatService {
    return new ChatService({
      began: (customer, isSamePerson) => this.#began(customer, isSamePerson),
      message: (message) => this.#show(message),
      caughtUp: () => this.#caughtUp(),
      lost: () => this.#notify(this.#words.offline),
    });
  }

  /** Shows the conversation, opening the session when it is first shown. */
  open(shouldFocus = true): void {
    remembered.keepOpen(true);
    this.toggleAttribute("open", true);
    this.#screen.opened();
    this.#panel.setAttribute("aria-modal", String(this.#screen.isSmall));
    this.#setUnread(0);
    this.#keepRead();
    this.#conversation.scrollDown();
    this.#composer.measure();
    if (shouldFocus) this.#focusWriting();
    this.#service.begin(this.#language);
  }

  close(): void {
    remembered.keepOpen(false);
    this.toggleAttribute("open", false);
    this.#screen.closed();
    this.#setUnread(0);
    this.#launcher.focus();
  }

  #build(): void {
    const manner = {
      language: this.#language,
      words: this.#words,
      addresses: new Addresses(this.getAttribute("home")),
    };
    this.#conversation = new Conversation(manner, (chosen) => this.#say(chosen.text));
    this.#composer = new Composer(this.#words, (text) => this.#say(text));
    this.#notice.setAttribute("role", "status");
    this.#notify("");
    this.#panel.id = "panel";
    this.#panel.tabIndex = -1;
    this.#panel.setAttribute("role", "dialog");
    this.#panel.setAttribute("aria-label", this.#shopName());
    this.#panel.replaceChildren(
      this.#header(),
      this.#above(),
      this.#conversation.element,
      this.#notice,
      this.#composer.element,
    );
    this.#launcher.replaceChildren(icon(SPEECH), this.#badge);
    this.#launcher.setAttribute("aria-controls", "panel");
    this.#setUnread(0);
    this.shadowRoot?.replaceChildren(this.#panel, this.#launcher);
  }

  #header(): HTMLElement {
    const header = element("header");
    const titles = element("div", "titles");
    titles.append(element("strong", "", this.#shopName()), element("span", "", this.#words.note));
    const close = button("close", "", this.#words.close);
    close.append(icon(CROSS));
    close.addEventListener("click", () => this.close());
    header.append(icon(LEAF), titles, close);
    return header;
  }

  /** What the page wants to stand above the conversation; its forms lead to a page worth seeing. */
  #above(): HTMLElement {
    const slot = element("slot");
    slot.name = "above";
    slot.addEventListener("submit", () => this.#giveWay());
    return slot;
  }

  #shopName(): string {
    return this.getAttribute("shop") || this.#words.title;
  }

  #listen(): void {
    this.#on(this.#launcher, "click", () => (this.hasAttribute("open") ? this.close() : this.open()));
    this.#on(this.#panel, "keydown", (event) => {
      if (event instanceof KeyboardEvent && event.key === "Escape" && !event.isComposing)
        this.close();
    });
    this.#on(this.#panel, "click", (event) => this.#followed(event));
    this.#on(document, "visibilitychange", () => this.#looked());
    this.#on(window, "offline", () => this.#notify(this.#words.offline));
    this.#on(window, "online", () => this.#customer !== "" && this.#renew());
    this.#stopListening.push(remembered.onOtherCustomer(() => this.#customer, () => this.#renew()));
  }

  #on(target: EventTarget, name: string, handle: (event: Event) => void): void {
    target.addEventListener(name, handle);
    this.#stopListening.push(() => target.removeEventListener(name, handle));
  }

  /** A link to a page of the shop is worth seeing: the chat does not lie over it on a telephone. */
  #followed(event: Event): void {
    const anchor = event.target instanceof Element ? event.target.closest("a") : null;
    if (anchor !== null && isOnThisSite(anchor)) this.#giveWay();
  }

  #giveWay(): void {
    if (this.#screen.isSmall) remembered.keepOpen(false);
  }

  #looked(): void {
    window.clearTimeout(this.#unseenTimer);
    if (document.hidden)
      this.#unseenTimer = window.setTimeout(() => this.#service.end(), UNSEEN_MILLISECONDS);
    else if (this.#customer !== "") this.#service.begin(this.#language);
  }

  #began(customer: string, isSamePerson: boolean): void {
    const wasAnothers = this.#customer !== "";
    this.#customer = customer;
    this.#isCaughtUp = false;
    this.#lastSeq = 0;
    this.#readUpTo = remembered.readUpTo(customer);
    this.#setUnread(0);
    this.#conversation.isCatchingUp(true);
    // What was written before the first session was open is still on its way.
    if (!wasAnothers) return;
    if (isSamePerson) {
      this.#conversation.restart();
      this.#notify(this.#words.joined);
      return;
    }
    const notTaken = this.#conversation.notTaken;
    this.#conversation.clear();
    this.#composer.clear();
    this.#composer.putBack(notTaken);
    this.#notify(notTaken ? this.#words.sendOnceMore : this.#words.renewed);
  }

  #caughtUp(): void {
    if (this.#notice.textContent === this.#words.offline) this.#notify("");
    this.#isCaughtUp = true;
    this.#conversation.isCatchingUp(false);
    if (this.#readUpTo === null || this.hasAttribute("open")) this.#keepRead();
    this.#conversation.unsent.forEach((said) => this.#deliver(said));
  }

  #show(message: Message): void {
    this.#lastSeq = message.seq;
    this.#conversation.show(message);
    if (this.hasAttribute("open")) this.#keepRead();
    else if (message.direction === "out" && message.seq > (this.#readUpTo ?? message.seq))
      this.#setUnread(this.#unread + 1);
  }

  #keepRead(): void {
    if (!this.#isCaughtUp) return;
    this.#readUpTo = this.#lastSeq;
    remembered.keepRead(this.#customer, this.#lastSeq);
  }

  #say(text: string): void {
    const cleaned = tidied(text);
    if (cleaned === "") return;
    if (this.#notice.textContent !== this.#words.offline) this.#notify("");
    this.#deliver(this.#conversation.say(cleaned, newMessageId()));
    this.#focusWriting();
  }

  /** One after another, so that messages arrive in the order in which they were written. */
  #deliver(said: OnItsWay): void {
    if (!this.#isCaughtUp) return;
    this.#conversation.sending(said);
    this.#queue = this.#queue.then(() => this.#sendNow(said));
  }

  async #sendNow(said: OnItsWay): Promise<void> {
    if (!this.#conversation.isWaitingFor(said)) return;
    const result = await this.#service.send(said.text, said.messageId);
    if (result === "sent") this.#conversation.taken(said);
    if (result === "sent" || !this.#conversation.isWaitingFor(said)) return;
    if (result === "failed") {
      this.#conversation.failed(said, () => this.#deliver(said));
      return;
    }
    if (result === "signed_out") {
      this.#conversation.putOff(said);
      this.#renew();
      return;
    }
    this.#conversation.takeBack(said);
    this.#composer.putBack(said.text);
    this.#notify(result === "slow_down" ? this.#words.slowDown : this.#words.refused);
  }

  /**
   * Opens the session again, and so asks whose browser this is. If somebody else has become the
   * customer here, what was not taken is put back and not sent on by itself.
   */
  #renew(): void {
    this.#service.end();
    this.#service.begin(this.#language);
  }

  #notify(text: string): void {
    this.#notice.textContent = text;
    this.#notice.hidden = text === "";
  }

  #focusWriting(): void {
    if (this.#screen.hasTouchKeyboard) this.#panel.focus({ preventScroll: true });
    else this.#composer.focus();
  }

  #setUnread(count: number): void {
    const isOpen = this.hasAttribute("open");
    this.#unread = count;
    this.#badge.textContent = count > 0 ? String(Math.min(count, 99)) : "";
    const label = isOpen ? this.#words.close : this.#words.open;
    const more = count > 0 ? ` (${this.#words.unread(count)})` : "";
    this.#launcher.setAttribute("aria-label", label + more);
    this.#launcher.setAttribute("aria-expanded", String(isOpen));
  }
}

customElements.define("dangol-chat", DangolChat);
