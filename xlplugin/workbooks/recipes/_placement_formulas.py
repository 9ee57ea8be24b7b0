"""The formulas of the unit placement workbook, in plain functions of every spreadsheet since Excel 2013.

They say what `decisions.placement` says (a test compares them), so that a new wish shows on the map at once in every
program, with or without our functions. Names that begin with `pl_` are the rules' numbers, see `sheets/_rule_cells`.
"""

from __future__ import annotations

__all__ = ["MOST_IN_A_CELL", "UNIT", "WISH"]

MOST_IN_A_CELL = 4
_SLOTS = range(1, MOST_IN_A_CELL + 1)
_CUSTOMERS = range(1, 6)
_DIGITS = dict(zip("０１２３４５６７８９", "0123456789"))
_DASHES = dict.fromkeys("－—–", "-")
_APART = ("、", "，", ",", "；", ";", "　")


def _replaced(text: str, signs: dict[str, str]) -> str:
    for sign, other in signs.items():
        text = f'SUBSTITUTE({text},"{sign}","{other}")'
    return text


def _plain(text: str) -> str:
    return _replaced(text, {**_DIGITS, **_DASHES})


def _yes(cell: str) -> str:
    """Whether a cell says yes."""
    words = ("是", "yes", "√", "y", "有", "1", "true")
    return "OR(" + ",".join(f'{cell}&""="{word}"' for word in words) + ")"


def _guard(key: str, formula: str) -> str:
    return f'IF([{key}]="","",{formula})'


def _units() -> dict[str, str]:
    """The computed columns of the units, by key."""
    floor = _replaced('UPPER(TRIM([floor]&""))', {"层": "", "楼": "", "F": ""})
    pieces = {n: _piece(n) for n in _CUSTOMERS}
    formulas = {
        "total": 'IF(COUNT([area:unit_price])=2,ROUND([area]*[unit_price],0),"")',
        "wishes": "COUNTIF([*wish/slot_1:slot_4],[row_no])",
        "placed": "+".join(f"COUNTIFS([*wish/slot_{n}],[row_no],[*wish/placement],[~已落位¦placed])" for n in _SLOTS),
        "state": _STATE,
        "customers": f'[who]&{pieces[4]}&{pieces[5]}&IF([wishes]>5,{_AND_ALL},"")',
        "check": _CHECK,
        "faults": _unit_check(),
        "unit_key": f'"|"&SUBSTITUTE({_plain("[unit_no]&" + chr(34) * 2)}," ","")&"|"',
        "row_no": "ROW()-ROW([#unit_no])",
        "open": 'IF(OR([sale_state]="",[sale_state]=[~可售¦available]),1,0)',
        "price_total": 'IF(ISNUMBER([total]),IF([total]>=0,[total],""),"")',
        "area_no": 'IF(ISNUMBER([area]),IF([area]>0,[area],""),"")',
        "floor_text": floor,
        "floor_no": (
            'IF([floor_text]="","",IFERROR(VALUE([floor_text]),IFERROR(IF(LEFT([floor_text],1)="B",'
            '-VALUE(MID([floor_text],2,9)),IF(RIGHT([floor_text],1)="A",'
            'VALUE(LEFT([floor_text],LEN([floor_text])-1))+0.5,"")),"")))'
        ),
        "stack_no": (
            f'IFERROR(IF([entrance]="",0,{_order("[entrance]", ("单元", "门"))})*1000'
            f'+{_order("[stack]", ("位", "室", "户"))},"")'
        ),
        "building_first": 'IF([building]="","",IF(MATCH([building],[*building],0)=[row_no],[row_no],""))',
        "layout_first": 'IF([layout]="","",IF(MATCH([layout],[*layout],0)=[row_no],[row_no],""))',
        "on_floor": 'IF(AND([building]&""=map_building&"",ISNUMBER([floor_no]),ISNUMBER([stack_no])),[floor_no],"")',
        "on_stack": 'IF([on_floor]="","",[stack_no])',
        "on_key": 'IF([on_floor]="","",[on_floor]*1000000+[stack_no])',
        "c1": f'IF([wishes]=0,"",{_found("[*wish/key_1]")})',
        **{f"c{n}": _next(n) for n in _CUSTOMERS if n > 1},
        "who": "&".join(pieces[n] for n in (1, 2, 3)),
        "vacant_key": 'IF(AND([open]=1,[wishes]=0),[row_no],"")',
        "label": _LABEL,
    }
    return {key: _guard("unit_no", formula) for key, formula in formulas.items()}


