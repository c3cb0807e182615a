// What the widget itself says, in both languages. What the shop says comes from the server.

export type Language = "ko" | "en";

export interface Words {
  open: string;
  close: string;
  title: string;
  note: string;
  placeholder: string;
  send: string;
  sending: string;
  typing: string;
  offline: string;
  failed: string;
  again: string;
  slowDown: string;
  refused: string;
  renewed: string;
  joined: string;
  sendOnceMore: string;
  view: string;
  log: string;
  answers: string;
  products: string;
  bySms: string;
  fromYou: string;
  fromShop: string;
  left: (count: number) => string;
  over: (count: number) => string;
  unread: (count: number) => string;
}

const KOREAN: Words = {
  open: "대화창 열기",
  close: "대화창 닫기",
  title: "상담",
  note: "자동 상담 · 언제든 상담원을 부르실 수 있어요",
  placeholder: "무엇이든 물어보세요",
  send: "보내기",
  sending: "보내는 중",
  typing: "답변을 쓰고 있어요",
  offline: "연결이 끊겼어요. 다시 연결하고 있어요…",
  failed: "보내지 못했어요.",
  again: "다시 보내기",
  slowDown: "메시지를 너무 빨리 보내셨어요. 잠시 뒤에 다시 보내 주세요.",
  refused: "보낼 수 없는 내용이에요.",
  renewed: "새 대화를 시작했어요.",
  joined: "다른 곳에서 나누신 대화도 이제 여기서 이어져요.",
  sendOnceMore: "새 대화를 시작했어요. 방금 쓰신 글은 한 번 더 보내 주세요.",
  view: "상품 보기",
  log: "대화",
  answers: "빠른 답변",
  products: "상품",
  bySms: "문자",
  fromYou: "나",
  fromShop: "상담",
  left: (count) => `${count}자 남음`,
  over: (count) => `${count}자 넘음`,
  unread: (count) => `읽지 않은 답변 ${count}개`,
};

const ENGLISH: Words = {
  open: "Open the chat",
  close: "Close the chat",
  title: "Chat",
  note: "Automatic assistant · or ask for a person",
  placeholder: "Ask us anything",
  send: "Send",
  sending: "Sending",
  typing: "Writing an answer",
  offline: "Connection lost. Trying again…",
  failed: "That didn't go through.",
  again: "Try again",
  slowDown: "That was a bit fast. Please send it again in a moment.",
  refused: "That can't be sent.",
  renewed: "This is a new conversation.",
  joined: "Your other conversations with us now continue here.",
  sendOnceMore: "This is a new conversation now. Please send your message once more.",
  view: "View product",
  log: "Conversation",
  answers: "Quick replies",
  products: "Products",
  bySms: "text message",
  fromYou: "You",
  fromShop: "Shop",
  left: (count) => `${count} left`,
  over: (count) => `${count} too many`,
  unread: (count) => (count === 1 ? "1 unread answer" : `${count} unread answers`),
};

export function wordsFor(language: Language): Words {
  return language === "ko" ? KOREAN : ENGLISH;
}
