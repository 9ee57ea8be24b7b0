"""The words of accounting exports: by which headers a column is known, and what marks a line as a total."""

from __future__ import annotations

from xlplugin.exchange._header_text import bracketed, plain_header
from xlplugin.workbooks.total_rows import TOTALS

__all__ = ["NEEDED", "PAYMENT_WORDS", "UNITS", "is_total", "key_of", "rank_of", "unit_of"]

# For each column its headers, the likeliest first: of two that an export has, the first stands.
PAYMENT_WORDS = {
    "account_no": (
        "客户编号|客户编码|客户代码|客户号|往来单位编号|往来单位编码|往来单位代码|往来编码|客商编码|客商编号|客商代码|单位编号|"
        "单位编码|核算项目编码|核算项目代码|辅助核算编码|购货单位编码|付款单位编码|账号编号|"
        "account_no|account no|account number|account code|account id|customer no|customer number|customer code|"
        "customer id|client no|client code|debtor no"
    ),
    "account_name": (
        "客户名称|客户|客户名|客户单位|往来单位名称|往来单位|往来名称|客商名称|客商|单位名称|核算项目名称|核算项目|辅助核算名称|"
        "购货单位名称|购货单位|付款单位名称|付款单位|付款方|付款人|对方户名|对方名称|"
        "account_name|account name|account|customer name|customer|client name|client|payer|debtor"
    ),
    "product_line": (
        "品项|产品线|品项名称|品类|产品线名称|存货分类|商品分类|产品类别|产品大类|商品类别|存货名称|商品名称|产品名称|存货|商品|"
        "产品|品名|存货编码|商品编码|"
        "product_line|product line|line|product category|category|product group|product name|product|item name|item|sku"
    ),
    "month": (
        "月份|会计期间|所属月份|归属月份|回款月份|收款月份|记账月份|会计月份|期间|账期月份|年月|月|"
        "month|accounting period|fiscal period|posting period|period"
    ),
    "date": (
        "回款日期|收款日期|记账日期|到账日期|入账日期|凭证日期|单据日期|业务日期|制单日期|交易日期|过账日期|日期|"
        "date|posting date|payment date|receipt date|voucher date|document date|transaction date|value date"
    ),
    "year": "会计年度|年度|年份|年|fiscal year|year",
    "amount": (
        "回款金额|收款金额|回款额|收款额|到账金额|实收金额|本次收款|回款|收款|贷方本币金额|贷方金额|贷方发生额|贷方本币|贷方|"
        "本币金额|本位币金额|收入金额|金额|发生额|原币金额|"
        "amount|payment amount|amount received|amount paid|payment|receipt|receipts|credit amount|credit|"
        "local amount|value"
    ),
    "debit": "借方本币金额|借方金额|借方发生额|借方本币|借方|debit amount|debit",
    "currency": "币种|币别|货币|货币种类|currency|currency code|ccy",
    "voucher": (
        "凭证号|凭证号数|凭证编号|凭证字号|凭证字|记账凭证号|单据号|单据编号|收款单号|回款单号|单号|流水号|交易流水号|"
        "voucher|voucher no|voucher number|document no|document number|doc no|receipt no|reference|"
        "reference no|transaction id"
    ),
    "note": "备注|摘要|说明|用途|附言|note|notes|remark|remarks|description|memo|text|details",
}  # fmt: skip
NEEDED = ("account_no", "product_line", "month", "amount")
UNITS = {"万": 10_000, "万元": 10_000, "千元": 1_000, "亿元": 100_000_000, "亿": 100_000_000}

_TOTAL_WORDS = (
    "本月合计|本月小计|本年累计|本期合计|本期累计|过次页|承前页|期初余额|期末余额|上年结转|"
    "结转下年|年初余额|本日合计|sum|balance brought forward|"
    "balance carried forward|"
    "opening balance|closing balance"
)
_ENDS = ("合计", "小计", "总计", "汇总", "累计", "total", "subtotal")


_RANKS = {
    plain_header(word): (key, rank)
    for key, words in PAYMENT_WORDS.items()
    for rank, word in reversed(list(enumerate(words.split("|"))))
}
_TOTALS = frozenset(plain_header(word) for word in (*TOTALS, *_TOTAL_WORDS.split("|")))


def key_of(header: object) -> str:
    """The column that a header names, empty where it is none of ours."""
    return _RANKS.get(plain_header(header), ("", 0))[0]


def rank_of(header: object) -> int:
    """How good a header is among those of its column; 0 is the best."""
    return _RANKS.get(plain_header(header), ("", 0))[1]


def unit_of(header: str) -> int:
    """What an amount under this header is to be multiplied with, such as 10000 for 金额（万元）."""
    said = bracketed(header)
    return next((UNITS[word] for word in ("亿元", "万元", "千元", "万") if word in said), 1)


def is_total(cell: object, *, part: bool) -> bool:
    """Whether a cell marks its line as a total or a balance carried over.

    Args:
        cell: a cell of the line.
        part: whether `K001 小计` is one too.
    """
    if not isinstance(cell, str) or not cell:
        return False
    plain = plain_header(cell)
    return plain in _TOTALS or (part and plain.endswith(_ENDS))
