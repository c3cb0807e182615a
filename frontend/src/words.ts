// What the widget itself says, in both languages. What the shop says comes from the server.

export type Language = "ko" | "en";

export interface Words {
  open: string;
  close: string;
  title: string;
  note: string;
  placeholder: string;
  send: string;
  typing: string;
  offline: string;
  failed: string;
  again: string;
  tooLong: string;
  slowDown: string;
  refused: string;
  renewed: string;
  view: string;
  log: string;
  answers: string;
  bySms: string;
  left: (count: number) => string;
  unread: (count: number) => string;
}

const KOREAN: Words = {
  open: "상담 열기",
  close: "상담 닫기",
  title: "숲길",
  note: "자동 상담 · 언제든 직원을 부르실 수 있어요",
  placeholder: "무엇이든 물어보세요",
  send: "보내기",
  typing: "답변을 쓰고 있어요",
  offline: "연결이 끊겼어요. 다시 연결하고 있어요…",
  failed: "전송하지 못했어요.",
  again: "다시 보내기",
  tooLong: "2,000자까지 보낼 수 있어요.",
  slowDown: "잠시만요, 조금 뒤에 다시 보내 주세요.",
  refused: "보낼 수 없는 내용이에요.",
  renewed: "오랜만이에요. 대화를 새로 시작할게요.",
  view: "상품 보기",
  log: "대화",
  answers: "빠른 답변",
  bySms: "문자",
  left: (count) => `${count}자 남음`,
  unread: (count) => `읽지 않은 답변 ${count}개`,
};

const ENGLISH: Words = {
  open: "Open the chat",
  close: "Close the chat",
  title: "Trailhead",
  note: "Automatic assistant · ask for a person any time",
  placeholder: "Ask us anything",
  send: "Send",
  typing: "Writing an answer",
  offline: "Connection lost. Trying again…",
  failed: "That did not go through.",
  again: "Try again",
  tooLong: "Up to 2,000 characters, please.",
  slowDown: "One moment, please. Send it again in a little while.",
  refused: "That cannot be sent.",
  renewed: "It has been a while, so this is a new conversation.",
  view: "View product",
  log: "Conversation",
  answers: "Quick replies",
  bySms: "text message",
  left: (count) => `${count} left`,
  unread: (count) => (count === 1 ? "1 unread answer" : `${count} unread answers`),
};

export function wordsFor(language: Language): Words {
  return language === "ko" ? KOREAN : ENGLISH;
}
