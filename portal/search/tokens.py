"""Words as the index compares them: without case, accents and endings, in each of the site's languages."""

import re
import unicodedata

LONGEST = 200  # characters of a question that are read
JOINERS = re.compile("[\u200b-\u200d]")  # stand inside everyday Nepali words, or are left out
MARKS = re.compile("[\u0300-\u036f]")  # accents, once they are taken off their letters
APOSTROPHES = re.compile("['’‘ʼ`´]")
WORD = re.compile("[\\w\u0900-\u0963\u0966-\u097f]+")  # `\w` alone would split a Nepali word at its vowel signs
NEPALI = re.compile("[\u0900-\u097f]")
SHORTEST_STEM, BEFORE_VOWEL = 3, 4  # letters that an ending leaves; before the e or y of English, where many is not man

# Letters that sound alike in Nepali, and are written one for the other.
_SOUNDS = str.maketrans({"ी": "ि", "ू": "ु", "श": "स", "ष": "स", "व": "ब", "ण": "न", "ँ": "ं", "ऐ": "ए", "ई": "इ",
                         "ऊ": "उ", "\u093c": "", **{chr(0x0966 + digit): str(digit) for digit in range(10)}})
_NASAL = re.compile("[ङञनम]\u094d(?=[क-ह])")  # a nasal before another consonant, also written as a dot above


def fold(text: str) -> str:
    """A text without case, accents, invisible joiners and, in Nepali, the differences that nobody hears."""
    bare = MARKS.sub("", unicodedata.normalize("NFD", JOINERS.sub("", text).lower()))
    if NEPALI.search(bare):
        bare = _NASAL.sub("ं", bare.translate(_SOUNDS))
    return bare


# Endings that are taken off a folded word, the longest that leaves SHORTEST_STEM letters. Light on purpose: a word that
# loses too much meets words of another meaning.
_ENDINGS = {language: [fold(ending) for ending in listed.split()] for language, listed in {
    "en": "ings ing edly ed ers er ies es ly s e y",
    "es": "amientos amiento imientos imiento aciones acion adoras adores adora ador mente idades idad ieron aron iendo "
          "ando aban aba ian ia ias ados adas ado ada idos idas ido ida aran eran iran ara ira arme arse arla arlo "
          "amos emos imos an en ar er ir es as os a e o s",
    "pt-BR": "amentos amento imentos imento adoras adores adora ador acao icao idades idade mente aram eram iram ando "
             "endo indo avam ava iam ia ados adas ado ada idos idas ido ida am em ar er ir ou eu as os es a e o s",
    "ne": "हरूलाई हरूले हरूको हरू लाई बाट सँग सम्म हरु को का की ले मा नै न्छन् न्छ छन् छ ने नु दा दै",
}.items()}
_PLURAL = re.compile("[co]oes$")  # Portuguese -ções


def stem(word: str, language: str) -> str:
    """A folded word without its ending. Numbers (911, 24, 7) stay as they are."""
    if any(letter.isdigit() for letter in word):
        return word
    if language == "pt-BR":
        word = _PLURAL.sub("cao", word)
    for ending in _ENDINGS.get(language, ()):
        shortest = BEFORE_VOWEL if language == "en" and ending in {"e", "y"} else SHORTEST_STEM
        if word.endswith(ending) and len(word) - len(ending) >= shortest:
            bare = word[:-len(ending)]
            if language == "ne":
                return stem(bare, language)  # endings are joined one to the other
            return bare[:-1] if language == "en" and _doubled(bare) else bare
    return word


def _doubled(word: str) -> bool:
    return len(word) > SHORTEST_STEM and word[-1] == word[-2] and word[-1] not in "aeiouls"


def words(text: str, language: str) -> list[str]:
    """The folded words of a text in their order. English joins what an apostrophe parts (don't), others part it."""
    joined = APOSTROPHES.sub("" if language == "en" else " ", text.replace("-", " "))
    return WORD.findall(fold(joined).replace("_", " "))


def tokens(text: str, language: str) -> list[str]:
    """The words of a text without their endings, in their order."""
    return [stem(word, language) for word in words(text, language)]