def _order(cell: str, words: tuple[str, ...]) -> str:
    """The number in a label such as 2单元; a letter's place in the alphabet."""
    text = _replaced(f'TRIM({cell}&"")', dict.fromkeys(words, ""))
    return f"IFERROR(VALUE({text}),CODE(UPPER({text}))-64)"


def _found(keys: str) -> str:
    return f'IFERROR(MATCH("*"&[unit_key]&"*",{keys},0),"")'


def _next(n: int) -> str:
    """The row of the n-th customer who wants the unit: the first one below the one before."""
    rest = f"INDEX([*wish/key_1],[c{n - 1}]+1):INDEX([*wish/key_1],ROWS([*wish/key_1]))"
    return f'IF([c{n - 1}]="","",IF([wishes]<{n},"",IFERROR([c{n - 1}]+MATCH("*"&[unit_key]&"*",{rest},0),"")))'


def _piece(n: int) -> str:
    """The n-th customer's number and masked name, behind a comma."""
    name = f'INDEX([*wish/name],[c{n}])&""'
    masked = f'IF({name}="","",LEFT({name},1)&"**")'
    comma = "[~、¦, ]&" if n > 1 else ""
    return f'IF([c{n}]="","",{comma}TRIM(INDEX([*wish/customer_no],[c{n}])&" "&{masked}))'


_AND_ALL = "[~等¦ … ]&[wishes]&[~组¦ in all]"
_STATE = (
    'IF([open]=0,[sale_state],IF(NOT(ISNUMBER(pl_heap)),"",IF([wishes]>=pl_heap,[~扎堆¦heap],'
    "IF([wishes]=0,[~空缺¦vacant],IF([wishes]=1,[~已落位¦matched],[~重叠¦contested])))))"
)
_SIGN = (
    'IF([open]=0,"■",IF([state]=[~空缺¦vacant],"○",IF([state]=[~已落位¦matched],IF([placed]>0,"●","◐"),'
    'IF([state]=[~重叠¦contested],"◆","▲"))))'
)
_TOTAL = 'IF([~1¦0]="1",ROUND([price_total]/10000,2)&"万",TEXT([price_total],"#,##0"))'
_LABEL = (
    f'IF([state]="","",{_SIGN}&" "&[unit_no]&IF([area_no]="","",[~  ¦  ]&ROUND([area_no],2)&[~㎡¦ m²])&CHAR(10)&'
    'TRIM(IF(ISNUMBER([unit_price]),TEXT([unit_price],"#,##0")&[~元/㎡ ¦/m² ],"")&'
    f'IF([price_total]="","",{_TOTAL}))&CHAR(10)&'
    'IF([open]=0,[sale_state]&" ","")&[~意¦]&[wishes]&[~ 落¦ want, ]&[placed]&[~¦ placed]&'
    f'IF([who]="","",CHAR(10)&[who])&IF([wishes]>3,{_AND_ALL},""))'
)


_SALE_WORDS = ("可售¦available", "保留¦reserved", "认购¦subscribed", "签约¦signed")
_UNLIKE_EACH = ",".join(f"[sale_state]<>[~{words}]" for words in _SALE_WORDS)


