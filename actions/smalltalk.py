"""Talk about nothing: a short and true answer, and a way back to the shop. Whoever is angry about
what they bought is heard elsewhere; whoever wants to live no more is told whom to call.
"""

from __future__ import annotations

import re

from actions.answer import Answer, reads_first
from actions.conversation import Conversation

_TOPICS = {
    "utter_smalltalk_insult": (
        r"바보|멍청|쓸모|별로[야네]|못됐|꺼져|닥쳐|답답|말귀|한심|병신|씨발|시발",
        r"stupid|dumb|idiot|useless|you suck|annoying|bad bot|shut up|terrible|worst|f[u*]ck",
    ),
    "utter_smalltalk_joke": (
        r"농담|개그|웃긴\s*얘기|재[미밌]\S*\s*얘기|웃겨\s*[줘봐]",
        r"joke|^make me laugh|something funny",
    ),
    "utter_smalltalk_praise": (
        r"웃기|웃겨|웃었|빵 터|재[미밌]\S*네|귀[엽여]|똑똑|천재|하네|센스|낫네|최고|멋지",
        r"funny|hilarious|cute|sweet|nice\b(?! day)",
        r"smart\b|clever|good bot|pretty good|better than|crack|awesome|good one",
        r"(?:made|make) me (?:laugh|smile)",
    ),
    "utter_smalltalk_bot": (
        r"로봇|봇(?![가-힣])|봇[이인]|기계|인공지능|챗지피티|사람\s*[이맞아]|진짜 사람|자동 응답",
        r"이름|\bname\b|(?<![a-z])ai(?![a-z])|gpt|\b(?:ro)?bot\b|human|\breal\b|machine|automated",
    ),
    "utter_smalltalk_weather": (
        r"날씨|날이|더워|덥|추워|추[운웠]|춥|[비눈]\s*(?:[가도이]|엄청|많이)?\s*[오와온]|첫눈|바람|장마",
        r"벌써 [봄여가겨]",
        r"weather|cold|\bhot\b|rain|snow|pouring|freezing|sunny|windy|day today|beautiful day",
        r"gorgeous|\bwind\b|evening",
    ),
    "utter_smalltalk_love": (
        r"사랑|결혼|사귀|사귈|[네니]가 (?:좋|마음)|너 좋아해|친구\s*하자",
        r"\blove\b|marry|like you|adore|crush|be friends",
    ),
    "utter_smalltalk_feeling": (
        r"심심|배고|졸려|피곤(?!하지|해\?)|우울|외로|힘들다|지[치쳤]|꿀꿀|싫다|슬퍼|기분",
        r"bored|hungry|i'm tired|sleepy|long day|\bhate\b|\bsad\b|lonely",
        r"feeling (?:down|bad|great)|bad day|entertain",
    ),
    "utter_smalltalk_doing": (
        r"[뭐모]\s*[해하]|뭐 했어",
        r"doing|up to|your day|plans|what's new|keeping busy",
    ),
}
"""The first that is spoken of decides; else it is about the assistant itself."""
_PATTERNS = {
    response: re.compile("|".join(words), re.IGNORECASE) for response, words in _TOPICS.items()
}
_WANTS_TO_DIE = re.compile(
    r"죽고\s*싶(?!을\s*(?:만큼|정도))|자살|살기\s*싫"
    r"|\bkill(?:ing)? myself\b|\bwan(?:t to|na) die\b|\bend my life\b|\bsuicid",
    re.IGNORECASE,
)


class Smalltalk(Answer):
    """Answers in a line."""

    called = "action_smalltalk"
    is_aside = True

    def answer(self, conversation: Conversation) -> None:
        """By what is spoken of."""
        said = conversation.turn.text.replace("\u2019", "'")
        found = (response for response, words in _PATTERNS.items() if words.search(said))
        conversation.say(next(found, "utter_smalltalk_self"))


@reads_first
def _hears_despair(conversation: Conversation) -> bool:
    """Whatever else was understood: no word of the shop, but who listens at any hour (109 in Korea,
    988 in the United States)."""
    if _WANTS_TO_DIE.search(conversation.turn.text) is None:
        return False
    conversation.say("utter_smalltalk_despair")
    conversation.is_last_word = True
    return True
