"""How people spell names: folding, endings, Cyrillic both ways, sound, variants, likeness."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.names import Level, fold, likeness, spelled, words_of
from search.names.cyrillic import SYSTEMS, to_cyrillic, to_latin
from search.names.latvian import gender_stem, stem
from search.names.likeness import FAMILIAR, FOLDED, GENDER, SOUND
from search.names.phonetic import phonetic
from search.names.variants import familiar_of, variants_of

RUSSIAN = (
    *(
        "Щербаков",
        "Жуков",
        "Хрущёв",
        "Юрий",
        "Яковлева",
        "Цветкова",
        "Чернышевский",
        "Шишкин",
        "Эренбург",
        "Ершов",
        "Соловьёва",
        "Дмитрий",
        "Евгений",
        "Наталья",
        "Любовь",
    ),
    *("Гайдай", "Ульянова", "Подъячев", "Съедин", "Филиппов", "Кузнецов", "Вячеслав", "Алексей", "Татьяна", "Мария"),
)
NAMES = st.text(alphabet="aābcčdeēfgģhiījkķlļmnņoprsštuūvzž", min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Bērziņš", "berzins"),
        ("ŽĪGURE", "zigure"),
        ("O'Braiens", "obraiens"),
        ("Müller", "muller"),
        ("Łukasz", "lukasz"),
        ("Groß", "gross"),
        ("Жуков", "zukov"),
    ],
)
def test_folding_leaves_latin_letters(text, folded):
    assert fold(text) == folded


def test_hyphens_part_words_and_apostrophes_do_not():
    assert [(word.text, word.start, word.end) for word in words_of("Anna O'Braiena-Liepa")] == [
        ("Anna", 0, 4),
        ("O'Braiena", 5, 14),
        ("Liepa", 15, 20),
    ]


@pytest.mark.parametrize(
    ("forms", "stemmed"),
    [
        ("zadziba zadzibas zadzibu zadzibai zadzibam", "zadzib"),
        ("velosipeds velosipeda velosipedi velosipedu velosipediem", "velosiped"),
        ("tumsais tumsajam tumsajiem", "tums"),
    ],
)
def test_forms_of_a_word_share_a_stem(forms, stemmed):
    assert {stem(form) for form in forms.split()} == {stemmed}


@pytest.mark.parametrize(
    ("man", "woman"),
    [
        ("ozols", "ozola"),
        ("berzins", "berzina"),
        ("lacis", "lace"),
        ("eglitis", "eglite"),
        ("briedis", "briede"),
        ("ledus", "leda"),
        ("ivanovs", "ivanova"),
        ("kovalevskis", "kovalevska"),
        ("kalejs", "kaleja"),
        ("lielais", "liela"),
    ],
)
def test_a_mans_and_a_womans_form_of_a_surname_share_a_stem(man, woman):
    assert gender_stem(man) == gender_stem(woman)


@pytest.mark.parametrize("name", RUSSIAN)
def test_every_way_to_write_a_russian_name_in_latin_sounds_the_same(name):
    keys = [set(phonetic(to_latin(name, system))) for system in SYSTEMS]
    assert all(key & keys[0] or _near(min(key), min(keys[0])) for key in keys), keys


def _near(one: str, other: str) -> bool:
    """One edit apart: what `Level.NEAR` brings together (ё is e in passports)."""
    return bool(spelled(one).near & spelled(other).near)


@pytest.mark.parametrize(
    ("latvian", "russian"),
    [
        ("Jānis Bērziņš", "Янис Берзиньш"),
        ("Juris Kļaviņš", "Юрис Клявиньш"),
        ("Edgars Ščerbakovs", "Эдгарс Щербаковс"),
        ("Anna-Marija", "Анна-Мария"),
        ("Dzintars Ņikitins", "Дзинтарс Никитинс"),
    ],
)
def test_a_latvian_name_in_russian_and_back_is_near_the_name(latvian, russian):
    there = to_cyrillic(latvian)
    assert there == russian
    pairs = zip(words_of(latvian), words_of(there), strict=True)
    assert all(likeness(one.text, other.text) >= 0.85 for one, other in pairs)


def test_only_true_variants_share_a_group():
    assert variants_of(fold("Aleksandrs")) & variants_of(fold("Alexander"))
    assert not variants_of(fold("Jānis")) & variants_of(fold("Ivans"))
    assert not variants_of(fold("Saša")) & variants_of(fold("Aleksandrs"))
    assert familiar_of(fold("Saša")) & familiar_of(fold("Aleksandrs"))


def test_the_surer_a_likeness_the_higher():
    said = [
        likeness("Bērziņš", "bērziņš"),
        likeness("Bērziņš", "Berzins"),
        likeness("Bērziņš", "Bērziņa"),
        likeness("Ščerbakova", "Shcherbakova"),
        likeness("Tatjana", "Taņa"),
        likeness("Ozols", "Kalniņš"),
    ]
    assert said == sorted(said, reverse=True)
    assert said[1:3] == [FOLDED, GENDER]
    assert SOUND - 0.02 <= said[3] <= SOUND
    assert said[4] == FAMILIAR
    assert said[5] < 0.6


@given(NAMES, NAMES)
def test_likeness_says_the_same_both_ways_and_stays_between_nothing_and_everything(one, other):
    assert likeness(one, other) == pytest.approx(likeness(other, one))
    assert 0 <= likeness(one, other) <= 1
    assert likeness(one, one) == 1


@given(NAMES.filter(lambda name: len(name) >= 6), st.integers(0, 5), st.sampled_from("aeioukrstn"))
def test_what_is_one_edit_of_the_sound_apart_shares_a_near_key(name, place, letter):
    sound = phonetic(name)[0]
    if len(sound) < 4:
        return
    at = place % len(sound)
    for slip in (sound[:at] + sound[at + 1 :], sound[:at] + letter + sound[at:], sound[:at] + letter + sound[at + 1 :]):
        near = {slip[:i] + slip[i + 1 :] for i in range(len(slip))} | {slip}
        assert near & spelled(name).near


@given(st.text(max_size=20))
def test_no_text_breaks_the_keys(text):
    for word in words_of(text):
        found = spelled(word.text)
        assert all(isinstance(each, str) for level in Level for each in found.keys(level))