def _unit_check() -> str:
    """What is wrong in a unit's row; each part ends with a semicolon."""
    missing = 'OR([building]="",[floor]="",[stack]="")'
    parts = [
        ("COUNTIF([*unit_key],[unit_key])>1", "房号重复；¦unit number listed twice;"),
        (
            'AND([area]<>"",NOT(ISNUMBER([area_no])))',
            "面积应为正数，只填数字；¦area must be a positive number, digits only;",
        ),
        (
            'IF([unit_price]="",FALSE,IF(ISNUMBER([unit_price]),[unit_price]<0,TRUE))',
            "单价应为不小于0的数，只填数字；¦unit price must be a number of 0 or more, digits only;",
        ),
        (
            'AND([total]<>"",[price_total]="")',
            "总价应为不小于0的数，只填数字；¦total must be a number of 0 or more, digits only;",
        ),
        (
            "IFERROR(ABS([price_total]-ROUND([area_no]*[unit_price],0))>1,FALSE)",
            "总价与面积×单价不符；¦total differs from area × price;",
        ),
        (f'AND([sale_state]<>"",{_UNLIKE_EACH})', "销售状态不在选项内；¦sale state is none of the list;"),
        (missing, "缺楼栋、楼层或位置，上不了图；¦building, floor or stack missing: not on the map;"),
        (
            f"IF({missing},FALSE,NOT(AND(ISNUMBER([floor_no]),ISNUMBER([stack_no]))))",
            "楼层或位置读不懂，上不了图；¦floor or stack unreadable: not on the map;",
        ),
        (
            f"IF({missing},FALSE,COUNTIFS([*building],[building],[*floor_no],[floor_no],[*stack_no],[stack_no])>1)",
            "同一位置有两套，图上只显示一套；¦two units in one place, the map shows one;",
        ),
    ]
    return _sentence(parts)


def _sentence(parts: list[tuple[str, str]]) -> str:
    return "&".join(f'IF({condition},[~{words}],"")' for condition, words in parts)


# Without the semicolon at the end; English wants a space behind the others.
_CHECK = 'IF([faults]="","",SUBSTITUTE(LEFT([faults],LEN([faults])-1),";",[~;¦; ]))'


def _wishes() -> dict[str, str]:
    """The computed columns of the wishes, by key."""
    formulas = {
        "fit": _FIT,
        "placement": _PLACEMENT,
        "quantity_check": _QUANTITY,
        "crowding": 'IF([hot]="","",INDEX([*units/state],[hot]))',
        "check": _CHECK,
        "faults": _wish_check(),
        **{f"key_{rank}": _key(f"[choice_{rank}]") for rank in (1, 2, 3)},
        "listed": 'IF([key_1]="",0,LEN([key_1])-LEN(SUBSTITUTE([key_1],"|",""))-1)',
        **{f"slot_{n}": _slot(n) for n in _SLOTS},
        "sum_total": _sum_total(),
        "area_off": _area_off(),
        "closed": "+".join(f'IF([slot_{n}]="",0,IF([slot_{n}]=0,0,1-INDEX([*units/open],[slot_{n}])))' for n in _SLOTS),
        "strongly": f'IF(OR({_yes("[strong]")},UPPER(TRIM([grade]&""))="H",UPPER(TRIM([grade]&""))="A"),1,0)',
        "share": _SHARE,
        "enough": _ENOUGH,
        "bad_2": _bad(2),
        "bad_3": _bad(3),
        "hot": _hot(),
        "heap_key": (
            'IF([hot]="","",IF([crowding]=[~扎堆¦heap],INDEX([*units/wishes],[hot])*10000000000-[hot]*100000'
            '-(ROW()-ROW([#name])),""))'
        ),
        "wish_layout": 'IF([slot_1]="","",IF([slot_1]=0,"",INDEX([*units/layout],[slot_1])&""))',
    }
    return {key: _guard("name", formula) for key, formula in formulas.items()}


def _key(cell: str) -> str:
    """The unit numbers of a cell with a bar before, between and behind them."""
    text = _replaced(_plain(f'{cell}&""'), dict.fromkeys(_APART, " "))
    text = f'TRIM(SUBSTITUTE({text},CHAR(10)," "))'
    return f'IF({text}="","","|"&SUBSTITUTE({text}," ","|")&"|")'


def _token(key: str, n: int) -> str:
    return f'TRIM(MID(SUBSTITUTE([{key}],"|",REPT(" ",99)),{99 * n},99))'


