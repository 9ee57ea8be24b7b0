"""What a column holds about a person, told by its header: the headers offices use, in Chinese and English."""

from __future__ import annotations

import re
from functools import lru_cache

from xlplugin.exchange._header_text import plain_header

__all__ = ["OWNERS", "kind_of"]

# Words apart by `|`, compared without spaces, marks, brackets and case.
_HEADERS = {
    "name": "客户姓名|客户|姓名|客户名称|客户名|客户单位|单位名称|购房人|购房人姓名|买方|业主|联系人|推荐人|被推荐人|介绍人|客人|来访人|来访客户|顾客|买受人|共有人|紧急联系人|"
    "老客户姓名|新客户姓名|诚意客户|customer|customer name|name|full name|client|client name|buyer|contact person|"
    "account name|referrer|referred by|guest|visitor",
    "phone": "联系电话|电话|手机|手机号|手机号码|移动电话|办公电话|家庭电话|座机|固话|号码|联系方式|联系方法|来电号码|传真|"
    "phone|phone number|mobile|mobile number|tel|telephone|cell|cellphone|contact number|office phone|home phone|fax",
    "address": "地址|住址|通讯地址|家庭住址|联系地址|居住地址|现居住地|现居住状况|address|home address|mailing address",
    "plate": "车牌|车牌号|车牌号码|plate|plate number|licence plate|license plate|number plate",
    "employer": "单位|工作单位|公司|公司名称|公司名称及地址|就职单位|任职公司|employer|company|company name|workplace",
    "birthday": "生日|出生日期|出生年月|客户生日|birthday|date of birth|birth date|dob",
    "removed": "首付|首付款|首付金额|首付购买力|首付能力|收入|家庭收入|年收入|月收入|投资经历|投资经验|现房产投资状况|"
    "家庭状况|家庭情况|家庭成员|家庭中最亲密的人|婚姻|婚姻状况|配偶|配偶信息|配偶教育背景|配偶兴趣|父母|父母状况|子女|子女状况|"
    "孩子|孩子状况|健康|健康状况|饮酒|抽烟|吸烟|微信|微信号|邮箱|电子邮箱|qq|qq号|身份证|身份证号|证件号|证件号码|"
    "income|first payment|down payment|first-payment power|investment experience|investments|family|spouse|parents|"
    "children|health|drinking|smoking|marital status|wechat|wechat id|email|e-mail|id number|id card|passport",
    "free": "备注|客户情况备注|内容|沟通内容|跟进内容|跟进记录|跟进情况|回访内容|回访记录|洽谈记录|洽谈内容|客户反应|反应|"
    "下一步|交流信号|更正说明|改级原因|特别目的|旧值|新值|原值|现值|改前|改后|变更前|变更后|原内容|新内容|粘贴|"
    "note|notes|remark|remarks|comment|comments|memo|content|reaction|follow-up|follow-up notes|next step|"
    "correction|override reason|signals noted|old|new|old value|new value|before|after|details",
    "ruled_owner": "裁定归属|ruled owner",
    "owner": "归属人|owner|归属",
    "consultant": "置业顾问|顾问|销售人员|销售|销售员|业务员|跟进人|提交销售|consultant|salesperson|sales|adviser|advisor|by whom",
    "received_by": "接待人|接待销售|接待|received by|receptionist",
    "staff": "到访点名|指定销售人员|首接人|裁定人|录入人|经办人|填表人|主管|修改人|人员|asked for|first received by|ruled by|"
    "clerk|changed by|supervisor|staff",
    "number": "登记编号|客户编号|编号|register no|customer no|account no|no",
}
# Parts of a header that tell enough, looked for in this order once the whole header is none of the above.
_PARTS = (
    (r"接待|销售|顾问|录入|经办|填表|员工|主管|裁定|同事|sales|staff|clerk", "staff"),
    ((r"配偶|父母|子女|孩子|家庭|婚姻|健康|病史|饮酒|抽烟|吸烟|收入|投资经|身份证|证件号|微信号|邮箱|护照|"
    r"spouse|parent|child|family|marital|health|smok|drink|income|passport|idnumber|email|wechatid"), "removed"),
    (r"电话|手机|座机|传真|联系方式|phone|mobile|telno|telnumber", "phone"),
    (r"姓名|customername|clientname|buyername|guestname|fullname", "name"),
    (r"地址|住址|address", "address"),
    (r"车牌|plateno|platenumber", "plate"),
    (r"生日|出生|birthday|birthdate|dateofbirth", "birthday"),
    (r"工作单位|employer", "employer"),
    (r"备注|沟通内容|跟进内容|跟进记录|洽谈|remark|memo", "free"),
)  # fmt: skip

OWNERS = ("ruled_owner", "owner", "consultant", "received_by")
"""The columns that say whose a row is; the first of them that is filled decides."""

_LONGEST = 24


_KINDS = {plain_header(word): kind for kind, words in _HEADERS.items() for word in words.split("|")}
_FOUND = tuple((re.compile(pattern), kind) for pattern, kind in _PARTS)


def kind_of(header: object, *, whole: bool = False) -> str:
    """What a column under this header holds, empty where it is nothing that matters here.

    `name`, `phone`, `address`, `plate`, `employer`, `birthday`, `removed`, `free`; `number` for a customer's number;
    one of `OWNERS` or `staff` for staff names, which are never masked.

    Args:
        header: the header cell.
        whole: whether the header must be one of the known ones, and not merely hold one of their words.
    """
    if not isinstance(header, str) or not header.strip() or len(header) > _LONGEST * 2:
        return ""
    return _kind(header, whole)


@lru_cache(maxsize=8192)
def _kind(header: str, whole: bool) -> str:
    plain = plain_header(header)
    if plain in _KINDS:
        return _KINDS[plain]
    if whole or len(plain) > _LONGEST:
        return ""
    return next((kind for pattern, kind in _FOUND if pattern.search(plain)), "")
