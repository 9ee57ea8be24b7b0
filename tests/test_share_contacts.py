"""Ways to reach a customer that somebody noted down in a free text: masked however they are written, and only they."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl
import pytest
from test_share import everything

from xlplugin.exchange._masks import contacts_hidden, masked_value
from xlplugin.exchange.share import Terms, share
from xlplugin.texts import LANGUAGES, printed

if TYPE_CHECKING:
    from pathlib import Path

MASKED = {
    # phones whose digits stand apart
    "请打138/0013/8001": "请打138****8001",
    "138 / 0013 / 8001": "138****8001",
    "１３８／００１３／８００１": "138****8001",
    "138_0013_8001下午": "138****8001下午",
    "138.0013.8001": "138****8001",
    "138．0013．8001": "138****8001",
    "138·0013·8001": "138****8001",
    "138・0013・8001": "138****8001",
    "138   0013   8001": "138****8001",
    "138\u3000\u30000013\u3000\u30008001": "138****8001",
    "138 - 0013 - 8001": "138****8001",
    "+86/138/0013/8001": "138****8001",
    "+86 138.0013.8001": "138****8001",
    "张/138/0013/8001/晚上": "张/138****8001/晚上",
    "138/0013/8001、139/0013/9001": "138****8001、139****9001",
    "座机0755/12345678": "座机****678",
    "0755_1234567": "****567",
    "(0755)12345678": "****678",
    "010  1234 5678": "****678",
    # phones in Chinese numerals
    "一三八〇〇一三八〇〇一": "138****8001",
    "打幺三八零零幺三八零零幺找他": "打138****8001找他",
    "一三八 〇〇一三 八〇〇一": "138****8001",
    "周一一三八〇〇一三八〇〇一": "周一138****8001",
    "周一，一三八〇〇一三八〇〇一": "周一，138****8001",
    "周一13800138001": "周一138****8001",
    # e-mail addresses
    "邮箱zhang.san@example.com": "邮箱z***@***",
    "Zhang_San+a@mail.example.com.cn，谢谢": "Z***@***，谢谢",
    "z@x.cn": "z***@***",
    "zhang＠example．com": "z***@***",
    # WeChat ids
    "微信号：zhang_san": "微信号：z***",
    "微信: zhangsan": "微信: z***",
    "微信号zhangsan，爱人": "微信号z***，爱人",
    "加微信zhangsan88": "加微信z***",
    "微信 zhang-88": "微信 z***",
    "微信号是zhangsan": "微信号是z***",
    "微信ID：wxid_a1b2c3d4": "微信ID：w***",
    "wechat: zhangsan": "wechat: z***",
    "WeChat ID: zhangsan_1": "WeChat ID: z***",
    "WeChat zhangsan1": "WeChat z***",
    "vx：zhangsan": "vx：z***",
    "微信：13800138001": "微信：138****8001",
    # identity cards
    "身份证440300199001011234": "身份证****234",
    "44030019900101123X": "****123",
    "44030019900101123x,": "****123,",
    "440300 19900101 123X": "****123",
    "440300-19900101-1234": "****234",
}
STAY = [
    # days, times and spans
    "2026/11/22",
    "2026.11.22",
    "2026_11_22",
    "2026/11/22 10:30",
    "20261122",
    "2026/11/22-2026/12/22",
    "1138/11/22",
    "二〇二六年十一月二十二日",
    "二〇二六年",
    "一九九〇年三月",
    "10.30-11.30",
    # amounts, areas and prices
    "1.5亿",
    "138.00138001",
    "128.12345678",
    "13800138.001",
    "1,380,013,800.1",
    "1380013800",
    "138001380010",
    "１５００万",
    "130/9800/1274万",
    "135/9800/1323元",
    "120/98",
    "100/2000/3000",
    "150000/200000",
    "三百八十万",
    "一百三十八万〇一",
    # units, counts, numbers of orders and of versions
    "1-1301/1302/1303",
    "301/302/303",
    "1301/102/1303",
    "3栋_2单元_1301",
    "A_138_0013",
    "1.2.3",
    "10.20.30.40",
    "192.168.100.1001",
    "138/0013/80011",
    "2138/0013/8001",
    "1/138/0013/8001",
    "138/0013/8001/2",
    "138/0013.8001",
    "202611220001",
    "DD20261122000123",
    "合同2026112200012345",
    "一二三四五六七",
    "三五七九",
    "一三八〇〇一三八〇〇",
    "一三八〇〇一三八〇〇一二",
    "第一三八",
    "100/200/300/400",
    "0.12345678",
    "0/12345678",
    "2026 1301 1302",
    # what only looks like an address or an id
    "@张三",
    "a@b",
    "tbl[@姓名]",
    "3@5.5",
    "单价@1.2万",
    "微信互动",
    "微信：已加",
    "微信群VIP2026",
    "微信：无",
    "WeChat interaction often",
    "微信",
    "wechat",
    "加了微信，很热情",
    "WeChat: yes",
    "微信公众号ABCDEF1",
    "vx",
    "微信扫码",
    "box: carton",
    "微信Excel里",
    "138****8001",
    "z***@***",
    "微信号：z***",
    "****234",
]


@pytest.mark.parametrize("text", MASKED)
def test_ways_to_reach_somebody_are_masked(text: str) -> None:
    assert contacts_hidden(text) == MASKED[text]


@pytest.mark.parametrize("text", STAY)
def test_other_figures_and_words_stay(text: str) -> None:
    assert contacts_hidden(text) == text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_our_own_texts_stay(lang: str) -> None:
    assert [text for text in printed(lang) if contacts_hidden(text) != text] == []


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("138/0013/8001", "138****8001"),
        ("一三八〇〇一三八〇〇一", "138****8001"),
        ("八八八六六六", "***"),
        ("138_0013_8001转3", "138****8001转3"),
        ("zhangsan@example.com", "z***@***"),
        ("未留", "未留"),
    ],
)
def test_a_cell_for_a_phone_shows_none_of_them(typed: str, shown: str) -> None:
    assert masked_value("phone", typed) == shown


def book(path: Path, phone: str, *notes: str) -> Path:
    made = openpyxl.Workbook()
    made.active.append(["客户姓名", "联系电话", "归属人", "来源说明"])
    for at, note in enumerate(notes):
        made.active.append(
            ["张三丰", phone, "周一鸣", note] if not at else [f"客{at}", f"1000000001{at}", "周一鸣", note]
        )
    made.active.append(["李四光", "15900000002", "吴小满", "路过"])
    made.save(path)
    return path


NOTED = [note for note in MASKED if MASKED[note] != note]


@pytest.mark.parametrize("form", ["values", "native"])
def test_the_report_names_what_was_masked(tmp_path: Path, form: str) -> None:
    source = book(tmp_path / "in.xlsx", "13900139009", "路过", *NOTED, "2026/11/22")
    report = share(source, tmp_path / "out.xlsx", Terms(form=form))
    assert report.guessed == {("Sheet", "来源说明"): len(NOTED)}
    assert any("来源说明" in line and "微信" in line for line in report.sentences("zh"))
    assert any("e-mail" in line for line in report.sentences("en"))
    shown = [row[3] for row in openpyxl.load_workbook(tmp_path / "out.xlsx")["Sheet"].iter_rows(values_only=True)]
    assert shown[1 : len(NOTED) + 3] == ["路过", *[MASKED[note] for note in NOTED], "2026/11/22"]


APART = [
    "159/0000/0002",
    "159_0000_0002",
    "1590/000/0002",
    "1/5/9/0/0/0/0/0/0/0/2",
    "159  00000002",
    "1 5 9  0000 0002",
    "159・0000・0002",
    "一五九〇〇〇〇〇〇〇二",
    "幺五九零零零零零零零二",
    "+86/159/0000/0002",
]


@pytest.mark.parametrize("noted", APART)
@pytest.mark.parametrize("typed", ["15900000002", "159/0000/0002", "一五九〇〇〇〇〇〇〇二"])
def test_a_known_phone_is_found_however_its_digits_stand(tmp_path: Path, noted: str, typed: str) -> None:
    source = book(tmp_path / "in.xlsx", typed, f"2026/11/22打{noted}找他")
    share(source, tmp_path / "out.xlsx", Terms())
    said = openpyxl.load_workbook(tmp_path / "out.xlsx").active["D2"].value
    assert said.startswith("2026/11/22打")
    assert said.endswith("159****0002找他")


@pytest.mark.parametrize("noted", APART)
def test_a_colleagues_customers_phone_goes_without_masking_too(tmp_path: Path, noted: str) -> None:
    source = book(tmp_path / "in.xlsx", "13900139009", f"转自{noted}", "微信号：zhang_san")
    share(source, tmp_path / "out.xlsx", Terms(mask=False, consultant="周一鸣"))
    cells = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    assert cells["D2"].value.endswith("159****0002")
    assert cells["D3"].value == "微信号：zhang_san"


def test_a_link_to_an_address_goes_with_it(tmp_path: Path) -> None:
    source = book(tmp_path / "in.xlsx", "13900139009", "zhang.san@example.com")
    made = openpyxl.load_workbook(source)
    made.active["D2"].hyperlink = "mailto:zhang.san@example.com?subject=hello"
    made.active["D2"].hyperlink.tooltip = "zhang.san@example.com"
    made.save(source)
    assert sum("zhang.san" in text for text in everything(source).values()) > 1
    share(source, tmp_path / "out.xlsx", Terms())
    assert not [part for part, text in everything(tmp_path / "out.xlsx").items() if "zhang.san" in text]
    link = openpyxl.load_workbook(tmp_path / "out.xlsx").active["D2"].hyperlink
    assert link.target == "mailto:hidden1?subject=hello"
