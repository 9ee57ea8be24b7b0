"""The account workbook's formulas, as recipes write them (see `workbooks.spelling`).

`until` is a cell of the accounts' sheet: the day before which months count as full. It hangs on the payments and on a
typed day, never on the clock, so that our functions do not run again at every keystroke (docs/decisions/0007).
"""

from __future__ import annotations

__all__ = ["BANNER", "COUNTERS", "DAY", "UNTIL"]

DAY = 'IF(as_of="",TODAY(),as_of)'
_MONTHS = "[*payments/month]"
_LEDGER = "[account_no],[#payments/account_no:amount],[*payments/account_no:amount],until,[rules]"
_TIERED = "[#product_lines:poor_credit],[product_lines:poor_credit]"
_SCHEME = '"account_tiers_vip_abc"'
_LINES = 20  # product lines that plain formulas can tell apart


def guarded(formula: str) -> str:
    """The formula, blank in a row without an account."""
    return f'IF([account_no]="","",{formula})'


def _safe(formula: str) -> str:
    return guarded(f'IFERROR({formula},"")')


def _once_only(formula: str) -> str:
    """A figure of an account; two rows of one account would count its payments twice."""
    return guarded(f'IF([same_no]>1,"",IFERROR({formula},""))')


UNTIL = (
    f'IFERROR(IF(as_of<>"",DATE(YEAR(as_of),MONTH(as_of),1),IF(COUNT({_MONTHS})=0,"",'
    f'DATE(YEAR(MAX({_MONTHS})),MONTH(MAX({_MONTHS}))+1,1))),"")'
)
_NOW = "DATE(YEAR(TODAY()),MONTH(TODAY()),1)"
BANNER = (
    'IF(as_of<>"",[=register.frozen_before]&TEXT(as_of,"yyyy-mm-dd")&[=register.frozen_after],'
    f'IF(until="","",IF(until>{_NOW},[=accounts.month_open],IF(until<{_NOW},[=accounts.month_behind],""))))'
)
COUNTERS = {
    "accounts": 'SUMPRODUCT(--([*account_no]<>""))',
    "untiered": 'SUMPRODUCT(([*account_no]<>"")*([*tier]=""))',
    "near": 'COUNTIF([*near],"?*")',
    "suspend": "COUNTIF([*action],[=action.may_suspend])",
}

SAME_NO = guarded("SUMPRODUCT(--([*account_no]=[account_no]))")
PRODUCT_LINES = _once_only(f"XLP_LINES({_LEDGER})")
MONTHLY = _once_only(f"XLP_MONTHLY({_LEDGER})")
BEST_LINE = _once_only(f"XLP_BEST_LINE({_LEDGER})")
_LISTED = f"ABS(SUM([line_1:line_{_LINES}])-[line_total])<0.005"
_COUNTED = f'IF([same_no]>1,"",IF(ISNUMBER([line_total]),IF({_LISTED},{{}},""),""))'
PRODUCT_LINES_NATIVE = guarded(_COUNTED.format(f'COUNTIF([line_1:line_{_LINES}],">0")'))
BEST_LINE_NATIVE = guarded(_COUNTED.format(f"MAX([line_1:line_{_LINES}])"))

TIER = _safe(f"XLP_TIER({_TIERED},[rules])")
STATUS = guarded(f"XLP_STATUS({_SCHEME},{_TIERED},,[rules])")
WHY = guarded(f"XLP_WHY({_SCHEME},{_TIERED},,[rules])")
RAISE = _safe(f"XLP_RAISE({_SCHEME},{_TIERED},,[rules])")
NEAR = _safe(f"XLP_NEAR_BORDER({_TIERED},[rules])")
NEAR_ROW = guarded('IF([near]="","",ROW())')

CREDIT_DAYS = _safe('XLP_POLICY([tier],"credit_days",[policy])')
DUE_DATE = _safe("XLP_CREDIT_DUE([tier],[invoice_date],[policy])")
RATE = guarded(
    'IF(AND(ISNUMBER([due_amount]),ISNUMBER([collected])),IF([due_amount]>0,[collected]/[due_amount],""),"")'
)
ACTION = _safe("XLP_PAYMENT_ACTION([tier],[#due_amount:collected],[due_amount:collected],[policy])")
OUTSTANDING = guarded('IF(ISNUMBER([due_amount]),MAX(0,[due_amount]-IF(ISNUMBER([collected]),[collected],0)),"")')
OVERDUE = guarded(
    f'IF(AND(ISNUMBER([due_date]),ISNUMBER([outstanding])),IF(AND([outstanding]>0,{DAY}>[due_date]),{DAY}-[due_date],""),"")'
)

PAYMENT_NOTE = _safe(f"XLP_PAYMENT_NOTE({_LEDGER})")
PAYMENT_NOTE_NATIVE = guarded('IF(AND(ISNUMBER(until),[line_total]=""),[=accounts.payments_unread],"")')
_NO_DUE = 'AND([invoice_date]<>"",[due_date]="",[tier]<>"")'
_NO_ACTION = 'AND([due_amount]<>"",[collected]<>"",[action]="",[tier]<>"")'
CREDIT_NOTE = _safe(f'IF({_NO_DUE},XLP_POLICY_NOTE([tier],"credit_days",[policy]),"")')
STANDARD_NOTE = _safe(f'IF({_NO_ACTION},XLP_POLICY_NOTE([tier],"payment_standard",[policy]),"")')


def _joined(*parts: str) -> str:
    """Texts joined by the sign between sentences; what is empty is left out."""
    made, before = parts[0], [parts[0]]
    for part in parts[1:]:
        some = ",".join(f'{one}<>""' for one in before)
        made += f'&IF(AND({part}<>"",OR({some})),[=join.sentence],"")&{part}'
        before.append(part)
    return made