def _slot(n: int) -> str:
    """The row of the n-th unit named first; 0 where it was named before, empty where there is none."""
    row = f'MATCH("|"&{_token("key_1", n)}&"|",[*units/unit_key],0)'
    taken = "[slot_1]" if n == 2 else f"[slot_1:slot_{n - 1}]"
    before = f"IF(COUNTIF({taken},{row})>0,0,{row})" if n > 1 else row
    return f'IF([listed]<{n},"",IFERROR({before},""))'


def _over_slots(of: str) -> str:
    return "+".join(f'IF([slot_{n}]="",0,IF([slot_{n}]=0,0,{of.replace("@", f"[slot_{n}]")}))' for n in _SLOTS)


def _sum_total() -> str:
    return (
        'IF(OR([listed]=0,COUNT([slot_1:slot_4])<[listed]),"",'
        f'IFERROR({_over_slots("INDEX([*units/price_total],@)+0")},""))'
    )


def _area_off() -> str:
    near = (
        "IF(ROUND(ABS([intended_area]-INDEX([*units/area_no],@))-pl_area_tolerance*INDEX([*units/area_no],@),6)<=0,0,1)"
    )
    return f'IF(OR([sum_total]="",NOT(ISNUMBER([intended_area]))),"",IFERROR({_over_slots(near)},""))'


def _amount(cell: str) -> str:
    return f"IF(ISNUMBER({cell}),{cell}>=0,FALSE)"


_FIT = (
    f"IF(AND(ISNUMBER([area_off]),{_amount('[acceptable_total]')},COUNT(pl_total_tolerance,pl_total_reach)=2),"
    "IF(AND([area_off]=0,ROUND([sum_total]-[acceptable_total]*(1+pl_total_tolerance),2)<=0,"
    'ROUND([acceptable_total]-[sum_total]*pl_total_reach,2)<=0),[~是¦yes],[~否¦no]),"")'
)
_SHARES = {
    "full": "一次性¦in full",
    "mortgage": "商业贷款¦mortgage",
    "fund": "公积金¦provident fund",
    "combined": "组合¦combined",
    "instalments": "分期¦instalments",
}
_SHARE = (
    "".join(f"IF([payment]=[~{words}],pl_first_payment_{token}," for token, words in _SHARES.items())
    + '""'
    + ")" * len(_SHARES)
)
_ENOUGH = (
    f'IF(AND([sum_total]<>"",ISNUMBER([share]),{_amount("[first_payment]")},{_amount("[acceptable_total]")}),'
    'IF(AND(ROUND([sum_total]*[share]-[first_payment],2)<=0,ROUND([sum_total]-[acceptable_total],2)<=0),1,0),"")'
)
_PLACEMENT = (
    'IF(pl_bad>0,"",IF([closed]>0,[~房源非可售¦not for sale],IF([strongly]=1,IF([enough]="",[~资料不全¦incomplete],'
    "IF([enough]=1,[~已落位¦placed],[~资金不足¦means insufficient])),"
    'IF([enough]&""="0",[~意向不明确，资金不足¦intent unclear, means insufficient],[~意向不明确¦intent unclear]))))'
)
_QUANTITY = (
    "IF(IF(ISNUMBER([quantity]),OR([quantity]<1,[quantity]<>INT([quantity])),TRUE),[~缺意向套数¦no quantity],"
    "IF([quantity]=[listed],[~相符¦agrees],[~要¦wants ]&[quantity]&[~套，首选¦, names ]&[listed]&[~套¦]))"
)


def _bad(rank: int) -> str:
    """How many units of a further choice are not in the list, or are named first too."""
    key = f"key_{rank}"
    listed = f'LEN([{key}])-LEN(SUBSTITUTE([{key}],"|",""))-1'
    found = "+".join(f'IF(ISNUMBER(MATCH("|"&{_token(key, n)}&"|",[*units/unit_key],0)),1,0)' for n in _SLOTS)
    return f'IF([{key}]="",0,{listed}-({found}))'


