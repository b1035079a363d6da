"""A page in the wrong charset is a page nobody can read; these are the ways real servers get it wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arna.text.charset import decode_page

RUSSIAN = (
    "Президенты Украины и Казахстана встретились в Нью-Йорке. Товарооборот двух стран составил "
    "410 миллионов долларов, сообщили в посольстве."
)
UKRAINIAN = (
    "Посол України вручив вірчі грамоти. Сторони обговорили її пропозиції щодо торгівлі, "
    "зокрема постачання ліків і насосів, та новий ґрунт для діалогу."
)
KAZAKH = (
    "Екі елдің президенттері Нью-Йоркте кездесті. Қазақстан Украинаның тәуелсіздігін және аумақтық "
    "тұтастығын қолдайтынын қайталады, үкімет өкілдері ұсынды."
)
KYRGYZ = "Өкмөт өкүлдөрү жаңы көпүрөнүн курулушун көрүп, жөнөкөй жолдорду оңдоону сунуштады. Бул үчүн каражат бөлүндү."
TAJIK = "Ҷумҳурии Тоҷикистон ва Украина ҳамкориро дар соҳаи кишоварзӣ густариш медиҳанд, гуфт намояндаи ҳукумат."
TURKMEN = (
    "Türkmenistan bilen Ukrainanyň arasyndaky söwda ösýär. Şäherde täze köpri guruldy, ýollar abatlanýar, "
    "žurnalistler habar berdi."
)
TURKISH = "Ukrayna ile Türkiye arasında görüşmeler başladı. Dışişleri bakanlığı açıklama yaptı, ağır yükler taşındı."


def page(text: str, charset: str | None = None) -> str:
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={charset}">' if charset else ""
    return f"<html><head>{meta}<title>{text[:30]}</title></head><body><p>{text}</p></body></html>"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (RUSSIAN, "cp866"),
        (RUSSIAN, "iso8859-5"),
        (UKRAINIAN, "cp1251"),
        (UKRAINIAN, "koi8-u"),
        (KAZAKH, "kz1048"),
        (KAZAKH, "ptcp154"),
        (KYRGYZ, "kz1048"),
        (TAJIK, "koi8-t"),
        (TURKISH, "cp1254"),
        (TURKMEN.replace("ň", "n").replace("ý", "y").replace("ž", "z"), "cp1254"),
        (TURKMEN, "cp1250"),
    ],
)
def test_undeclared_page_is_read_by_its_letters(text: str, encoding: str) -> None:
    markup = page(text)
    assert decode_page(markup.encode(encoding)).text == markup


@pytest.mark.parametrize(
    ("text", "encoding", "declared"),
    [
        (RUSSIAN, "cp1251", "koi8-r"),
        (RUSSIAN, "koi8-r", "windows-1251"),
        (RUSSIAN, "cp1251", "iso-8859-1"),
        (RUSSIAN, "cp1251", "UTF-8"),
        (KAZAKH, "kz1048", "windows-1251"),
        (KAZAKH, "kz1048", "utf8"),
        (UKRAINIAN, "cp1251", "iso-8859-5"),
        (TURKISH, "cp1254", "windows-1251"),
    ],
)
def test_wrong_declaration_loses_to_words(text: str, encoding: str, declared: str) -> None:
    markup = page(text, declared)
    assert decode_page(markup.encode(encoding), declared).text == markup


@pytest.mark.parametrize("text", [RUSSIAN, KAZAKH, KYRGYZ, TAJIK, UKRAINIAN, TURKMEN])
@pytest.mark.parametrize("declared", ["windows-1251", "iso-8859-1", "koi8-r", "gb2312"])
def test_valid_utf8_beats_any_declaration(text: str, declared: str) -> None:
    markup = page(text, declared)
    assert decode_page(markup.encode(), declared) == (markup, "utf-8")


def test_right_declaration_is_kept_where_letters_cannot_tell() -> None:
    # A single letter of French, which no statistic can place: only the declaration knows.
    markup = "<p>Caf\u00e9 \u0160koda</p>"
    assert decode_page(markup.encode("cp1252"), "windows-1252").text == markup
    japanese = "<p>ウクライナの外相が記者会見を開いた。</p>"
    assert decode_page(japanese.encode("shift_jis"), "Shift_JIS").text == japanese


def test_header_beats_meta() -> None:
    markup = page(RUSSIAN, "koi8-r")
    assert decode_page(markup.encode("cp1251"), "windows-1251").text == markup


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_byte_order_mark_decides(encoding: str) -> None:
    assert decode_page(page(KAZAKH).encode(encoding), "windows-1251").text == page(KAZAKH)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_mark_is_seen(encoding: str) -> None:
    assert decode_page(page(KAZAKH).encode(encoding)).text == page(KAZAKH)


def test_page_cut_inside_a_letter_stays_utf8() -> None:
    payload = page(KAZAKH * 3).encode()[:-40]
    while payload[-1] < 0xC0:
        payload = payload[:-1]
    decoded = decode_page(payload, "windows-1251")
    assert decoded.encoding == "utf-8"
    assert KAZAKH in decoded.text


@pytest.mark.parametrize("declared", ["base64", "rot13", "zlib", "no-such-charset", "", '"utf-8"', "\x00", "idna"])
def test_declarations_that_are_no_charset_are_passed_over(declared: str) -> None:
    assert decode_page(page(RUSSIAN).encode("cp1251"), declared).text == page(RUSSIAN)


@given(st.binary(max_size=300), st.none() | st.text(max_size=20))
def test_any_bytes_give_text(payload: bytes, declared: str | None) -> None:
    decoded = decode_page(payload, declared)
    assert isinstance(decoded.text, str)
    decoded.text.encode("utf-8", "surrogatepass")
