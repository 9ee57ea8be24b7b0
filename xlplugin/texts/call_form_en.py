"""English texts of the pre-selection form of one customer."""

TEXTS = {
    "sheet.call_form": "One customer",
    "call_form.title": "Pre-selection form",
    "call_form.purpose": "Choose a number or type a name to see the latest call; leave it empty for a blank form. Print, write by hand.",
    "call_form.choice": "Customer",
    "call_form.choice_help": "Choose a number; for a customer without one type the name. Empty gives a blank form.",
    "call_form.call": "Call",
    "call_form.buyer": "Buyer",
    "call_form.ladder": "Ladder: ask in this order, stop when he has enough",
    "call_form.step_1": "A neighbouring size?",
    "call_form.step_2": "Same layout, other buildings?",
    "call_form.step_3": "Other entrances, nearest first?",
    "call_form.step_4": "Other floors?",
    "call_form.signed": "Adviser:",
    "call_form.signed_on": "Date and time:",
    "call_form.footer": "A wish, not a promise of sale; holds personal data, keep it safe",
    "placement.column.call_key": "customer key",
    "placement.column.latest": "latest call",
    "preselection_help.start.6": "One customer: choose a number and this customer's A4 page is there to print and to write on; without one it prints blank.",
    "call_form.choices": "Choices",
}
