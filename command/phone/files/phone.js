// A telephone: shows the texts of one number and sends what is typed. One `Telephone` per section,
// so that a second one on the table is a second section.

const POLL_MILLISECONDS = 1000;
const LINK = /https?:\/\/[^\s<>"']+/g;

class Telephone {
  constructor(section) {
    this.number = section.dataset.number;
    this.words = JSON.parse(section.dataset.words);
    this.language = section.dataset.language;
    this.list = section.querySelector(".texts");
    this.empty = section.querySelector(".empty");
    this.offline = section.querySelector(".offline");
    this.problem = section.querySelector(".problem");
    this.form = section.querySelector(".writing");
    this.field = section.querySelector("textarea");
    this.button = section.querySelector(".send");
    this.clock = section.querySelector(".clock");
    this.revision = -1;
    this.shown = new Set();
    this.isFirst = true;
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send(this.field.value);
    });
    this.field.addEventListener("input", () => this.fit());
    this.field.addEventListener("keydown", (event) => {
      // While Hangul is being composed, Enter ends the syllable and must not send.
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.form.requestSubmit();
      }
    });
  }

  start() {
    this.poll();
  }

  async poll() {
    this.clock.textContent = this.time(new Date());
    await this.look();
    setTimeout(() => this.poll(), POLL_MILLISECONDS);
  }

  async look() {
    const query = new URLSearchParams({ number: this.number, known: String(this.revision) });
    try {
      const answer = await fetch(`/phone/api/texts?${query}`);
      if (!answer.ok) throw new Error(String(answer.status));
      const { revision, texts } = await answer.json();
      this.offline.hidden = true;
      if (texts !== null) this.show(texts);
      this.revision = revision;
    } catch {
      this.offline.hidden = false;
    }
  }

  async send(text) {
    if (!text.trim() || this.isSending) return;
    this.isSending = true;
    this.fit();
    try {
      const answer = await fetch("/phone/api/texts", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ number: this.number, text }),
      });
      if (!answer.ok) throw new Error(String(answer.status));
      this.problem.hidden = true;
      if (this.field.value === text) this.field.value = "";
      await this.look();
    } catch {
      this.problem.hidden = false;
    } finally {
      this.isSending = false;
      this.fit();
    }
  }

  fit() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight + 2, 128)}px`;
    this.button.disabled = this.isSending || !this.field.value.trim();
  }

  show(texts) {
    const gap = this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight;
    const wasAtEnd = this.isFirst || gap < 80;
    const items = [];
    let day = "";
    for (const text of texts) {
      const at = new Date(text.at);
      if (at.toDateString() !== day) {
        day = at.toDateString();
        items.push(this.dayItem(at));
      }
      items.push(this.textItem(text, at));
    }
    this.list.replaceChildren(...items);
    this.empty.hidden = texts.length > 0;
    texts.forEach((text) => this.shown.add(text.id));
    if (wasAtEnd) this.list.scrollTop = this.list.scrollHeight;
    this.isFirst = false;
  }

  dayItem(at) {
    const item = document.createElement("li");
    item.className = "day";
    item.textContent = this.day(at);
    return item;
  }

  textItem(text, at) {
    const item = document.createElement("li");
    item.className = `text ${text.mine ? "mine" : "theirs"}`;
    item.dataset.id = text.id;
    item.dataset.status = text.status;
    if (!this.isFirst && !this.shown.has(text.id)) item.classList.add("new");
    if (text.error !== null) item.classList.add("lost");
    const bubble = document.createElement("p");
    bubble.className = "bubble";
    bubble.append(...linked(text.text));
    const caption = document.createElement("span");
    caption.className = "caption";
    caption.textContent = this.caption(text, at);
    item.append(bubble, caption);
    return item;
  }

  caption(text, at) {
    const said = [this.time(at), this.words[text.status] ?? text.status];
    if (text.error !== null) said.push(String(text.error));
    said.push(this.words.segments.replace("{count}", String(text.segments)));
    return said.join(" · ");
  }

  time(at) {
    return at.toLocaleTimeString(this.language, { hour: "numeric", minute: "2-digit" });
  }

  day(at) {
    const today = new Date();
    const yesterday = new Date(today);
    yesterday.setDate(today.getDate() - 1);
    if (at.toDateString() === today.toDateString()) return this.words.today;
    if (at.toDateString() === yesterday.toDateString()) return this.words.yesterday;
    return at.toLocaleDateString(this.language, { month: "long", day: "numeric", weekday: "short" });
  }
}

// The text as text nodes, with web addresses as links; never as HTML.
function linked(text) {
  const parts = [];
  let end = 0;
  for (const found of text.matchAll(LINK)) {
    const link = document.createElement("a");
    link.href = found[0];
    link.textContent = found[0];
    link.target = "_blank";
    link.rel = "noopener noreferrer nofollow";
    parts.push(text.slice(end, found.index), link);
    end = found.index + found[0].length;
  }
  parts.push(text.slice(end));
  return parts;
}

const telephones = [...document.querySelectorAll(".telephone")].map((one) => new Telephone(one));
telephones.forEach((one) => one.start());
for (const button of document.querySelectorAll(".try")) {
  button.addEventListener("click", () => telephones[0].send(button.textContent));
}
