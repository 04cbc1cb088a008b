from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.models import Field
from archiver.text import language_data, languages
from archiver.text.language_data import Language
from tests.support.sheets import sheet, value

GERMAN = "Die neue Brücke ist am Morgen für den Verkehr geöffnet worden, und viele sind mit dem Rad gekommen. " * 4
ENGLISH = "The new bridge was opened this morning, and many of them have come by bike to see that it is there. " * 4


@pytest.mark.parametrize(
    ("tag", "code"),
    [("de", "de"), ("pt_BR", "pt"), ("zh-Hant-TW", "zh"), ("EN-us", "en"), ("nb-NO", "no"),
     ("deu", "de"), ("German", "de"),
     ("en, de", "en"), ("", None), ("x", None), ("unknown", None)],
)  # fmt: skip
def test_primary(tag: str, code: str | None) -> None:
    assert languages.primary(tag) == code


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (GERMAN, "de"),
        (ENGLISH, "en"),
        (
            "Le nouveau pont est ouvert ce matin et les gens sont venus dans la ville pour le voir avec une fête. " * 4,
            "fr",
        ),
        ("สะพานใหม่เปิดใช้งานแล้วเมื่อเช้านี้ ผู้คนจำนวนมากเดินทางมาดู " * 2, "th"),
        ("新しい橋が今朝開通しました。多くの人が見に来ました。" * 3, "ja"),
        ("新大桥今天早晨正式通车许多市民前来参观并拍照留念" * 3, "zh"),
        ("새 다리가 오늘 아침 개통되었다 많은 사람들이 보러 왔다 " * 3, "ko"),
    ],
)
def test_spoken(text: str, language: str) -> None:
    assert languages.detect_language(text) == (language, True)


# The same news in every language that has stop words, without a tag that says which it is.
NEWS = {
    "en": "The mayor said that the bridge will be closed for a year and that the work has not been paid for.",
    "de": "Der Bürgermeister sagte, dass die Brücke für ein Jahr gesperrt wird und die Arbeit nicht bezahlt ist.",
    "fr": "Le maire a dit que le pont est fermé pour une année et que les travaux ne sont pas payés par la ville.",
    "es": "El alcalde de la ciudad dijo que la obra no terminó y que un puente nuevo costaría la mitad de los fondos.",
    "it": "Il sindaco ha detto che il ponte della città non è aperto e che la spesa per i lavori è più alta.",
    "pt": "O prefeito disse que a ponte não foi aberta e que os custos da obra são mais altos do que no plano.",
    "nl": "De burgemeester zei dat het werk aan de brug niet klaar is en dat de stad er een jaar op wacht.",
    "sv": "Borgmästaren sade att bron är stängd för ett år och att det inte har betalats av staden till firman.",
    "da": "Borgmesteren sagde, at broen er lukket i et år, og at det ikke er betalt af byen, efter hun blev valgt.",
    "no": "Ordføreren prøver å åpne broen i år, og hun ble valgt for å betale av gjelden etter fem år med lån.",
    "fi": "Kaupunginjohtaja sanoi, että silta on suljettu ja ettei työ ole valmis, mutta se avataan myös yöksi.",
    "pl": "Burmistrz powiedział, że most jest zamknięty na rok i że to nie jest koniec, ale praca się zaczęła.",
    "cs": "Starosta řekl, že most je zavřený na rok a že to není konec, ale práce se už podle něho začala.",
    "sk": "Starosta povedal, že most je zatvorený na rok a že to nie je koniec, ale práca sa podľa neho začala.",
    "hu": "A polgármester azt mondta, hogy a híd egy évig zárva van, és nem is ez az utolsó munka, csak az első.",
    "ro": "Primarul a spus că podul este închis și că lucrările nu au fost plătite din bani care sunt pentru oraș.",
    "hr": "Gradonačelnik je rekao da će most biti zatvoren i da to nije kraj, ali što je bilo s novcem ne kaže.",
    "tr": "Belediye başkanı köprü için bir yıl daha kapalı olarak kaldı dedi ve bu ne kadar sürer o da belli değil.",
    "id": "Wali kota mengatakan bahwa jembatan itu tidak akan dibuka karena mereka telah menunggu dana dari pusat.",
    "ms": "Datuk bandar kata beliau jambatan itu tidak dibuka bagi tahun ini dan kerja turut akan dibuat segera.",
    "vi": "Thị trưởng đã nói cây cầu không được mở cho người dân và những công việc này của thành phố là nhiều.",
    "ca": "L'alcalde va dir que el pont no és obert i que els diners dels veïns han anat amb les obres d'aquest any.",
    "et": "Linnapea ütles, et sild on suletud ja see ei ole veel kõik, kuid töö oli juba alanud ning ta ootab.",
    "lt": "Meras sakė, kad tiltas yra uždarytas ir kad tai dar ne viskas, bet darbai jau buvo pradėti iš naujo.",
    "is": "Borgarstjórinn sagði að brúin er lokuð í ár og það var ekki fyrir hann sem við unnum með henni um veturinn.",
    "sq": "Kryetari tha se ura është e mbyllur për një vit dhe se kjo nuk ka të bëjë me punën që u bë në qytet.",
    "ru": "Мэр сказал, что мост закрыт на год и что это не всё, но он так и не был готов от начала до конца.",
    "uk": "Мер сказав, що міст закрито на рік і що це не все, але він був готовий до зими та для людей також.",
    "bg": "Кметът каза, че мостът е затворен за година и че това не е всичко, но ще се отвори с парите от града.",
    "sw": "Meya wa mji alisema kuwa daraja hiyo ni ya zamani na kazi katika barabara hii pia ni ya mwaka kwa watu.",
    "af": "Die burgemeester het gesê dat die brug nie oop is nie en dat hulle van die stad daar wag vir die geld.",
    "sr": "Градоначелник је рекао да ће мост бити затворен и да то није крај, а што је из буџета за њега од раније.",
}  # fmt: skip


@pytest.mark.parametrize("language", [one for one in language_data.languages() if one.stop_words], ids=lambda x: x.code)
def test_a_text_without_a_tag_is_told_by_its_stop_words(language: Language) -> None:
    assert languages.detect_language(NEWS[language.code])[0] == language.code


@pytest.mark.parametrize("text", ["", "Neu", "12345 67890"])
def test_too_little_text_says_nothing(text: str) -> None:
    assert languages.detect_language(text) == (None, False)


@given(st.text(max_size=200))
def test_spoken_never_raises(text: str) -> None:
    language, sure = languages.detect_language(text)
    assert language or not sure


def test_the_page_is_believed_unless_its_text_contradicts() -> None:
    assert value(sheet(html='<html lang="de-AT">'), Field.LANGUAGE, GERMAN) == "de"
    assert value(sheet(html='<html lang="en">'), Field.LANGUAGE, GERMAN) == "de"
    assert value(sheet(html='<html lang="en">'), Field.LANGUAGE) == "en"
    assert value(sheet(html="<html>"), Field.LANGUAGE, ENGLISH) == "en"
    assert (
        value(sheet('<meta property="og:locale" content="de_DE">', html='<html lang="en">'), Field.LANGUAGE, GERMAN)
        == "de"
    )


def test_near_relatives_do_not_contradict_each_other() -> None:
    assert not languages.contradicts("no", "da")
    assert not languages.contradicts("fa", "ar")
    assert languages.contradicts("en", "de")
