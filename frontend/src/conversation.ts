// The conversation on screen: rows, what is still on its way, three dots, quick replies.

import { bubble, button, daySeparator, element, quickReplies, row, type Manner } from "./rendering";
import type { Button, Message } from "./service";

/** An answer that has not come by then is not awaited with three dots any longer. */
const AWAITED_MILLISECONDS = 20_000;
const NEAR_THE_END = 80;

/** Something the customer has said that the server has not told back yet. */
export interface OnItsWay {
  text: string;
  messageId: string;
  /** False before the first attempt and after one that failed. */
  isUnderWay: boolean;
  /** The server has it. */
  isTaken: boolean;
  row: HTMLElement;
}

export class Conversation {
  readonly element = element("div", "scroll");
  #log = element("div", "log");
  #onTheirWay = element("div", "log");
  #typing = element("div", "typing");
  #replies: HTMLElement | null = null;
  #waiting: OnItsWay[] = [];
  #typingTimer = 0;
  #lastDay = "";
  #isFollowing = true;
  #last: { message: Message; row: HTMLElement } | null = null;

  constructor(
    private readonly manner: Manner,
    private readonly choose: (chosen: Button) => void,
  ) {
    const { words } = manner;
    this.element.tabIndex = 0;
    this.element.setAttribute("role", "region");
    this.element.setAttribute("aria-label", words.log);
    this.#log.setAttribute("role", "log");
    this.#log.setAttribute("aria-live", "polite");
    const dots = element("span", "dots");
    dots.append(element("i"), element("i"), element("i"));
    const status = element("div");
    status.setAttribute("role", "status");
    status.append(this.#typing);
    this.#typing.append(dots, element("span", "unseen", words.typing));
    this.#typing.hidden = true;
    this.element.append(this.#log, this.#onTheirWay, status);
    this.#stayAtTheEnd();
  }

  /** Also when the field below grows or a keyboard comes up. */
  #stayAtTheEnd(): void {
    this.element.addEventListener("scroll", () => (this.#isFollowing = this.isAtEnd()));
    new ResizeObserver(() => this.#isFollowing && this.scrollDown()).observe(this.element);
  }

  /** A conversation that is told from its beginning is not read out row by row. */
  isCatchingUp(isIt: boolean): void {
    this.#log.setAttribute("aria-live", isIt ? "off" : "polite");
  }

  /** To be told again from its beginning; what is on its way stays. */
  restart(): void {
    this.#log.replaceChildren();
    this.#lastDay = "";
    this.#last = null;
    this.offer([]);
  }

  clear(): void {
    this.restart();
    this.#onTheirWay.replaceChildren();
    this.#waiting = [];
    this.isAwaited(false);
  }

  show(message: Message): void {
    const isAtEnd = this.isAtEnd();
    this.#separateDays(new Date(message.at));
    const made = row(message, this.manner);
    this.#joinWithLast(message);
    this.#last = { message, row: made };
    this.#log.append(made);
    if (message.direction === "in") {
      this.#arrived(message.text);
      this.offer([]);
    } else {
      this.isAwaited(false);
      if (message.buttons.length > 0) this.offer(message.buttons);
    }
    if (isAtEnd || message.direction === "in") this.scrollDown();
  }

  /** Shows at once what the customer has said. */
  say(text: string, messageId: string): OnItsWay {
    const made = element("div", "row in");
    made.append(bubble(text, null), element("span", "time", this.manner.words.sending));
    const said = { text, messageId, isUnderWay: false, isTaken: false, row: made };
    this.#waiting.push(said);
    this.#onTheirWay.append(made);
    this.offer([]);
    this.isAwaited(true);
    this.scrollDown();
    return said;
  }

  sending(said: OnItsWay): void {
    said.isUnderWay = true;
    said.row.lastElementChild?.replaceWith(element("span", "time", this.manner.words.sending));
  }

  failed(said: OnItsWay, again: () => void): void {
    said.isUnderWay = false;
    const note = element("span", "time failed", this.manner.words.failed);
    note.setAttribute("role", "alert");
    const retry = button("again", this.manner.words.again);
    retry.addEventListener("click", again);
    note.append(" ", retry);
    said.row.lastElementChild?.replaceWith(note);
    this.isAwaited(false);
    this.scrollDown();
  }

  taken(said: OnItsWay): void {
    said.isTaken = true;
  }

  /** To be sent again once it is known whose conversation this is. */
  putOff(said: OnItsWay): void {
    said.isUnderWay = false;
  }

  takeBack(said: OnItsWay): void {
    said.row.remove();
    this.#waiting = this.#waiting.filter((each) => each !== said);
    this.isAwaited(false);
  }

  get unsent(): OnItsWay[] {
    return this.#waiting.filter((each) => !each.isUnderWay);
  }

  /** What has not reached the server, as far as is known here, a line each. */
  get notTaken(): string {
    return this.#waiting
      .filter((each) => !each.isTaken)
      .map((each) => each.text)
      .join("\n");
  }

  /** False once the server has told it back, or the conversation has become another one. */
  isWaitingFor(said: OnItsWay): boolean {
    return this.#waiting.includes(said);
  }

  offer(buttons: Button[]): void {
    this.#replies?.remove();
    this.#replies = null;
    if (buttons.length === 0) return;
    this.#replies = quickReplies(buttons, this.manner.words, this.choose);
    this.element.append(this.#replies);
  }

  isAwaited(isIt: boolean): void {
    window.clearTimeout(this.#typingTimer);
    this.#typing.hidden = !isIt;
    if (isIt)
      this.#typingTimer = window.setTimeout(() => this.isAwaited(false), AWAITED_MILLISECONDS);
  }

  isAtEnd(): boolean {
    const { scrollHeight, scrollTop, clientHeight } = this.element;
    return scrollHeight - scrollTop - clientHeight < NEAR_THE_END;
  }

  scrollDown(): void {
    requestAnimationFrame(() => this.element.scrollTo({ top: this.element.scrollHeight }));
  }

  #arrived(text: string): void {
    const found = this.#waiting.find((each) => each.text === text);
    if (found === undefined) return;
    found.row.remove();
    this.#waiting = this.#waiting.filter((each) => each !== found);
  }

  #separateDays(at: Date): void {
    if (at.toDateString() === this.#lastDay) return;
    this.#lastDay = at.toDateString();
    this.#last = null;
    this.#log.append(daySeparator(at, this.manner.language));
  }

  /** Several rows of one minute from one side show the time once, below the last. */
  #joinWithLast(message: Message): void {
    const last = this.#last;
    if (last === null) return;
    const isTogether =
      last.message.direction === message.direction &&
      (last.message.by ?? "") === (message.by ?? "") &&
      last.message.channel === message.channel &&
      last.message.at.slice(0, 16) === message.at.slice(0, 16);
    last.row.classList.toggle("joined", isTogether);
  }
}
