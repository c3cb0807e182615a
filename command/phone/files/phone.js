// The telephones on the table, and the shop's clock beside them. A `Telephone` shows the texts of
// one number and sends what is typed on it; one that is one-way has nothing to type in.

const POLL_MILLISECONDS = 1000;
const LINK = /https?:\/\/[^\s<>"'\u0080-\uffff]+/gi;
const AFTER_A_LINK = /[.,;:!?)\]}]+$/;
const LANGUAGE = document.body.dataset.language;
const WORDS = JSON.parse(document.body.dataset.words);

class ShopClock {
  constructor(section) {
    this.section = section;
    if (section === null) return;
    this.form = section.querySelector("form");
    this.controls = [...this.form.elements];
    this.moving = section.querySelector(".moving");
    this.wrong = section.querySelector(".wrong");
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      const by = this.form.elements.by.value.trim();
      if (by) this.move(by);
    });
    for (const button of section.querySelectorAll("[data-by]")) {
      button.addEventListener("click", () => this.move(button.dataset.by));
    }
  }

  now() {
    if (this.told === undefined) return new Date();
    return new Date(this.told + performance.now() - this.toldAt);
  }

  async start() {
    if (this.section === null) return;
    await this.read();
    setTimeout(() => this.start(), POLL_MILLISECONDS);
  }

  async read() {
    try {
      const answer = await fetch("/phone/api/clock");
      if (!answer.ok) throw new Error(String(answer.status));
      this.set(await answer.json());
      if (this.isAway) this.say("");
      this.isAway = false;
    } catch {
      this.isAway = true;
      this.say(WORDS.clock_away);
    }
  }

  async move(by) {
    this.busy(true);
    this.say("");
    try {
      const answer = await fetch("/phone/api/clock", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ by }),
      });
      const said = await answer.json().catch(() => ({}));
      if (answer.ok) {
        this.set(said);
        this.form.elements.by.value = "";
      } else {
        this.say([WORDS.not_moved, said.message].filter(Boolean).join(" "));
      }
    } catch {
      this.say(WORDS.not_moved);
    } finally {
      this.busy(false);
    }
  }

  set({ now }) {
    this.told = Date.parse(now);
    this.toldAt = performance.now();
    for (const place of this.section.querySelectorAll("[data-time-zone]")) {
      const timeZone = place.dataset.timeZone;
      place.querySelector(".date").textContent = dateIn(timeZone, this.now());
      place.querySelector(".time").textContent = timeIn(timeZone, this.now());
    }
  }

  busy(isMoving) {
    for (const control of this.controls) control.disabled = isMoving;
    this.moving.hidden = !isMoving;
  }

  say(problem) {
    if (this.wrong.textContent !== problem) this.wrong.textContent = problem;
    this.wrong.hidden = problem === "";
  }
}

class Telephone {
  constructor(section, shopClock, tab) {
    this.section = section;
    this.shopClock = shopClock;
    this.tab = tab;
    this.number = section.dataset.number;
    this.timeZone = section.dataset.timeZone;
    this.list = section.querySelector(".texts");
    this.empty = section.querySelector(".empty");
    this.offline = section.querySelector(".offline");
    this.clock = section.querySelector(".clock");
    this.revision = -1;
    this.shown = new Set();
    this.isFirst = true;
    this.isAtEnd = true;
    this.list.addEventListener("scroll", () => {
      const below = this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight;
      this.isAtEnd = below < 80;
    });
    new ResizeObserver(() => this.keepAtEnd()).observe(this.list);
    this.form = section.querySelector(".writing");
    if (this.form !== null) this.takeTyping();
  }

  takeTyping() {
    this.problem = this.form.querySelector(".problem");
    this.field = this.form.querySelector("textarea");
    this.button = this.form.querySelector(".send");
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

  async poll() {
    const now = this.shopClock.now();
    this.clock.textContent = timeIn(this.timeZone, now);
    // Which day is today has changed: say it anew above the texts.
    if (this.today !== dayIn(this.timeZone, now)) this.revision = -1;
    this.today = dayIn(this.timeZone, now);
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
    const items = [];
    let day = "";
    for (const text of texts) {
      const at = new Date(text.at);
      if (dayIn(this.timeZone, at) !== day) {
        day = dayIn(this.timeZone, at);
        items.push(this.dayItem(at));
      }
      items.push(this.textItem(text, at));
    }
    this.list.replaceChildren(...items);
    this.keepAtEnd();
    this.empty.hidden = texts.length > 0;
    const isNews = !this.isFirst && texts.some((text) => !text.mine && !this.shown.has(text.id));
    if (isNews && this.tab.getAttribute("aria-pressed") === "false") this.news(true);
    texts.forEach((text) => this.shown.add(text.id));
    this.isFirst = false;
  }

  keepAtEnd() {
    if (this.isAtEnd) this.list.scrollTop = this.list.scrollHeight;
  }

  choose(isChosen) {
    this.section.classList.toggle("chosen", isChosen);
    this.tab.setAttribute("aria-pressed", String(isChosen));
    if (!isChosen) return;
    this.news(false);
    this.isAtEnd = true;
    this.keepAtEnd();
  }

  news(isThere) {
    this.tab.querySelector(".news").hidden = !isThere;
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
    const said = [timeIn(this.timeZone, at), WORDS[text.status] ?? text.status];
    if (text.error !== null) said.push(String(text.error));
    if (text.bytes === null) said.push(WORDS.segments.replace("{count}", String(text.segments)));
    else said.push(WORDS.bytes.replace("{count}", String(text.bytes)).replace("{kind}", text.kind));
    return said.join(" · ");
  }

  day(at) {
    const now = this.shopClock.now();
    const yesterday = new Date(now);
    yesterday.setDate(now.getDate() - 1);
    const day = dayIn(this.timeZone, at);
    if (day === dayIn(this.timeZone, now)) return WORDS.today;
    if (day === dayIn(this.timeZone, yesterday)) return WORDS.yesterday;
    return dateIn(this.timeZone, at);
  }
}

function timeIn(timeZone, at) {
  return at.toLocaleTimeString(LANGUAGE, { timeZone, hour: "numeric", minute: "2-digit" });
}

function dateIn(timeZone, at) {
  return at.toLocaleDateString(LANGUAGE, {
    timeZone,
    month: LANGUAGE === "ko" ? "long" : "short",
    day: "numeric",
    weekday: "short",
  });
}

// Year, month and day, to compare.
function dayIn(timeZone, at) {
  return at.toLocaleDateString("en-CA", { timeZone });
}

// The text as text nodes, with web addresses as links; never as HTML.
function linked(text) {
  const parts = [];
  let end = 0;
  for (const found of text.matchAll(LINK)) {
    const address = found[0].replace(AFTER_A_LINK, "");
    const link = document.createElement("a");
    link.href = address;
    link.textContent = address;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    parts.push(text.slice(end, found.index), link);
    end = found.index + address.length;
  }
  parts.push(text.slice(end));
  return parts;
}

const shopClock = new ShopClock(document.querySelector(".shop-clock"));
const telephones = [...document.querySelectorAll(".telephone")].map(
  (one) => new Telephone(one, shopClock, document.querySelector(`[data-shows="${one.id}"]`)),
);
for (const one of telephones) {
  one.tab.addEventListener("click", () => telephones.forEach((each) => each.choose(each === one)));
}
const american = telephones.find((one) => one.form !== null);
for (const button of document.querySelectorAll(".try")) {
  button.addEventListener("click", () => american.send(button.textContent));
}
shopClock.start().then(() => telephones.forEach((one) => one.poll()));