ODD = guarded(
    "IF([same_no]>1,[=accounts.number_twice],IF(AND(ISNUMBER([best_line_payment]),ISNUMBER([monthly_payment])),"
    'IF([best_line_payment]>[monthly_payment],[=accounts.best_above],""),""))'
)
LINES_UNLISTED = guarded(f'IF(AND(ISNUMBER([line_total]),[same_no]=1),IF({_LISTED},"",[=accounts.line_unlisted]),"")')
CHECK = guarded(_joined("[odd]", "[payment_note]", "[credit_note]", "[standard_note]"))
CHECK_NATIVE = guarded(_joined("[odd]", "[payment_note]", "[line_note]", "[credit_note]", "[standard_note]"))

_VALUE = "[#product_lines:monthly_payment],[product_lines:monthly_payment]"
VALUE_CLASS = _safe(f"XLP_VALUE_CLASS({_VALUE},[*monthly_payment],[rules])")
LAST_PURCHASE = _safe(f"XLP_LAST_PAID({_LEDGER})")
LOYALTY_CLASS = _safe("XLP_LOYALTY_CLASS([#last_purchase:lost],[last_purchase:lost],until,[rules])")
_POTENTIAL = "[#strong_intent:is_customer],[strong_intent:is_customer]"
POTENTIAL_CLASS = _safe(f"XLP_POTENTIAL_CLASS({_POTENTIAL})")

# Not every program lets OR see more than the first value of a list; SUMPRODUCT sees them all everywhere.
_SIGNED = 'SUMPRODUCT(--([signed]={[=word.yes],TRUE,"√","Y","yes",1}))>0'
_LATEST = "SUMPRODUCT(LARGE(([*followups/account_no]=[account_no])*[*followups/day],1))"
LAST_CONTACT = _safe(f'IF({_LATEST}=0,"",{_LATEST})')


def _fixed(day: str, month: str = "") -> str:
    """A fixed day in the month of the last contact, or so many later; in a short month its last day."""
    return (
        f"MIN(DATE(YEAR([last_contact]),MONTH([last_contact]){month},{day}),"
        f"DATE(YEAR([last_contact]),MONTH([last_contact]){month}+1,0))"
    )


_NEXT_FIXED = (
    f"IF({_fixed('signed_day_1')}>[last_contact],{_fixed('signed_day_1')},"
    f"IF({_fixed('signed_day_2')}>[last_contact],{_fixed('signed_day_2')},{_fixed('signed_day_1', '+1')}))"
)
_CALLED = f"AND({_SIGNED},ISNUMBER([last_contact]))"
_MAY = 'SUMPRODUCT(--([opt_out]={"",0,FALSE,[=word.no],"N","no","×"}))>0'
NEXT_CONTACT = _safe(f'IF({_CALLED},XLP_NEXT_CONTACT("signed_e_cadence","E",[last_contact],,[opt_out],,[rules]),"")')
NEXT_CONTACT_NATIVE = _safe(
    f'IF(AND({_CALLED},{_MAY}),IF(signed_fixed=1,{_NEXT_FIXED},[last_contact]+signed_interval),"")'
)
_THIS_MONTH = f"DATE(YEAR({DAY}),MONTH({DAY}),1)"
_NEXT_MONTH = f"DATE(YEAR({DAY}),MONTH({DAY})+1,1)"
CONTACTS = guarded(
    f'IF({_SIGNED},COUNTIFS([*followups/account_no],[account_no],[*followups/day],">="&{_THIS_MONTH},'
    f'[*followups/day],"<"&{_NEXT_MONTH}),"")'
)
CADENCE = guarded(
    'IF([contacts]="","",IF([contacts]>=signed_contacts,[=accounts.kept],'
    "[=accounts.short_before]&(signed_contacts-[contacts])&[=accounts.short_after]))"
)

FOLLOWUP_DAY = "IF(ISNUMBER([date]),INT([date]),0)"  # a text would spoil the search for the latest
FOLLOWUP_CHECK = (
    'IF(COUNTA([date:account_no])=0,"",IF(COUNTIF([*accounts/account_no],[account_no]&"")=0,[=accounts.no_account],'
    'IF(ISNUMBER([date]),"",[=accounts.no_date])))'
)
_CHECKED = "[#payments/account_no:amount],[*payments/account_no:amount],[*accounts/account_no]"


def payment_check(number: int) -> str:
    """The payment with this place among those to be looked into, in words; how many there are for 0."""
    return f'IFERROR(XLP_PAYMENT_CHECK({_CHECKED},{number}),"")'


# Not COUNTIF with "?*", by which LibreOffice counts numbers too.
PAYMENTS_UNREAD_NATIVE = "+".join(f"COUNTA([*payments/{key}])-COUNT([*payments/{key}])" for key in ("month", "amount"))

# The native edition tells product lines apart by the list on the 规则 sheet, one column a line.
_OWN = "[*payments/account_no],[account_no]"
_FIRST = "DATE(YEAR(until),MONTH(until)-stable_months,1)"
_WITHIN = f'{_OWN},[*payments/month],">="&{_FIRST},[*payments/month],"<"&until'


def line_native(number: int) -> str:
    """The mean payment a month of the product line with this place in the list."""
    name = f'IFERROR(INDEX(list_lines_cells,{number})&"","")'
    paid = f"SUMIFS([*payments/amount],{_WITHIN},[*payments/product_line],{name})"
    return guarded(f'IF({name}="",0,IFERROR(ROUND({paid}/stable_months,6),0))')


LINE_TOTAL_NATIVE = _safe(f"XLP_MONTHLY({_LEDGER})")
LINES = range(1, _LINES + 1)