def _hot() -> str:
    """The row of the unit, of those named first, that most customers want."""
    wanted = [f'IF([slot_{n}]="",-1,IF([slot_{n}]=0,-1,INDEX([*units/wishes],[slot_{n}])))' for n in _SLOTS]
    most = f"MAX({','.join(wanted)})"
    choice = '""'
    for n, own in reversed(list(zip(_SLOTS, wanted))):
        choice = f"IF({own}={most},[slot_{n}],{choice})"
    return f'IF(COUNTIF([slot_1:slot_4],">0")=0,"",IF([listed]=1,[slot_1],{choice}))'


_PRICED = f'IF(AND([sum_total]<>"",{_amount("[acceptable_total]")})'


def _wish_check() -> str:
    numbers = ("intended_area", "acceptable_total", "first_payment")
    unread = ",".join(f'IF([{key}]="",FALSE,NOT({_amount(f"[{key}]")}))' for key in numbers)
    parts = [
        ("pl_bad>0", "「规则」里有数字读不懂；¦a number in Rules is unreadable;"),
        ("[listed]=0", "没有填首选房号；¦no first choice;"),
        ("[listed]>4", "一格最多四套，请分行填写；¦at most four units in a cell: use another row;"),
        (
            "AND([listed]<=4,COUNT([slot_1:slot_4])<[listed])",
            "首选里有房源表没有的房号；¦first choice is no unit of the list;",
        ),
        ("COUNTIF([slot_1:slot_4],0)>0", "首选里同一套填了两次；¦first choice names a unit twice;"),
        ("[bad_2]>0", "次选里有房源表没有的房号；¦second choice is no unit of the list;"),
        ("[bad_3]>0", "三选里有房源表没有的房号；¦third choice is no unit of the list;"),
        (
            'OR(AND([key_2]<>"",[key_1]=[key_2]),AND([key_3]<>"",OR([key_1]=[key_3],[key_2]=[key_3])))',
            "几个选择填了同一套；¦two choices name the same unit;",
        ),
        ("[closed]>0", "首选里有非可售房源；¦first choice is not for sale;"),
        (
            f"OR({unread})",
            "面积或金额应为不小于0的数，只填数字；¦areas and amounts must be numbers of 0 or more, digits only;",
        ),
        ('AND([payment]<>"",[share]="")', "付款方式不在选项内；¦payment method is none of the list;"),
        (
            "IF(ISNUMBER([area_off]),[area_off]>0,FALSE)",
            "面积与意向不符，请核实；¦area does not fit the wish: question it;",
        ),
        (
            f"{_PRICED},ROUND([sum_total]-[acceptable_total]*(1+pl_total_tolerance),2)>0,FALSE)",
            "总价超出接受总价，请核实；¦total beyond what is acceptable: question it;",
        ),
        (
            f"{_PRICED},ROUND([acceptable_total]-[sum_total]*pl_total_reach,2)>0,FALSE)",
            "接受总价远高于总价，请核实；¦acceptable total far above the unit's: question it;",
        ),
        (_FUND, "公积金只用于住宅；¦provident fund is for residential units only;"),
        (_BEFORE_PERMIT, "诚意金早于预售日期；¦deposit before the permit of sale;"),
    ]
    return f"IFERROR({_sentence(parts)},[~填写有误；¦unreadable;])"


_FUND = (
    'AND(OR([payment]=[~公积金¦provident fund],[payment]=[~组合¦combined]),IF([slot_1]="",FALSE,'
    'AND(INDEX([*units/use],[slot_1])&""<>"",INDEX([*units/use],[slot_1])<>[~住宅¦residential])))'
)
_BEFORE_PERMIT = (
    "IF(AND(ISNUMBER([deposit_time]),ISNUMBER([slot_1])),IF(ISNUMBER(INDEX([*units/permit_date],[slot_1])),"
    "[deposit_time]<INDEX([*units/permit_date],[slot_1]),FALSE),FALSE)"
)

UNIT = _units()
WISH = _wishes()
