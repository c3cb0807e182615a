// Talks with the server: session, sending, and following the conversation by `seq`.

import type { Language } from "./words";

export interface Button {
  title: string;
  payload: string;
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
  buttons: Button[];
  cards: Card[];
}

export type SendResult = "sent" | "failed" | "too_long" | "slow_down" | "refused" | "signed_out";

export interface Listener {
  message(message: Message): void;
  connected(isConnected: boolean): void;
  signedOut(): void;
}

const RETRY_MILLISECONDS = 2000;

export class ChatService {
  #last = 0;
  #stream: EventSource | null = null;
  #timer = 0;

  constructor(private readonly listener: Listener) {}

  /** Opens the session of this browser, or takes up the one it has. */
  async begin(language: Language): Promise<void> {
    const answer = await this.#post("/chat/session", { language });
    if (!answer.ok) throw new Error(`session ${answer.status}`);
    await this.#catchUp();
    this.#follow();
  }

  /** Says something; the same `messageId` sent again is stored once. */
  async send(text: string, messageId: string): Promise<SendResult> {
    try {
      const answer = await this.#post("/chat/messages", { text, message_id: messageId });
      if (answer.ok) return "sent";
      if (answer.status === 401) return "signed_out";
      if (answer.status === 413) return "too_long";
      if (answer.status === 429) return "slow_down";
      return answer.status < 500 ? "refused" : "failed";
    } catch {
      return "failed";
    }
  }

  /** Forgets the conversation on screen: the next `begin` starts from its first line. */
  end(): void {
    window.clearTimeout(this.#timer);
    this.#stream?.close();
    this.#stream = null;
    this.#last = 0;
  }

  #post(path: string, body: unknown): Promise<Response> {
    return fetch(path, {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  }

  async #catchUp(): Promise<void> {
    for (let isMore = true; isMore; ) {
      const answer = await fetch(`/chat/messages?after=${this.#last}`, {
        credentials: "same-origin",
      });
      if (answer.status === 401) {
        this.end();
        this.listener.signedOut();
        return;
      }
      if (!answer.ok) throw new Error(`messages ${answer.status}`);
      const page = (await answer.json()) as { messages: Message[]; has_more?: boolean };
      page.messages.forEach((message) => this.#take(message));
      isMore = page.has_more === true;
    }
  }

  #follow(): void {
    const stream = new EventSource(`/chat/stream?after=${this.#last}`);
    this.#stream = stream;
    stream.onopen = () => this.listener.connected(true);
    stream.onmessage = (event) => this.#take(JSON.parse(event.data as string) as Message);
    stream.onerror = () => {
      // The browser's own retry cannot tell an expired session from a lost line, so we ask.
      stream.close();
      this.listener.connected(false);
      this.#timer = window.setTimeout(() => void this.#resume(stream), RETRY_MILLISECONDS);
    };
  }

  async #resume(lost: EventSource): Promise<void> {
    if (this.#stream !== lost) return;
    try {
      await this.#catchUp();
    } catch {
      if (this.#stream === lost)
        this.#timer = window.setTimeout(() => void this.#resume(lost), RETRY_MILLISECONDS);
      return;
    }
    if (this.#stream === lost) this.#follow();
  }

  #take(message: Message): void {
    if (message.seq <= this.#last) return;
    this.#last = message.seq;
    this.listener.message(message);
  }
}
