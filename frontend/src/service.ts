// Talks with the server: session, sending, and following the conversation by `seq`.

import { demandOk, followEvents, SignedOut } from "./events";
import type { Language } from "./words";

export interface Button {
  title: string;
  /** Said as if the customer had typed it. */
  text: string;
}

export interface Card {
  product_id: string;
  title: string;
  price?: string;
  url?: string;
  picture?: string;
}

export interface Message {
  seq: number;
  direction: "in" | "out";
  channel: "web" | "sms";
  text: string;
  at: string;
  /** The person who says it; empty for the assistant and the customer. */
  by?: string;
  buttons: Button[];
  cards: Card[];
}

interface Page {
  messages: Message[];
  has_more?: boolean;
  /** Where the conversation begins; before 1 once others were put in front of it. */
  first: number;
}

export type SendResult = "sent" | "failed" | "slow_down" | "refused" | "signed_out";

export interface Listener {
  /**
   * Called before the first message: whose conversation this is. Again if that has changed; it is
   * the same person still if the shop has found out that two customers are one.
   */
  began(customer: string, isSamePerson: boolean): void;
  message(message: Message): void;
  /** All that was said before now has been told. */
  caughtUp(): void;
  lost(): void;
}

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 15_000;

export class ChatService {
  /** Null before the first row: rows that were put in front of others are below zero. */
  #last: number | null = null;
  /** Where the conversation began when it was told. */
  #first = 0;
  #token = "";
  #customer = "";
  #running: AbortController | null = null;
  #sending: Promise<SendResult> | null = null;

  constructor(private readonly listener: Listener) {}

  /** Follows the conversation of this browser until `end`, over every loss of the line. */
  begin(language: Language): void {
    if (this.#running !== null) return;
    this.#running = new AbortController();
    void this.#run(language, this.#running.signal);
  }

  end(): void {
    this.#running?.abort();
    this.#running = null;
  }

  /** Says something; the same `messageId` sent again is stored once. */
  send(text: string, messageId: string): Promise<SendResult> {
    const sent = this.#send(text, messageId);
    this.#sending = sent;
    return sent;
  }

  async #send(text: string, messageId: string): Promise<SendResult> {
    if (this.#token === "") return "failed";
    try {
      const answer = await fetch("/chat/messages", {
        ...asJson({ text, message_id: messageId }, this.#bearer()),
        signal: AbortSignal.timeout(LONGEST_WAIT),
      });
      if (answer.ok) {
        // A code has proven who sits here: the token is another one from now on.
        const { token } = (await answer.json()) as { token?: string };
        if (token !== undefined) this.#token = token;
        return "sent";
      }
      await answer.text();
      if (answer.status === 401) return "signed_out";
      if (answer.status === 429) return "slow_down";
      return answer.status < 500 ? "refused" : "failed";
    } catch {
      return "failed";
    }
  }

  async #run(language: Language, signal: AbortSignal): Promise<void> {
    let wait = 0;
    while (!signal.aborted) {
      const began = Date.now();
      try {
        await this.#openSession(language, signal);
        await this.#catchUp(signal);
        this.listener.caughtUp();
        await this.#follow(signal);
        wait = Date.now() - began > FIRST_WAIT ? 0 : FIRST_WAIT;
      } catch (reason) {
        if (signal.aborted) return;
        this.listener.lost();
        wait = reason instanceof SignedOut ? FIRST_WAIT : Math.max(FIRST_WAIT, wait * 1.6);
      }
      await pause(Math.min(wait, LONGEST_WAIT), signal);
    }
  }

  /**
   * Asked with the cookie alone: whose browser this is may have changed in another tab. The answer
   * to what is being sent may bring another cookie; and it must be known whether that was taken
   * before the conversation becomes another one.
   */
  async #openSession(language: Language, signal: AbortSignal): Promise<void> {
    await this.#sending;
    const answer = await fetch("/chat/session", { ...asJson({ language }), signal });
    const opened = (await demandOk(answer).json()) as { token: string; customer: string };
    if (opened.customer !== this.#customer) await this.#sending;
    signal.throwIfAborted();
    const isSamePerson = opened.token === this.#token;
    this.#token = opened.token;
    if (opened.customer === this.#customer) return;
    this.#customer = opened.customer;
    this.#startAgain(isSamePerson);
  }

  #startAgain(isSamePerson: boolean): void {
    this.#last = null;
    this.listener.began(this.#customer, isSamePerson);
  }

  async #catchUp(signal: AbortSignal): Promise<void> {
    for (let isMore = true; isMore; ) {
      const answer = await fetch(`/chat/messages?${this.#after()}`, {
        headers: this.#bearer(),
        signal,
      });
      const page = (await demandOk(answer).json()) as Page;
      if (this.#last === null) this.#first = page.first;
      // Another conversation of the same person was put in front: all of it is told once more.
      const isLonger = page.first < this.#first;
      if (isLonger) this.#startAgain(true);
      else page.messages.forEach((message) => this.#take(message));
      isMore = isLonger || page.has_more === true;
    }
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const answer = await fetch(`/chat/stream?first=${this.#first}&${this.#after()}`, {
      headers: this.#bearer(),
      signal,
      cache: "no-store",
    });
    await followEvents(answer, (data) => this.#take(JSON.parse(data) as Message));
  }

  #take(message: Message): void {
    if (this.#last !== null && message.seq <= this.#last) return;
    this.#last = message.seq;
    this.listener.message(message);
  }

  #after(): string {
    return this.#last === null ? "" : `after=${this.#last}`;
  }

  #bearer(): Record<string, string> {
    return { Authorization: `Bearer ${this.#token}` };
  }
}

function asJson(body: unknown, headers: Record<string, string> = {}): RequestInit {
  return {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(body),
  };
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resume) => {
    const timer = window.setTimeout(resume, milliseconds);
    signal.addEventListener("abort", () => {
      window.clearTimeout(timer);
      resume();
    });
  });
}
